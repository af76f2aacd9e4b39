"""Pages that speak of logins, cookies, maintenance or lost things, and are the text that is followed."""

import pytest

from tests.sources.test_page_walls import cases, read
from watchers.models import Outcome

PAGES = """
Cookie policy | Harbour :: <main><h1>Cookie policy</h1><p>We use cookies to remember your language and to count
visits.</p><p>You can accept or reject cookies in your browser settings at any time.</p></main>

Cookie-Richtlinie | Harbour :: <main><h1>Cookie-Richtlinie</h1><p>Wir verwenden Cookies, um Ihre Sprache zu
speichern.</p><p>Sie können alle akzeptieren oder ablehnen. Ihre Zustimmung gilt sechs Monate.</p></main>

Politique de cookies | Harbour :: <main><h1>Politique de cookies</h1><p>Nous utilisons des cookies pour mesurer
l’audience. Votre consentement dure six mois.</p><p>Vous pouvez tout accepter ou tout refuser.</p></main>

Cookies | Harbour :: <main><h1>How we use cookies</h1><p>We set two cookies: one for your language and one that
counts visits.</p><p>Both are deleted after thirty days. Our partners use no cookies on this site.</p><button>Change
your cookie settings</button></main>

Privacy policy | Harbour :: <main><h1>Privacy policy</h1><p>Your privacy is important to us. We use cookies only to
let staff sign in.</p><p>When you sign in we store your name and the time for ninety days.</p></main>

Privacy notice | Harbour :: <main><h1>Privacy notice</h1><p>The harbour respects your privacy and collects no names
of visitors.</p><aside><form><label>Staff login</label><input type='password' name='p'><button>Log
in</button></form></aside></main>

Terms of use | Harbour :: <main><h1>Terms of use</h1><p>By using this site you accept these terms. If you do not
accept them, do not use the site.</p><p>The harbour may change the terms at any time.</p></main>

Password policy | Harbour :: <main><h1>Password policy</h1><p>A password has at least fourteen characters and is
changed each year.</p><p>After five failed attempts to log in the account is locked for an hour.</p></main>

Access control | Harbour :: <main><h1>Access control</h1><p>Officers log in to the camera system with a card and a
password. Sessions expire after ten minutes.</p></main>

Notice | Harbour :: <main><h1>Notice</h1><p>Camera 7 is out of service until May.</p></main>

Pier closed | Harbour :: <main><h1>Pier closed for maintenance</h1><p>The pier is closed for maintenance until 5
May. It will reopen shortly after.</p></main>

Route 5 | Harbour :: <main><h1>Route 5</h1><p>Bus service is temporarily unavailable on route 5 because of works on
the bridge.</p></main>

Body cameras | Harbour :: <main><h1>Maintenance of body cameras</h1><p>Scheduled maintenance of body cameras takes
place every Monday at the depot.</p></main>

Downtime | Harbour :: <main><h1>Downtime of the records system</h1><p>The records system is unavailable on Sundays
for maintenance. Officers use paper forms and enter them on Monday.</p></main>

Incident report | Harbour :: <main><h1>Incident report</h1><p>On 3 March a server error deleted 112 recordings of
the north quay. The vendor restored 90 of them.</p></main>

Data breach notice | Harbour :: <main><h1>Notice of a data breach</h1><p>We detected unusual activity on our network
on 3 March. Names and addresses of 412 residents were copied. Call the harbour office with any question.</p></main>

Robots | Harbour :: <main><h1>Automated access</h1><p>Automated access to this site is permitted at one request a
second. Researchers may ask for more.</p></main>

Accessibility | Harbour :: <main><h1>Accessibility of the captcha</h1><p>Our complaint form has a captcha. Blind
users may call the office, which files the complaint for them.</p></main>

Returned mail | Harbour :: <main><h1>Returned mail</h1><p>If the address cannot be found, the notice is returned and
the fine is suspended for thirty days.</p></main>

Removal | Harbour :: <main><h1>Removal of recordings</h1><p>Recordings may have been removed from the archive at the
request of a court. The archive keeps a list of them.</p></main>

Ordinance 404 | Harbour :: <main><h1>Ordinance 404</h1><p>Ordinance 404 bans drones above the quay from May to
September.</p></main>

Missing persons | Harbour :: <main><h1>Missing persons</h1><p>When a person cannot be found, officers may search
recordings of the last thirty days.</p></main>

Suspension | Harbour :: <main><h1>Suspension of accounts</h1><p>An officer’s account is suspended while a misuse of
recordings is examined by the board.</p></main>

Pool hours | Harbour :: <main><h1>Pool hours</h1><p>The pool is for members only from 8 to 10. Children swim from 10
to 12.</p></main>

Visitors | Harbour :: <main><h1>Visitors</h1><p>Visitors must sign in to continue to the secure area. Bags are
searched and phones stay at the desk.</p></main>

Consent | Harbour :: <main><h1>Consent to recording</h1><p>Officers ask for consent to the use of a recording before
they show it to others. Your consent may be withdrawn.</p></main>

Age checks | Harbour :: <main><h1>Age checks in shops</h1><p>Shops must confirm that buyers of fireworks are over
18. The fine is 500 euros.</p></main>

Tickets | Harbour :: <main><h1>Errors on tickets</h1><p>If an error occurred on your ticket, write to the harbour
police within ten days.</p></main>

Complaints | Harbour :: <main><h1>Complaints</h1><p>Send a complaint with this form. It is read by the
board.</p><form><label>Name</label><input><label>Email</label><input type=email><label>What
happened?</label><textarea></textarea><button>Send</button></form></main>

Contact | Harbour :: <main><h1>Contact us</h1><p>Harbour Police, 1 Quay Street. Open 9:00 to 17:00. Phone 555
0100.</p></main>

Portal access | Harbour :: <main><h1>Access to the evidence portal</h1><p>Prosecutors need an account for the
evidence portal. Apply with form 12 and proof of office.</p></main>

Landfill | Harbour :: <main><h1>Landfill site closed</h1><p>The landfill site is closed for maintenance until 5 May.
Use the depot at Mill Lane.</p></main>

Sessions | Harbour :: <main><h1>Session limits</h1><p>A session in the camera system expires after thirty minutes
and officers sign in again.</p></main>

Política de cookies | Harbour :: <main><h1>Política de cookies</h1><p>Utilizamos cookies para recordar su idioma.
Puede aceptar todas o rechazarlas en su navegador.</p></main>

Crime scene | Harbour :: <main><h1>Crime scene access</h1><p>Access to this site has been restricted to police staff
since 3 March.</p></main>

Court security | Harbour :: <main><h1>Security at the court</h1><p>Please complete the security check at the door
before your hearing begins.</p></main>

Trafficking | Harbour :: <main><h1>Help for victims</h1><p>Are you a human trafficking victim? Call the harbour
police at 555 0100, day or night.</p></main>

Records room | Harbour :: <main><h1>Records room</h1><p>You don’t have permission to access the records room without
an escort.</p></main>

Noscript | Harbour :: <main><h1>Camera policy</h1><p>Camera recordings of the quay are kept for thirty
days.</p><noscript>Please enable JavaScript to continue.</noscript></main>

Repealed | Harbour :: <main><h1>Camera policy repealed</h1><p>The camera policy of 2019 is no longer in force. It
was replaced by Ordinance 12.</p></main>

Document | Harbour :: <main><h1>Order 12</h1><p>This order is no longer available in print. Copies are at the
clerk’s desk.</p></main>

Outage | Harbour :: <main><h1>Outage of 911</h1><p>The 911 service was unavailable for two hours on 3 March because
of an error at the vendor.</p></main>

Sicherheit | Harbour :: <main><h1>Wartung der Kameras</h1><p>Die Kameras am Hafen werden im März gewartet. Während
der Wartung filmt die Polizei mit Ersatzgeräten.</p></main>

Verifying | Harbour :: <main><h1>Verification of matches</h1><p>A second officer verifies every match of a face
before an arrest. Matches are deleted after a year.</p></main>

Robot dog | Harbour :: <main><h1>Use of the robot</h1><p>The police robot is used only to search buildings. An
officer confirms each entry.</p></main>

Blocked | Harbour :: <main><h1>Blocked drains</h1><p>Drains that are blocked are reported to the works office, which
clears them in two days.</p></main>

Under review | Harbour :: <main><h1>Camera policy</h1><p>This policy is under review. The current rules remain in
force until the board decides.</p></main>

Suspended | Harbour :: <main><h1>Use of face recognition suspended</h1><p>The use of face recognition has been
suspended until the audit is finished.</p></main>

Camera policy | Harbour :: <main><h1>Camera policy</h1><p>This page was moved to the new site. See the new
policy.</p></main>

Website privacy | Harbour :: <main><h1>Website privacy</h1><p>This website stores your IP address for seven days. We
do not use cookies.</p></main>

Services | Harbour :: <main><h1>Our services</h1><p>Use our online service to request a permit. You need no
account.</p></main>

Email policy | Harbour :: <main><h1>Email</h1><p>Staff may not use personal email accounts. Messages are deleted
after ninety days.</p></main>

Public access | Harbour :: <main><h1>Public access</h1><p>Access to camera recordings is denied unless a court
orders it.</p></main>

Search | Harbour :: <main><h1>Search of devices</h1><p>Officers need a warrant to search a phone. Passwords may not
be demanded.</p></main>

Bots | Harbour :: <main><h1>Social media bots</h1><p>The department does not use bots or automated accounts on any
site.</p></main>

Blocking | Harbour :: <main><h1>Blocking users on social media</h1><p>The department does not block users for their
views. Blocked users may ask for review by email.</p></main>

Moderation | Harbour :: <main><h1>Comments</h1><p>Comments that contain threats are removed. Users are told why and
may try again.</p></main>

Server room | Harbour :: <main><h1>Server room</h1><p>Access to the server room is restricted. A log of visits is
kept for one year.</p></main>

Error rates | Harbour :: <main><h1>Error rates</h1><p>The vendor reports an error rate of 2 percent. Errors are
reviewed each month.</p></main>

Links | Harbour :: <main><h1>Links to other sites</h1><p>We are not responsible for the content of other sites that
we link to. Report a broken link to the webmaster.</p></main>

Age | Harbour :: <main><h1>Minors</h1><p>Users must be over 18 or have the consent of a parent.</p></main>

Security | Harbour :: <main><h1>Security of your data</h1><p>We use firewalls and passwords to protect your data
from unauthorised access.</p></main>

Wi-Fi | Harbour :: <main><h1>Public Wi-Fi</h1><p>By using the network you accept that connections are logged for
seven days.</p></main>

Störung | Harbour :: <main><h1>Störung der Notrufnummer</h1><p>Der Notruf 112 war am Montag nicht erreichbar. Der
Fehler lag beim Anbieter.</p></main>

Accès | Harbour :: <main><h1>Accès aux images</h1><p>Toute personne peut demander l’accès aux images qui la
concernent.</p></main>

Draft | Harbour :: <main><h1>Draft policy</h1><p>This document is not available in English.</p></main>

Data | Harbour :: <main><h1>Data we collect</h1><p>When you visit our website we process your IP address and your
browser. We delete both after a week.</p></main>

Login records | Harbour :: <main><h1>Login records</h1><p>We keep login records for ninety days. Failed attempts are
reported to the security office.</p></main>
"""


@pytest.mark.parametrize(("title", "inside"), cases(PAGES))
def test_a_page_that_resembles_a_wall_is_the_text(title: str, inside: str) -> None:
    assert read(title, inside).outcome is Outcome.OK

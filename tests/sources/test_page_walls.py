"""Pages that stand in front of a followed page's text, in many wordings and languages, and pages that resemble them."""

import pytest

from watchers.models import Outcome, Parsed, SourceMemory
from watchers.sources.page import parse_page

# Title :: body, a blank line between two pages.
WALLS = """
Anmeldung | Harbour :: <main><h1>Anmeldung</h1><form action='/idp'><label>Benutzername</label><input
name=u><label>Passwort</label><input type='password' name='p'><button>Anmelden</button></form></main>

Connexion :: <h1>Connexion</h1><form><label>Identifiant</label><input><label>Mot de passe</label><input
type='password' name='p'><button>Se connecter</button></form><a href=/f>Mot de passe oublié ?</a>

Working... :: <form method=post action='https://login.example/saml'><p>You are being redirected to the sign-in
service. If nothing happens, press Continue.</p><input type=hidden name=SAMLRequest
value=abc><button>Continue</button></form>

Harbour :: <h1>You have been signed out</h1><p>For your security, you were signed out due to inactivity.</p><a
href=/login>Sign in again</a>

Members area :: <h1>Members area</h1><p>Please log in to view this page.</p>

Harbour :: <h1>Restricted area</h1><p>Authorised users only. Enter your credentials.</p><form><input type='password'
name='p'></form>

Verify your identity :: <h1>Verify it’s you</h1><form><p>Enter the 6-digit code we sent to your phone.</p><input
name=code><button>Verify</button></form>

Camera policy | Harbour :: <p>Your login has timed out. Log in again to continue.</p>

Sign in to your account :: <h1>Sign in to your account</h1><form><label>Email, phone or user name</label><input
name=e><button>Next</button></form><a href=#>Can’t access your account?</a>

Camera policy | Harbour :: <h1>Access restricted</h1><p>You must be logged in to view this document.</p>

Harbour :: <h1>Your choice regarding cookies on this site</h1><p>We use cookies to optimise site functionality and
give you the best possible experience.</p><button>Accept</button><button>Settings</button>

Harbour :: <h1>Cookies auf dieser Website</h1><p>Wir setzen Cookies ein, um Inhalte zu personalisieren und Zugriffe
zu analysieren.</p><button>Ablehnen</button><button>Zustimmen</button>

Harbour :: <h1>Gestion des cookies</h1><p>Nous utilisons des traceurs afin de mesurer l’audience du site.</p><a
href=#>Continuer sans accepter</a> <button>Tout accepter</button>

Harbour :: <h1>Gestisci il consenso</h1><p>Utilizziamo i cookie per ottimizzare il nostro
sito.</p><button>Rifiuta</button><button>Accetta</button>

Harbour :: <h1>Age verification</h1><p>You must be over 18 to enter this site. Please confirm your
age.</p><button>Yes, I am over 18</button><button>No</button>

Harbour :: <h1>Cookies</h1><p>Wij gebruiken cookies om onze website te verbeteren.</p><button>Akkoord</button>

Harbour :: <h1>Improving our website</h1><p>We are making improvements. Our website will be back online at 6 pm.</p>

Harbour :: <h1>Wartungsarbeiten</h1><p>Wir sind bald wieder für Sie da.</p>

Harbour :: <h1>Site en maintenance</h1><p>Nous revenons bientôt.</p>

Mantenimiento :: <p>Estamos realizando tareas de mantenimiento. Vuelva a intentarlo más tarde.</p>

Harbour :: <p>The site is currently offline for planned work. We apologise for any inconvenience.</p>

Harbour :: <h1>We’re upgrading</h1><p>Our website is being upgraded. Thank you for your patience.</p>

IIS :: <h1>HTTP Error 500.19 - Internal Server Error</h1><p>The requested page cannot be accessed because the
related configuration data for the page is invalid.</p>

504 Gateway Time-out :: <h1>504 Gateway Time-out</h1><p>The gateway did not receive a timely response from the
upstream server.</p>

Harbour :: <p>This site is experiencing technical difficulties.</p>

Harbour :: <h1>Whoops, looks like something went wrong.</h1>

Harbour :: <b>Fatal error</b>: Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in
/var/www/html/db.php:12 Stack trace: #0 {main} thrown in <b>/var/www/html/db.php</b> on line <b>12</b>

Fehler :: <p>Ein Fehler ist aufgetreten. Bitte versuchen Sie es später erneut.</p>

Harbour :: <h1>Oups !</h1><p>Une erreur est survenue, veuillez réessayer plus tard.</p>

Harbour :: <pre>Traceback (most recent call last): File "/srv/app.py", line 12, in view KeyError: 'page'</pre>

Harbour :: <h1>Too many requests</h1><p>The server is overloaded. Please slow down and try again in a few
minutes.</p>

Account Suspended :: <h1>Account Suspended</h1><p>This account has been suspended. Contact your hosting provider for
more information.</p>

Test Page :: <h1>Welcome to CentOS</h1><p>This page is used to test the proper operation of the HTTP server after it
has been installed.</p>

Harbour :: <h1>Sorry, this page has gone missing</h1><a href=/>Back to the home page</a>

Harbour :: <p>La page que vous recherchez est introuvable.</p>

Harbour :: <h1>Lo sentimos</h1><p>No encontramos la página que busca.</p>

Harbour :: <p>De pagina die u zoekt bestaat niet of is verplaatst.</p>

Harbour :: <h1>Whoops!</h1><p>You seem to have followed a broken link.</p>

Harbour :: <h2>The resource you are looking for has been removed, had its name changed, or is temporarily
unavailable.</h2>

Harbour :: <h1>We have a new website</h1><p>You have followed an outdated link. Use the search to find the page that
you need.</p>

Harbour :: <p>Die gesuchte Seite konnte leider nicht gefunden werden.</p>

Harbour :: <p>Please solve this puzzle so we know you’re a real person.</p>

Harbour :: <p>Bitte bestätigen Sie, dass Sie kein Roboter sind.</p>

Harbour :: <h1>Vérification de sécurité en cours</h1><p>Veuillez patienter, votre navigateur est en cours de
vérification.</p>

Harbour :: <h1>Verifying your connection…</h1><p>This takes a few seconds.</p>

Harbour :: <p>Automated access to this site is not permitted. If you believe this is an error, contact the webmaster
with support ID 12388871.</p>

Harbour :: <p>JavaScript is disabled in your browser. Enable it to proceed.</p>

Harbour :: <p>Too many requests from your IP address.</p>

Harbour :: <p>Your browser is not supported. Please upgrade to a modern browser.</p>

Harbour :: <p>We’re sorry, this site is unavailable to visitors from the European Union.</p>

Harbour :: <h1>451</h1><p>Unavailable due to legal reasons.</p>

Harbour :: <h1>Página en construcción</h1><p>Estamos trabajando en nuestro sitio. Pronto estaremos de vuelta.</p>

Harbour :: <h1>Hold on</h1><p>We need to check that your connection is secure before you proceed.</p>

Harbour :: <h2>Please log on</h2><p>You have to be registered to see this material.</p>

Harbour :: <h1>Scheduled downtime</h1><p>The portal is down while we carry out essential updates. Normal service
will resume on Monday.</p>

Harbour :: <h1>Ups!</h1><p>Da ist etwas schiefgelaufen. Versuchen Sie es in einigen Minuten noch einmal.</p>

Harbour :: <h1>Accès refusé</h1><p>Votre adresse IP a été bloquée par notre système de sécurité.</p>

Harbour :: <h1>Su sesión ha caducado</h1><p>Inicie sesión de nuevo para continuar.</p>

Harbour :: <h1>Content unavailable</h1><p>What you are looking for may have been moved or deleted.</p>

Request Rejected :: <p>The requested URL was rejected. Please consult with your administrator. Your support ID is:
1234567</p>

Harbour :: <h1>Deze pagina is verdwenen</h1><p>Ga terug naar de homepage of gebruik de zoekfunctie.</p>

Harbour :: <h1>Il sito è in manutenzione</h1><p>Torneremo presto online.</p>

Harbour :: <h1>We use cookies</h1><p>Some are essential, others help us to improve our services. You decide which
ones you want.</p><button>All of them</button><button>Only essential</button>

Harbour :: <h1>Warteraum</h1><p>Sie befinden sich in der Warteschlange. Bitte laden Sie die Seite nicht neu.</p>

Queue :: <h1>You are now in line</h1><p>When it is your turn, you will have 10 minutes to enter the website.
Estimated wait time: 4 minutes.</p>

Harbour intranet :: <h1>Harbour intranet</h1><p>WARNING: This is a government computer system. Unauthorised use is
prohibited and may be prosecuted. By logging in you consent to monitoring.</p><form><label>User
name</label><input><input type='password' name='p'><button>Log in</button></form>

Harbour :: <h1>Service interruption</h1><p>Due to a technical fault our pages can't be displayed at present.</p>

Harbour :: <h1>Página não encontrada</h1><p>O endereço que você digitou não existe.</p>

Access denied :: <p>Error 1020. Access denied. The owner of this website has banned your IP address.</p>
"""

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


def cases(block: str) -> list[list[str]]:
    return [" ".join(page.split()).split(" :: ") for page in block.strip().split("\n\n")]


def read(title: str, inside: str) -> Parsed:
    html = f"<!doctype html><html><head><title>{title}</title></head><body>{inside}</body></html>"
    return parse_page(html.encode(), "text/html; charset=utf-8", "https://harbour.example/a", SourceMemory(kind="page"))


@pytest.mark.parametrize(("title", "inside"), cases(WALLS))
def test_hard_case_32_a_wall_in_any_wording_is_no_version(title: str, inside: str) -> None:
    parsed = read(title, inside)
    assert parsed.outcome in {Outcome.BLOCKED, Outcome.MISSING, Outcome.EMPTY}
    assert "stands in front" in (parsed.error or "")


@pytest.mark.parametrize(("title", "inside"), cases(PAGES))
def test_a_page_that_resembles_a_wall_is_the_text(title: str, inside: str) -> None:
    assert read(title, inside).outcome is Outcome.OK


@pytest.mark.parametrize(
    "inside",
    [
        "<h1>Down for maintenance</h1><p>This page is not available. Please try again later.</p>",
        "<h1>Log in</h1><p>The page you are looking for is for members. Please log in.</p>",
    ],
)
def test_what_passes_is_no_missing_page(inside: str) -> None:
    """Missing pages are told as removed after a while."""
    assert read("Harbour", inside).outcome in {Outcome.BLOCKED, Outcome.EMPTY}

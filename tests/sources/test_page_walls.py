"""Pages that stand in front of a followed page's text, in many wordings and languages."""

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

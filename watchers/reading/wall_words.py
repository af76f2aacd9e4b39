"""The few words that a page has for itself when it is not what was asked for: beginnings of words, by language.

    "Our site is down for maintenance" ─own_share→ 1.0      "The pier is closed for maintenance" ─own_share→ 0.5

Walls are written in ever new sentences and always with the same words: page, site, you, sorry, later, log in, accept.
A page that has hardly any other words has no text of its own; one about cameras, piers or officers names them. Words
that any text needs (the, is, und, pour) are not counted at all. A beginning of four letters or fewer takes an ending of
three, a longer one of six: “landfill” is no land, “verification” is to verify.
"""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_SHORT_STEM: Final = 4  # letters

# Words of every text, English, German, French, Spanish, Italian, Portuguese and Dutch.
_COMMON_WORDS: Final = """
    a about after again all also an and any are as at be because been before being best both but by can cannot
    could did do does doing down each either else few for from get had has have he here how i if in into is it
    its just let like made make many may me might more most much must my need no nor not of off on one only or
    other our out over own per she should so some such than that the their them then there these they this those
    through to too under until up us very was we well were what when where which while who why will with without
    would you your yours yourself re ve ll isn aren don doesn couldn won hasn haven didn wasn aber alle allem
    allen aller als am auf aus bei bin bis bitte da damit das dass dem den der des die dies diese diesem diesen
    dieser dieses doch du durch ein eine einem einen einer eines er es für gibt hat habe haben hier ich ihnen
    ihr ihre ihrem ihren ihrer im ins ist ja kann kein keine können leider man mehr mit nach nicht noch nur oder
    ohne sein sich sie sind um und uns unser unsere unserem unseren unserer unter vom von vor war weil wenn
    werden wie wieder wir wird wurde zu zum zur über au aucun aux avec avez avons ce ces cet cette car dans de
    dont elle en est et être eu fait il ils je la le les leur lors mais même ne ni nos notre nous ont ou où par
    pas peu plus pour que quel qui sa sans se sera ses si son sont sous sur tous tout toute très un une vers vos
    votre vous y été afin moi al algo con cual cuando del desde el ella ellos entre era esa ese eso esta estamos
    estar este esto está están fue ha hasta hay las lo los mi muy más nada nuestra nuestro nuestros o para pero
    por porque ser sin sobre su sus sí también te tiene tu una usted uno ya agli ai alla anche che chi ci come
    cui dal dalla dei della delle di e ed è gli io lei ma nel nella noi non nostra nostri nostro più questa
    questo sei sito sono stata stato sua sul tra tua tuo vi voi ao aos até com como dos ela ele em essa esse foi
    isso já mas na nas nossa nosso não os pela pelo sem seu são também tem uma você aan bij dan dat dit door een
    het hij ik kan maar met mijn naar niet nog nu om onze ons ook op tot u uit uw van voor waar wat wij worden
    wordt zijn zo
"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())

# What a page says of itself and to its visitor, whatever stands in the way.
_ITSELF: Final = """
    see material trouble while normal resum portal display present terug gebruik zoekfunctie laden neu befinden
    einmal einigen moving ups minuten zoekfunct looked navigateur navegador navegad everywhere somehow welcom
    trabaj vuelta doorgaan suivant weiter voltar indietro ricarica attend aspetta espere address admin adresse
    app apolog attempt browser button back begin broke buscador búsqueda busca busque brows check choos choice
    click clic client close code contact content conten contenu contenid continu connection contin correct cerc
    desire device direct disabl dirección dispositiv domain domin drück enabl encontr enter entr entschuld excus
    expir fail feel find found followed follow gesucht fortfahren go gone happen hello help hilf hmm home
    homepage hosting hour http https id immediately inconven inform inhalt inici input installed internet intent
    inténta issue klick know kontakt later latest link lien load look lo lamento lament leave long longer luego
    mail maybe message merci minute moment momento mom navig new next nothing ok old oop oups ooops open operat
    owner outdated page pagin página págin patien patient pati pardon phone please possible press prob problem
    proceed process prova provider prueb provis puede pulse quick reach rechar redirect ref reference refresh
    reintent reload request requested requis resource respon reserv retour return retry riprov réessay rendez
    essay revenir reven recherch recherche search seconds seek secur sécur seem segur seite server serveur
    servic servizi servidor serwer shortly site sitio sitios sito situs solicit sorry soon spät start step still
    stop support system take tard temp thank team technical technisch techniqu time tried try tempor typed trouv
    typ unexpected unable unfortun url user usuari utilis uten utente use using used valid versuch verlinkt
    verify visit volver vuelv vuelva wait waiting want warten web website webseite webmaster welcome well whoops
    willkommen worr work working yes zeit zoek zurück zoekt bald bientôt pronto presto spoedig dank gracias
    grazie obrigad désol siento sentimos scus perdon perdón disculp helaas opnieuw probeer année bezoek bientot
    automatically automat wrong yet improv better upgrad modern
"""

# What stands in the way, by kind. Beginnings of words.
_LOGIN: Final = """
    logon intranet government warning unauthor prohibit prosecut penalt monitor computer consent criminal
    subject recorded login signin logged logging log sign signed signing anmeld angemeldet abgemeldet einlog
    einzulog connexion connect connecter reconnect identifi iniciar inicia sesión session sesion sessione
    sitzung accedi acceder accéd inlog aanmeld password passwor passwort kennwort contraseña senha wachtwoord
    mot passe credential zugangsdaten authent authori autoris autoriz username benutzer nutzername account konto
    compte cuenta forgot forgotten vergessen oublié olvid dimentic vergeten esquec member mitglied inactiv
    registered register registri registrier restricted protected geschützt protégé protegid area secure expired
    timed abgelaufen expiré caduc scad single permission required require erforderlich view digit identity
    remember sso access zugang zugriff accès acceso accesso toegang email
"""
_CONSENT: Final = """
    essential decide them ottimizz gestisc mantien personaliz anunci annunci reclame purpose age adult old
    eighteen birth geburt âge edad älter volljährig majeur mayor cookie traceur privacy privat privé vie
    confidential accept agree allow decline reject refus deny manage preferenc setting option necessary
    statistic marketing partner vendor third part consent zustimm einwillig einverstanden akzeptier ablehn
    notwendig einstellung privatsphäre datenschutz schätz respect value care personal person analy measur mesur
    traffic audience advert ads werbung publicit experience expérience experiencia esperienza erlebnis ervaring
    ervar erfahrung enhance deliver improve amélior mejorar migliorare verbeter verbesser optimi store storing
    stock speicher process data daten données datos dati gegevens function technolog technique technologi purpos
    unique withdraw widerruf finalité usamos usa utiliz utilizz gebruik verwend setzen nutz accetta accett
    rifiut acept rechaz aceit rejeit akkoord weiger gestion gestionar gestisci terze terceros propias location
    collect selected select allowing similar
"""
_CHALLENGE: Final = """
    queue line turn estimat warteschlang warteraum attente cola fila wachtrij banned ban cours vérification
    verifica verificación verificando comprobando überprüfung controle traffic human humain humano umano mensch
    bot bots robot roboter captcha puzzle challenge javascript script firewall ddos ip verif vérif überprüf
    bestätig confirm prove solve tick box checkbox blocked block gesperrt bloqué bloquead bloccat geblokkeerd
    denied deny verweigert refusé denegad negato suspicious unusual activity actividad activité detected network
    netzwerk réseau red automated automatisiert automatique too many requests protect rate limit limited person
    real attack shield hold slow permitted forbidden verboten interdit prohibid unsupported supported
    unterstützt cloudflare nicht sicherheit sicherheitsprüfung security believe region country land pays país
    area legal reasons due available unavailable verfügbar disponible union european visitors
"""
_BROKEN: Final = """
    downtime resume carry interruption fault schiefgelaufen essential uncaught sqlstate pdoexception php www var
    srv html py keyerror example com org net gov thread null pointer module memory exhausted syntax parse buy
    price maintenance maintain wartung wartungsarbeiten mantenimiento manutenzione manutenção onderhoud mantenim
    construction construcción konstruktion bau travaux werkzaamheden scheduled planned geplant programm planifi
    error fehler erreur erro errore fout encountered encounter occur aufgetreten survenue ocurrido avvenut
    opgetreden exception unavailable available verfügbar nicht indisponible disponible disponib beschikbaar
    offline online outage störung panne gateway bad timely timeout time-out upstream internal condition fatal
    stack trace traceback recent call last file line thrown main database datenbank establishing base connection
    refused overload overloaded suspend suspended information logs application runtime host nginx apache centos
    iis fedora debian ubuntu default test purpose proper successfully further configuration configured related
    invalid parked sale currently moment momentan actuellement actualmente attualmente momenteel temporarily
    vorübergehend temporairement temporalmente upgrade upgrading improvements improvement undergoing perform
    performing work works arbeit difficult schwierigkeit difficultés dificultad something schief wrong went mal
    moved reach running realiz trabaj tareas building redesign service dienst experiencing
"""
_NOT_FOUND: Final = """
    verdwenen disparu verschwunden digit missing exist existe existier existiert bestaat removed entfernt
    supprim eliminad rimoss verwijderd moved verschoben déplacé movid spostat verplaatst renamed name changed
    geändert deleted gelöscht gefunden introuvable trouvée encontrad trovata gevonden located locate lost perdu
    perdid available longer unavailable link links broken outdated archived article document datei fichier
    archivo file dokument pagina seite angefordert demandé solicitad richiest opgevraagd story
"""


def _beginnings(*blocks: str) -> re.Pattern[str]:
    stems = sorted({*" ".join(blocks).split()})
    short = (stem for stem in stems if len(stem) <= _SHORT_STEM)
    long = (stem for stem in stems if len(stem) > _SHORT_STEM)
    return re.compile(rf"(?:{'|'.join(short)})\w{{0,3}}|(?:{'|'.join(long)})\w{{0,6}}")


_OF_WALLS: Final = _beginnings(_ITSELF, _LOGIN, _CONSENT, _CHALLENGE, _BROKEN, _NOT_FOUND)


def own_share(text: str, site: str) -> float:
    """How much of a text is made of the words of walls: 0, none, to 1, every word that any text doesn't need.

    `site` is what the site calls itself: its name stands on its walls too, and isn't counted.
    """
    named = set(_WORD.findall(site.casefold()))
    words = [word for word in _WORD.findall(text.casefold()) if word not in _COMMON and word not in named]
    return sum(_OF_WALLS.fullmatch(word) is not None for word in words) / len(words) if words else 0.0

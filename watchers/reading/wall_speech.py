"""What a page says that is not what was asked for, whatever its sentences: log in, accept, wait, not here.

    titles, text, controls of the markup → Wall | None

A wall has a cue (“log in”, “cookies”, “maintenance”), speaks to its visitor or of itself, and has hardly any word of
another matter (`wall_words`): a policy on passwords, a pier that is closed for maintenance and a notice of unusual
activity on a network name theirs.
"""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final

from watchers.fetch.disguise import BETWEEN_TITLES
from watchers.models import Outcome
from watchers.reading.wall_words import own_share


class Wall(Enum):
    """What stands there instead, and how that is told."""

    PAYWALL = (Outcome.BLOCKED, "a paywall")
    CONSENT = (Outcome.BLOCKED, "a page that asks for consent")
    LOGIN = (Outcome.BLOCKED, "a page that asks for a login")
    CHALLENGE = (Outcome.BLOCKED, "a page that asks for proof of being human")
    BROKEN = (Outcome.EMPTY, "a page that tells of an error or of maintenance")
    NOT_FOUND = (Outcome.MISSING, "a page that says “not found”")

    @property
    def outcome(self) -> Outcome:
        """What a fetch that ends here came to."""
        return self.value[0]

    @property
    def told(self) -> str:
        """For people."""
        return self.value[1]


# Least share of a wall's own words. Measured on short pages of both kinds: walls have .7 to 1, others seldom over .7.
_HARDLY_ANY_OTHER: Final = 0.75
_SOME_OTHER: Final = 0.5  # with a field for a password: a login page may warn at length
_NO_OTHER: Final = 0.95  # under the heading of a document, or in a heading alone
_LEAST_HEADING: Final = 2  # words
# Code points: a page of the web's words that is longer may be a site's rules on links, or on its security.
_LONGEST_TALK: Final = 500
_MARKUP: Final = 1_000_000  # code points of markup in which something to press is looked for

# What says of which kind a wall is, in the main languages. None of these is enough by itself.
_LOGIN: Final = re.compile(
    r"""
    \b(log|sign)(ged|ned|ging|ing)?[-\ ]?(in|on|out)\b | \bsession\b.{0,40}?\b(expire|timed|ended) | \bcredentials?\b
    | \bpass(word|wort|code)\b | \buser\ ?name\b | \bauthenticat | \bauthori[sz]ed\ users | \bmembers\ (area|login)
    | \bcode\ we\ (have\ )?sent\b | \bverify\ (your\ identity|it['’]s\ you) | \bsingle\ sign
    | \b(anmeld|angemeldet|einlog|eingeloggt|zugangsdaten|kennwort|abgelaufen) | \bsitzung\b
    | \bmot\ de\ passe\b | \b(connectez|connecter|connexion|identifiez|identifiant) | \bsession\ a\ expiré
    | \b(contraseña|senha|wachtwoord|inloggen|aanmelden|accedi)\b | \binici[ae]r?\ (de\ )?sesión | \bsesión\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ASKS_CONSENT: Final = re.compile(
    r"""
    \bcookies?\b | \btraceurs\b | \bconsent | \byour\ privacy\b | \bprivatsphäre\b | \bvie\ privée\b | \bprivacidad\b
    | \b(our|\d+)\ partners\b | \b(over|least|older\ than|über)\ (18|21|16|eighteen)\b
    | \bage\ (verification|gate|check)\b
    | \bmayor(es)?\ de\ (18|edad)\b | \b(18|plus\ de\ 18)\ ans\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ASKS_PROOF: Final = re.compile(
    r"""
    \b(not\ a|are\ a|kein|pas\ un|no\ (eres|es)\ un|non\ sei\ un|geen)\ (ro)?bot
    | \b(a|real)\ (human|person)\b | \bcaptcha\b
    | \b(java)script\b | \bfirewall\b | \bddos\b | \bpuzzle\b | \brobots?\b | \bbot\b
    | \bsecurity\ (check|verification)\b | \b(verifying|checking|überprüf\w*|vérifi\w*|vérification|verifica\w*)\b
    | \b(request|access|ip|you)\b.{0,40}?\b(blocked|denied|limited|forbidden)\b | \baccess\ (denied|forbidden|blocked)\b
    | \bconnection\ is\ secure\b | \bqueue\b | \bin\ line\b | \bwarteschlange\b | \bfile\ d['’]attente\b
    | \btoo\ many\ requests\b | \bautomated\b | \b(unusual|suspicious)\ (traffic|activity)\b
    | \bbrowser\b.{0,40}?\b(support|upgrade|update|outdated)
    | \b(support|upgrade|update|outdated)\w*\b.{0,40}?\bbrowser\b
    | \bzugriff\ (verweigert|gesperrt) | \baccès\ (refusé|interdit|bloqué) | \bacceso\ (denegado|bloqueado)
    | \b(un|not\ )available\b.{0,60}?\b(region|country|european|legal)\b | \b451\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TELLS_TROUBLE: Final = re.compile(
    r"""
    \bmaintenance\b | \bwartung | \bmantenimiento\b | \bmanutenzione\b | \bmanutenção\b | \bonderhoud
    | \b(under|en|in|em)\ (construction|construcción|costruzione|construção|travaux)\b
    | \b(back|return)(\ online|\ soon|\ shortly|\ later|\ up)\b | \bbald\ (wieder|zurück) | \bbientôt\b | \bpronto\b
    | \b(un|not\ |nicht\ |in)(available|erreichbar|verfügbar|disponible)\b | \boffline\b | \bdown\b | \bupgrad(ed|ing)\b
    | \btechnical\ (difficult|problem|issue|error) | \btechnische\ (störung|probleme) | \bproblèmes?\ technique
    | \b(went|gone)\ wrong\b | \bschief\b | \bexception\b
    | \b(server|application|runtime|database|fatal|internal)\ error\b
    | \berror\b.{0,60}?\b(occur|encounter|request|try|processing) | \b(fehler|erreur|errore|erro|fout)\b
    | \b(occurred|encountered)\b.{0,30}?\berror\b | \bdatabase\ connection\b | \btraceback\b | \bstack\ trace\b
    | \b(4\d[0-35-9]|5\d\d)\b.{0,60}?\b(error|gateway|time-?out|unavailable|request|server) | \boverloaded\b
    | \berror\ 5\d\d\b | \bbad\ gateway\b | \bgateway\ time-?out\b | \b(account|site)\b.{0,30}?\bsuspended\b
    | \bdomain\b.{0,40}?\b(parked|sale|expired)\b | \b(http|web)\ ?server\b.{0,80}?\b(install|test|work|operation)
    | \bdowntime\b | \b(service\ interruption|technical\ fault)\b | \btrouble\b | \bschiefgelaufen\b
    | \bit\ works\b | \btry\ again\ (later|in)\b | \bplanned\ work | \bmaking\ improvements\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TELLS_ABSENCE: Final = re.compile(
    r"""
    \b(not|n['’]t|cannot|nothing|never|unable)\b.{0,40}?\b(find|found|locate|located|exist|here)\b | \bno\ longer\b
    | \bn['’]t\ (be\ )?(here|found|exist) | \b(gone|went)\ missing\b | \bmissing\ page\b
    | \bnothing\ (here|found)\b | \b404\b
    | \b(follow|click)\w*\b.{0,30}?\b(broken|outdated|old|dead|bad)\ link\b
    | \b(has|have|had)\ been\ (re)?(moved|named|deleted)\b
    | \blooking\ for\b | \bnicht\b.{0,40}?\b(gefunden|finden|vorhanden|existiert|mehr)
    | \b(existiert|gibt\ es)\b.{0,20}?\bnicht\b
    | \bintrouvable | \bn['’](existe|a\ pas\ été\ trouvé|est\ plus)
    | \bno\ (se\ )?(encontr|existe|pudimos\ encontrar|está\ disponible)
    | \bnon\ (è\ stata\ )?(trovat|esiste|trov) | \bnão\ (foi\ )?(encontr|existe) | \bverdwenen\b
    | \bniet\ (gevonden|vinden|bestaa|meer)
    | \bbestaat\ niet\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# In this order: what may pass is preferred to what is told as removed after a while.
_CUES: Final = {
    Wall.LOGIN: _LOGIN,
    Wall.CONSENT: _ASKS_CONSENT,
    Wall.CHALLENGE: _ASKS_PROOF,
    Wall.BROKEN: _TELLS_TROUBLE,
    Wall.NOT_FOUND: _TELLS_ABSENCE,
}
# Who or what a wall speaks of: its visitor, or itself; or it is what a program says, that speaks to nobody.
_VISITOR_OR_ITSELF: Final = re.compile(
    r"\b(you|your|please|sorry|oops|whoops|we|us|our|page|(web)?site|server|browser|try|continue|access|url|log|sign"
    r"|session|^error|^[45]\d\d|(server|fatal|runtime|application) error|exception|trace(back)?"
    r"|gateway|it works|ihr|ihre[nmr]?|sie|bitte|wir|uns|seite|website|webseite"
    r"|fehler|anmeld\w*|vous|votre|nous|veuillez|erreur|connexion|tu|su|por favor|lo sentimos|estamos|utilizamos"
    r"|página|sitio|pagina|sito|noi|ci|spiacenti|utilizziamo|você|nós|u|uw|wij|onze)\b",
    re.IGNORECASE | re.MULTILINE,
)
_PASSWORD_FIELD: Final = re.compile(r"<input\b[^<>]{0,300}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
# Who asks for consent has something to press; who tells of cookies need not.
_CHOICE: Final = re.compile(
    r"(?:>|\bvalue\s*=\s*[\"'])\s*(?:[\w,’']+\s+){0,4}?(?:accept|agree|allow|ok(?:ay)?\b|got it|decline|reject"
    r"|refuse|continue"
    r"|essential|necessary|yes\b|over 18|settings|preferences|akzept|zustimm|einverstanden|ablehn|accepter|refuser"
    r"|d['’]accord|acept|rechaz|accett|rifiut|akkoord|weiger|aceit|rejeit|concordo|oui\b|ja\b|sí\b)[^<>]{0,30}[<\"']",
    re.IGNORECASE,
)
# A cookie policy says what a cookie banner says. What calls itself a document, in its title or heading, is one.
_DOCUMENT: Final = re.compile(
    r"\b(polic(y|ies)|notice|statement|terms|conditions|guidelines?|procedures?|regulations?|rules|ordinance|manual|faq"
    r"|how\ we\ use|about\ cookies|\w*richtlinien?|\w*erklärung|\w*bestimmungen|\w*bedingungen|\w*ordnung|\w*hinweise?"
    r"|politiques?|charte|mentions\ légales|règlement|políticas?|aviso|términos|condiciones|informativa"
    r"|politica|termini|beleid|\w*verklaring|voorwaarden|termos)\b",
    re.IGNORECASE | re.VERBOSE,
)


def is_document(titles: Sequence[str], text: str) -> bool:
    """Whether the page calls itself a policy, a notice, terms: in its heading, or in a title about cookies."""
    return any(
        _DOCUMENT.search(part) and (part in text or part in titles[1:] or "cookie" in part.casefold())
        for part in _parts(titles)
    )


def spoken(titles: Sequence[str], text: str, html: str) -> Wall | None:
    """The wall that speaks. `titles` are the page's `<title>` and its heading, `text` its main text."""
    has_password = _PASSWORD_FIELD.search(html) is not None
    has_choice = _CHOICE.search(html, 0, _MARKUP) is not None
    parts = _parts(titles)
    *_, site = ["", *_parts(titles[:1])[1:]]  # “Log in | Harbour”
    said = "\n".join((*parts, text))
    if not text or not _VISITOR_OR_ITSELF.search(said):
        return None
    document = is_document(titles, text)
    if document:  # its heading may stand over a wall too
        text = "\n".join(line for line in text.splitlines() if line not in parts)
    is_short = has_password or has_choice or len(text) < _LONGEST_TALK
    if not is_short or own_share(text, site) < (
        _NO_OTHER if document else _SOME_OTHER if has_password else _HARDLY_ANY_OTHER
    ):
        return _absence_over_links(parts, site)
    kinds = {
        wall: len({found.group().casefold() for found in cue.finditer(said)})
        for wall, cue in _CUES.items()
        if wall is not Wall.CONSENT or (has_choice and not document)
    }
    if has_password and kinds[Wall.LOGIN]:
        return Wall.LOGIN
    likeliest = max(kinds, key=kinds.__getitem__)
    return likeliest if kinds[likeliest] else None


def tells_trouble(text: str) -> bool:
    """Whether a text speaks of what passes, as maintenance does; a page that is lost for now is not gone."""
    return _TELLS_TROUBLE.search(text) is not None


def _absence_over_links(parts: Sequence[str], site: str) -> Wall | None:
    """“We can't find that page”, in a heading over a list of what the site has instead."""
    for part in parts:
        if len(part.split()) > _LEAST_HEADING and own_share(part, site) >= _NO_OTHER and _TELLS_ABSENCE.search(part):
            return Wall.NOT_FOUND
    return None


def _parts(titles: Sequence[str]) -> list[str]:
    return [stripped for title in titles for part in BETWEEN_TITLES.split(title) if (stripped := part.strip())]

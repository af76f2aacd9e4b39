"""Pages that stand in front of a text, or where it was: paywall, login, consent, challenge, error, "not found".

    title, text, markup → Wall | None

Conservative: an article that tells of paywalls, cookies or lost pages is an article. So nothing is judged by its
words alone when it is as long as an article, and a title counts only as a whole. Sentences that are usual on walls
count where few words of another matter stand beside them; walls in other words are known by `wall_speech`.
What the address, the status and the headers tell is judged before, in `watchers.fetch.disguise`; its lists of titles
are used here too, for files and for pages whose own title says more than their `<title>`.
"""

import re
from collections.abc import Sequence
from html import unescape
from typing import Final

from watchers.fetch.disguise import BETWEEN_TITLES, CHALLENGE_TITLES, NOT_FOUND_TITLES
from watchers.models import Outcome
from watchers.reading.wall_speech import Wall, is_document, spoken, tells_trouble
from watchers.reading.wall_words import own_share

# Code points of main text. Above the first, no words make a wall of a page; above the second, no title does.
_SHORT: Final = 1_200
_SHORT_BY_TITLE: Final = 2_500
_SHORT_UNLESS_FREE: Final = 800
_VERY_SHORT: Final = 500

# Least share of a wall's own words (`wall_words`) beside a sentence that is usual on walls.
_USUAL_SHARE: Final = 0.65
_USUAL_CONSENT_SHARE: Final = 0.5  # the purposes of cookies are told with words of all kinds

_TITLE: Final = re.compile(r"<title\b[^<>]{0,500}>", re.IGNORECASE)
_HEADING: Final = re.compile(r"<h1\b[^<>]{0,500}>(?:\s*<[a-z][^<>]{0,200}>)*", re.IGNORECASE)
_NOT_FREE: Final = re.compile(r'"isAccessibleForFree"\s*:\s*(?:"\s*)?(?:false|no)\b', re.IGNORECASE)
_PAYWALL: Final = re.compile(
    r"""
    (subscribe|sign\ up|register|log\ ?in|sign\ in|join|upgrade)\b
        ((?!newsletter|e-?mail|alert|\bapp\b).){0,60}?\bto\ (continue|keep|finish|read|unlock)\b
        .{0,40}?\b(reading|article|story|rest|more|full|access)
    | to\ (continue|keep|finish)\ reading\b.{0,80}?\b(subscri|sign|log|register|account|trial|member)
    | (this|the\ rest\ of\ this|full)\ (article|story|content|post|page|document|text)\b.{0,40}?\b(is|are)\b.{0,40}?
        \b(for|to|only)\b.{0,30}?\b(subscriber|member)s?\b
    | subscribers?[-\ ](only|exclusive)\b | members?[-\ ](only|exclusive)\ (article|content|stor|access|feature)
    | exclusive(ly)?\ (for|to)\ (our\ )?(subscriber|member)s
    | already\ (a|have\ an?)\ (subscri|member|account)
    | you(['’]ve|\ have)\ (reached|used|read|exceeded)\b.{0,60}?\b(free|limit|monthly)
    | \d\ (free\ )?articles?\ (left|remaining) | start\ your\ (free\ )?(trial|subscription)
    | abonn(ez-vous|é)\b.{0,40}?\b(lire|suite) | réservée?s?\ (à\ nos|aux)\ abonnés | article\ réservé
    | il\ vous\ reste\ .{0,20}%\ de\ cet\ article
    | (weiterlesen|lesen)\ mit\b.{0,30}?(\+|plus|abo) | mit\ .{0,20}abo\ weiterlesen
    | suscr[ií]bete\ (para|y)\b.{0,40}?\b(leyendo|leer) | (exclusivo|solo)\ para\ (suscriptores|assinantes)
    | riservato\ agli\ abbonati | abbonati\ per\ (continuare|leggere)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CONSENT: Final = re.compile(
    r"""
    before\ you\ continue\ to\b | (value|care\ about|respect)s?\ your\ privacy
    | (accept|reject|manage|allow)\ (all\ )?cookies | cookie\ (consent|preferences|settings)
    | \b(we|our\ (\d+\ )?partners)\ use\ cookies | your\ privacy\ (choices|settings|is\ important)
    | store\ and/or\ access\ information\ on\ a\ device | consent\ to\ (the\ use|processing) | update\ your\ consent
    | bevor\ sie\ (fort|weiter) | mit\ werbung\ weiterlesen | (wir\ und|und)\ unsere\ (\d+\ )?partner
    | ihre\ zustimmung | alle\ akzeptieren
    | avant\ (d['’]accéder|de\ continuer) | nos\ (\d+\ )?partenaires | tout\ accepter | votre\ consentement
    | antes\ de\ (continuar|ir\ a) | nuestros\ (\d+\ )?socios | aceptar\ (todo|todas|y\ continuar)
    | prima\ di\ continuare | i\ nostri\ (\d+\ )?partner | accetta\ tutt
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CHALLENGE: Final = re.compile(
    r"""
    checking\ (if\ the\ site\ connection\ is\ secure|your\ browser)
    | verify(ing)?\ (that\ )?you(['’]re|\ are)\ (not\ )?(a\ )?(human|robot|bot)
    | (enable|turn\ on)\ javascript\ and\ (cookies|disable) | complete\ the\ (security\ check|captcha)
    | unusual\ (traffic|activity)\ (from|on) | review\ the\ security\ of\ your\ connection
    | are\ you\ a\ (robot|human) | press\ (&|and)\ hold\ to\ confirm
    | access\ to\ this\ (page|website|site)\ (has\ been|is)\ (denied|blocked|restricted)
    | you\ (have\ been|are\ being)\ (blocked|rate\ limited) | you\ don['’]t\ have\ permission\ to\ access | ray\ id:
    | not\ available\ in\ your\ (country|region) | unavailable\ (for\ legal\ reasons|due\ to\ legal)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOT_FOUND: Final = re.compile(
    r"""
    \b(page|article|story|url|address|link|content|document)\b[^.!?]{0,60}?\b
        ( (could|can)(not|\ not|n?['’]t)\ (be\ )?f(ou|i)nd
        | (was|is)(\ not|n['’]t)\ (found|available) | (does|do)(\ not|n['’]t)\ exist
        | no\ longer\ (exists|available|here) | (may|might)\ have\ (been\ )?(moved|removed|deleted|expired) )
    | \b(this|the)\ (page|url)\ has\ (been\ )?(moved|removed|deleted|expired)
    | (could|can)(not|\ not|n?['’]t)\ (find|locate)\b[^.!?]{0,40}?
        \b(page|article|story|url|what\ you|you['’]re|you\ are)
    | \b(error|http)\ 404\b | \b404\ (error|not\ found|page)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def judge(*, title: str, text: str, html: str) -> Outcome | None:
    """`BLOCKED` or `MISSING` for a page that is no article; None for what may be one. `text` is the main text."""
    wall = find_wall(title=title, text=text, html=html)
    return wall.outcome if wall else None


def find_wall(*, title: str, text: str, html: str) -> Wall | None:
    """Say what stands in front of the article, from the page's titles, its extracted main text and its markup."""
    length = len(text)
    if length >= _SHORT_BY_TITLE:
        return None
    titles = (*_own_titles(html), title)
    return (
        _by_title(titles, length)
        or _paywall(text, html)
        or _by_usual_sentences(titles, text)
        or spoken(titles, text, html)
    )


def _paywall(text: str, html: str) -> Wall | None:
    """The only wall that shows the beginning of what is behind it."""
    length = len(text)
    walled = length < _SHORT and (_PAYWALL.search(text) or (length < _SHORT_UNLESS_FREE and _NOT_FREE.search(html)))
    return Wall.PAYWALL if walled else None


def _by_usual_sentences(titles: Sequence[str], text: str) -> Wall | None:
    share = own_share(text, "") if len(text) < _SHORT else 0.0
    if share >= _USUAL_CONSENT_SHARE and _asks_consent(titles, text):
        return Wall.CONSENT
    if len(text) < _VERY_SHORT and share >= _USUAL_SHARE:
        if _CHALLENGE.search(text):
            return Wall.CHALLENGE
        if _NOT_FOUND.search(text) and not tells_trouble(text):
            return Wall.NOT_FOUND
    return None


def _by_title(titles: tuple[str, ...], length: int) -> Wall | None:
    parts = [part.strip(" .!…") for title in titles for part in BETWEEN_TITLES.split(title)]
    if any(NOT_FOUND_TITLES.fullmatch(part) for part in parts):
        return Wall.NOT_FOUND
    if length < _SHORT and any(CHALLENGE_TITLES.fullmatch(part) for part in parts):
        return Wall.CHALLENGE
    return None


def _asks_consent(titles: Sequence[str], text: str) -> bool:
    """Whether the page itself asks for consent: in its title, or in more than one of its sentences.

    A cookie policy says what a cookie banner says, and is what was asked for.
    """
    if is_document(titles, text):
        return False
    asked = {found.group().casefold() for found in _CONSENT.finditer(text)}
    return len(asked) > 1 or any(_CONSENT.search(title) for title in titles)


def _own_titles(html: str) -> tuple[str, ...]:
    """The first `<title>` and the first `<h1>` of the markup, as text."""
    openings = (_TITLE.search(html), _HEADING.search(html))
    insides = (html[found.end() : found.end() + 500].split("</", 1)[0] for found in openings if found)
    return tuple(" ".join(unescape(inside).split()) for inside in insides)

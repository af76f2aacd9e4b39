"""Web pages that are not what was asked for: challenges, consent walls, "not found" told with status 200.

Status, headers and the start of a body go in; a `Disguise` comes out if the page is one. Headers decide where they
speak. Of a page's words only its title and, where hardly any other text stands on the page, the marks of the known
gatekeepers count: an article that tells of a captcha is an article.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from http import HTTPStatus
from typing import Final

from watchers.models import Outcome

LOOKED_AT: Final = 128 * 1024  # bytes of a body
HARDLY_ANY_TEXT: Final = 1_500  # characters


@dataclass(frozen=True, slots=True)
class Disguise:
    """What the page is instead, and how that is told."""

    outcome: Outcome
    error: str


CHALLENGE_HEADERS: Final = (
    ("cf-mitigated", "Cloudflare"),
    ("x-amzn-waf-action", "AWS WAF"),
    ("x-vercel-mitigated", "Vercel"),
    ("x-datadome", "DataDome"),
)

ACTIONS: Final = frozenset({"challenge", "captcha", "block", "protected", "deny"})

CHALLENGE_TITLES: Final = re.compile(
    r"just a moment\W*|attention required!?(?: \| cloudflare)?|checking your browser.*|ddos-guard"
    r"|pardon our interruption\W*|access (?:to this page has been )?denied|access to this page has been blocked"
    r"|please wait\W*|one moment,? please\W*|security check(?:point)?|vercel security checkpoint"
    r"|(?:please )?verify(?:ing)? (?:that )?you are (?:a )?human\W*|human verification|robot check|captcha"
    r"|are you a robot\W*|you have been blocked|you are being rate limited|bot verification"
    r"|making sure you(?:'|’)re not a bot\W*|client challenge|request rejected|sorry, you have been blocked",
    re.IGNORECASE,
)

# Marks of gatekeepers in the source of a page, in lower case.
CHALLENGE_MARKS: Final = (
    (b"/cdn-cgi/challenge-platform/", "Cloudflare"),
    (b"challenges.cloudflare.com/turnstile", "Cloudflare"),
    (b"cf-chl-", "Cloudflare"),
    (b"_incapsula_resource", "Imperva"),
    (b"captcha-delivery.com", "DataDome"),
    (b"px-captcha", "PerimeterX"),
    (b"errors.edgesuite.net", "Akamai"),
    (b"sec-if-cpt-container", "Akamai"),
    (b"awswafintegration", "AWS WAF"),
    (b"gokuprops", "AWS WAF"),
    (b"sucuri_cloudproxy_js", "Sucuri"),
    (b"/.within.website/x/cmd/anubis", "Anubis"),
    (b"g-recaptcha", "a captcha"),
    (b"h-captcha", "a captcha"),
    (b"hcaptcha.com/1/api.js", "a captcha"),
    (b"recaptcha/api.js", "a captcha"),
    (b"unusual traffic from your computer network", "a captcha"),
)

CONSENT_HOSTS: Final = re.compile(
    r"(?:^|\.)(?:consent\.(?:google|youtube|yahoo|aol)\.[a-z.]+|guce\.[a-z.]+|guccounter\.[a-z.]+|consent\.[a-z.]+)$"
)

NOT_FOUND_TITLES: Final = re.compile(
    r"(?:error )?404(?: error)?(?:\W+(?:page )?not found)?|(?:oops\W+|sorry\W+)?(?:the |this )?page (?:was |is )?"
    r"(?:not found|missing|(?:cannot|can(?:'|’)t|could not) be found|does not exist|doesn(?:'|’)t exist"
    r"|no longer exists|not available)|not found|file not found|we can(?:'|’)t find that page"
    r"|seite nicht gefunden|page non trouvée|page introuvable|página no encontrada|pagina non trovata",
    re.IGNORECASE,
)

TITLE: Final = re.compile(r"<title[^<>]{0,500}>([^<]{0,500})", re.IGNORECASE)
BETWEEN_TITLES: Final = re.compile(r"\s+[|–—:·»-]+\s+|\s*[|»]\s*")
FRONT_PATH: Final = re.compile(
    r"/?(?:(?:index|default|home)(?:\.\w{2,5})?|[a-z]{2}(?:[-_][a-z]{2})?)?/?", re.IGNORECASE
)


def is_html(content_type: str | None, body: bytes) -> bool:
    """Whether an answer is a web page, by its type or, where it names none, by its first bytes."""
    named = (content_type or "").partition(";")[0].strip().lower()
    if named:
        return named in {"text/html", "application/xhtml+xml"} and not _looks_like_feed(body)
    start = body[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html"))


def is_front_page(path: str) -> bool:
    """Whether a path is a site's front page, or that of one of its languages."""
    return FRONT_PATH.fullmatch(path) is not None


def unmask(status: int, headers: Mapping[str, str], host: str, body: bytes) -> Disguise | None:
    """Say what a web page is if it is not what was asked for.

    `headers` must ignore case; `host` is the one that answered; `body` may be its beginning only.
    """
    if keeper := _named_keeper(headers):
        return _challenge(keeper)
    if CONSENT_HOSTS.search(host):
        return Disguise(Outcome.BLOCKED, f"a consent page of {host} instead of the answer")
    if not is_html(headers.get("content-type"), body):
        return None
    return _unmask_page(status, body)


def _named_keeper(headers: Mapping[str, str]) -> str | None:
    return next((keeper for name, keeper in CHALLENGE_HEADERS if headers.get(name, "").lower() in ACTIONS), None)


def _unmask_page(status: int, body: bytes) -> Disguise | None:
    start = body[:LOOKED_AT]
    title = _title(start)
    keeper = _mark(start)
    bare = _hardly_any_text(body)
    if bare and CHALLENGE_TITLES.fullmatch(title):
        return _challenge(keeper or "the site")
    if keeper and (bare or status != HTTPStatus.OK):
        return _challenge(keeper)
    if status == HTTPStatus.OK and any(map(_says_not_found, BETWEEN_TITLES.split(title))):
        return Disguise(Outcome.MISSING, "a page that says “not found”, though with status 200")
    return None


def _says_not_found(part: str) -> bool:
    return NOT_FOUND_TITLES.fullmatch(part.strip(" .!…")) is not None


def _challenge(keeper: str) -> Disguise:
    return Disguise(Outcome.BLOCKED, f"a challenge by {keeper} instead of the answer")


def _mark(start: bytes) -> str | None:
    lowered = start.lower()
    return next((keeper for mark, keeper in CHALLENGE_MARKS if mark in lowered), None)


def _title(start: bytes) -> str:
    found = TITLE.search(start.decode("utf-8", "replace"))
    return " ".join(unescape(found[1]).split()) if found else ""


def _looks_like_feed(body: bytes) -> bool:
    start = body[:1_000].lower()
    return any(mark in start for mark in (b"<rss", b"<feed", b"<rdf:rdf", b"<urlset", b"<sitemapindex"))


def _hardly_any_text(body: bytes) -> bool:
    """Whether a page shows so little text that it can't be an article."""
    if len(body) > 4 * LOOKED_AT:
        return False
    shown = body
    for name in (b"script", b"style", b"noscript", b"svg"):
        shown = _without(shown, name)
    return len(b" ".join(re.sub(rb"<[^<>]*>", b" ", shown).split())) < HARDLY_ANY_TEXT


def _without(page: bytes, name: bytes) -> bytes:
    """Cut out every element of that name, in one pass."""
    kept = []
    lowered = page.lower()
    at = 0
    while (start := lowered.find(b"<" + name, at)) >= 0:
        kept.append(page[at:start])
        end = lowered.find(b"</" + name, start)
        if end < 0:
            return b"".join(kept)
        at = end
    kept.append(page[at:])
    return b"".join(kept)

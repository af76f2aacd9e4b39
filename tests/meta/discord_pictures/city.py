"""The invented city's web, each outlet under an address of its own, as a fetcher that asks no network.

    address of an outlet → the demo newsroom's `Site` at the desk's moment → FetchResult

To the demo's outlets come an outage that ends, pictures on one's pages, and a page of rules that changes all over.
"""

from collections.abc import Callable
from datetime import datetime, time
from http import HTTPStatus
from random import Random
from typing import Final
from urllib.parse import urlsplit

from bot.demo.edition import load_edition
from bot.demo.site import Answer, Site
from watchers.fetch.client import ACCEPT, NOTHING_KNOWN, Fetcher
from watchers.fetch.guard import AllowHosts, Guard
from watchers.fetch.loads import Load
from watchers.models import FetchResult, Outcome, Validators

_BASE: Final = "https://city.example"
_AWAY: Final = ("lamplighter", time(7, 20), time(9, 40))  # an outlet that is away for a while
_RULES_CHANGED: Final = time(11, 10)
_RULES: Final = (  # heading, as it was, as it is now
    (
        "Who may look",
        "Live pictures are seen by two wardens on duty.",
        "Live pictures are seen by four wardens on duty.",
    ),
    (
        "Where cameras stand",
        "Cameras stand at the two lock gates and on the fish quay.",
        "Cameras stand at the two lock gates, on the fish quay, along Ropewalk and at both ends of the ferry pier.",
    ),
    (
        "How long pictures are kept",
        "Pictures are kept for 14 days and then deleted, unless the harbor master asks in writing for a copy.",
        "Pictures are kept for 60 days and then deleted, unless the harbor master or the police ask for a copy.",
    ),
    (
        "Who gets copies",
        "The police get a copy when a judge has signed for it.",
        "The police get a copy when a supervisor has asked for it by e-mail.",
    ),
    (
        "Face recognition",
        "No software that recognizes faces is used on any picture of the harbor.",
        "Software that recognizes faces may be used on pictures of the harbor by the police, for a trial of one year.",
    ),
    ("Signs", "A sign at each camera says who runs it.", "A sign at each entrance says that there are cameras."),
    (
        "Reports",
        "The harbor master reports to the council every quarter how often pictures were looked at, and by whom.",
        "The harbor master reports to the council every year how often pictures were looked at.",
    ),
)


async def _anywhere(_host: str, _port: int) -> tuple[str, ...]:
    return ("198.51.101.7",)


def guard() -> Guard:
    """The address guard, in a world where every name is found."""
    return Guard(AllowHosts(), resolver=_anywhere)


class City(Fetcher):
    """Answers for every outlet of the city."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """`clock` tells the moment at which the city is looked at."""
        super().__init__(guard=guard(), version="", random=Random(1), clock=clock)
        self._now = clock
        self._site = Site(load_edition(), _BASE)
        self._keys = [outlet.key for outlet in load_edition().settings.outlets]

    async def get(
        self,
        url: str,
        *,
        validators: Validators = NOTHING_KNOWN,
        accept: str = ACCEPT,
        robots: bool = False,
        load: Load | None = None,
    ) -> FetchResult:
        """What the outlet says, after its redirects."""
        moment = self._now()
        key, path = (urlsplit(url).hostname or "").removesuffix(".example"), urlsplit(url).path
        away, since, until = _AWAY
        if key == away and since <= moment.time() < until:
            error = "it asks us to come later (503)"
            return FetchResult(outcome=Outcome.FAILED, url=url, final_url=url, status=503, error=error)
        answer = _rules(moment) if key == "harbor-board" else self._site.answer(f"/{key}{path}", moment)
        if answer.location is not None:
            return await self.get(self._outward(answer.location.encode()).decode(), validators=validators)
        if answer.hang_up or answer.status != HTTPStatus.OK:
            return _failure(url, answer)
        body = self._outward(answer.body)
        if key == "coast-wire":
            body = body.replace(b"<head>", f'<head><meta property="og:image" content="{url}.jpg">'.encode())
        return FetchResult(
            outcome=Outcome.OK, url=url, final_url=url, status=200, body=body, content_type=answer.content_type
        )

    def _outward(self, text: bytes) -> bytes:
        """Links within the demo's one server, as links between outlets."""
        for key in self._keys:
            text = text.replace(f"{_BASE}/{key}/".encode(), f"https://{key}.example/".encode())
            text = text.replace(f'href="/{key}/'.encode(), b'href="/')
        return text


def _failure(url: str, answer: Answer) -> FetchResult:
    if answer.hang_up:
        return FetchResult(outcome=Outcome.FAILED, url=url, final_url=url, error="it closed the connection")
    outcome, error = {
        HTTPStatus.FORBIDDEN: (Outcome.BLOCKED, "it refuses to answer us (403)"),
        HTTPStatus.NOT_FOUND: (Outcome.MISSING, "there is nothing at this address (404)"),
        HTTPStatus.GONE: (Outcome.MISSING, "gone for good (410)"),
        HTTPStatus.INTERNAL_SERVER_ERROR: (Outcome.FAILED, "its server failed (500)"),
    }[HTTPStatus(answer.status)]
    return FetchResult(outcome=outcome, url=url, final_url=url, status=answer.status, error=error)


def _rules(moment: datetime) -> Answer:
    changed = moment.time() >= _RULES_CHANGED
    body = "".join(f"<h2>{heading}</h2><p>{new if changed else old}</p>" for heading, old, new in _RULES)
    title = "Camera rules of the harbor"
    head = f'<title>{title}</title><meta property="og:site_name" content="Port Alder Harbor Board">'
    page = f'<html lang="en"><head>{head}</head><body><main><h1>{title}</h1>{body}</main></body></html>'
    return Answer(status=200, body=page.encode(), content_type="text/html; charset=utf-8")

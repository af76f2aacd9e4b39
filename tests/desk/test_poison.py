"""A desk among poisonous sources, once through: each fails by itself and says why, and the good ones are told.

`python -m tests.soak.poison` asks more of it, for minutes: that nothing is late, and nothing large.
"""

import re
from contextlib import ExitStack
from random import Random
from typing import Final

import pytest

from bot import __version__
from config.settings import Settings
from tests.desk.conftest import Desk
from tests.desk.press import PARAGRAPHS, Entry, article, rss
from tests.fakes import poison
from tests.fakes.web import Web, WebThread
from watchers.clock import Clock
from watchers.fetch.body import FetchLimits
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import Guard

GOOD: Final = 5
SECONDS: Final = 4.0
LATE: Final = "no whole answer within 4 seconds"  # which any may be where the machine is busy
ERRORS: Final = {
    "gzip bomb": "unpacks to more than",
    "gzip that is none": "not the gzip that it says it is",
    "brotli": "only gzip was offered",
    "dripped headers": LATE,
    "dripped body": LATE,
    "no answer": LATE,
    "endless headers": "broke",
    "endless body": "longer than",
    "endless bytes in chunks": "pieces",
    "endless interim answers": "no answer that belongs to the question",
    "connection reset": "broke",
    "length too long": "broke",
    "length too short": "neither a feed",
    "redirects without end": "more than 5 redirects",
    "long author": "parsing was stopped",
    "deep JSON": "not valid JSON",
    "NULs": "empty",
}


@pytest.fixture
def short_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk with the same bounds, some of them reached sooner."""

    def make_fetcher(settings: Settings, guard: Guard, random: Random) -> Fetcher:
        limits = FetchLimits(deadline=SECONDS)
        return Fetcher(guard=guard, version=__version__, random=random, clock=Clock(), limits=limits)

    monkeypatch.setattr("bot.app.make_fetcher", make_fetcher)
    monkeypatch.setattr("watchers.sources.PARSE_SECONDS", 0.5)
    monkeypatch.setattr(poison, "PAGES", 3)


@pytest.mark.usefixtures("short_of_time")
def test_poison_fails_by_itself_and_the_good_sources_are_told(desk: Desk, web: Web) -> None:
    for number in range(GOOD):
        page = f"/{number}/story"
        web.serve(page, article("Harbor cameras", PARAGRAPHS))
        web.serve(f"/{number}/feed", rss([Entry(title="Harbor cameras", link=web.url(page))]))
        desk.source(f"good-{number}", f"/{number}/feed")
    kinds = [*ERRORS, "entity bomb", "external entity", "articles that never answer"]
    with ExitStack() as stack:
        for number, kind in enumerate(kinds):
            hostile = stack.enter_context(WebThread())
            poison.KINDS[kind](hostile)
            desk.sources[f"poison-{number}"] = {"url": hostile.url(poison.FEED)}
        ran = desk.run(first_look="all")
        listed = desk.command("source", "list", "--json")
    errors = {line["name"]: line["last_error"] for line in listed}
    wrong = {
        kind: errors[f"poison-{number}"]
        for number, kind in enumerate(ERRORS)
        if not re.search(f"{ERRORS[kind]}|{LATE}", errors[f"poison-{number}"] or "")
    }
    assert wrong == {}
    assert all(errors[f"good-{number}"] is None for number in range(GOOD))
    assert ran.summary["matched"] == GOOD
    assert len(ran.told("story.new")) == 1  # which all of them tell

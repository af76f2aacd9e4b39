"""Which unread items go together, which by themselves, and by whose watches."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, select
from structlog.testing import capture_logs

from tests.fakes.databases import scratch
from tests.storage.building import NOW, STORY, Desk, watch_list
from watchers.fetch.client import Fetcher
from watchers.intake import Intake
from watchers.listening import Listener
from watchers.models import FetchResult, Item, Outcome
from watchers.reading.worker import Worker
from watchers.report import Report
from watchers.storage import articles, sources
from watchers.storage.placing import Manner
from watchers.storage.schema import alerts
from watchers.storage.sources import SourceState

LIVE = "https://courier.example/live"


class Web:
    """No page answers; which were asked for is kept."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.loads = self
        self.meanwhile: Callable[[], object] = lambda: None
        self.retry_after: float | None = None

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        yield

    async def get(self, url: str, **_: Any) -> FetchResult:
        self.asked.append(url)
        self.meanwhile()
        return FetchResult(
            outcome=Outcome.FAILED, url=url, final_url=url, error="no answer", retry_after=self.retry_after
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with scratch(tmp_path) as database:
        yield Desk(database)


@pytest.fixture(autouse=True)
def without_bugs() -> Iterator[None]:
    """What a batch can't take goes one by one, with a traceback: nothing here is of that kind."""
    with capture_logs() as said:
        yield
    assert [line for line in said if line["log_level"] == "error"] == []


class Reading:
    """An intake over a desk, with a web that has nothing."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.web = Web()
        self.listener = Listener(desk.database)
        self.intake = Intake(
            database=desk.database,
            fetcher=cast("Fetcher", self.web),
            worker=cast("Worker", None),
            listener=self.listener,
            clock=lambda: NOW,
            manner=Manner(),
        )

    async def read(self, name: str = "courier", *, state: SourceState | None = None) -> Report:
        return await self.intake.read_items(state or self.desk.source(name))

    def told(self) -> list[str]:
        return [str(payload["title"]) for payload in self.desk.read(_payloads)]


def _payloads(connection: Connection) -> list[dict[str, Any]]:
    return list(connection.execute(select(alerts.c.payload).order_by(alerts.c.id)).scalars())


def _told(query: str = '"harbor cameras"', **sources: Any) -> Any:
    given = {name: {"url": f"https://{name}.example/feed", "read": read} for name, read in sources.items()}
    return watch_list(watches={"cameras": {"query": query, "routes": ["newsroom"]}}, sources=given)


def _entry(number: int, words: str = STORY, **more: Any) -> Item:
    given: dict[str, Any] = {
        "entry_id": f"{number}",
        "url": f"https://courier.example/{number}",
        "title": f"Number {number} of the day",
        "published": NOW - timedelta(hours=9 - number),
        "summary": words,
    }
    return Item(**{**given, **more})


async def test_whether_a_page_is_read_is_asked_of_the_newest_watches(desk: Desk) -> None:
    desk.apply(_told("zebra", courier="matched"))
    reading = Reading(desk)
    await reading.listener.current()
    desk.apply(_told(courier="matched"))
    desk.show(_entry(1), _entry(2, "Nothing of interest."), _entry(3, f"{STORY} Again."))
    await reading.read()
    assert sorted(reading.web.asked) == ["https://courier.example/1", "https://courier.example/3"]
    assert len(reading.told()) == 1


async def test_what_watches_no_longer_name_is_not_told_and_its_page_not_read(desk: Desk) -> None:
    desk.apply(_told(courier="matched"))
    reading = Reading(desk)
    await reading.listener.current()
    desk.apply(_told("zebra", courier="matched"))
    desk.show(_entry(1))
    report = await reading.read()
    assert (report.items_new, report.matched) == (1, 0)
    assert reading.web.asked == reading.told() == []


def _tagged(*tags: str, read: str = "all", paused: bool = False) -> Any:
    """A watch that listens to what is tagged `courts`, and a source with these tags."""
    courier = {"url": "https://courier.example/feed", "read": read, "tags": list(tags), "paused": paused}
    other = {"url": "https://other.example/feed", "tags": ["courts"]}
    watch = {"query": '"harbor cameras"', "routes": ["newsroom"], "sources": ["courts"]}
    return watch_list(watches={"cameras": watch}, sources={"courier": courier, "other": other})


@pytest.mark.parametrize("read", ["all", "matched", "never"])
async def test_what_a_source_is_told_to_be_while_it_is_polled_counts(desk: Desk, read: str) -> None:
    desk.apply(_tagged(read=read))
    before = desk.source()
    reading = Reading(desk)
    await reading.listener.current()
    desk.apply(_tagged("courts", read=read))
    desk.show(_entry(1))
    assert (await reading.read(state=before)).matched == 1
    assert reading.told() == ["Number 1 of the day"]


async def test_what_a_source_is_told_to_be_while_a_page_is_read_counts(desk: Desk) -> None:
    desk.apply(_tagged())
    reading = Reading(desk)
    reading.web.meanwhile = lambda: desk.apply(_tagged("courts"))
    desk.show(_entry(1))
    assert (await reading.read()).matched == 1


@pytest.mark.parametrize("read", ["all", "never"])
async def test_what_a_source_showed_before_it_was_paused_waits_until_it_is_resumed(desk: Desk, read: str) -> None:
    desk.apply(_tagged("courts", read=read))
    before = desk.source()
    desk.apply(_tagged("courts", read=read, paused=True))
    desk.show(_entry(1))
    reading = Reading(desk)
    assert (await reading.read(state=before)).items_new == 0
    desk.apply(_tagged("courts", read=read))
    assert (await reading.read()).matched == 1


async def test_what_a_source_showed_before_it_was_gone_is_told(desk: Desk) -> None:
    before = desk.source()
    desk.show(_entry(1))
    desk.write(sources.pause_gone, before.id, "410")
    assert (await Reading(desk).read(state=before)).matched == 1


@pytest.mark.parametrize(("retry_after", "tries"), [(None, 3), (3600.0, 22)])
async def test_what_a_clock_that_was_ahead_saw_first_is_tried_no_longer_than_anything(
    desk: Desk, retry_after: float | None, tries: int
) -> None:
    desk.now = NOW + timedelta(days=365)
    desk.show(_entry(1, "Nothing of interest."))
    reading = Reading(desk)
    reading.web.retry_after = retry_after
    reading.intake = replace(reading.intake, patient=False)
    recorded = [(await reading.read()).items_new for _ in range(tries)]
    assert recorded == [0] * (tries - 1) + [1]


async def test_entries_of_one_address_are_articles_of_their_own(desk: Desk) -> None:
    desk.apply(_told(courier="never"))
    reading = Reading(desk)
    for numbers in ((1, 2), (3,)):
        desk.show(*(_entry(number, f"The harbor cameras, part {number}.", url=LIVE) for number in numbers))
        assert (await reading.read()).items_new == len(numbers)
    assert reading.told() == [f"Number {number} of the day" for number in (1, 2, 3)]
    assert desk.read(articles.named, [LIVE]) == frozenset()


async def test_entries_of_one_address_and_title_are_one_article(desk: Desk) -> None:
    desk.apply(_told(courier="never"))
    desk.show(*(_entry(number, url=LIVE, title="Live") for number in (1, 2)))
    assert (await Reading(desk).read()).items_new == 1


@pytest.mark.parametrize("seen", [1, 2])
async def test_the_first_teller_of_a_story_comes_before_its_copies(desk: Desk, seen: int) -> None:
    """Also where an address is known, from a source whose articles nobody is told of."""
    told = _told(other="never", courier="never").model_dump()
    told["watches"]["cameras"]["sources"] = ["courier"]
    desk.apply(watch_list(**{key: told[key] for key in ("watches", "sources")}))
    reading = Reading(desk)
    entries = {1: _entry(1), 2: _entry(2, f"{STORY} By wire.", outlet="Ledger")}
    desk.show(entries[seen], name="other")
    assert (await reading.read("other")).matched == 0
    desk.show(*entries.values())
    report = await reading.read()
    assert (report.matched, report.copies) == (2, 1)
    assert reading.told() == ["Number 1 of the day"]

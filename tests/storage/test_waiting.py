"""What waits to be read and brings a bug out fails its source alone, whether the source is polled or only read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any, cast

import pytest
from sqlalchemy import Connection, update
from structlog.testing import capture_logs

from tests.storage.building import NOW, Desk, watch_list
from watchers.errors import CannotRun
from watchers.fetch.client import Fetcher
from watchers.fetch.loads import Loads
from watchers.intake import Intake
from watchers.listening import Listener
from watchers.models import FetchResult, Item, Outcome
from watchers.pipeline import READ_AFTER_BUG, Pipeline
from watchers.policy.watching import PageWatcher
from watchers.polling import FirstLook
from watchers.reading.worker import Worker
from watchers.storage import items, sources
from watchers.storage.placing import Manner
from watchers.storage.schema import items as item_rows

UNREADABLE = {"title": 3}


class Waiting:
    """A pipeline over a web in which nothing changes, and a desk that reads what its feeds say."""

    def __init__(self, desk: Desk) -> None:
        desk.apply(watch_list(sources={"courier": {"url": "https://courier.example/feed", "read": "never"}}))
        self.desk = desk
        self.now = NOW
        self.loads = Loads()
        listener = Listener(desk.database)
        fetcher, worker = cast("Fetcher", self), cast("Worker", None)
        self.pipeline = Pipeline(
            database=desk.database,
            fetcher=fetcher,
            worker=worker,
            listener=listener,
            pages=cast("PageWatcher", None),
            intake=Intake(
                database=desk.database,
                fetcher=fetcher,
                worker=worker,
                listener=listener,
                clock=lambda: self.now,
                manner=Manner(),
            ),
            clock=lambda: self.now,
            first_look=FirstLook(),
            random=Random(1),
        )

    async def get(self, url: str, **_: Any) -> FetchResult:
        return FetchResult(outcome=Outcome.NOT_MODIFIED, url=url, final_url=url)

    @property
    def source(self) -> int:
        return self.desk.source().id

    def show(self, *titles: str) -> None:
        self.desk.show(*(Item(title=title, url=f"https://courier.example/{title}") for title in titles))

    def spoil(self, title: str) -> None:
        def write(connection: Connection) -> None:
            connection.execute(update(item_rows).where(item_rows.c.title == title).values(shown=UNREADABLE))

        self.desk.write(write)

    def waiting(self) -> list[int]:
        """The sources that the next tick would read."""
        return self.desk.read(items.sources_to_read, self.now, 10)


@pytest.fixture
def waiting(desk: Desk) -> Waiting:
    return Waiting(desk)


@contextmanager
def one_bug() -> Iterator[None]:
    """A traceback is logged, and only one."""
    with capture_logs() as said:
        yield
    assert [line["event"] for line in said if line["log_level"] == "error"] == [
        "a bug: this source fails, the others go on"
    ]


Work = Callable[[Pipeline, int], Any]
BOTH = pytest.mark.parametrize("work", [Pipeline.check_source, Pipeline.read_waiting], ids=["polled", "read"])


@BOTH
async def test_an_item_that_can_t_be_read_back_fails_its_source_and_keeps_no_other_item_waiting(
    waiting: Waiting, work: Work
) -> None:
    waiting.show("quay", "pier")
    waiting.spoil("quay")
    with one_bug():
        report = await work(waiting.pipeline, waiting.source)
    assert report.failed == 1
    (trouble,) = waiting.desk.read(sources.failing)
    assert trouble.error is not None
    assert trouble.error.startswith("a defect of Wiredesk (ValidationError)")
    assert waiting.waiting() == [waiting.source]
    report = await waiting.pipeline.read_waiting(waiting.source)
    assert (report.failed, report.items_new) == (0, 1)
    assert waiting.waiting() == []


@BOTH
async def test_a_bug_while_a_source_is_read_is_not_brought_out_again_at_the_next_tick(
    waiting: Waiting, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise KeyError("no such thing")

    waiting.show("quay")
    monkeypatch.setattr(Intake, "read_items", fail)
    with one_bug():
        assert (await work(waiting.pipeline, waiting.source)).failed == 1
    monkeypatch.undo()
    assert waiting.waiting() == []
    waiting.now += READ_AFTER_BUG + timedelta(seconds=1)
    assert waiting.waiting() == [waiting.source]
    assert (await work(waiting.pipeline, waiting.source)).items_new == 1


@BOTH
async def test_what_keeps_the_desk_from_going_on_is_no_bug_of_a_source(
    waiting: Waiting, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise ExceptionGroup("read", [CannotRun("the disk is full")])

    waiting.show("quay")
    monkeypatch.setattr(Intake, "read_items", fail)
    with pytest.raises(CannotRun, match="the disk is full"):
        await work(waiting.pipeline, waiting.source)
    assert waiting.waiting() == [waiting.source]

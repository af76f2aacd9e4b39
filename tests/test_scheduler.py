"""The clockwork: what is due is started, nothing is awaited, nothing skipped, and an end is an end."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import Connection, event

from config.watchlist import Watchlist
from tests.fakes.databases import scratch
from tests.fakes.works import TICK, FakeChannel, FakePipeline, Works
from tests.storage.building import Desk, alert, watch_list
from watchers.errors import CannotRun
from watchers.models import Item
from watchers.scheduler import IN_LINE, POLLS_AT_ONCE
from watchers.storage import items, meta, sources


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with scratch(tmp_path) as database:
        found = Desk(database)
        found.apply(_outlets(4))
        yield found


@pytest.fixture
async def works(desk: Desk) -> Works:
    return Works(desk, FakePipeline(desk.database), FakeChannel())


async def test_every_source_that_is_due_is_polled_once(works: Works) -> None:
    async with works.running():
        await works.pipeline.until(works.pipeline.polled, ids=works.ids)
        await _ticks(works, 3)
    assert set(works.pipeline.polled.values()) == {1}


async def _ticks(works: Works, number: int) -> None:
    """Let some ticks pass: each asks for the nightly work."""
    wanted = works.kept_up + number
    async with asyncio.timeout(20):
        while works.kept_up < wanted:  # noqa: ASYNC110 - a tick is no event of the scheduler's
            await asyncio.sleep(TICK)


async def test_a_source_that_hangs_holds_up_no_other_and_is_not_polled_twice(works: Works) -> None:
    works.pipeline.hang = set(works.ids[:1])
    works.pipeline.again_in = timedelta(0)
    async with works.running():
        await works.pipeline.until(works.pipeline.polled, ids=works.ids[1:], times=3)
    assert works.pipeline.polled[works.ids[0]] == 1


async def test_whose_work_ends_while_it_is_asked_what_is_due_is_not_polled_again(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = works.ids[0]
    works.pipeline.hang = {hanging}
    asked, ended = threading.Event(), threading.Event()
    due = sources.due

    def due_before_the_end(connection: Connection, now: datetime, most: int) -> list[int]:
        found = due(connection, now, most)
        if hanging in works.pipeline.polled and not asked.is_set():
            asked.set()
            ended.wait(20)
        return found

    monkeypatch.setattr(sources, "due", due_before_the_end)
    async with works.running():
        await asyncio.to_thread(asked.wait, 20)
        works.pipeline.let_go.set()
        async with asyncio.timeout(20):
            while works.scheduler._working:  # noqa: ASYNC110 - the end of work is no event of the scheduler's
                await asyncio.sleep(TICK)
        ended.set()
        await _ticks(works, 3)
    assert set(works.pipeline.polled.values()) == {1}


async def test_who_waits_for_a_place_waits_for_no_tick(works: Works) -> None:
    works.desk.apply(_outlets(POLLS_AT_ONCE + IN_LINE))
    works.scheduler.tick_seconds = 3600.0
    async with works.running():
        await works.pipeline.until(works.pipeline.polled, ids=works.ids)


async def test_what_finds_no_place_in_the_line_is_left_to_a_later_tick(works: Works) -> None:
    works.desk.apply(_outlets(POLLS_AT_ONCE + IN_LINE + 4))
    works.pipeline.hang = set(works.ids)
    async with works.running():
        await works.pipeline.until(works.pipeline.polled, ids=works.ids[:POLLS_AT_ONCE])
        await _ticks(works, 3)
        assert len(works.scheduler._working) == POLLS_AT_ONCE + IN_LINE
        assert works.pipeline.polled.total() == POLLS_AT_ONCE


async def test_at_rest_the_desk_gives_back_what_its_work_took_once(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watchers.scheduler.PULSE_EVERY", timedelta(0))
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    event.listen(works.desk.database._writing, "before_cursor_execute", note)
    works.pipeline.hang = set(works.ids[:1])
    async with works.running():
        await works.pipeline.until(works.pipeline.polled, ids=works.ids)
        await _ticks(works, 3)
        assert "PRAGMA shrink_memory" not in statements
        works.pipeline.let_go.set()
        await _ticks(works, 5)
    assert statements.count("PRAGMA shrink_memory") == 1


def _outlets(number: int) -> Watchlist:
    return watch_list(sources={f"s{n}": {"url": f"https://s{n}.example/feed"} for n in range(number)})


async def test_a_stop_breaks_off_polls_that_hang(works: Works) -> None:
    works.pipeline.hang = set(works.ids)
    async with works.running():
        await works.pipeline.until(works.pipeline.polled, ids=works.ids)
        works.scheduler.stop()
    assert works.pipeline.cancelled == len(works.ids)


async def test_hard_case_89_a_loop_that_stalls_for_two_seconds_skips_nothing(works: Works) -> None:
    works.pipeline.again_in = timedelta(seconds=0.5)
    async with works.running():
        await works.pipeline.until(works.pipeline.polled, ids=works.ids)
        works.desk.tell(alert())
        time.sleep(2)  # noqa: ASYNC251 - this is the stall
        await works.pipeline.until(works.pipeline.polled, ids=works.ids, times=3)
        async with asyncio.timeout(20):
            await works.channel.posted.wait()
    assert [outgoing.alert.key for outgoing in works.channel.posts] == ["story.new:1"]


class SetClock(datetime):
    """This machine's clock, as APScheduler reads it; `wrong` by as much as a test says."""

    wrong = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.fromtimestamp(time.time() + cls.wrong.total_seconds(), tz)


@pytest.mark.parametrize("jump", [timedelta(days=-365), timedelta(days=365)])
async def test_hard_case_60_a_clock_that_is_set_stops_no_beat(
    works: Works, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    for module in ("apscheduler.schedulers.base", "watchers.scheduler"):
        monkeypatch.setattr(f"{module}.datetime", SetClock)
    monkeypatch.setattr(SetClock, "wrong", timedelta(0))
    works.scheduler.clock = lambda: SetClock.now(UTC)
    async with works.running():
        await _ticks(works, 2)
        SetClock.wrong = jump
        await _ticks(works, 5)
    pulse = works.desk.read(meta.moment, meta.PULSE)
    assert pulse is not None
    assert abs(pulse - SetClock.now(UTC)) < timedelta(hours=1)


async def test_hard_case_60_what_waits_by_a_clock_that_was_ahead_is_told_once_it_is_put_back(works: Works) -> None:
    ahead = datetime.now(UTC) + timedelta(days=1)
    works.scheduler.clock = lambda: ahead
    works.desk.now = ahead
    works.desk.tell(alert())
    async with works.running():
        await _ticks(works, 2)
        works.scheduler.clock = lambda: datetime.now(UTC)
        async with asyncio.timeout(20):
            await works.channel.posted.wait()
    assert works.desk.outbox() == [("story.new:1", "newsroom", "sent")]


async def test_hard_case_60_a_page_that_a_clock_ahead_put_off_is_read_once_it_is_put_back(works: Works) -> None:
    works.desk.show(Item(title="Put off", url="https://s1.example/1"), name="s1")
    ((item, source),) = [(stored.id, stored.source_id) for stored in works.desk.unread("s1")]
    works.desk.write(items.try_again, item, attempts=1, at=datetime.now(UTC) + timedelta(days=365))
    async with works.running():
        await works.pipeline.until(works.pipeline.read, ids=[source])


async def test_what_is_due_to_be_told_is_told(works: Works) -> None:
    works.desk.tell(alert())
    async with works.running(), asyncio.timeout(20):
        await works.channel.posted.wait()
    assert works.desk.outbox() == [("story.new:1", "newsroom", "sent")]


async def test_a_stop_lets_a_post_under_way_end_and_begins_no_other(works: Works) -> None:
    works.channel.held = asyncio.Event()
    works.desk.tell(alert("a"))
    works.desk.tell(alert("b"))
    async with works.running():
        await works.channel.posted.wait()
        works.scheduler.stop()
        asyncio.get_running_loop().call_later(0.05, works.channel.held.set)
    assert works.desk.outbox() == [("a", "newsroom", "sent"), ("b", "newsroom", "pending")]


async def test_what_still_waits_to_be_read_is_read_without_a_poll(works: Works) -> None:
    source = works.desk.source("s1").id
    for each in works.ids:
        works.desk.write(sources.save, each, {"next_at": datetime.now(UTC) + timedelta(days=1)})
    works.desk.show(Item(title="Left by a crash", url="https://s1.example/1"), name="s1")
    async with works.running():
        await works.pipeline.until(works.pipeline.read, ids=[source])
    assert works.pipeline.polled.total() == 0


async def test_a_change_by_another_program_is_taken_over_at_the_next_tick(works: Works) -> None:
    async with works.running():
        await _ticks(works, 2)
        before = works.refreshed
        works.desk.apply(watch_list())
        await works.pipeline.until(works.pipeline.polled, ids=[works.desk.source("courier").id])
        await _ticks(works, 2)  # the one that was under way may have seen the new source and the old generation
        assert (before, works.refreshed) == (1, 2)


async def test_the_pulse_shows_that_the_desk_is_alive(works: Works) -> None:
    begin = datetime.now(UTC)
    async with works.running():
        await _ticks(works, 2)
    pulse = works.desk.read(meta.moment, meta.PULSE)
    assert pulse is not None
    assert pulse >= begin - timedelta(milliseconds=1)


async def test_nightly_work_is_asked_for_once_at_a_time(works: Works) -> None:
    works.upkeep_held = asyncio.Event()
    works.pipeline.again_in = timedelta(0)
    async with works.running():
        await works.pipeline.until(works.pipeline.polled, ids=works.ids, times=3)
        assert works.kept_up == 1
        works.upkeep_held.set()


async def test_hard_case_87_a_desk_that_cannot_go_on_stops_and_says_why(works: Works) -> None:
    works.pipeline.error = CannotRun("the disk is full")
    with pytest.raises(CannotRun, match="the disk is full"):
        await works.scheduler.run()


async def test_a_bug_stops_the_desk_loudly(works: Works) -> None:
    works.pipeline.error = KeyError("no such thing")
    with pytest.raises(KeyError):
        await works.scheduler.run()


async def test_a_tick_that_fails_stops_the_desk(works: Works) -> None:
    async def fail() -> None:
        raise CannotRun("what people told can't be read")

    works.scheduler.refresh = fail
    with pytest.raises(CannotRun, match="what people told"):
        await works.scheduler.run()


async def test_a_stop_during_a_tick_is_no_error(works: Works, caplog: pytest.LogCaptureFixture) -> None:
    ticking = asyncio.Event()

    async def hang() -> None:
        ticking.set()
        await asyncio.Event().wait()

    works.scheduler.refresh = hang
    async with works.running():
        await ticking.wait()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_stop_breaks_off_the_nightly_work_which_is_done_again(works: Works) -> None:
    works.upkeep_held = asyncio.Event()
    async with works.running(), asyncio.timeout(10):
        while not works.kept_up:  # noqa: ASYNC110 - a tick is no event of the scheduler's
            await asyncio.sleep(TICK)
        works.scheduler.stop()
        while works.scheduler._tasks:  # noqa: ASYNC110 - what is in flight is no event either
            await asyncio.sleep(TICK)

"""The nightly work: once a local night, whatever becomes of the backup."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from tests.fakes.databases import scratch
from tests.storage.building import Desk
from watchers.errors import CannotRun
from watchers.listening import Listener
from watchers.storage import drafts, guilds, meta
from watchers.storage.audit import Actor, By
from watchers.upkeep import Upkeep

EVENING = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)  # 18:00 in New York, where the desk is
NIGHT = timedelta(hours=10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with scratch(tmp_path) as database:
        yield Desk(database)


class Nights:
    """Upkeep of a desk whose clock is set, with the backups that it wrote or could not write."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.now, self.broken = desk, EVENING, False
        self.backups: list[datetime] = []
        self.slow, self.ended_by_stop, self.begun = False, False, Event()
        self._upkeep = Upkeep(
            database=desk.database, listener=Listener(desk.database), back_up=self._back_up, clock=lambda: self.now
        )

    async def ask(self, now: datetime) -> None:
        self.now = now
        await self._upkeep.nightly()

    def _back_up(self, now: datetime, stop: Event) -> None:
        self.begun.set()
        if self.slow:
            self.ended_by_stop = stop.wait(20)
            raise CannotRun("broken off")
        if self.broken:
            raise CannotRun("the backup can't be written (No space left on device): see to the disk")
        self.backups.append(now)


async def test_a_new_database_is_first_kept_up_in_its_first_night_and_then_once_each(desk: Desk) -> None:
    nights = Nights(desk)
    times = [EVENING, EVENING + NIGHT, EVENING + NIGHT + timedelta(hours=1), EVENING + NIGHT + timedelta(days=1)]
    for now in times:
        await nights.ask(now)
    assert nights.backups == [times[1], times[3]]


async def test_a_backup_that_can_t_be_written_is_told_to_the_admins_and_stops_nothing(desk: Desk) -> None:
    nights = Nights(desk)
    await nights.ask(EVENING)
    nights.broken = True
    await nights.ask(EVENING + NIGHT)
    await nights.ask(EVENING + NIGHT + timedelta(hours=1))
    assert desk.outbox() == [(f"desk.notice:backup:{desk.id}:2026-03-03", "newsroom", "pending")]
    assert desk.read(meta.get, meta.UPKEEP) == "2026-03-03"
    nights.broken = False
    await nights.ask(EVENING + NIGHT + timedelta(days=1))
    assert len(nights.backups) == 1


async def test_a_bug_in_a_backup_is_not_hidden(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    nights = Nights(desk)
    await nights.ask(EVENING)
    monkeypatch.setattr(nights, "backups", None)
    with pytest.raises(AttributeError):
        await nights.ask(EVENING + NIGHT)


async def test_hard_case_60_a_night_of_a_clock_that_was_ahead_does_not_put_off_the_others(desk: Desk) -> None:
    nights = Nights(desk)
    await nights.ask(EVENING)
    await nights.ask(EVENING + timedelta(days=365))
    await nights.ask(EVENING + NIGHT)
    assert nights.backups == [EVENING + timedelta(days=365), EVENING + NIGHT]


async def test_a_stop_breaks_a_backup_off_and_the_night_is_still_to_be_done(desk: Desk) -> None:
    nights = Nights(desk)
    await nights.ask(EVENING)
    nights.slow = True
    asking = asyncio.ensure_future(nights.ask(EVENING + NIGHT))
    await asyncio.to_thread(nights.begun.wait, 20)
    asking.cancel()
    await asyncio.wait([asking])
    assert asking.cancelled()
    await asyncio.get_running_loop().shutdown_default_executor()
    assert nights.ended_by_stop
    assert desk.read(meta.get, meta.UPKEEP) == "2026-03-02"
    assert desk.outbox() == []


async def test_hard_case_98_a_desk_that_was_left_is_deleted_by_night_after_thirty_days(desk: Desk) -> None:
    wanted = guilds.Setup(label="Herald", chat_id="11", channel="newsroom", editors_role="7", timezone=None)
    desk.write(guilds.set_up, "4711", Actor("1", "Bo"), wanted, now=EVENING)
    desk.write(guilds.left, "4711", EVENING)
    nights = Nights(desk)
    await nights.ask(EVENING)
    there = []
    for days in (1, 29, 31):
        await nights.ask(EVENING + timedelta(days=days))
        there.append([each.name for each in desk.read(guilds.listed)])
    assert there == [["desk", "server-4711"], ["desk", "server-4711"], ["desk"]]


async def test_drafts_that_nobody_decided_on_are_forgotten_by_night(desk: Desk) -> None:
    by = By(desk=desk.id, actor=Actor("1", "Bo"), act="watch add", now=EVENING)
    desk.write(drafts.keep, by, "cameras", {"query": "camera"})
    nights = Nights(desk)
    await nights.ask(EVENING)
    await nights.ask(EVENING + timedelta(days=3))
    assert desk.number("drafts") == 0

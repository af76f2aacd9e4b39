"""A desk of 10,000 sources starts and fires, beside APScheduler with a job a source in its SQLAlchemy store.

Ours keeps its schedule in the sources' own rows and asks each second what is due; the peer is told its jobs at each
start, as a program does whose sources are in a file, and keeps them in a table of its own. What is fired does nothing
but move on to its next time: the peer's own work; in ours a value of a row that each poll writes anyway, here in one
statement for all that are fired together.
"""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, cast

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from rich.console import Console

from bot.app import Outlook, newsdesk
from config.settings import load_settings
from tests.benchmarks import crowd
from tests.benchmarks.measure import Row, faster
from watchers.clock import Clock
from watchers.pipeline import Pipeline
from watchers.report import Report
from watchers.scheduler import Scheduler
from watchers.storage import migrate
from watchers.storage.database import Database
from watchers.storage.location import database_url

SOURCES: Final = 10_000
DUE: Final = 1_000  # of them, when a desk starts
ROUNDS: Final = 3
HOUR: Final = timedelta(hours=1)

Taken = tuple[float, float]  # seconds until the first fire, and of CPU a fire


def rows() -> Iterator[Row]:
    """Every row of this group."""
    ours: list[Taken] = []
    peer: list[Taken] = []
    for _ in range(ROUNDS):
        with TemporaryDirectory() as folder:
            ours.append(_ours(Path(folder)))
            peer.append(asyncio.run(_peer(Path(folder))))
    (start, fire), (peers_start, peers_fire) = _medians(ours), _medians(peer)
    beside = "APScheduler's SQLAlchemy store, a job a source"
    yield faster(f"start with {SOURCES:,} sources", start, peers_start, unit="", beside=beside, least=100)
    yield faster(
        f"{DUE:,} of {SOURCES:,} sources fired, CPU time", fire, peers_fire, unit="a fire", beside=beside, least=5
    )


def _medians(taken: list[Taken]) -> Taken:
    return median(start for start, _ in taken), median(fire for _, fire in taken)


class _Fires:
    """Stands in the pipeline's place: polls that only say when the next one is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._fired: list[int] = []
        self._written: asyncio.Future[None] | None = None
        self.first = asyncio.Event()
        self.all = asyncio.Event()
        self._left = DUE
        self.starting = True

    async def check_source(self, source_id: int) -> Report:
        self.first.set()
        self._fired.append(source_id)
        if self._written is None:
            self._written = asyncio.ensure_future(self._write())
        await self._written
        self._left -= not self.starting
        if not self._left:
            self.all.set()
        return Report(polled=1)

    async def _write(self) -> None:
        await asyncio.sleep(0)  # until all are here that the tick started
        fired, self._fired, self._written = self._fired, [], None
        await self._database.write(crowd.make_due, fired, at=datetime.now(UTC) + HOUR)

    async def read_waiting(self, source_id: int) -> Report:
        raise AssertionError(f"source {source_id} has nothing to read")


def _ours(folder: Path) -> Taken:
    now = datetime.now(UTC)
    with Database(database_url("", folder)) as database:
        migrate.upgrade(database)
        with database.writing() as connection:
            addresses = [f"https://outlet-{number}.example/feed" for number in range(SOURCES)]
            numbers = crowd.follow_all(
                connection, crowd.set_up(connection, now=now), addresses, now=now, due=now + HOUR
            )
            crowd.make_due(connection, numbers[:1], at=now)
    with Database(database_url("", folder)) as database:
        return asyncio.run(_fired(database, folder, numbers[1 : DUE + 1]))


async def _fired(database: Database, folder: Path, then_due: list[int]) -> Taken:
    settings = load_settings({"WIREDESK_DATA": str(folder)})
    outlook = Outlook(console=Console(file=StringIO()), on_delivered=lambda _: None)
    fires, started = _Fires(database), asyncio.Event()

    async def tick_ends() -> None:
        started.set()

    began = time.perf_counter()
    async with newsdesk(settings, {}, database, outlook, clock=Clock()) as desk:
        scheduler = Scheduler(
            database=database,
            pipeline=cast("Pipeline", fires),
            drain=desk.drain,
            keeper=desk.keeper,
            refresh=desk.refresh,
            upkeep=tick_ends,
            clock=desk.clock,
            on_polled=lambda _: None,
            on_beat=lambda _: None,
        )
        running = asyncio.create_task(scheduler.run())
        await fires.first.wait()
        start = time.perf_counter() - began
        await started.wait()  # with all names in memory
        fires.starting = False
        await database.write(crowd.make_due, then_due, at=datetime.now(UTC))
        used = time.process_time()
        await fires.all.wait()
        used = time.process_time() - used
        scheduler.stop()
        await running
    return start, used / DUE


async def _peer(folder: Path) -> Taken:
    began = time.perf_counter()
    scheduler = AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs.sqlite3")})
    now = datetime.now(UTC)
    for number in range(SOURCES):
        scheduler.add_job(
            _fire,
            "interval",
            (number,),
            seconds=HOUR.total_seconds(),
            id=str(number),
            next_run_time=now if number < DUE else now + HOUR,
            misfire_grace_time=None,
            replace_existing=True,
        )
    _fired_jobs.clear()
    _ends[:] = [all_fired := asyncio.Event()]
    scheduler.start()
    start = time.perf_counter() - began
    used = time.process_time()
    await all_fired.wait()
    used = time.process_time() - used
    scheduler.shutdown(wait=False)
    return start, used / DUE


_fired_jobs: Final[set[int]] = set()
_ends: Final[list[asyncio.Event]] = []  # of this round, set when all have fired


async def _fire(number: int) -> None:
    """A job of the peer's: found by its name, as its store has it."""
    _fired_jobs.add(number)
    if len(_fired_jobs) == DUE:
        _ends[0].set()

"""What a poll costs among 1,000 to 50,000 sources, and an article that is placed among 10,000 to 500,000.

    crowd.follow_all → many sources, POLLED of them served on loopback → CPU time a poll that is answered "304"
    archive.fill → many articles, a tenth of them in stories → CPU time an article that is matched, placed and told

Each is compared with itself on less. The rest of the desk runs as it does: ticks, due queries, the outbox.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console

from bot.app import Newsdesk, Outlook, newsdesk
from config.settings import load_settings
from config.watchlist import Route, Watch
from tests.benchmarks import archive, crowd, texts
from tests.benchmarks.loopback import ENTRIES, Served, etag, web
from tests.benchmarks.measure import Row, grown
from watchers.clock import Clock
from watchers.report import Report
from watchers.scheduler import Scheduler
from watchers.storage import migrate
from watchers.storage.database import Database
from watchers.storage.location import database_url

SOURCES: Final = (1_000, 10_000, 50_000)
ARTICLES: Final = (10_000, 100_000, 500_000)
POLLED: Final = 100  # sources, each round
FEEDS: Final = 10  # that bring articles, ENTRIES each, each round
ROUNDS: Final = 3
TICK: Final = 0.1  # seconds
DAY: Final = timedelta(days=1)
MOST: Final = 1.5


def rows() -> Iterator[Row]:
    """Every row of this group."""
    with web(origins=POLLED) as served, TemporaryDirectory() as folder:
        least, *more = _polls(served, Path(folder))
    for number, taken in zip(SOURCES[1:], more, strict=True):
        beside = f"among {SOURCES[0]:,}"
        yield grown(f"polls among {number:,} sources, CPU time", taken, least, unit="a poll", beside=beside, most=MOST)
    with web(origins=FEEDS) as served, TemporaryDirectory() as folder:
        least, *more = _articles(served, Path(folder))
    for number, taken in zip(ARTICLES[1:], more, strict=True):
        work, beside = f"articles placed among {number:,}, CPU time", f"among {ARTICLES[0]:,}"
        yield grown(work, taken, least, unit="an article", beside=beside, most=MOST)


def _polls(served: Served, folder: Path) -> Iterator[float]:
    """CPU seconds of a poll, among each number of sources."""
    now = datetime.now(UTC)
    with _database(folder) as database:
        with database.writing() as connection:
            desk = crowd.set_up(connection, now=now)
            validators = [{"etag": etag(feed, 0)} for feed in range(POLLED)]
            polled = crowd.follow_all(connection, desk, served.feeds, now=now, due=now + DAY, columns=validators)
        there = POLLED
        for number in SOURCES:
            with database.writing() as connection:
                addresses = [f"https://outlet-{each}.example/feed" for each in range(there, number)]
                crowd.follow_all(connection, desk, addresses, now=now, due=now + DAY)
            there = number
            yield asyncio.run(_polled(database, folder, polled))


async def _polled(database: Database, folder: Path, polled: list[int]) -> float:
    done: asyncio.Queue[Report] = asyncio.Queue()
    ready = asyncio.Event()

    async def tick_ends() -> None:
        ready.set()

    async with _desk(database, folder, Clock()) as desk:
        scheduler = Scheduler(
            database=database,
            pipeline=desk.pipeline,
            drain=desk.drain,
            keeper=desk.keeper,
            refresh=desk.refresh,
            upkeep=tick_ends,
            clock=desk.clock,
            on_polled=done.put_nowait,
            on_beat=lambda _: None,
            tick_seconds=TICK,
        )
        running = asyncio.create_task(scheduler.run())
        await ready.wait()
        taken = []
        for _ in range(ROUNDS):
            began = time.process_time()
            await database.write(crowd.make_due, polled, at=datetime.now(UTC))
            reports = [await done.get() for _ in polled]
            taken.append(time.process_time() - began)
            assert all(report.not_modified for report in reports)
        scheduler.stop()
        await running
    return median(taken) / len(polled)


def _articles(served: Served, folder: Path) -> Iterator[float]:
    """CPU seconds of an article that is placed, among each number of articles."""
    common = Watch(query=" OR ".join(texts.VOCABULARY[:60]), routes=(Route(channel="newsroom"),))
    edition = 0
    with _database(folder) as database:
        with database.writing() as connection:
            desk = crowd.set_up(connection, now=texts.NOW, watches={"common": common})
            crowd.follow_all(connection, desk, served.feeds, now=texts.NOW, due=texts.NOW)
        there = 0
        for number in ARTICLES:
            with database.writing() as connection:
                archive.fill(connection, desk, range(there, number))
            there = number
            taken = []
            for _ in range(ROUNDS):
                served.show(edition)
                edition += ENTRIES
                taken.append(asyncio.run(_placed(database, folder)))
            yield median(taken)


async def _placed(database: Database, folder: Path) -> float:
    async with _desk(database, folder, Clock(texts.NOW)) as desk:
        await desk.refresh()
        await desk.listener.current()
        began = time.process_time()
        report = await desk.poll_all()
        taken = time.process_time() - began
    assert (report.failed, report.items_new) == (0, FEEDS * ENTRIES)
    assert report.alerts > report.items_new * 0.9, report
    return taken / report.items_new


def _desk(database: Database, folder: Path, clock: Clock) -> AbstractAsyncContextManager[Newsdesk]:
    settings = load_settings({"WIREDESK_DATA": str(folder), "WIREDESK_ALLOW_HOSTS": "127.0.0.1"})
    outlook = Outlook(console=Console(file=StringIO()), on_delivered=lambda _: None)
    return newsdesk(settings, {}, database, outlook, clock=clock)


def _database(folder: Path) -> Database:
    database = Database(database_url("", folder))
    migrate.upgrade(database)
    return database

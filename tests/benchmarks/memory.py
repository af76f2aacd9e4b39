"""The memory of `wiredesk run` as a process: with 10,000 sources of which none is due, then while it polls 500 feeds.

    /proc/PID/statm → resident bytes of the desk; its worker processes apart

Linux alone tells them. What the desk holds when it has nothing to do is asked before the pass, after it, and after
another one with new entries: what the first leaves are SQLite's pages, which have a bound; a second leaves no more.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGTERM
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import func, select

from tests.benchmarks import crowd
from tests.benchmarks.loopback import Served, web
from tests.benchmarks.measure import Row
from tests.soak.program import Program, Run
from watchers.storage import meta, migrate, schema
from watchers.storage.database import Database
from watchers.storage.location import database_url

SOURCES: Final = 10_000
FEEDS: Final = 500  # of them, that are polled
DAY: Final = timedelta(days=1)
SETTLED: Final = 15.0  # seconds of rest before the desk's memory is asked
OFTEN: Final = 0.1  # seconds between two looks during the pass
LONGEST: Final = 300.0  # seconds that the pass may take
MB: Final = 1e6
IDLE: Final = 250  # MB at most …
GROWN: Final = 150  # … that the pass may add …
KEPT: Final = 50  # … and leave …
KEPT_AGAIN: Final = 10  # … and another one more
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class _Desk:
    """The program at work on a database, and what it holds."""

    run: Run
    database: Database
    began: datetime

    def resident(self) -> float:
        """MB of the desk itself."""
        return _resident(self.run.pid)

    def workers(self) -> list[float]:
        """MB of each of its processes beside it."""
        tasks = Path(f"/proc/{self.run.pid}/task").glob("*/children")
        return [_resident(int(child)) for task in tasks for child in task.read_text().split()]

    def until(self, done: Callable[[], bool], what: str) -> float:
        """Wait for something; the most MB that the desk held meanwhile."""
        most, end = self.resident(), time.monotonic() + LONGEST
        while not done():
            assert time.monotonic() < end, f"{what}: not within {LONGEST:g} s"
            most = max(most, self.resident())
            time.sleep(OFTEN)
        return max(most, self.resident())

    def is_up(self) -> bool:
        with self.database.reading() as connection:
            pulse = meta.moment(connection, meta.PULSE)
        return pulse is not None and pulse > self.began

    def has_polled(self) -> bool:
        polled = select(func.count()).where(schema.sources.c.last_polled_at > self.began)
        unread = select(func.count()).where(schema.items.c.article_id.is_(None))
        with self.database.reading() as connection:
            return connection.execute(polled).scalar_one() >= FEEDS and not connection.execute(unread).scalar_one()


def rows() -> Iterator[Row]:
    """Every row of this group; none where there is no /proc."""
    if not Path("/proc/self/statm").exists():
        return
    with web(origins=FEEDS) as served, TemporaryDirectory() as folder, Program() as program:
        data = Path(folder) / "data"
        (Path(folder) / "watchlist.yaml").write_text("version: 1\n")
        with Database(database_url("", data)) as database:
            began = datetime.now(UTC)
            fed = _filled(database, served.feeds, began)
            environment = {
                "WIREDESK_WATCHLIST": f"{folder}/watchlist.yaml",
                "WIREDESK_DATA": str(data),
                "WIREDESK_ALLOW_HOSTS": "127.0.0.1",
            }
            run = program.start("run", environment=environment, folder=Path(folder))
            try:
                yield from _measured(_Desk(run, database, began), served, fed)
            finally:
                run.signal(SIGTERM)
                assert run.wait(60) == 0, run.said


def _filled(database: Database, feeds: tuple[str, ...], now: datetime) -> list[int]:
    migrate.upgrade(database)
    with database.writing() as connection:
        desk = crowd.set_up(connection, now=now)
        fed = crowd.follow_all(connection, desk, feeds, now=now, due=now + DAY)
        others = [f"https://outlet-{number}.example/feed" for number in range(SOURCES - FEEDS)]
        crowd.follow_all(connection, desk, others, now=now, due=now + DAY)
    return fed


def _measured(desk: _Desk, served: Served, fed: list[int]) -> Iterator[Row]:
    desk.until(desk.is_up, "the start")
    time.sleep(SETTLED)
    idle = desk.resident()
    most = _pass(desk, fed)
    workers = desk.workers()
    time.sleep(SETTLED)
    left = desk.resident()
    served.show(1)
    _pass(desk, fed)
    time.sleep(SETTLED)
    yield _row(f"memory of a desk of {SOURCES:,} sources at rest", idle, "", IDLE)
    beside = f"each of {len(workers)} worker processes: {max(workers, default=0):.0f} MB"
    yield _row(f"memory that a pass over {FEEDS} feeds adds", most - idle, beside, GROWN)
    yield _row("memory that is kept after it", left - idle, "", KEPT)
    yield _row("memory that another pass leaves besides", max(0.0, desk.resident() - left), "", KEPT_AGAIN)


def _pass(desk: _Desk, fed: list[int]) -> float:
    """Let the desk poll these; the most MB that it held meanwhile."""
    desk.began = datetime.now(UTC)
    with desk.database.writing() as connection:
        crowd.make_due(connection, fed, at=desk.began)
    return desk.until(desk.has_polled, "the pass")


def _row(work: str, held: float, beside: str, most: float) -> Row:
    return Row(work=work, ours=f"{held:.0f} MB", peer=beside, ratio=held / most, most=1)


def _resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / MB

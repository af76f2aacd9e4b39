"""A scheduler at work with a pipeline, a channel and a clock that the test holds in its hands."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import cast

from tests.storage.building import Desk
from watchers.delivery import Drain
from watchers.models import Outgoing, Sent
from watchers.pipeline import Pipeline
from watchers.posts import Keeper
from watchers.report import Report
from watchers.scheduler import Scheduler
from watchers.storage import sources
from watchers.storage.database import Database
from watchers.storage.standing import Standing

TICK = 0.01  # seconds


@dataclass(slots=True)
class FakePipeline:
    """Polls by writing the next time, as the real one does; may be told to hang, or to fail."""

    database: Database
    polled: Counter[int] = field(default_factory=Counter)
    read: Counter[int] = field(default_factory=Counter)
    again_in: timedelta = timedelta(days=1)
    hang: set[int] = field(default_factory=set)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)  # of those that hang
    error: Exception | None = None
    cancelled: int = 0
    called: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def check_source(self, source_id: int) -> Report:
        await self._count(self.polled, source_id)
        if self.error is not None:
            raise self.error
        if source_id in self.hang:
            try:
                await self.let_go.wait()
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        await self.database.write(sources.save, source_id, {"next_at": datetime.now(UTC) + self.again_in})
        return Report(polled=1)

    async def read_waiting(self, source_id: int) -> Report:
        await self._count(self.read, source_id)
        return Report()

    async def _count(self, counter: Counter[int], source_id: int) -> None:
        async with self.called:
            counter[source_id] += 1
            self.called.notify_all()

    async def until(self, counter: Counter[int], *, ids: list[int], times: int = 1) -> None:
        """Wait until each of `ids` was worked on so often."""
        async with asyncio.timeout(20), self.called:
            await self.called.wait_for(lambda: all(counter[each] >= times for each in ids))


@dataclass(slots=True)
class FakeChannel:
    name: str = "newsroom"
    service: str = "somewhere"
    pace: tuple[tuple[int, float], ...] = ()
    ready: bool = True
    held: asyncio.Event | None = None
    posts: list[Outgoing] = field(default_factory=list)
    posted: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, outgoing: Outgoing) -> Sent:
        self.posts.append(outgoing)
        self.posted.set()
        if self.held is not None:
            await self.held.wait()
        return Sent()


@dataclass(slots=True)
class Works:
    """A scheduler over a desk, with everything beside it a fake."""

    desk: Desk
    pipeline: FakePipeline
    channel: FakeChannel
    standings: list[Standing] = field(default_factory=list)
    refreshed: int = 0
    kept_up: int = 0
    upkeep_held: asyncio.Event | None = None
    scheduler: Scheduler = field(init=False)

    def __post_init__(self) -> None:
        database = self.desk.database
        drain = Drain(
            database=database,
            channels=lambda: {self.desk.channel(): self.channel},
            clock=lambda: datetime.now(UTC),
            random=Random(1),
            burst=10,
            on_delivered=lambda _: None,
        )
        self.scheduler = Scheduler(
            database=database,
            pipeline=cast("Pipeline", self.pipeline),
            drain=drain,
            keeper=Keeper(database=database, channels=drain.channels, clock=drain.clock, traffic=drain.traffic),
            refresh=self._refresh,
            upkeep=self._keep_up,
            clock=lambda: datetime.now(UTC),
            on_polled=lambda _: None,
            on_beat=self.standings.append,
            tick_seconds=TICK,
        )

    @property
    def ids(self) -> list[int]:
        return self.desk.read(lambda connection: sources.every_active(connection, datetime.now(UTC)))

    @asynccontextmanager
    async def running(self) -> AsyncIterator["asyncio.Task[None]"]:
        """Run the scheduler beside; stopped at the end."""
        run = asyncio.ensure_future(self.scheduler.run())
        try:
            yield run
        finally:
            self.scheduler.stop()
            await asyncio.wait([run], timeout=20)
        await run

    async def _refresh(self) -> None:
        self.refreshed += 1

    async def _keep_up(self) -> None:
        self.kept_up += 1
        if self.upkeep_held is not None:
            await self.upkeep_held.wait()

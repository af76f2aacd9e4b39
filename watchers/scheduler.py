"""The desk's one clockwork: a tick that looks what is due, and starts it.

    tick → pulse · changes of what people told → due sources · due deliveries · posts behind · nightly upkeep

The tick never awaits work, and work that takes long makes room for other (`watchers.places`), so that slow sources hold
up nothing. The truth about what is due is in the database (`next_at`, `due_at`); APScheduler only keeps the beat.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from watchers.delivery import Drain
from watchers.errors import WiredeskError
from watchers.pipeline import Pipeline
from watchers.places import Places
from watchers.posts import Keeper
from watchers.report import Report
from watchers.storage import items, meta, sources, told
from watchers.storage.database import Database
from watchers.storage.standing import Standing, standing

log = structlog.get_logger(__name__)

TICK = 1.0  # seconds
PULSE_EVERY = timedelta(seconds=10)
POLLS_AT_ONCE = 32
STOP_WITHIN = 15.0  # seconds that work in flight may take to finish after a stop


@dataclass(slots=True, kw_only=True)
class Scheduler:
    """Runs a desk until it is told to stop."""

    database: Database
    pipeline: Pipeline
    drain: Drain
    keeper: Keeper
    refresh: Callable[[], Awaitable[None]]  # takes over what people told
    upkeep: Callable[[], Coroutine[Any, Any, None]]  # asked each tick; does its nightly work once a night
    clock: Callable[[], datetime]
    on_polled: Callable[[Report], None]
    on_beat: Callable[[Standing], None]  # hears every few seconds how the desk stands
    tick_seconds: float = TICK
    _places: Places = field(default_factory=lambda: Places(POLLS_AT_ONCE))
    _working: set[int] = field(default_factory=set)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _drains: set[asyncio.Task[Any]] = field(default_factory=set)  # of those
    _ticking: asyncio.Task[Any] | None = None
    _keeping_up: asyncio.Task[Any] | None = None
    _generation: int = -1
    _pulse_at: datetime | None = None
    _failure: BaseException | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Tick until `stop`; then let what is in flight finish, within a bound.

        Raises:
            WiredeskError: the desk can't go on (the disk is full, another desk took over).
        """
        beat = AsyncIOScheduler()
        beat.add_job(
            self._beat,
            "interval",
            seconds=self.tick_seconds,
            next_run_time=datetime.now().astimezone(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        beat.start()
        try:
            await self._stopping.wait()
        finally:
            beat.pause()
            await asyncio.sleep(0)  # a beat just begun ends here; a shutdown would break it off with a traceback
            beat.shutdown(wait=False)
            await self._finish()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Stop ticking, and end."""
        self._stopping.set()

    async def _beat(self) -> None:
        """Begin a tick, unless the last one is still under way. Waits for nothing."""
        if self._ticking is None or self._ticking.done():
            self._ticking = self._spawn(self._tick())

    async def _tick(self) -> None:
        now = self.clock()
        if self._pulse_at is None or now - self._pulse_at >= PULSE_EVERY:
            await self.database.write(meta.beat, now)
            await self.database.write(told.wake, now)
            self._pulse_at = now
            self.on_beat(await self.database.read(standing))
        generation = await self.database.read(meta.generation)
        if generation != self._generation:
            await self.refresh()
            self._generation = generation
        await self._start_due(now)
        drain = self._spawn(self.drain.once())
        self._drains.add(drain)
        drain.add_done_callback(self._drains.discard)
        self._spawn(self.keeper.once())
        self._keep_up()

    async def _start_due(self, now: datetime) -> None:
        """Poll what is due; read what still waits to be read, after a crash or a page that could not be reached."""
        for find, work in (
            (sources.due, self.pipeline.check_source),
            (items.sources_to_read, self.pipeline.read_waiting),
        ):
            room = self._places.free
            if not room:
                return
            found = await self.database.read(find, now, len(self._working) + room)
            for source_id in [each for each in found if each not in self._working][:room]:
                self._working.add(source_id)
                self._spawn(self._work_on(source_id, work))

    async def _work_on(self, source_id: int, work: Callable[[int], Awaitable[Report]]) -> None:
        try:
            async with self._places.taken():
                self.on_polled(await work(source_id))
        finally:
            self._working.discard(source_id)

    def _keep_up(self) -> None:
        """Ask for the nightly work unless it is still under way."""
        if self._keeping_up is None or self._keeping_up.done():
            self._keeping_up = self._spawn(self.upkeep())

    def _spawn(self, work: Coroutine[Any, Any, object]) -> "asyncio.Task[Any]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if not isinstance(error, WiredeskError):
            log.error("a bug stopped the desk", exc_info=error)
        self._failure = self._failure or error
        self.stop()

    async def _finish(self) -> None:
        """Break off what is done again at the next start; let posts under way end by themselves, within a bound."""
        self.drain.stop()
        for task in self._tasks - self._drains:
            task.cancel()
        if not self._tasks:
            return
        _, slow = await asyncio.wait(self._tasks, timeout=STOP_WITHIN)
        for task in slow:
            task.cancel()
        if slow:
            await asyncio.wait(slow, timeout=2.0)

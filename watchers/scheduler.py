"""The desk's one clockwork: a tick that looks what is due, and starts it.

    tick → pulse → due sources · changes of what people told → due deliveries · posts behind · nightly upkeep

The tick never awaits work, and work that takes long makes room for other (`watchers.places`), so that slow sources hold
up nothing. The truth about what is due is in the database (`next_at`, `due_at`); APScheduler only keeps the beat, which
a machine's clock that is set, forward or back, neither stops nor crowds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from watchers.delivery import Drain
from watchers.errors import WiredeskError
from watchers.pipeline import Pipeline
from watchers.places import Places
from watchers.posts import Keeper
from watchers.report import Report
from watchers.spare_memory import give_back
from watchers.storage import items, meta, outbox, sources, told
from watchers.storage.database import Database, let_go_of_pages
from watchers.storage.standing import Standing, standing

log = structlog.get_logger(__name__)

TICK = 1.0  # seconds
PULSE_EVERY = timedelta(seconds=10)
POLLS_AT_ONCE = 32
IN_LINE = 96  # sources beyond those, started too: each goes on in the moment a place is free, not at the next tick
STOP_WITHIN = 15.0  # seconds that work in flight may take to finish after a stop
LATE = 10  # ticks after which a beat that has not come is called


class Beats(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """A beat each `every`, from now on: a clock that is put forward by a year has no year of beats to make up for."""

    def __init__(self, every: timedelta) -> None:
        self._every = every

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Called by APScheduler."""
        return now if previous_fire_time is None else now + self._every


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
    _worked: bool = False  # since memory was last given back
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
        job = beat.add_job(
            self._beat,
            Beats(timedelta(seconds=self.tick_seconds)),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        beat.start()
        try:
            await self._until_stopped(job)
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

    async def _until_stopped(self, job: Job) -> None:
        """Wait for the stop; meanwhile call a beat that a clock put back would keep away until it has caught up."""
        late = timedelta(seconds=LATE * self.tick_seconds)
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(late.total_seconds()):
                    await self._stopping.wait()
            now = datetime.now().astimezone()
            if job.next_run_time is not None and job.next_run_time - now > late:
                job.modify(next_run_time=now)

    async def _beat(self) -> None:
        """Begin a tick, unless the last one is still under way. Waits for nothing."""
        if self._ticking is None or self._ticking.done():
            self._ticking = self._spawn(self._tick())

    async def _tick(self) -> None:
        now = self.clock()
        if self._pulse_at is None or not timedelta(0) <= now - self._pulse_at < PULSE_EVERY:
            await self.database.write(meta.beat, now)
            await self.database.write(told.wake, now)
            await self.database.write(sources.set_right, now)
            await self.database.write(items.set_right, now)
            if self._pulse_at is not None and now < self._pulse_at:
                await self.database.write(outbox.set_right, now)
            self._pulse_at = now
            self.on_beat(await self.database.read(standing))
            await self._give_back()
        await self._start_due(now)  # which waits for no list of names, however long that is
        generation = await self.database.read(meta.generation)
        if generation != self._generation:
            await self.refresh()
            self._generation = generation
        drain = self._spawn(self.drain.once())
        self._drains.add(drain)
        drain.add_done_callback(self._drains.discard)
        self._spawn(self.keeper.once())
        self._keep_up()

    async def _give_back(self) -> None:
        """Let go of the memory that work took, once there is none under way."""
        if self._worked and not self._working:
            self._worked = False
            await self.database.write(let_go_of_pages)
        give_back()

    async def _start_due(self, now: datetime) -> None:
        """Poll what is due; read what still waits to be read, after a crash or a page that could not be reached."""
        for find, work in (
            (sources.due, self.pipeline.check_source),
            (items.sources_to_read, self.pipeline.read_waiting),
        ):
            room = POLLS_AT_ONCE + IN_LINE + self._places.seated - len(self._working)
            if room <= 0:
                return
            at_work = frozenset(self._working)  # whose work ends meanwhile may be found as it was before
            found = await self.database.read(find, now, len(at_work) + room)
            for source_id in [each for each in found if each not in at_work | self._working][:room]:
                self._working.add(source_id)
                self._spawn(self._work_on(source_id, work))

    async def _work_on(self, source_id: int, work: Callable[[int], Awaitable[Report]]) -> None:
        self._worked = True
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

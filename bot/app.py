"""The composition root: settings → everything that runs, wired once.

    Newsdesk: Database · Fetcher · Worker · Listener → Pipeline (polls), Drain (posts) and Keeper (edits), one clock

Commands that run a desk come through here; nothing else makes these objects.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from os import getpid
from pathlib import Path
from random import Random

import structlog
from rich.console import Console

from bot import __version__
from bot.buttons.alert import alert_view
from bot.channels.discord import Poster
from bot.channels.limits import DISCORD
from bot.client import DeskClient
from bot.directory import Directory
from bot.line import Line, break_off
from bot.live_channels import Channels
from bot.looking import Look
from bot.office import Office
from bot.web import make_fetcher, make_guard, own_name
from config.settings import Settings
from watchers.clock import Clock
from watchers.delivery import Delivered, Drain
from watchers.errors import WiredeskError
from watchers.fetch.transport import guarded_client
from watchers.intake import Intake
from watchers.listening import Listener
from watchers.pacing import Traffic
from watchers.pipeline import Pipeline
from watchers.places import Places
from watchers.policy.snapshots import Snapshots
from watchers.policy.watching import PageWatcher
from watchers.polling import FirstLook
from watchers.posts import Keeper
from watchers.reading.worker import Worker
from watchers.report import Report
from watchers.storage import desks, items, outbox, sources, unusable
from watchers.storage.database import Database
from watchers.storage.placing import Manner
from watchers.storage.standing import Standing

log = structlog.get_logger(__name__)

POLLS_AT_ONCE = 32
PATIENCE = 30.0  # seconds that `--once` spends on retries of deliveries
WORKERS = 2
EVERY = 1_000_000  # sources: no limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a desk shows, and to whom: where cards are printed, and who hears of each delivery."""

    console: Console
    on_delivered: Callable[[Delivered], None]
    on_polled: Callable[[Report], None] = lambda _: None
    on_beat: Callable[[Standing], None] = lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsdesk:
    """A desk that can run: once, or on a schedule (`watchers.scheduler`)."""

    database: Database
    listener: Listener
    channels: Channels
    pipeline: Pipeline
    drain: Drain
    keeper: Keeper
    line: Line | None  # to Discord; None without a token
    office: Office
    clock: Clock
    outlook: Outlook

    async def poll_all(self) -> Report:
        """Poll every source that isn't paused, whatever its schedule; read what the others still have unread."""
        total = Report()
        polled = await self.database.read(sources.every_active, self.clock())
        unread = await self.database.read(items.sources_to_read, self.clock(), EVERY)
        places = Places(POLLS_AT_ONCE)

        async def one(work: Callable[[int], Awaitable[Report]], source_id: int) -> None:
            async with places.taken():
                report = await work(source_id)
            total.add(report)
            self.outlook.on_polled(report)

        async with asyncio.TaskGroup() as group:
            for source_id in polled:
                group.create_task(one(self.pipeline.check_source, source_id))
            for source_id in set(unread) - set(polled):
                group.create_task(one(self.pipeline.read_waiting, source_id))
        return total

    async def refresh(self) -> None:
        """Take over what people told since."""
        await self.office.refresh()

    @asynccontextmanager
    async def in_discord(self) -> AsyncIterator[None]:
        """Answer in Discord meanwhile, if there is a token. Whatever happens there ends nothing here."""
        if self.line is None:
            yield
            return
        await self.refresh()
        kept = [
            asyncio.create_task(self.line.keep(partial(DeskClient, self.office))),
            asyncio.create_task(self.office.directory.keep()),
        ]
        try:
            yield
        finally:
            for task in kept:
                await break_off(task)
            for failure in await asyncio.gather(*kept, return_exceptions=True):
                if isinstance(failure, WiredeskError):  # the disk is full, say: the desk ends for that too
                    log.error("a task beside the desk had ended", error=str(failure))
                elif isinstance(failure, Exception):
                    log.error("a task beside the desk had ended", error=repr(failure), exc_info=failure)

    async def run_once(self, *, patience: float = PATIENCE) -> tuple[Report, int]:
        """Recover, poll everything, send what is due, edit what is behind. Returns the counts and how many went."""
        await self.database.write(outbox.recover, self.clock())
        await self.refresh()
        if self.line is not None:
            await self.line.sign_in()
        report = await self.poll_all()
        await self.refresh()
        delivered = await self.drain.once(patience=patience)
        await self.keeper.once()
        return report, delivered


@asynccontextmanager
async def newsdesk(
    settings: Settings,
    environ: Mapping[str, str],
    database: Database,
    outlook: Outlook,
    *,
    clock: Clock,
    allow_hosts: str = "",
    scheduled: bool = False,
    demo: bool = False,
) -> AsyncIterator[Newsdesk]:
    """Wire a desk over an opened database, and take it down again. `allow_hosts` adds to the settings' own."""
    guard = make_guard(settings, allow_hosts)
    random = Random()  # noqa: S311 - jitter
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(make_fetcher(settings, guard, random))
        worker = Worker(processes=WORKERS)
        stack.push_async_callback(worker.aclose)
        http = await stack.enter_async_context(guarded_client(guard, timeout=20.0, headers=own_name(settings)))
        listener = Listener(database)
        directory = Directory(database)
        traffic = Traffic()
        line = None
        if settings.discord_token is not None and not demo:
            told_to_wait = partial(traffic.hold, DISCORD)
            line = Line(settings.discord_token.get_secret_value(), settings.discord_api, told_to_wait)
            stack.push_async_callback(line.aclose)
        poster = None if line is None else Poster(line, alert_view)
        channels = Channels(environ, outlook.console, http, clock, poster)
        office = Office(
            database=database,
            directory=directory,
            listener=listener,
            look=Look(guard=guard, fetcher=fetcher, worker=worker),
            clock=clock,
            refresh=partial(_refresh, database, channels, directory, clock, demo=demo),
            most_watches=settings.max_watches,
            most_sources=settings.max_sources,
            version=__version__,
        )
        manner = Manner(demo=demo)
        drain = Drain(
            database=database,
            channels=channels,
            clock=clock,
            random=random,
            burst=settings.burst,
            on_delivered=outlook.on_delivered,
            traffic=traffic,
            demo=demo,
        )
        yield Newsdesk(
            database=database,
            listener=listener,
            channels=channels,
            pipeline=Pipeline(
                database=database,
                fetcher=fetcher,
                worker=worker,
                listener=listener,
                pages=PageWatcher(
                    database=database, worker=worker, snapshots=Snapshots(Path(settings.data) / "snapshots")
                ),
                intake=Intake(
                    database=database,
                    fetcher=fetcher,
                    worker=worker,
                    listener=listener,
                    clock=clock,
                    manner=manner,
                    patient=scheduled,
                ),
                clock=clock,
                first_look=first_look(settings),
                random=random,
                demo=demo,
            ),
            drain=drain,
            keeper=Keeper(database=database, channels=channels, clock=clock, traffic=traffic),
            line=line,
            office=office,
            clock=clock,
            outlook=outlook,
        )


async def _refresh(database: Database, channels: Channels, directory: Directory, clock: Clock, *, demo: bool) -> None:
    channels.refresh(await database.read(desks.load))
    if channels.unusable != await database.read(unusable.known):
        await database.write(unusable.record, channels.unusable, demo=demo, now=clock())
    await directory.refresh()


def first_look(settings: Settings) -> FirstLook:
    """The setting as the pipeline takes it."""
    span = settings.first_look.span
    return FirstLook(everything=True) if span is None else FirstLook(span=span)


def holder() -> str:
    """How this desk names itself to a second one."""
    return f"process {getpid()} on {socket.gethostname()}"

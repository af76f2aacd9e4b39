"""The composition root: settings → everything that runs, wired once.

    Newsdesk: Database · Fetcher · Worker · Listener → Pipeline (polls), Drain (posts) and Keeper (edits), one clock

Commands that run a desk come through here; nothing else makes these objects.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from os import getpid
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import httpx
import structlog
from rich.console import Console

from bot import __version__
from bot.channels import Surroundings, make_channel
from config.settings import Settings, secret_from
from watchers.clock import Clock
from watchers.delivery import Channel, Delivered, Drain
from watchers.errors import ConfigError
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import AllowHosts, Guard
from watchers.fetch.transport import guarded_client
from watchers.intake import Intake
from watchers.listening import Listener
from watchers.models import ChannelSpec
from watchers.pipeline import Pipeline
from watchers.policy.snapshots import Snapshots
from watchers.policy.watching import PageWatcher
from watchers.polling import FirstLook
from watchers.posts import Keeper
from watchers.reading.worker import Worker
from watchers.report import Report
from watchers.storage import desks, items, outbox, sources
from watchers.storage.database import Database
from watchers.storage.desks import ChannelView, Told
from watchers.storage.recording import Manner
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


class Channels:
    """The live channels, rebuilt when what people told changes. One whose secret is missing is left out and logged."""

    def __init__(self, environ: Mapping[str, str], console: Console, http: httpx.AsyncClient, clock: Clock) -> None:
        self._environ = environ
        self._console = console
        self._http = http
        self._clock = clock
        self._live: dict[int, Channel] = {}
        self._made_of: dict[int, ChannelView] = {}

    def __call__(self) -> Mapping[int, Channel]:
        """The live channels by their row's id."""
        return self._live

    def refresh(self, told: Told) -> None:
        """Make what is new or changed; drop what is gone or paused."""
        wanted = {view.id: (view, desk) for desk in told.desks for view in desk.channels if view.state == desks.ACTIVE}
        for gone in self._live.keys() - wanted.keys():
            del self._live[gone], self._made_of[gone]
        for channel_id, (view, desk) in wanted.items():
            if self._made_of.get(channel_id) == view:
                continue
            # Where the new one can't be made, nothing may go to the old one's address.
            self._live.pop(channel_id, None)
            self._made_of.pop(channel_id, None)
            try:
                self._live[channel_id] = make_channel(
                    channel_spec(view, self._environ),
                    Surroundings(
                        console=self._console, http=self._http, clock=self._clock, timezone=ZoneInfo(desk.timezone)
                    ),
                )
                self._made_of[channel_id] = view
            except ConfigError as error:
                log.error("a channel can't be used: its alerts wait", channel=view.name, error=str(error))

    async def aclose(self) -> None:
        """Let go of all of them."""
        for channel in self._live.values():
            await channel.aclose()


def channel_spec(view: ChannelView, environ: Mapping[str, str]) -> ChannelSpec:
    """A channel with its secret. Raises ConfigError where that is missing."""
    settings = {key: value for key, value in view.settings.items() if key == "id"}
    env, file = view.settings.get("url_env"), view.settings.get("url_file")
    if env or file:
        settings["url"] = secret_from(environ, env=env, file=file)
    return ChannelSpec(name=view.name, kind=view.kind, settings=settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsdesk:
    """A desk that can run: once, or on a schedule (`watchers.scheduler`)."""

    database: Database
    listener: Listener
    channels: Channels
    pipeline: Pipeline
    drain: Drain
    keeper: Keeper
    clock: Clock
    outlook: Outlook

    async def poll_all(self) -> Report:
        """Poll every source that isn't paused, whatever its schedule; read what the others still have unread."""
        total = Report()
        polled = await self.database.read(sources.every_active, self.clock())
        unread = await self.database.read(items.sources_to_read, self.clock(), EVERY)
        free = asyncio.Semaphore(POLLS_AT_ONCE)

        async def one(work: Callable[[int], Awaitable[Report]], source_id: int) -> None:
            async with free:
                report = await work(source_id)
            total.add(report)
            self.outlook.on_polled(report)

        async with asyncio.TaskGroup() as group:
            for source_id in polled:
                group.create_task(one(self.pipeline.check_source, source_id))
            for source_id in set(unread) - set(polled):
                group.create_task(one(self.pipeline.read_waiting, source_id))
        return total

    async def refresh_channels(self) -> None:
        """Take over what people told since."""
        self.channels.refresh(await self.database.read(desks.load))

    async def run_once(self, *, patience: float = PATIENCE) -> tuple[Report, int]:
        """Recover, poll everything, send what is due, edit what is behind. Returns the counts and how many went."""
        await self.database.write(outbox.recover, self.clock())
        await self.refresh_channels()
        report = await self.poll_all()
        await self.refresh_channels()
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
        http = await stack.enter_async_context(guarded_client(guard, timeout=20.0))
        listener = Listener(database)
        channels = Channels(environ, outlook.console, http, clock)
        stack.push_async_callback(channels.aclose)
        manner = Manner(demo=demo)
        drain = Drain(
            database=database,
            channels=channels,
            clock=clock,
            random=random,
            burst=settings.burst,
            on_delivered=outlook.on_delivered,
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
            keeper=Keeper(database=database, channels=channels, clock=clock, traffic=drain.traffic),
            clock=clock,
            outlook=outlook,
        )


def make_guard(settings: Settings, *more_hosts: str) -> Guard:
    """The address guard of the settings; `more_hosts` are allowed besides."""
    return Guard(AllowHosts.parse(",".join(filter(None, (settings.allow_hosts, *more_hosts)))))


def make_fetcher(settings: Settings, guard: Guard, random: Random) -> Fetcher:
    """The one way to the web's sources. Servers speak of the real time, whatever the desk's clock shows."""
    return Fetcher(guard=guard, version=__version__, random=random, clock=Clock(), contact=settings.contact)


def first_look(settings: Settings) -> FirstLook:
    """The setting as the pipeline takes it."""
    span = settings.first_look.span
    return FirstLook(everything=True) if span is None else FirstLook(span=span)


def holder() -> str:
    """How this desk names itself to a second one."""
    return f"process {getpid()} on {socket.gethostname()}"

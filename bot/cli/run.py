"""`wiredesk run` and `wiredesk healthy`.

run --once   poll everything, send what is due, print the summary
run          tick until Ctrl-C or SIGTERM, with a quiet status line
run --demo   the demo newsroom, in a database of its own
"""

import asyncio
import os
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from bot import demo_run
from bot.app import Outlook, holder, newsdesk
from bot.cli import context
from bot.cli.output import answer_console, emit, teller
from bot.cli.status import StatusLine
from bot.cli.summary import Tally, sentence
from bot.prepare import apply_changed_file, opened
from bot.running import run_until_stopped
from config.settings import Settings
from watchers.clock import Clock
from watchers.errors import CannotRun, ConfigError
from watchers.report import Report
from watchers.scheduler import Scheduler
from watchers.storage import lease, meta, sources
from watchers.storage.database import Database
from watchers.storage.desks import ACTIVE, all_channels
from watchers.storage.desks import load as load_desks
from watchers.storage.integrity import refuse_damage
from watchers.storage.location import place_of

OFFLINE_AFTER = 10.0  # seconds in which no source could be reached


def run(
    once: Annotated[bool, typer.Option("--once", help="Poll every source once, send what is due, and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines on standard output; cards to the other.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Play the demo newsroom, in a database of its own.")] = False,
    at: Annotated[str | None, typer.Option("--at", help="With --once: decide as if it were this time.")] = None,
) -> None:
    """Run the desk: poll, match, and tell. Ctrl-C ends it; nothing is lost."""
    moment = _moment(at, once=once)
    settings = context.settings()
    console = answer_console(as_json=as_json)
    if demo:
        demo_run.play(settings, console, as_json=as_json, once=once)
    elif once:
        _run_once(settings, console, moment, as_json=as_json)
    elif _run_on(settings, console, as_json=as_json):
        console.print(
            "\nNo source could be reached, and no channel outside this terminal is set up: here is the demo newsroom.\n"
            "Everything below is invented. Connect to the internet and run this again for the real one.\n",
            style="bold",
        )
        demo_run.play(settings, console, as_json=as_json, once=False)


def healthy() -> None:
    """Exit 0 while the running desk's loop, writer and tick are alive (for the container's health check)."""
    with context.database() as database, database.reading() as connection:
        pulse = meta.moment(connection, meta.PULSE)
    if pulse is None:
        raise CannotRun("not healthy: no desk runs on this database: start one with `wiredesk run`")
    age = datetime.now(UTC) - pulse
    if age > meta.FRESH:
        raise CannotRun(f"not healthy: the desk's last sign of life is {age.total_seconds():.0f} s old")
    if age < -meta.FRESH:
        raise CannotRun(
            f"not healthy: the desk's last sign of life is {-age.total_seconds():.0f} s ahead of this machine's clock: "
            "set the clock, and start the desk again"
        )
    typer.echo("healthy")


def _moment(at: str | None, *, once: bool) -> datetime | None:
    if at is None:
        return None
    if not once:
        raise ConfigError("--at: only with --once")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise ConfigError(f"--at {at}: not a time: write it as 2026-03-01T08:00:00Z") from None
    if moment.tzinfo is None:
        raise ConfigError(f"--at {at}: it has no offset: end it with Z or, for New York in winter, -05:00")
    return moment.astimezone(UTC)


def _run_once(settings: Settings, console: Console, at: datetime | None, *, as_json: bool) -> None:
    begin = at or datetime.now(UTC)
    with opened(settings, begin) as database:
        refuse_damage(database)
        if at is not None:
            _refuse_the_past(database, at)
        with lease.running_desk(database, holder=holder(), now=begin):
            apply_changed_file(database, settings.watchlist, now=begin)
            with database.writing() as connection:
                meta.advance_clock(connection, begin)
            tally = Tally.begin(database)
            report, delivered = asyncio.run(_once(settings, database, console, Clock(at), as_json=as_json))
        line = tally.line(database, report, delivered)
        if as_json:
            emit(line)
        else:
            console.print(sentence(line))
            tally.show_trouble(database, console)


def _refuse_the_past(database: Database, at: datetime) -> None:
    with database.reading() as connection:
        last = meta.moment(connection, meta.CLOCK)
    if last is not None and at < last:
        raise ConfigError(
            f"--at {at.isoformat()}: earlier than the database's last clock: give {last.isoformat()} or a later time, "
            "or take an empty database (WIREDESK_DATA at a new folder)"
        )


async def _once(
    settings: Settings, database: Database, console: Console, clock: Clock, *, as_json: bool
) -> tuple[Report, int]:
    with StatusLine(console) as status:
        outlook = Outlook(console=console, on_delivered=teller(as_json=as_json), on_polled=status.polled)
        async with newsdesk(settings, os.environ, database, outlook, clock=clock) as desk:
            return await desk.run_once()


def _run_on(settings: Settings, console: Console, *, as_json: bool) -> bool:
    """Run until stopped. True: nothing could be reached, and nobody but this terminal listens."""
    begin = datetime.now(UTC)
    with opened(settings, begin) as database, lease.running_desk(database, holder=holder(), now=begin):
        refuse_damage(database)
        apply_changed_file(database, settings.watchlist, now=begin)
        return asyncio.run(_on(settings, database, console, as_json=as_json))


async def _on(settings: Settings, database: Database, console: Console, *, as_json: bool) -> bool:
    with StatusLine(console) as status:
        outlook = Outlook(console=console, on_delivered=teller(as_json=as_json), on_beat=status.standing)
        async with newsdesk(settings, os.environ, database, outlook, clock=Clock(), scheduled=True) as desk:
            watch = _OfflineWatch(database)
            await _say_size(database)
            signal = await run_until_stopped(desk, settings, beside=watch.begin)
        await database.write(meta.rest)
        context.log.info("the desk has ended", why=signal or "no source could be reached")
        return watch.offline


async def _say_size(database: Database) -> None:
    """Log how much there is to do, and where it is kept."""
    polled, _ = await database.read(sources.count)
    told = (await database.read(load_desks)).desks
    channels = [channel for desk in told for channel in desk.channels if channel.state == ACTIVE]
    context.log.info(
        "the desk runs",
        sources=polled,
        watches=sum(len(desk.watches) for desk in told),
        channels=len(channels),
        database=place_of(database.url),
    )


class _OfflineWatch:
    """Stops a desk that has reached nothing in its first seconds, if nobody but this terminal listens."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._task: asyncio.Task[None] | None = None
        self.offline = False

    def begin(self, scheduler: Scheduler) -> None:
        """Look once, a little later."""
        self._task = asyncio.create_task(self._look(scheduler))

    async def _look(self, scheduler: Scheduler) -> None:
        await asyncio.sleep(OFFLINE_AFTER)
        channels = await self._database.read(all_channels)
        if any(channel.kind != "terminal" for channel in channels) or await self._database.read(sources.any_reached):
            return
        if (await self._database.read(sources.count))[0]:
            self.offline = True
            scheduler.stop()

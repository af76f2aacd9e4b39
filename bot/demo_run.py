"""`run --demo`: the real desk on the demo newsroom, in a folder and a database of its own, on a compressed clock.

    DemoNewsroom (loopback HTTP) → the same Newsdesk as ever → the terminal; nothing goes anywhere else

With `--once` its day is played through, hour by hour, and explained; else an hour passes every few seconds.
"""

import asyncio
import os
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.app import Newsdesk, Outlook, newsdesk
from bot.cli.output import emit, table, teller
from bot.cli.status import StatusLine
from bot.cli.summary import Tally
from bot.demo import DemoNewsroom, demo_corpus_path, demo_watchlist
from bot.prepare import opened
from bot.running import run_until_stopped
from config.settings import Settings
from watchers.clock import Clock
from watchers.models import Decision
from watchers.report import Report
from watchers.scheduler import Scheduler
from watchers.storage import journal, outbox, watchlist
from watchers.storage.database import Database

HOUR_SECONDS = 5.0  # of real time, for an hour of the demo's day
_WHY_HELD = {
    Decision.KNOWN: "known: the desk had it before",
    Decision.COPY: "a copy or an excerpt of a story that was told",
    Decision.UNMATCHED: "no watch names it",
}


def play(settings: Settings, console: Console, *, as_json: bool, once: bool) -> None:
    """Play the demo newsroom."""
    with tempfile.TemporaryDirectory(prefix="wiredesk-demo-") as name, DemoNewsroom() as newsroom:
        folder = Path(name)
        (folder / "watchlist.yaml").write_text(demo_watchlist(newsroom.base_url), encoding="utf-8")
        own = settings.model_copy(
            update={
                "data": folder,
                "watchlist": folder / "watchlist.yaml",
                "database_url": None,
                "first_look": Settings().first_look,
            }
        )
        clock = Clock(newsroom.hours[0], speed=1.0 if once else timedelta(hours=1).total_seconds() / HOUR_SECONDS)
        with opened(own, clock(), seeds=demo_corpus_path()) as database:
            asyncio.run(_play(own, database, newsroom, console, clock, as_json=as_json, once=once))


async def _play(
    settings: Settings,
    database: Database,
    newsroom: DemoNewsroom,
    console: Console,
    clock: Clock,
    *,
    as_json: bool,
    once: bool,
) -> None:
    with StatusLine(console) as status:
        outlook = Outlook(
            console=console, on_delivered=teller(as_json=as_json), on_polled=status.polled, on_beat=status.standing
        )
        host = newsroom.base_url.removeprefix("http://")
        async with newsdesk(
            settings, os.environ, database, outlook, clock=clock, allow_hosts=host, scheduled=not once, demo=True
        ) as desk:
            if once:
                await _play_through(desk, newsroom, console, as_json=as_json)
            else:
                await _play_on(desk, settings, newsroom, console)


async def _play_through(desk: Newsdesk, newsroom: DemoNewsroom, console: Console, *, as_json: bool) -> None:
    total, delivered, tally = Report(), 0, Tally.begin(desk.database)
    for moment in newsroom.hours:
        newsroom.show(moment)
        desk.clock.set(moment)
        report, sent = await desk.run_once()
        total.add(report)
        delivered += sent
    if as_json:
        emit(tally.line(desk.database, total, delivered))
    await _explain(desk.database, console)


async def _play_on(desk: Newsdesk, settings: Settings, newsroom: DemoNewsroom, console: Console) -> None:
    async def turn_pages(scheduler: Scheduler) -> None:
        for moment in newsroom.hours:
            newsroom.show(moment)
            await asyncio.sleep(HOUR_SECONDS)
        scheduler.stop()

    pages: list[asyncio.Task[None]] = []
    await run_until_stopped(
        desk, settings, beside=lambda scheduler: pages.append(asyncio.create_task(turn_pages(scheduler)))
    )
    for task in pages:
        task.cancel()
    await _explain(desk.database, console)


async def _explain(database: Database, console: Console) -> None:
    desk = await database.read(watchlist.desk_id)
    assert desk is not None
    entries = await database.read(journal.entries, desk)
    told = len(await database.read(outbox.listed, states=(outbox.SENT,)))
    counts = Counter(entry.decision for entry in entries)
    console.print(Text(f"\nThe demo's day: {len(entries)} articles came in, {told} cards were told.", style="bold"))
    rows = [
        (counts[decision], why, next(entry.title for entry in entries if entry.decision is decision))
        for decision, why in _WHY_HELD.items()
        if counts[decision]
    ]
    table(console, ("held back", "why", "for example"), rows, empty="Nothing was held back.")
    console.print(Text("All of it is invented. Your own watch list: see the README."))

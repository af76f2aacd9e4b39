"""A whole pass over 500 feeds of 20 entries on loopback: an empty database, nothing new, one new entry each.

Ours is the desk as it runs (fetch, parse in worker processes, recognise, match, place, record; each article its own
transaction), beside `reader`, a library that keeps feeds in SQLite, with its default storage. The desk reads no pages
here (`read: never`), for the peer reads none. Real time, the start of our worker processes included.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from io import StringIO
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from rich.console import Console

from bot.app import POLLS_AT_ONCE, Newsdesk, Outlook, newsdesk
from config.settings import load_settings
from config.watchlist import Channel, Route, Source, Watch, Watchlist
from tests.benchmarks import texts
from tests.benchmarks.loopback import ENTRIES, Served, web
from tests.benchmarks.measure import Row, alone, faster, not_here, peer
from watchers.clock import Clock
from watchers.storage import migrate, watchlist
from watchers.storage.database import Database
from watchers.storage.location import database_url

FEEDS: Final = 500
WATCHES: Final = 100
ROUNDS: Final = 3
PASSES: Final = {  # what the web shows → how many new entries of each feed
    "empty database": (0, ENTRIES),
    "nothing new": (0, 0),
    "one new entry each": (1, 1),
}

Taken = dict[str, list[float]]  # pass → seconds of each round


def rows() -> Iterator[Row]:
    """Every row of this group."""
    reader = peer("reader")
    ours: Taken = {name: [] for name in PASSES}
    theirs: Taken = {name: [] for name in PASSES}
    with web(origins=FEEDS) as served:
        for _ in range(ROUNDS):
            with TemporaryDirectory() as folder:
                asyncio.run(_ours(served, Path(folder), ours))
            if reader is not None:
                with TemporaryDirectory() as folder:
                    _theirs(reader, served, Path(folder), theirs)
    for name in PASSES:
        work, seconds = f"a pass over {FEEDS} feeds, {name}", median(ours[name])
        if reader is None:
            yield alone(work, seconds, unit="", reason=not_here("reader"))
        else:
            yield faster(work, seconds, median(theirs[name]), unit="", beside="reader", least=1)


async def _ours(served: Served, folder: Path, taken: Taken) -> None:
    async with desk(served, folder) as running:
        for name, (edition, new) in PASSES.items():
            served.show(edition)
            began = time.perf_counter()
            report = await running.poll_all()
            taken[name].append(time.perf_counter() - began)
            assert (report.polled, report.failed, report.items_new) == (FEEDS, 0, FEEDS * new)


def _theirs(reader: Any, served: Served, folder: Path, taken: Taken) -> None:
    with closing(reader.make_reader(str(folder / "reader.sqlite"))) as running:
        for address in served.feeds:
            running.add_feed(address)
        stored = 0
        for name, (edition, new) in PASSES.items():
            served.show(edition)
            began = time.perf_counter()
            running.update_feeds(workers=POLLS_AT_ONCE, scheduled=False)
            taken[name].append(time.perf_counter() - began)
            stored += FEEDS * new
            assert running.get_entry_counts().total == stored


@asynccontextmanager
async def desk(served: Served, folder: Path) -> AsyncIterator[Newsdesk]:
    """A desk in a new database that follows every feed, with watches of which some answer."""
    settings = load_settings({"WIREDESK_DATA": str(folder), "WIREDESK_ALLOW_HOSTS": "127.0.0.1"})
    outlook = Outlook(console=Console(file=StringIO()), on_delivered=lambda _: None)
    with Database(database_url("", folder)) as database:
        migrate.upgrade(database)
        with database.writing() as connection:
            watchlist.apply(connection, _watch_list(served), now=texts.NOW)
        async with newsdesk(settings, {}, database, outlook, clock=Clock(texts.NOW)) as running:
            await running.refresh()
            yield running


def _watch_list(served: Served) -> Watchlist:
    random = Random(8)
    rare = texts.VOCABULARY[len(texts.VOCABULARY) // 2 :]
    return Watchlist(
        watches={
            f"watch{number}": Watch(
                query=f'"{texts.name(random)}" OR {random.choice(rare)}', routes=(Route(channel="newsroom"),)
            )
            for number in range(WATCHES)
        },
        sources={f"feed{number}": Source(url=address, read="never") for number, address in enumerate(served.feeds)},
        channels={"newsroom": Channel(kind="terminal")},
    )

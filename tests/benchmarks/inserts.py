"""Entries of a feed recorded in batches of 100 through the desk's writer, beside the bare driver.

The driver writes the very same rows, ready-made, into a copy of the same database: what we take longer is what it costs
to make rows of entries, and to have one writer for all.
"""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, Final

from config.watchlist import Desk, Source, Watchlist
from tests.benchmarks import texts
from tests.benchmarks.measure import Row, faster, medians
from watchers.models import Item
from watchers.sources.recognise import ItemKeys, keys_of
from watchers.storage import items, migrate, sources, watchlist
from watchers.storage.database import Database
from watchers.storage.location import database_url

BATCH: Final = 100
BATCHES: Final = 100
ROUNDS: Final = 5

Entries = list[tuple[Item, ItemKeys, bool]]


def rows() -> list[Row]:
    """The row of this group."""
    batches = [_entries(Random(f"batch {number}")) for number in range(BATCHES)]
    with TemporaryDirectory() as folder:
        empty = _empty(Path(folder) / "empty")
        written = _through_the_writer(_copied(empty), batches)
        ready = _rows(written)
        assert len(ready) == BATCH * BATCHES
        taken = medians(
            {
                "ours": lambda: _through_the_writer(_copied(empty), batches),
                "peer": lambda: _through_the_driver(_copied(empty), ready),
            },
            rounds=ROUNDS,
            clock=time.perf_counter,
        )
    return [
        faster(
            f"entries recorded in batches of {BATCH}",
            taken["ours"],
            taken["peer"],
            unit="an entry",
            beside="the same rows, ready-made, by bare sqlite3",
            least=0.7,
            times=BATCH * BATCHES,
        )
    ]


def _entries(random: Random) -> Entries:
    made = [
        Item(
            entry_id=f"{random.random()}",
            url=f"https://news.example/{random.random()}",
            title=" ".join(texts.words(random, 8)),
            published=texts.NOW,
            summary=texts.story(random, size=500),
        )
        for _ in range(BATCH)
    ]
    return [(item, keys_of(item), False) for item in made]


def _empty(folder: Path) -> Path:
    """A desk's database with one source and no entry."""
    told = Watchlist(
        version=1,
        desk=Desk(timezone="UTC"),
        sources={"feed": Source(url="https://news.example/feed")},
    )
    with Database(database_url("", folder)) as database:
        migrate.upgrade(database)
        with database.writing() as connection:
            watchlist.apply(connection, told, now=texts.NOW)
    return folder


def _copied(folder: Path) -> Path:
    return Path(shutil.copytree(folder, mkdtemp(dir=folder.parent), dirs_exist_ok=True))


def _through_the_writer(folder: Path, batches: Sequence[Entries]) -> Path:
    async def write(database: Database) -> None:
        (source,) = await database.read(sources.every_active, texts.NOW)
        for batch in batches:
            await database.write(items.add, source, batch, now=texts.NOW, held=None)

    with Database(database_url("", folder)) as database:
        asyncio.run(write(database))
    return folder


def _rows(folder: Path) -> list[tuple[Any, ...]]:
    with closing(_driver(folder)) as connection:
        return connection.execute("SELECT * FROM items ORDER BY id").fetchall()


def _through_the_driver(folder: Path, ready: Sequence[tuple[Any, ...]]) -> None:
    places = ", ".join("?" * len(ready[0]))
    with closing(_driver(folder)) as connection:
        for start in range(0, len(ready), BATCH):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(f"INSERT INTO items VALUES ({places})", ready[start : start + BATCH])
            connection.execute("COMMIT")


def _driver(folder: Path) -> sqlite3.Connection:
    (file,) = folder.glob("*.sqlite3")
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection

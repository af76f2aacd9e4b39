"""Looking at something once, for commands that need the desk's eyes but no desk: nothing is stored.

Settings ─looking→ Look (guard, fetcher, worker) ─at_source→ Parsed
                                            ─at_article, at_page→ Reading
Settings ─desk_as_told→ DeskView: what the watch list names, from the database or, before there is one, the file
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from bot.prepare import has_desk, opened_as_is, read_watchlist, upgraded
from bot.web import make_fetcher, make_guard
from config.settings import Settings
from config.watchlist import Watchlist
from watchers.errors import CannotRun, WorkerKilled
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import Guard
from watchers.models import Outcome, Parsed, Reading, SourceMemory
from watchers.reading.article import extract_article
from watchers.reading.reader import EXTRACTION_SECONDS
from watchers.reading.worker import Worker
from watchers.sources import parse_source
from watchers.storage import desks, migrate
from watchers.storage.complaints import WRITABLE
from watchers.storage.desks import DeskView, WatchView
from watchers.storage.location import database_url
from watchers.storage.watchlist import DESK_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The web behind its guard, and a process for what comes from there."""

    guard: Guard
    fetcher: Fetcher
    worker: Worker

    async def at_source(self, url: str, memory: SourceMemory) -> Parsed:
        """What an address shows to someone who never looked before. The web's failures are its outcome."""
        return await parse_source(await self.fetcher.get(url), memory, self.worker)

    async def at_article(self, url: str) -> Reading:
        """The article at an address, asked for as the desk asks for the articles of its sources."""
        fetched = await self.fetcher.get(url, robots=True)
        if fetched.outcome is not Outcome.OK:
            return Reading(outcome=fetched.outcome, url=fetched.final_url, error=fetched.error)
        return await self.at_page(fetched.body, fetched.content_type, fetched.final_url)

    async def at_page(self, body: bytes, content_type: str | None, url: str | None) -> Reading:
        """The article in a page's bytes, or in a plain text's. What kills the worker is `failed`."""
        try:
            return await self.worker.run(extract_article, body, content_type, url, seconds=EXTRACTION_SECONDS)
        except WorkerKilled as killed:
            return Reading(outcome=Outcome.FAILED, url=url, error=str(killed))


@asynccontextmanager
async def looking(settings: Settings) -> AsyncIterator[Look]:
    """Open the eyes, and close them again."""
    guard = make_guard(settings)
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(make_fetcher(settings, guard, Random()))  # noqa: S311 - jitter
        worker = Worker(processes=1)
        stack.push_async_callback(worker.aclose)
        yield Look(guard=guard, fetcher=fetcher, worker=worker)


def desk_as_told(settings: Settings, now: datetime) -> DeskView:
    """The watch-list file's desk. Where no database has it yet, the file is read, and no database is made."""
    if is_there(settings):
        with upgraded(settings, now) as database:
            if has_desk(database):
                with database.reading() as connection:
                    return next(desk for desk in desks.load(connection).desks if desk.name == DESK_NAME)
    return _desk_of_file(read_watchlist(settings.watchlist))


def is_there(settings: Settings) -> bool:
    """Whether the settings' database holds anything yet. Asking makes none."""
    url = database_url(settings.database_url.get_secret_value() if settings.database_url else "", settings.data)
    try:
        if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
            return False
    except OSError as error:
        raise CannotRun(f"the database can't be looked at ({error.strerror}): {WRITABLE}") from error
    with opened_as_is(settings) as database, database.reading() as connection:
        return migrate.current(connection) is not None


def _desk_of_file(told: Watchlist) -> DeskView:
    return DeskView(
        id=0,
        name=DESK_NAME,
        timezone=told.desk.timezone,
        digest_at=f"{told.desk.digest_at:%H:%M}",
        admin_channel=None,
        entities={name: entity.names for name, entity in told.entities.items()},
        watches=tuple(
            WatchView(id=number, desk_id=0, name=name, query=watch.query, sources=None, routes=())
            for number, (name, watch) in enumerate(told.watches.items())
            if not watch.paused
        ),
    )

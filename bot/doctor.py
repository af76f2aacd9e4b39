"""What stands in the way of a desk: settings, files, database, channels, and each source fetched once.

Settings ─house→ Finding… (nothing is changed, and no database made)
Settings ─watched→ sources ─visit→ Finding… as their answers come, each taken for what the desk knows it as
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.cards.words import counted
from bot.channels import KINDS, NO_BOT
from bot.doctor_desk import Known
from bot.live_channels import view_of, why_unusable
from bot.looking import Look, is_there, looking
from bot.prepare import has_desk, opened_as_is, read_watchlist
from config.settings import Settings
from config.watchlist import Channel, Source, Watchlist
from watchers.errors import CannotRun, ConfigError
from watchers.fetch.redact import redact_url
from watchers.models import Outcome, SourceKindName, SourceMemory
from watchers.storage import integrity, meta, migrate, watchlist
from watchers.storage.location import database_url

AT_ONCE: Final = 16
ROOM: Final = 500_000_000  # bytes free on the disk; a desk's month is less
SLACK: Final = timedelta(minutes=1)  # that a clock may have been set back
MADE: Final = datetime(2025, 1, 1, tzinfo=UTC)  # this program is younger than that


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `detail` says what was found; where it is not ok, also what to do."""

    check: str
    subject: str
    ok: bool
    detail: str


def house(settings: Settings, environ: Mapping[str, str], now: datetime, desk: Known) -> Iterator[Finding]:
    """Look at everything but the web; whether the bot may post to its channels is looked at by `doctor_discord`."""
    yield Finding("settings", "environment", not settings.warnings, "; ".join(settings.warnings) or "all understood")
    yield _watch_list(settings)
    yield _data_folder(settings)
    yield _disk(settings)
    yield _database(settings)
    yield _clock(settings, now)
    for name, channel in _told(settings).channels.items():
        if name in desk.paused_channels:
            yield _paused_channel(name, desk.paused_channels[name])
        elif channel.kind != "discord":
            yield _channel(name, channel, environ)
        elif settings.discord_token is None:
            yield Finding("channel", name, False, NO_BOT)
    if desk.dead is not None:
        yield _dead_letters(desk.dead)


def watched(settings: Settings, desk: Known) -> dict[str, Source]:
    """The sources that people haven't paused, as the database and the watch-list file have them."""
    by_command = {name for name, reason in desk.paused_sources.items() if reason == watchlist.COMMAND}
    return {
        name: source
        for name, source in _told(settings).sources.items()
        if name not in by_command and (not source.paused or name in desk.paused_sources)
    }


async def visit(settings: Settings, wanted: Mapping[str, Source], desk: Known) -> AsyncIterator[Finding]:
    """Fetch each source once, to be what the desk knows it as; yields in the order of the answers."""
    free = asyncio.Semaphore(AT_ONCE)
    async with looking(settings) as look:

        async def one(name: str, source: Source) -> Finding:
            async with free:
                found = await _visit(look, name, source, desk.recognised.get(source.url))
            if (reason := desk.paused_sources.get(name)) is None:
                return found
            advice = f"the desk has paused it ({reason}); to ask it again: wiredesk source resume {name}"
            return replace(found, ok=False, detail=f"{found.detail}; {advice}")

        tasks = [asyncio.create_task(one(name, source)) for name, source in wanted.items()]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        finally:
            for task in tasks:
                task.cancel()


async def _visit(look: Look, name: str, source: Source, recognised: SourceKindName | None) -> Finding:
    known_as = recognised if source.kind == "auto" else None
    memory = SourceMemory(
        kind=known_as or source.kind, learned=known_as is not None, select=source.select, ignore=source.ignore
    )
    parsed = await look.at_source(source.url, memory)
    as_known = parsed.outcome is Outcome.OK and parsed.kind == known_as
    known = "" if known_as is None or as_known else f"; the desk knows it as a {known_as}"
    if parsed.outcome is not Outcome.OK:
        where = redact_url(source.url)
        return Finding("source", name, False, f"{parsed.outcome.value}: {parsed.error} ({where}){known}")
    found = (
        counted(len(parsed.page.text.split()), "word") if parsed.page else counted(parsed.entries, "entry", "entries")
    )
    loss = f"; read with a loss: {parsed.degraded}" if parsed.degraded else ""
    return Finding("source", name, True, f"{parsed.kind}, {found}: {parsed.title or 'no title'}{loss}{known}")


def _watch_list(settings: Settings) -> Finding:
    try:
        told = read_watchlist(settings.watchlist)
    except ConfigError as error:
        return Finding("watch list", str(settings.watchlist), False, "; ".join(error.problems))
    holds = ", ".join(
        (
            counted(len(told.watches), "watch", "watches"),
            counted(len(told.sources), "source"),
            counted(len(told.channels), "channel"),
        )
    )
    return Finding("watch list", str(settings.watchlist), True, holds)


def _data_folder(settings: Settings) -> Finding:
    folder = _existing(settings.data)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        advice = f"can't be written ({error.strerror}): give this user the right to, or set WIREDESK_DATA"
        return Finding("data folder", str(settings.data), False, advice)
    return Finding("data folder", str(settings.data), True, "can be written")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(_existing(settings.data)).free
    room = f"{free / 1e9:.1f} GB free"
    return Finding("disk", str(settings.data), free >= ROOM, room if free >= ROOM else f"{room}: make some room")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())


def _database(settings: Settings) -> Finding:
    configured = settings.database_url.get_secret_value() if settings.database_url else ""
    url = database_url(configured, settings.data)
    subject = str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    try:
        if not is_there(settings):
            return Finding("database", subject, True, "empty as yet: the first run fills it")
        with opened_as_is(settings) as database:
            with database.reading() as connection:
                at = migrate.current(connection)
            integrity.refuse_damage(database)
    except CannotRun as error:
        return Finding("database", subject, False, str(error))
    if at == migrate.head():
        return Finding("database", subject, True, f"whole, at schema {at}")
    if at in migrate.known():
        return Finding("database", subject, True, f"whole; the next run upgrades it to schema {migrate.head()}")
    return Finding("database", subject, False, f"of a newer Wiredesk (schema {at}): update the program")


def _clock(settings: Settings, now: datetime) -> Finding:
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    last = _last_clock(settings)
    if now < MADE or (last is not None and now < last - SLACK):
        return Finding("clock", shown, False, "it is slow: the desk has seen a later time: set this machine's clock")
    return Finding("clock", shown, True, "not before the desk's last time")


def _last_clock(settings: Settings) -> datetime | None:
    try:
        if not is_there(settings):
            return None
        with opened_as_is(settings) as database, database.reading() as connection:
            return meta.moment(connection, meta.CLOCK)
    except CannotRun:
        return None  # told by the database's own finding


def _channel(name: str, channel: Channel, environ: Mapping[str, str]) -> Finding:
    if channel.kind not in KINDS:
        return Finding("channel", name, False, f"no kind {channel.kind} here: use one of {', '.join(KINDS)}")
    if (reason := why_unusable(view_of(name, channel), environ, bot=False)) is not None:
        return Finding("channel", name, False, reason)
    return Finding("channel", name, True, f"{channel.kind}: ready, as far as can be seen without sending")


def _paused_channel(name: str, reason: str) -> Finding:
    if reason == watchlist.COMMAND:
        return Finding("channel", name, True, f"{reason}; to let it go on: wiredesk channel resume {name}")
    return Finding("channel", name, False, f"paused: {reason}: mend that, then: wiredesk channel resume {name}")


def _dead_letters(number: int) -> Finding:
    if not number:
        return Finding("outbox", "dead letters", True, "none")
    advice = "see wiredesk outbox list --state dead; send them again: wiredesk outbox retry"
    return Finding("outbox", "dead letters", False, f"{counted(number, 'delivery', 'deliveries')}: {advice}")


def _told(settings: Settings) -> Watchlist:
    """The file's entries, and those that only the database has. What can't be read has its own finding."""
    in_file = in_database = Watchlist()
    with suppress(ConfigError):
        in_file = read_watchlist(settings.watchlist)
    with suppress(CannotRun):
        in_database = _of_database(settings) if is_there(settings) else in_database
    return in_file.model_copy(
        update={
            "sources": {**in_database.sources, **in_file.sources},
            "channels": {**in_database.channels, **in_file.channels},
        }
    )


def _of_database(settings: Settings) -> Watchlist:
    with opened_as_is(settings) as database:
        with database.reading() as connection:
            upgraded = migrate.current(connection) == migrate.head()
        if not upgraded or not has_desk(database):
            return Watchlist()
        with database.reading() as connection:
            desk = watchlist.desk_id(connection)
            assert desk is not None
            return watchlist.export(connection, desk)

"""What the desk itself knows of its sources and channels, for the doctor. Nothing is changed, and no database made.

Settings ─known→ Known: what sources were recognised as, what is paused and why, how many dead letters there are
"""

from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from bot.looking import is_there
from bot.prepare import opened_as_is, read_watchlist
from config.settings import Settings
from config.watchlist import Watchlist
from watchers.errors import CannotRun, ConfigError
from watchers.models import SourceKindName
from watchers.storage import listing, migrate, outbox, sources, watchlist
from watchers.storage.desks import PAUSED
from watchers.storage.listing import ChannelListing, SourceView

_OF_THE_FILE: Final = frozenset((watchlist.ABSENT, watchlist.SAID))  # there, the file itself is what counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`recognised` is by address; what is paused, with its reason, by name. `dead` None: there is no desk yet."""

    recognised: Mapping[str, SourceKindName] = field(default_factory=dict)
    paused_sources: Mapping[str, str] = field(default_factory=dict)
    paused_channels: Mapping[str, str] = field(default_factory=dict)
    dead: int | None = None


def known(settings: Settings) -> Known:
    """What the database has; nothing where there is none yet, or it can't be read, which has its own finding."""
    with suppress(CannotRun):
        if is_there(settings):
            with opened_as_is(settings) as database, database.reading() as connection:
                if migrate.current(connection) != migrate.head():
                    return Known()
                desk, file = watchlist.desk_id(connection), _file(settings)
                if desk is not None:
                    return Known(
                        recognised=sources.recognised(connection),
                        paused_sources=_paused(listing.sources_of(connection, desk), file.sources),
                        paused_channels=_paused(listing.channels_of(connection, desk), file.channels),
                        dead=len(outbox.listed(connection, states=(outbox.DEAD,))),
                    )
    return Known()


def _file(settings: Settings) -> Watchlist:
    with suppress(ConfigError):
        return read_watchlist(settings.watchlist)
    return Watchlist()


def _paused(rows: Iterable[SourceView | ChannelListing], in_file: Container[str]) -> dict[str, str]:
    """By people or by an answer of the web, not by the file; without those that the file has left out."""
    return {
        row.name: row.reason or "it was paused"
        for row in rows
        if row.state == PAUSED
        and row.reason not in _OF_THE_FILE
        and (row.origin != watchlist.FILE or row.name in in_file)
    }

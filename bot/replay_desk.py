"""Who is asked by a replay: a database and the desk in it, as the command's options say.

    --watchlist F | --query Q | --all ─chosen→ Chosen ─asked→ Asked (database, desk, how it hears)

Without a database named, it is a scratch one that is removed afterwards. A named one keeps what is replayed: without
a watch list of the replay's own, its desk is asked, which is told nothing and sends nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from bot.prepare import read_watchlist, scratch, upgraded
from config.settings import Settings
from watchers.errors import ConfigError
from watchers.listening import listen
from watchers.matching.query import compile_query
from watchers.models import Match
from watchers.replaying import Hear
from watchers.storage import known, replays, watchlist
from watchers.storage.database import Database
from watchers.storage.desks import Told
from watchers.stories.corpus import KnownText

ALL = "all"
QUERY = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The watches of a replay: queries by name with the entities they speak of; `everything` matches all there is."""

    queries: Mapping[str, str] = field(default_factory=dict)
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a replay goes through."""

    database: Database
    told: Told
    hear: Hear


def chosen(settings: Settings, *, watchlist_file: Path | None, query: str | None, everything: bool) -> Chosen | None:
    """The watches that the options name; None where they name none.

    Raises ConfigError where they name several, or one that can't be used.
    """
    if sum((watchlist_file is not None, query is not None, everything)) > 1:
        raise ConfigError("--watchlist, --query, --all: give one of the three")
    if watchlist_file is not None:
        return from_file(watchlist_file)
    if query is not None:
        # Its entities are those of the desk's watch list.
        entities = from_file(settings.watchlist).entities if "@" in query else {}
        compile_query(query, entities)
        return Chosen(queries={QUERY: query}, entities=entities)
    return Chosen(queries={ALL: "*"}, everything=True) if everything else None


def from_file(path: Path) -> Chosen:
    """The watches of a watch-list file that aren't paused. Raises ConfigError with every problem in it."""
    told = read_watchlist(path)
    return Chosen(
        queries={name: watch.query for name, watch in told.watches.items() if not watch.paused},
        entities={name: (entity.name, *entity.aliases) for name, entity in told.entities.items()},
    )


@contextmanager
def asked(
    settings: Settings, named: str | None, options: Chosen | None, corpus: tuple[KnownText, ...], *, now: datetime
) -> Iterator[Asked]:
    """Open the database, and set up the desk that is asked. Raises ConfigError where `named` is no database URL."""
    with scratch() if named is None else _named(settings, named, now) as database:
        with database.writing() as connection:
            desk_id = None if named is None or options is not None else watchlist.desk_id(connection)
            if desk_id is not None:
                told = replays.its_desk(connection, desk_id)
            else:
                options = options or from_file(settings.watchlist)
                told = replays.own_desk(connection, options.queries, options.entities, now=now)
            known.add(connection, told.desks[0].id, corpus, origin="replay", now=now)
        yield Asked(database=database, told=told, hear=_hearing(told, everything=bool(options and options.everything)))


def _hearing(told: Told, *, everything: bool) -> Hear:
    if everything:
        (desk,) = told.desks
        always = {desk.id: tuple(Match(watch_id=watch.id, evidence=()) for watch in desk.watches)}
        return lambda _: always
    listening = listen(told)
    return lambda reading: listening.hear(reading, None)


@contextmanager
def _named(settings: Settings, named: str, now: datetime) -> Iterator[Database]:
    with upgraded(settings.model_copy(update={"database_url": SecretStr(named)}), now) as database:
        yield database

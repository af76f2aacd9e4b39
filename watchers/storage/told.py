"""What people tell the desk by command or in chat: rows of their own, made, paused, resumed, adopted and removed.

    entry of config.watchlist ─add_…→ a row of origin `desk`
    name ─find→ Row ─pause | resume | adopt | remove→ changed or not

Every change bumps the generation, so that a running desk takes it over at its next tick. What can't be done is a
`ConfigError` that says what to do instead; the caller's transaction then ends without it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from config.problems import did_you_mean
from config.watchlist import Entity, Route, Source, Watch
from watchers.errors import ConfigError
from watchers.storage import meta
from watchers.storage.desks import ACTIVE, PAUSED
from watchers.storage.schema import channels, follows, mutes, routes, sources, watches
from watchers.storage.sources import ask_anew
from watchers.storage.uses import Noun, source_words, users
from watchers.storage.watchlist import (
    ABSENT,
    COMMAND,
    DESK,
    FILE,
    NOUNS,
    SAID,
    entity_columns,
    follow_columns,
    route_columns,
    set_routes,
    source_key,
    watch_columns,
)

_OF_THE_FILE = frozenset((ABSENT, SAID))
_NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that people or the file told, as it stands."""

    id: int
    noun: Noun
    name: str
    origin: str
    state: str
    reason: str | None


def find(connection: Connection, desk: int, noun: Noun, name: str) -> Row:
    """A row by its name. Raises ConfigError, with the name that may be meant, where the desk has none."""
    table = NOUNS[noun]
    row = connection.execute(select(table).where(table.c.desk_id == desk, table.c.name == name)).first()
    if row is None:
        raise ConfigError(_unknown(noun, name, _names(connection, desk, noun)))
    return Row(id=row.id, noun=noun, name=row.name, origin=row.origin, state=row.state, reason=row.reason)


def find_by_id(connection: Connection, desk: int, noun: Noun, row_id: int) -> Row:
    """A desk's row by its number. Raises ConfigError where the desk has none: it is gone, or another desk's."""
    table = NOUNS[noun]
    row = connection.execute(select(table).where(table.c.desk_id == desk, table.c.id == row_id)).first()
    if row is None:
        raise ConfigError(f"this {noun} is not there any more: see /{noun} list")
    return Row(id=row.id, noun=noun, name=row.name, origin=row.origin, state=row.state, reason=row.reason)


def add_entity(connection: Connection, desk: int, name: str, entry: Entity) -> None:
    """Make an entity. Its name must differ from the others' in more than its case, in which queries don't differ."""
    for taken in _names(connection, desk, "entity"):
        if taken.casefold() == name.casefold():
            raise ConfigError(f"{name}: there is an entity {taken}: take another name")
    _insert(connection, desk, "entity", name, entity_columns(entry))


def add_source(connection: Connection, desk: int, name: str, entry: Source) -> None:
    """Follow a source. One that the desk follows already, under whatever name, is refused; so is where one moved to."""
    _refuse_taken(connection, desk, "source", name)
    columns = follow_columns(connection, entry, desk)
    key = source_key(entry, desk)
    same_way = (sources.c[part] == key[part] for part in ("kind", "select", "ignore"))
    moved_there = and_(sources.c.address == key["url"], *same_way)
    same = connection.execute(
        select(follows.c.name)
        .join(sources, sources.c.id == follows.c.source_id)
        .where(follows.c.desk_id == desk, or_(sources.c.id == columns["source_id"], moved_there))
    ).scalar()
    if same is not None:
        raise ConfigError(f"{name}: the desk follows this address already, as {same}")
    _insert(connection, desk, "source", name, columns)
    ask_anew(connection, columns["source_id"])


def add_watch(connection: Connection, desk: int, name: str, entry: Watch, *, now: datetime) -> None:
    """Make a watch with its routes. Its query is the caller's to check; channels and sources are looked up here."""
    _refuse_taken(connection, desk, "watch", name)
    channel_ids = {
        row.name: row.id for row in connection.execute(select(channels).where(channels.c.desk_id == desk)).all()
    }
    problems = [
        _unknown("channel", route.channel, channel_ids) for route in entry.routes if route.channel not in channel_ids
    ]
    problems += _unknown_sources(connection, desk, entry.sources)
    if problems:
        raise ConfigError(*problems)
    watch_id = _insert(connection, desk, "watch", name, watch_columns(entry) | {"created_at": now})
    set_routes(
        connection,
        watch_id,
        [
            {"watch_id": watch_id, "channel_id": channel_ids[route.channel], **route_columns(route)}
            for route in entry.routes
        ],
    )


def check_sources(connection: Connection, desk: int, words: Iterable[str]) -> None:
    """Raise ConfigError where a desk has no source, and no tag of one, that is called so."""
    if problems := _unknown_sources(connection, desk, words):
        raise ConfigError(*problems)


def _unknown_sources(connection: Connection, desk: int, words: Iterable[str]) -> list[str]:
    known = frozenset[str]().union(*source_words(connection, desk).values())
    return [_unknown("source or tag of one", word, known) for word in words if word not in known]


def change(connection: Connection, row: Row, columns: Mapping[str, Any]) -> None:
    """Give a row other columns of its own."""
    _change(connection, row, **columns)


def set_route(connection: Connection, desk: int, watch: Row, route: Route) -> None:
    """Lead a watch to a channel of its desk, or change how it is led there."""
    channel = find(connection, desk, "channel", route.channel)
    wanted = {"watch_id": watch.id, "channel_id": channel.id, **route_columns(route)}
    kept = [each for each in _routes(connection, watch) if each["channel_id"] != channel.id]
    set_routes(connection, watch.id, [*kept, wanted])
    meta.bump_generation(connection)


def clear_route(connection: Connection, desk: int, watch: Row, channel: str | None) -> None:
    """Lead a watch to a channel no more; None: to none at all."""
    going = None if channel is None else find(connection, desk, "channel", channel).id
    kept = [each for each in _routes(connection, watch) if going is not None and each["channel_id"] != going]
    set_routes(connection, watch.id, kept)
    meta.bump_generation(connection)


def _routes(connection: Connection, watch: Row) -> list[dict[str, Any]]:
    rows = connection.execute(select(routes).where(routes.c.watch_id == watch.id).order_by(routes.c.id)).mappings()
    return [{key: row[key] for key in row if key != "id"} for row in rows]


def pause(connection: Connection, row: Row, *, until: datetime | None = None) -> bool:
    """Let a row rest, whatever the file says later; a watch perhaps until a moment. False: it did already."""
    if row.noun == "watch":
        other = watches.c.paused_until.is_distinct_from(until)
        if connection.execute(update(watches).where(watches.c.id == row.id, other).values(paused_until=until)).rowcount:
            meta.bump_generation(connection)
    if row.state == PAUSED and row.reason not in _OF_THE_FILE:
        return False
    _change(connection, row, state=PAUSED, reason=COMMAND)
    return row.state != PAUSED


def wake(connection: Connection, now: datetime) -> int:
    """Let the watches work again whose pause is over, and forget the mutes that are. Returns how many of both."""
    over = watches.c.paused_until <= now
    woken = connection.execute(
        update(watches).where(over).values(state=ACTIVE, reason=None, paused_until=None)
    ).rowcount
    heard = connection.execute(delete(mutes).where(mutes.c.until <= now)).rowcount
    if woken or heard:
        meta.bump_generation(connection)
    return woken + heard


def resume(connection: Connection, row: Row) -> bool:
    """Let a row work again; a source is polled at once, unless its server asked us to wait. False: it did already."""
    if row.state == ACTIVE:
        return False
    _change(connection, row, state=ACTIVE, reason=None)
    if row.noun == "watch":
        connection.execute(update(watches).where(watches.c.id == row.id).values(paused_until=None))
    if row.noun == "source":
        ask_anew(connection, connection.execute(select(follows.c.source_id).where(follows.c.id == row.id)).scalar_one())
    return True


def adopt(connection: Connection, row: Row) -> bool:
    """Make a row of the file people's own; one that the file has left out works again. False: it is theirs."""
    if row.origin == DESK:
        return False
    if row.reason == ABSENT:
        _change(connection, row, origin=DESK, state=ACTIVE, reason=None)
    else:
        _change(connection, row, origin=DESK, reason=COMMAND if row.reason == SAID else row.reason)
    return True


def remove(connection: Connection, desk: int, row: Row) -> None:
    """Delete a row of people's own. Raises ConfigError for one of the file, and for one that something needs."""
    if row.origin == FILE:
        raise ConfigError(
            f"{row.name}: this {row.noun} comes from the watch-list file: remove it there, or adopt it first"
        )
    if in_use := users(connection, desk, row.noun, {row.id: row.name}).get(row.id):
        raise ConfigError(f"{row.name}: in use by {', '.join(in_use)}: change or remove that first")
    table = NOUNS[row.noun]
    connection.execute(delete(table).where(table.c.id == row.id))
    meta.bump_generation(connection)


def _names(connection: Connection, desk: int, noun: Noun) -> list[str]:
    table = NOUNS[noun]
    return list(connection.execute(select(table.c.name).where(table.c.desk_id == desk).order_by(table.c.id)).scalars())


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    if near := did_you_mean(name, names):
        return f"no {what} is called {name}: {near}"
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return f"no {what} is called {name}: there is {', '.join(names[:_NAMES_SHOWN]) or 'none yet'}{more}"


def _refuse_taken(connection: Connection, desk: int, noun: Noun, name: str) -> None:
    if name in _names(connection, desk, noun):
        raise ConfigError(f"{name}: there is a {noun} of this name: take another one, or remove that first")


def _insert(connection: Connection, desk: int, noun: Noun, name: str, columns: dict[str, Any]) -> int:
    table = NOUNS[noun]
    inserted = connection.execute(
        insert(table)
        .values(desk_id=desk, name=name, origin=DESK, state=ACTIVE, reason=None, **columns)
        .returning(table.c.id)
    )
    meta.bump_generation(connection)
    return int(inserted.scalar_one())


def _change(connection: Connection, row: Row, **columns: Any) -> None:
    table = NOUNS[row.noun]
    connection.execute(update(table).where(table.c.id == row.id).values(**columns))
    meta.bump_generation(connection)

"""The watch-list file and the rows of origin `file`: applied, and exported again.

    Watchlist ─apply→ rows added, changed, and those no longer in the file paused (or deleted) → Changes
    rows ─export→ Watchlist

Rows that people made in chat or by command (origin `desk`) are never touched: where the file uses one's name, theirs
stays, and what only the file tells but theirs still needs stays active when the file drops it. A row that someone
paused by command stays paused when the file changes elsewhere; one that an answer of the web paused works again once
the file corrects its address.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Table, delete, insert, select, update

from config.watchlist import Channel, Desk, Entity, Route, Source, Watch, Watchlist
from watchers.errors import ConfigError
from watchers.fetch.redact import redact_url
from watchers.storage import meta
from watchers.storage.desks import ACTIVE, PAUSED
from watchers.storage.schema import channels, desks, entities, follows, routes, sources, watches
from watchers.storage.sources import ask_anew
from watchers.storage.uses import Noun, users

Origin = Literal["file", "desk"]
FILE: Origin = "file"
DESK: Origin = "desk"
DESK_NAME = "desk"  # the desk that the file feeds
ABSENT = "no longer in the file"
SAID = "the file says so"
COMMAND = "paused by command"
STATED = "file_desk"  # in meta: which settings of its desk the file states
ADDRESS: Mapping[Noun, tuple[str, ...]] = {"source": ("source_id",), "channel": ("kind", "settings")}
NOUNS: dict[Noun, Table] = {"entity": entities, "channel": channels, "source": follows, "watch": watches}


@dataclass(slots=True)
class Changes:
    """What applying a file came to: `noun name` each."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # people's own, which the file names; what theirs needs of the file's

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.paused or self.removed)


def desk_id(connection: Connection, name: str = DESK_NAME) -> int | None:
    """The row of a desk."""
    return connection.execute(select(desks.c.id).where(desks.c.name == name)).scalar()


def apply(connection: Connection, watchlist: Watchlist, *, now: datetime, prune: bool = False) -> Changes:
    """Bring the file's rows to what the file says. Bumps the generation where that changed anything."""
    changes = Changes()
    desk = _apply_desk(connection, watchlist.desk, changes, now)
    wanted: dict[Noun, dict[str, dict[str, Any]]] = {
        "entity": {name: entity_columns(entry) for name, entry in watchlist.entities.items()},
        "channel": {name: channel_columns(entry) for name, entry in watchlist.channels.items()},
        "source": {name: follow_columns(connection, entry, desk) for name, entry in watchlist.sources.items()},
        "watch": {name: watch_columns(entry) for name, entry in watchlist.watches.items()},
    }
    paused: dict[Noun, set[str]] = {
        "source": {name for name, entry in watchlist.sources.items() if entry.paused},
        "watch": {name for name, entry in watchlist.watches.items() if entry.paused},
    }
    for noun, rows in wanted.items():
        for name, columns in rows.items():
            _apply_row(
                connection, noun, desk, name, columns, changes=changes, paused=name in paused.get(noun, ()), now=now
            )
    _apply_routes(connection, desk, watchlist, changes)
    for noun in reversed(NOUNS):
        _leave_out(connection, noun, desk, set(wanted[noun]), changes, prune=prune)
    if changes:
        meta.bump_generation(connection)
    return changes


def stated(connection: Connection) -> frozenset[str]:
    """The settings of its desk that the file states; the others are people's to set."""
    kept = meta.get(connection, STATED)
    if kept is not None:
        return frozenset(kept)
    # A database of before this was kept: what isn't at its default came from the file.
    row = connection.execute(select(desks).where(desks.c.name == DESK_NAME)).mappings().first()
    return frozenset(key for key, value in desk_columns(Desk()).items() if row is not None and row[key] != value)


def _apply_desk(connection: Connection, entry: Desk, changes: Changes, now: datetime) -> int:
    columns = desk_columns(entry)
    said = entry.model_fields_set & columns.keys()
    row = connection.execute(select(desks).where(desks.c.name == DESK_NAME)).mappings().first()
    _refuse_bound(connection, entry.guild)
    if row is None:
        changes.added.append("desk")
        made: int = connection.execute(
            insert(desks).values(name=DESK_NAME, origin=FILE, created_at=now, **columns).returning(desks.c.id)
        ).scalar_one()
        meta.put(connection, STATED, sorted(said))
        return made
    # What the file says, or said until now, is as the file says; the rest is as people set it.
    of_file = said | stated(connection) | {"guild"}
    moved = {key: value for key, value in columns.items() if key in of_file and row[key] != value}
    if "guild" in moved:
        moved |= {"label": None, "left_at": None}
    if moved:
        connection.execute(update(desks).where(desks.c.id == row["id"]).values(**moved))
        changes.changed.append("desk")
    meta.put(connection, STATED, sorted(said))
    return int(row["id"])


def _refuse_bound(connection: Connection, guild: str | None) -> None:
    """Refuse to bind the file's desk to a server that is a desk already."""
    other = connection.execute(select(desks.c.name).where(desks.c.guild == guild, desks.c.name != DESK_NAME)).scalar()
    if guild is not None and other is not None:
        raise ConfigError(
            f"desk: guild: the server {guild} has a desk of its own, {other}: remove that one "
            f"(wiredesk desk remove {other}), or leave guild out"
        )


def _apply_row(
    connection: Connection,
    noun: Noun,
    desk: int,
    name: str,
    columns: dict[str, Any],
    *,
    changes: Changes,
    paused: bool,
    now: datetime,
) -> None:
    table, label = NOUNS[noun], f"{noun} {name}"
    row = connection.execute(select(table).where(table.c.desk_id == desk, table.c.name == name)).mappings().first()
    said = {"state": PAUSED, "reason": SAID} if paused else {"state": ACTIVE, "reason": None}
    if row is None:
        if noun == "watch":
            columns = columns | {"created_at": now}
        connection.execute(insert(table).values(desk_id=desk, name=name, origin=FILE, **said, **columns))
        changes.added.append(label)
        if noun == "source":
            ask_anew(connection, columns["source_id"])
        return
    if row["origin"] != FILE:
        changes.kept.append(label)
        return
    moved = any(row[key] != columns[key] for key in ADDRESS.get(noun, ()))
    if not paused and row["reason"] not in {None, ABSENT, SAID} and (row["reason"] == COMMAND or not moved):
        said = {}
    if any(row[key] != value for key, value in (columns | said).items()):
        connection.execute(update(table).where(table.c.id == row["id"]).values(**columns, **said))
        changes.changed.append(label)
        if noun == "source" and (moved or row["every"] != columns["every"]):
            ask_anew(connection, columns["source_id"])


def _apply_routes(connection: Connection, desk: int, watchlist: Watchlist, changes: Changes) -> None:
    """Routes belong to their watch: replaced as a whole where they differ."""
    channel_ids = {row.name: row.id for row in connection.execute(select(channels).where(channels.c.desk_id == desk))}
    rows = connection.execute(select(watches).where(watches.c.desk_id == desk, watches.c.origin == FILE)).all()
    for row in rows:
        if row.name not in watchlist.watches:
            continue
        wanted = [
            {"watch_id": row.id, "channel_id": channel_ids[route.channel], **route_columns(route)}
            for route in watchlist.watches[row.name].routes
        ]
        if set_routes(connection, row.id, wanted) and f"watch {row.name}" not in (*changes.added, *changes.changed):
            changes.changed.append(f"watch {row.name}")


def set_routes(connection: Connection, watch_id: int, wanted: Sequence[dict[str, Any]]) -> bool:
    """Give a watch these routes. False: it has them."""
    have = connection.execute(
        select(routes.c.watch_id, routes.c.channel_id, routes.c.when, routes.c.mention, routes.c.quiet)
        .where(routes.c.watch_id == watch_id)
        .order_by(routes.c.id)
    ).mappings()
    if [dict(row) for row in have] == list(wanted):
        return False
    connection.execute(delete(routes).where(routes.c.watch_id == watch_id))
    if wanted:
        connection.execute(insert(routes), list(wanted))
    return True


def _leave_out(
    connection: Connection, noun: Noun, desk: int, named: set[str], changes: Changes, *, prune: bool
) -> None:
    """Pause the file's rows that the file no longer has; with `prune`, delete them. Not what people's watches need."""
    table = NOUNS[noun]
    of_file = select(table).where(table.c.desk_id == desk, table.c.origin == FILE).order_by(table.c.id)
    leaving = {row.id: row for row in connection.execute(of_file) if row.name not in named}
    needed = users(connection, desk, noun, {key: row.name for key, row in leaving.items()}, origin=DESK)
    for key, row in leaving.items():
        if key in needed:
            changes.kept.append(f"{noun} {row.name}")
        elif prune:
            connection.execute(delete(table).where(table.c.id == key))
            changes.removed.append(f"{noun} {row.name}")
        elif row.state != PAUSED:
            connection.execute(update(table).where(table.c.id == key).values(state=PAUSED, reason=ABSENT))
            changes.paused.append(f"{noun} {row.name}")


def desk_columns(entry: Desk) -> dict[str, Any]:
    """A desk's settings as the file states them."""
    return {
        "guild": entry.guild,
        "timezone": entry.timezone,
        "digest_at": f"{entry.digest_at:%H:%M}",
        "admin_channel": entry.admin_channel,
    }


def entity_columns(entry: Entity) -> dict[str, Any]:
    """An entity's own columns."""
    return {"label": entry.name, "aliases": list(entry.aliases)}


def channel_columns(entry: Channel) -> dict[str, Any]:
    """A channel's own columns."""
    settings = {key: value for key in ("url_env", "url_file", "id") if (value := getattr(entry, key)) is not None}
    return {"kind": entry.kind, "settings": settings}


def watch_columns(entry: Watch) -> dict[str, Any]:
    """A watch's own columns; its routes are rows beside it."""
    return {
        "query": entry.query,
        "tags": list(entry.tags),
        "sources": list(entry.sources) if entry.sources else None,
    }


def route_columns(entry: Route) -> dict[str, Any]:
    """A route's own columns, without its watch and channel."""
    return {
        "when": entry.when,
        "mention": entry.mention,
        "quiet": None if entry.quiet is None else str(entry.quiet),
    }


def follow_columns(connection: Connection, entry: Source, desk: int) -> dict[str, Any]:
    """The columns of a desk's follow of a source, which is made where it is new."""
    return {"source_id": source_row(connection, entry, desk), **listening_columns(entry)}


def listening_columns(entry: Source) -> dict[str, Any]:
    """How a desk follows a source, without which one."""
    return {
        "every": None if entry.every is None else entry.every.total_seconds(),
        "read": entry.read,
        "tags": list(entry.tags),
        "trust": entry.trust,
    }


def source_key(entry: Source, desk: int) -> dict[str, Any]:
    """What tells one source from another; one whose URL holds a secret is the desk's own."""
    return {
        "url": entry.url,
        "kind": entry.kind,
        "select": entry.select or "",
        "ignore": entry.ignore or "",
        "private_to": desk if redact_url(entry.url) != entry.url else 0,
    }


def source_row(connection: Connection, entry: Source, desk: int) -> int:
    """The global source of an entry, made where it is new."""
    key = source_key(entry, desk)
    found: int | None = connection.execute(select(sources.c.id).filter_by(**key)).scalar()
    if found is None:
        found = connection.execute(insert(sources).values(**key).returning(sources.c.id)).scalar_one()
    return found


def export(connection: Connection, desk: int) -> Watchlist:
    """What a desk is told, as a watch list: every row, the file's and people's own."""
    row = connection.execute(select(desks).where(desks.c.id == desk)).one()
    channel_names = {each.id: each.name for each in _rows(connection, channels, desk)}
    admin = row.admin_channel if row.admin_channel in channel_names.values() else None
    led = _routes_of(connection, desk, channel_names)
    return Watchlist(
        desk=Desk(
            timezone=row.timezone, digest_at=time.fromisoformat(row.digest_at), admin_channel=admin, guild=row.guild
        ),
        entities={
            row.name: Entity(name=row.label, aliases=tuple(row.aliases)) for row in _rows(connection, entities, desk)
        },
        watches={
            each.name: Watch(
                query=each.query,
                tags=tuple(each.tags),
                sources=tuple(each.sources or ()),
                routes=tuple(led[each.id]),
                paused=each.state == PAUSED,
            )
            for each in _rows(connection, watches, desk)
        },
        sources=_sources_of(connection, desk),
        channels={each.name: Channel(kind=each.kind, **each.settings) for each in _rows(connection, channels, desk)},
    )


def _rows(connection: Connection, table: Table, desk: int) -> Sequence[Any]:
    """Rows of a desk; without entities and channels that the file dropped, which nothing can refer to."""
    rows = connection.execute(select(table).where(table.c.desk_id == desk).order_by(table.c.id)).all()
    return [row for row in rows if table is watches or row.reason != ABSENT]


def _routes_of(connection: Connection, desk: int, channel_names: Mapping[int, str]) -> Mapping[int, list[Route]]:
    """The routes of a desk's watches, by watch."""
    led: dict[int, list[Route]] = defaultdict(list)
    told_here = select(routes).join(watches, watches.c.id == routes.c.watch_id).where(watches.c.desk_id == desk)
    for row in connection.execute(told_here.order_by(routes.c.id)):
        told = {"channel": channel_names[row.channel_id], "when": row.when, "mention": row.mention, "quiet": row.quiet}
        led[row.watch_id].append(Route.model_validate(told))
    return led


def _sources_of(connection: Connection, desk: int) -> dict[str, Source]:
    """What a desk follows, by name."""
    asked = select(follows, sources.c.url, sources.c.kind, sources.c.select, sources.c.ignore)
    followed = asked.join(sources, sources.c.id == follows.c.source_id).where(follows.c.desk_id == desk)
    return {
        row.name: Source(
            url=row.url,
            kind=row.kind,
            every=None if row.every is None else timedelta(seconds=row.every),
            read=row.read,
            tags=tuple(row.tags),
            trust=row.trust,
            select=row.select or None,
            ignore=row.ignore or None,
            paused=row.state == PAUSED,
        )
        for row in connection.execute(followed.order_by(follows.c.id))
    }

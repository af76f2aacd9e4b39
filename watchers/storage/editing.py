"""Edits from chat: each is done, and put on record with the row before and after it, in the caller's one transaction.

    By (who, at which desk, by which command) + change ─recorded→ rows of origin `desk`, an entry of the audit
    last entry of watches ─undo→ the row as it stood before

What can't be done is a `ConfigError` that says what to do instead. Rows of origin `file` are the file's: `FileRow`
says so, and that they can be adopted.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from config.watchlist import Entity, Source, Watch
from watchers.errors import ConfigError
from watchers.matching.query import entities_in
from watchers.storage import audit, leading, meta, told
from watchers.storage.audit import By, Entry
from watchers.storage.leading import Lead
from watchers.storage.schema import channels, entities, follows, watches
from watchers.storage.snapshots import snapshots
from watchers.storage.told import Row
from watchers.storage.uses import Noun, source_words
from watchers.storage.watchlist import FILE, entity_columns, set_routes, watch_columns

_WATCH_COLUMNS: Final = ("query", "tags", "sources", "origin", "state", "reason")


class FileRow(ConfigError):
    """The row is the watch-list file's: it can be changed there, or adopted first."""

    def __init__(self, row: Row) -> None:
        self.row = row
        super().__init__(
            f"{row.name}: this {row.noun} comes from the watch-list file: change it there, or adopt it first"
        )


def own_row(connection: Connection, desk: int, noun: Noun, row_id: int) -> Row:
    """A row that people may change. Raises FileRow for one of the file, ConfigError for one that is gone."""
    row = told.find_by_id(connection, desk, noun, row_id)
    if row.origin == FILE:
        raise FileRow(row)
    return row


# ── watches ──────────────────────────────────────────────────────────────────────────────────────────────


def add_watch(connection: Connection, by: By, name: str, entry: Watch, *, quota: int, lead: Lead | None = None) -> None:
    """Make a watch with its routes, if the desk may have one more. Its query is the caller's to check.

    With `lead`, it is led there as well, to a chat channel that becomes the desk's where it wasn't.
    """
    _within(connection, by, "watch", 1, quota)
    if lead is not None:
        entry = entry.model_copy(update={"routes": (*entry.routes, leading.route(connection, by.desk, lead))})
    recorded(connection, by, "watch", name, lambda: told.add_watch(connection, by.desk, name, entry, now=by.now))


def change_watch(connection: Connection, by: By, row_id: int, entry: Watch, *, seen: str | None = None) -> str:
    """Give a watch another query, other tags or sources; its routes stay. Returns its name.

    With `seen`, the query that who edits it saw: raises ConfigError where it is another one by now.
    """
    row = own_row(connection, by.desk, "watch", row_id)
    if seen is not None and seen != _query_of(connection, row):
        raise ConfigError(f"{row.name}: someone changed its query meanwhile: look at it again, then edit it")
    told.check_sources(connection, by.desk, entry.sources)
    recorded(connection, by, "watch", row.name, lambda: told.change(connection, row, watch_columns(entry)))
    return row.name


def set_route(connection: Connection, by: By, row_id: int, lead: Lead) -> str:
    """Lead a watch to a channel, or change how it is led there. Returns the watch's name."""
    row = own_row(connection, by.desk, "watch", row_id)
    route = leading.route(connection, by.desk, lead)
    recorded(connection, by, "watch", row.name, lambda: told.set_route(connection, by.desk, row, route))
    return row.name


def clear_route(connection: Connection, by: By, row_id: int, channel: str | None) -> str:
    """Lead a watch to a channel (None: to any) no more. Returns its name. Raises ConfigError where it isn't led there.

    What its tags lead there stays.
    """
    row = own_row(connection, by.desk, "watch", row_id)
    if not recorded(connection, by, "watch", row.name, lambda: told.clear_route(connection, by.desk, row, channel)):
        raise ConfigError(f"{row.name}: this watch has no such route of its own: see /route list")
    return row.name


def _query_of(connection: Connection, row: Row) -> str:
    query: str = connection.execute(select(watches.c.query).where(watches.c.id == row.id)).scalar_one()
    return query


def undo(connection: Connection, by: By, *, manages: bool = True) -> Entry:
    """Take back the last change of a watch. `manages`: whether who asks may lead alerts elsewhere.

    Raises ConfigError where there is none, where it led alerts elsewhere and who asks may not, where the row changed
    since, and where what it was needs what is gone.
    """
    last = audit.last_change(connection, by.desk, "watch")
    if last is None:
        raise ConfigError("there is no change of a watch to take back")
    if not manages and last.before and last.after and last.before["routes"] != last.after["routes"]:
        raise ConfigError(
            f"{last.name}: its last change was of where it leads: ask someone with the permission Manage Server to "
            "take that back"
        )
    if snapshot(connection, by.desk, "watch", last.name) != last.after:
        raise ConfigError(f"{last.name}: it was changed otherwise since: edit it as it should be")
    if last.before is not None:
        _refuse_missing(connection, by.desk, last.name, last.before)
    recorded(
        connection,
        by,
        "watch",
        last.name,
        lambda: _restore_watch(connection, by, last.name, last.before),
        undoes=last.id,
    )
    meta.bump_generation(connection)
    return last


def _refuse_missing(connection: Connection, desk: int, name: str, before: Mapping[str, Any]) -> None:
    """Raise ConfigError where a watch, as it was, asks for an entity or a source that is not there any more."""
    here = entities.c.desk_id == desk
    keys = {key.casefold() for key in connection.execute(select(entities.c.name).where(here)).scalars()}
    gone = [f"the entity @{key}" for key in sorted(entities_in(before["query"]) - keys)]
    words = frozenset[str]().union(*source_words(connection, desk).values())
    gone += [f"the source {word}" for word in before["sources"] or () if word not in words]
    if gone:
        raise ConfigError(f"{name}: as it was, it needs {', '.join(gone)}: add that first, or leave the watch as it is")


def _restore_watch(connection: Connection, by: By, name: str, before: Mapping[str, Any] | None) -> None:
    here = (watches.c.desk_id == by.desk) & (watches.c.name == name)
    if before is None:
        connection.execute(delete(watches).where(here))
        return
    until = before["paused_until"]
    columns = {key: before[key] for key in _WATCH_COLUMNS} | {
        "paused_until": None if until is None else datetime.fromisoformat(until)
    }
    watch_id = connection.execute(update(watches).where(here).values(**columns).returning(watches.c.id)).scalar()
    if watch_id is None:
        watch_id = connection.execute(
            insert(watches).values(desk_id=by.desk, name=name, created_at=by.now, **columns).returning(watches.c.id)
        ).scalar_one()
    ids = {row.name: row.id for row in connection.execute(select(channels).where(channels.c.desk_id == by.desk))}
    set_routes(
        connection,
        watch_id,
        [
            {"watch_id": watch_id, "channel_id": ids[route["channel"]]}
            | {key: route[key] for key in ("when", "mention", "quiet")}
            for route in before["routes"]
            if route["channel"] in ids
        ],
    )


# ── entities and sources ─────────────────────────────────────────────────────────────────────────────────


def add_entity(connection: Connection, by: By, name: str, entry: Entity) -> None:
    """Make an entity."""
    recorded(connection, by, "entity", name, lambda: told.add_entity(connection, by.desk, name, entry))


def change_entity(connection: Connection, by: By, row_id: int, entry: Entity) -> str:
    """Give an entity other names. Returns its key."""
    row = own_row(connection, by.desk, "entity", row_id)
    recorded(connection, by, "entity", row.name, lambda: told.change(connection, row, entity_columns(entry)))
    return row.name


def add_source(connection: Connection, by: By, name: str, entry: Source, *, quota: int) -> None:
    """Follow a source, if the desk may follow one more."""
    _within(connection, by, "source", 1, quota)
    recorded(connection, by, "source", name, lambda: told.add_source(connection, by.desk, name, entry))


# ── any row ──────────────────────────────────────────────────────────────────────────────────────────────


def pause(connection: Connection, by: By, noun: Noun, row_id: int, *, until: datetime | None = None) -> str:
    """Let a row rest, a watch perhaps until a moment. Returns its name."""
    row = own_row(connection, by.desk, noun, row_id)
    recorded(connection, by, noun, row.name, lambda: told.pause(connection, row, until=until))
    return row.name


def resume(connection: Connection, by: By, noun: Noun, row_id: int) -> str:
    """Let a row work again. Returns its name."""
    row = own_row(connection, by.desk, noun, row_id)
    recorded(connection, by, noun, row.name, lambda: told.resume(connection, row))
    return row.name


def adopt(connection: Connection, by: By, noun: Noun, row_id: int) -> str:
    """Make a row of the file people's own. Returns its name."""
    row = told.find_by_id(connection, by.desk, noun, row_id)
    recorded(connection, by, noun, row.name, lambda: told.adopt(connection, row))
    return row.name


def remove(connection: Connection, by: By, noun: Noun, row_id: int) -> str:
    """Delete a row that nothing needs. Returns its name."""
    row = own_row(connection, by.desk, noun, row_id)
    recorded(connection, by, noun, row.name, lambda: told.remove(connection, by.desk, row))
    return row.name


def recorded(
    connection: Connection, by: By, noun: Noun, name: str, change: Callable[[], object], *, undoes: int | None = None
) -> bool:
    """Make a change and put it on record. False: it changed nothing, which is no act."""
    before = snapshot(connection, by.desk, noun, name)
    change()
    after = snapshot(connection, by.desk, noun, name)
    if before == after:
        return False
    audit.record(connection, by, noun, name, before=before, after=after, undoes=undoes)
    return True


def snapshot(connection: Connection, desk: int, noun: Noun, name: str) -> dict[str, Any] | None:
    """A row as the audit keeps it; None where there is none."""
    return snapshots(connection, desk, noun, name).get(name)


def _within(connection: Connection, by: By, noun: Noun, more: int, quota: int) -> None:
    """Refuse what would be more than a desk may have. What the file tells counts, and is never refused."""
    table = follows if noun == "source" else watches
    have = connection.execute(select(func.count()).select_from(table).where(table.c.desk_id == by.desk)).scalar_one()
    check_quota(noun, have + more, quota)


def check_quota(noun: Noun, wanted: int, quota: int) -> None:
    """Raise ConfigError where a desk would have more of something than it may."""
    if wanted > quota:
        plural = "watches" if noun == "watch" else "sources"
        raise ConfigError(
            f"this desk may have {quota} {plural}, and has no room for {wanted}: remove some first, or ask the admin "
            f"to raise WIREDESK_MAX_{plural.upper()}"
        )

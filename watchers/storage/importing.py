"""Imports from chat, planned on the desk as it is and done in the caller's one transaction, each row on record.

rows ─present→ Present ─watchers.importing.plan→ Plan, for a preview          addresses ─known→ names, for OPML and CSV
By + watch list + mode ─carry_out→ planned anew, done row by row (`editing.recorded`) → Plan
"""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, insert, select, update

from config.watchlist import Source, Watch, Watchlist
from watchers.errors import ConfigError
from watchers.importing import Mode, Plan, Present, Scope, plan
from watchers.storage import audit, guilds, meta, tag_routes, watchlist
from watchers.storage.audit import By
from watchers.storage.desks import ACTIVE, PAUSED
from watchers.storage.schema import channels, desks, follows, routes, sources, watches
from watchers.storage.snapshots import snapshots
from watchers.storage.sources import ask_anew
from watchers.storage.uses import Noun
from watchers.storage.watchlist import (
    COMMAND,
    DESK,
    DESK_NAME,
    FILE,
    NOUNS,
    channel_columns,
    entity_columns,
    listening_columns,
    route_columns,
    set_routes,
    source_key,
    watch_columns,
)

_AT_ONCE: Final = 500  # values of one statement
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def present(connection: Connection, desk: int) -> Present:
    """A desk as an import finds it."""
    name = connection.execute(select(desks.c.name).where(desks.c.id == desk)).scalar_one()
    return Present(
        watchlist=watchlist.export(connection, desk),
        of_file={
            noun: frozenset(
                connection.execute(
                    select(table.c.name).where(table.c.desk_id == desk, table.c.origin == FILE)
                ).scalars()
            )
            for noun, table in NOUNS.items()
        },
        stated=watchlist.stated(connection) if name == DESK_NAME else frozenset(),
        led_to=frozenset(route.channel for route in tag_routes.of(connection, desk)),
    )


def known(connection: Connection, desk: int) -> dict[str, str]:
    """The names of the sources that a desk follows, by their addresses."""
    rows = connection.execute(
        select(sources.c.url, follows.c.name)
        .join(follows, follows.c.source_id == sources.c.id)
        .where(follows.c.desk_id == desk)
        .order_by(follows.c.id.desc())
    )
    return {row.url: row.name for row in rows}


def refuse_foreign(connection: Connection, by: By, refused: list[tuple[str, str]]) -> None:
    """Put on record that channels of other servers were named."""
    for name, chat_id in refused:
        audit.refuse(connection, by, "channel", name, f"the channel {chat_id} is not this server's")


def carry_out(connection: Connection, by: By, wanted: Watchlist, scope: Scope, mode: Mode) -> Plan:
    """Import a watch list. Raises ConfigError, with nothing done, where the desk may not have so much."""
    found = plan(present(connection, by.desk), wanted, scope, mode)
    if found.problems:
        raise ConfigError(*found.problems)
    before = {noun: snapshots(connection, by.desk, noun) for noun in NOUNS}
    _put(connection, by, "channel", {name: channel_columns(entry) for name, entry in found.channels.items()})
    _put(connection, by, "entity", {name: entity_columns(entry) for name, entry in found.entities.items()})
    _put_sources(connection, by, found.sources)
    _put_watches(connection, by, found.watches)
    for noun, name in found.removed:
        table = NOUNS[noun]
        connection.execute(delete(table).where(table.c.desk_id == by.desk, table.c.name == name))
    for noun in NOUNS:
        _record(connection, by, noun, before[noun])
    if found.settings:
        guilds.change(connection, by, **_settings(found.settings))
    if found:
        meta.bump_generation(connection)
    return found


def _record(connection: Connection, by: By, noun: Noun, before: Mapping[str, dict[str, Any]]) -> None:
    after = snapshots(connection, by.desk, noun)
    names = dict.fromkeys((*before, *after))
    changes = {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}
    audit.record_all(connection, by, noun, changes)


def _put(
    connection: Connection,
    by: By,
    noun: Noun,
    wanted: Mapping[str, Mapping[str, Any]],
    *,
    paused: Collection[str] = (),
    made: Mapping[str, Any] = _NOTHING,
) -> Mapping[str, RowMapping]:
    """Make or change people's rows; returns those of the desk as they were.

    One that rests, or works, and is to go on so, does so for its old reason.
    """
    table = NOUNS[noun]
    chosen = select(table).where(table.c.desk_id == by.desk)
    before = {row["name"]: row for row in connection.execute(chosen).mappings()}
    new, changed = [], []
    for name, columns in wanted.items():
        state = {"state": PAUSED, "reason": COMMAND} if name in paused else {"state": ACTIVE, "reason": None}
        row = before.get(name)
        if row is None:
            new.append({"desk_id": by.desk, "name": name, "origin": DESK, **state, **columns, **made})
        elif row["state"] == state["state"]:
            changed.append({"row": row["id"], **columns, "state": row["state"], "reason": row["reason"]})
        else:
            changed.append({"row": row["id"], **columns, **state})
    if new:
        connection.execute(insert(table), new)
    if changed:
        values: dict[str, Any] = {key: bindparam(key) for key in changed[0] if key != "row"}
        connection.execute(update(table).where(table.c.id == bindparam("row")).values(**values), changed)
    return before


def _put_sources(connection: Connection, by: By, wanted: Mapping[str, Source]) -> None:
    ids = _source_ids(connection, by.desk, wanted)
    columns = {name: {"source_id": ids[name], **listening_columns(entry)} for name, entry in wanted.items()}
    paused = {name for name, entry in wanted.items() if entry.paused}
    before = _put(connection, by, "source", columns, paused=paused)
    for name in columns.keys() - paused:
        row = before.get(name)
        if (
            row is None
            or row["state"] != ACTIVE
            or any(row[key] != columns[name][key] for key in ("source_id", "every"))
        ):
            ask_anew(connection, ids[name])


def _source_ids(connection: Connection, desk: int, wanted: Mapping[str, Source]) -> dict[str, int]:
    """The sources of entries, by the entries' names; made where they are new."""
    keys = {name: source_key(entry, desk) for name, entry in wanted.items()}
    found = _found_sources(connection, keys.values())
    if new := [key for key in keys.values() if tuple(key.values()) not in found]:
        connection.execute(insert(sources), new)
        found |= _found_sources(connection, new)
    return {name: found[tuple(key.values())] for name, key in keys.items()}


def _found_sources(connection: Connection, keys: Iterable[Mapping[str, Any]]) -> dict[tuple[Any, ...], int]:
    urls = [key["url"] for key in keys]
    return {
        (row.url, row.kind, row.select, row.ignore, row.private_to): row.id
        for start in range(0, len(urls), _AT_ONCE)
        for row in connection.execute(select(sources).where(sources.c.url.in_(urls[start : start + _AT_ONCE])))
    }


def _put_watches(connection: Connection, by: By, wanted: Mapping[str, Watch]) -> None:
    paused = {name for name, entry in wanted.items() if entry.paused}
    resting = connection.execute(select(watches).where(watches.c.desk_id == by.desk, watches.c.state == PAUSED))
    until = {row.name: row.paused_until for row in resting if row.name in paused}
    columns = {name: watch_columns(entry) | {"paused_until": until.get(name)} for name, entry in wanted.items()}
    before = _put(connection, by, "watch", columns, paused=paused, made={"created_at": by.now})
    ids = _ids(connection, watches, by.desk)
    channel_ids = _ids(connection, channels, by.desk)
    new = []
    for name, entry in wanted.items():
        led = [
            {"watch_id": ids[name], "channel_id": channel_ids[route.channel], **route_columns(route)}
            for route in entry.routes
        ]
        if name in before:
            set_routes(connection, ids[name], led)
        else:
            new += led
    if new:
        connection.execute(insert(routes), new)


def _ids(connection: Connection, table: Table, desk: int) -> dict[str, int]:
    rows = connection.execute(select(table.c.name, table.c.id).where(table.c.desk_id == desk))
    return {row.name: row.id for row in rows}


def _settings(planned: Mapping[str, Any]) -> dict[str, Any]:
    """A desk's settings as its columns have them."""
    return {key: f"{value:%H:%M}" if key == "digest_at" else value for key, value in planned.items()}

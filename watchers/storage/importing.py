"""Imports from chat, planned on the desk as it is and done in the caller's one transaction, each row on record.

rows ─present→ Present ─watchers.importing.plan→ Plan, for a preview          addresses ─known→ names, for OPML and CSV
By + watch list + mode ─carry_out→ planned anew, done row by row (`editing.recorded`) → Plan
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from config.watchlist import Channel, Entity, Source, Watch, Watchlist
from watchers.errors import ConfigError
from watchers.importing import Mode, Plan, Present, Scope, plan
from watchers.storage import audit, guilds, meta, tag_routes, watchlist
from watchers.storage.audit import By
from watchers.storage.desks import ACTIVE, PAUSED
from watchers.storage.editing import recorded
from watchers.storage.schema import channels, desks, follows, sources, watches
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
    follow_columns,
    route_columns,
    set_routes,
    watch_columns,
)


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
    rows = _Rows(connection, by)
    for name, channel in found.channels.items():
        rows.change("channel", name, partial(rows.channel, name, channel))
    for name, entity in found.entities.items():
        rows.change("entity", name, partial(rows.entity, name, entity))
    for name, source in found.sources.items():
        rows.change("source", name, partial(rows.source, name, source))
    for name, watch in found.watches.items():
        rows.change("watch", name, partial(rows.watch, name, watch))
    for noun, name in found.removed:
        rows.change(noun, name, partial(rows.remove, noun, name))
    if found.settings:
        guilds.change(connection, by, **_settings(found.settings))
    if found:
        meta.bump_generation(connection)
    return found


class _Rows:
    """A desk's rows of origin `desk`, written as a plan has them: it has checked all that they refer to."""

    def __init__(self, connection: Connection, by: By) -> None:
        self._connection = connection
        self._by = by

    def change(self, noun: Noun, name: str, change: Callable[[], None]) -> None:
        recorded(self._connection, self._by, noun, name, change)

    def channel(self, name: str, entry: Channel) -> None:
        self._write("channel", name, channel_columns(entry), paused=False)

    def entity(self, name: str, entry: Entity) -> None:
        self._write("entity", name, entity_columns(entry), paused=False)

    def source(self, name: str, entry: Source) -> None:
        columns = follow_columns(self._connection, entry, self._by.desk)
        before = self._write("source", name, columns, paused=entry.paused)
        same = (
            before is not None and before["source_id"] == columns["source_id"] and before["every"] == columns["every"]
        )
        if not entry.paused and not (same and before is not None and before["state"] == ACTIVE):
            ask_anew(self._connection, columns["source_id"])

    def watch(self, name: str, entry: Watch) -> None:
        before = self._write("watch", name, watch_columns(entry), paused=entry.paused)
        here = (watches.c.desk_id == self._by.desk) & (watches.c.name == name)
        if before is not None and before["state"] == PAUSED and not entry.paused:
            self._connection.execute(update(watches).where(here).values(paused_until=None))
        watch_id = self._connection.execute(select(watches.c.id).where(here)).scalar_one()
        ids = {
            row.name: row.id
            for row in self._connection.execute(select(channels).where(channels.c.desk_id == self._by.desk))
        }
        wanted = [
            {"watch_id": watch_id, "channel_id": ids[route.channel], **route_columns(route)} for route in entry.routes
        ]
        set_routes(self._connection, watch_id, wanted)

    def remove(self, noun: Noun, name: str) -> None:
        table = NOUNS[noun]
        self._connection.execute(delete(table).where(table.c.desk_id == self._by.desk, table.c.name == name))

    def _write(self, noun: Noun, name: str, columns: Mapping[str, Any], *, paused: bool) -> RowMapping | None:
        """Make or change a row; returns it as it was. One that rests, or works, already does so for its old reason."""
        table = NOUNS[noun]
        before = (
            self._connection.execute(select(table).where(table.c.desk_id == self._by.desk, table.c.name == name))
            .mappings()
            .first()
        )
        state = {"state": PAUSED, "reason": COMMAND} if paused else {"state": ACTIVE, "reason": None}
        if before is None:
            made = {"created_at": self._by.now} if noun == "watch" else {}
            self._connection.execute(
                insert(table).values(desk_id=self._by.desk, name=name, origin=DESK, **state, **columns, **made)
            )
        else:
            moved = state if (before["state"] == PAUSED) != paused else {}
            self._connection.execute(update(table).where(table.c.id == before["id"]).values(**columns, **moved))
        return before


def _settings(planned: Mapping[str, Any]) -> dict[str, Any]:
    """A desk's settings as its columns have them."""
    return {key: f"{value:%H:%M}" if key == "digest_at" else value for key, value in planned.items()}

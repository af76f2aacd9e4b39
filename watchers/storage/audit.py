"""Who did what: the acts of people in chat, appended and never changed.

act ─record→ an entry with the row before and after it        refused act ─refuse→ an entry with the reason
entries → newest first        last_change → what an undo takes back
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from watchers.errors import ConfigError
from watchers.storage.schema import audit

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the chat service's id, and the name people know."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who acts at which desk, by which command, and when."""

    desk: int
    actor: Actor
    act: str  # as the command is called: "watch add"
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An act. `before` and `after` are the row as it stood; None where there was none."""

    id: int
    at: datetime
    actor: Actor
    act: str
    noun: str
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    refused: str | None
    undoes: int | None


def record(
    connection: Connection,
    by: By,
    noun: str,
    name: str,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    undoes: int | None = None,
) -> int:
    """Append what was done; returns the entry's id."""
    return _append(connection, by, noun, name, before=before, after=after, undoes=undoes)


def record_all(
    connection: Connection,
    by: By,
    noun: str,
    changes: Mapping[str, tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]],
) -> None:
    """Append many acts of one noun at once: by name, what was before and after."""
    if changes:
        connection.execute(
            insert(audit),
            [
                _columns(by, noun, name) | {"before": before, "after": after}
                for name, (before, after) in changes.items()
            ],
        )


def refuse(connection: Connection, by: By, noun: str, name: str, reason: str) -> int:
    """Append what was asked for and not done."""
    return _append(connection, by, noun, name, refused=reason)


def _append(connection: Connection, by: By, noun: str, name: str, **columns: Any) -> int:
    entry_id: int = connection.execute(
        insert(audit).values(**_columns(by, noun, name), **columns).returning(audit.c.id)
    ).scalar_one()
    return entry_id


def _columns(by: By, noun: str, name: str) -> dict[str, Any]:
    return {
        "desk_id": by.desk,
        "at": by.now,
        "actor": by.actor.id,
        "actor_name": by.actor.name[:100],
        "act": by.act,
        "noun": noun,
        "name": name[:_LONGEST_NAME],
    }


def entries(connection: Connection, desk: int, *, limit: int, offset: int = 0) -> list[Entry]:
    """A desk's acts, the newest first."""
    rows = connection.execute(
        select(audit).where(audit.c.desk_id == desk).order_by(audit.c.id.desc()).limit(limit).offset(offset)
    )
    return [_entry(row) for row in rows]


def one(connection: Connection, desk: int, entry_id: int) -> Entry:
    """An act of the desk by its number. Raises ConfigError where the desk has none such."""
    row = connection.execute(select(audit).where(audit.c.desk_id == desk, audit.c.id == entry_id)).first()
    if row is None:
        raise ConfigError("there is no such act at this desk: see /desk audit")
    return _entry(row)


def count(connection: Connection, desk: int) -> int:
    """How many acts a desk has on record."""
    return connection.execute(select(func.count()).select_from(audit).where(audit.c.desk_id == desk)).scalar_one()


def last_change(connection: Connection, desk: int, noun: str) -> Entry | None:
    """The last change of a noun that no later entry took back; an undo is none itself."""
    undone = select(audit.c.undoes).where(audit.c.desk_id == desk, audit.c.undoes.is_not(None))
    row = connection.execute(
        select(audit)
        .where(
            audit.c.desk_id == desk,
            audit.c.noun == noun,
            audit.c.refused.is_(None),
            audit.c.undoes.is_(None),
            audit.c.id.not_in(undone),
        )
        .order_by(audit.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _entry(row)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        at=row.at,
        actor=Actor(row.actor, row.actor_name),
        act=row.act,
        noun=row.noun,
        name=row.name,
        before=row.before,
        after=row.after,
        refused=row.refused,
        undoes=row.undoes,
    )

"""Small facts about the database itself: its generation, its clock, what was loaded, the running desk's pulse.

Every command that changes what people told the desk bumps the generation; each tick of the running desk reads it, so
an edit from another process takes effect at once.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from watchers.storage.schema import meta

GENERATION = "generation"
CLOCK = "clock"
PULSE = "pulse"
WATCHLIST_HASH = "watchlist_hash"
CORPUS_HASH = "corpus_hash"
UPKEEP = "upkeep"
INSTANCE = "instance"
UNUSABLE = "unusable_channels"
FRESH = timedelta(seconds=60)  # a pulse older than this is no sign of life, nor is one that lies as far ahead
_VALUE = select(meta.c.value).where(meta.c.key == bindparam("key"))
GENERATION_NOW = select(meta.c.value).where(meta.c.key == GENERATION).scalar_subquery()  # JSON; None is 0


def get(connection: Connection, key: str) -> Any:
    """The JSON value kept under `key`, or None."""
    return connection.execute(_VALUE, {"key": key}).scalar()


def put(connection: Connection, key: str, value: Any) -> None:
    """Keep a JSON value under `key`."""
    changed = connection.execute(update(meta).where(meta.c.key == key).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(meta).values(key=key, value=value))


def generation(connection: Connection) -> int:
    """How often what people told the desk has changed."""
    return int(get(connection, GENERATION) or 0)


def bump_generation(connection: Connection) -> None:
    """Tell the running desk that watches, routes, channels or sources changed."""
    put(connection, GENERATION, generation(connection) + 1)


def moment(connection: Connection, key: str) -> datetime | None:
    """A time kept under `key`, in UTC."""
    value = get(connection, key)
    return datetime.fromisoformat(value).astimezone(UTC) if value else None


def put_moment(connection: Connection, key: str, value: datetime) -> None:
    """Keep a time under `key`."""
    put(connection, key, value.astimezone(UTC).isoformat())


def advance_clock(connection: Connection, now: datetime) -> None:
    """Remember the latest clock that decisions were taken by; it never goes back."""
    last = moment(connection, CLOCK)
    if last is None or now > last:
        put_moment(connection, CLOCK, now)


def beat(connection: Connection, now: datetime) -> None:
    """The running desk's pulse: its loop, its writer and its tick are alive."""
    put_moment(connection, PULSE, now)
    advance_clock(connection, now)


def rest(connection: Connection) -> None:
    """The running desk has ended: it shows no sign of life any more."""
    connection.execute(delete(meta).where(meta.c.key == PULSE))


def runs(connection: Connection, now: datetime) -> bool:
    """Whether a desk runs on this database: it showed a sign of life within the last minute."""
    pulse = moment(connection, PULSE)
    return pulse is not None and abs(now - pulse) <= FRESH


def instance(connection: Connection) -> str:
    """What tells this database from every other one, made up when it is first asked for."""
    if (found := get(connection, INSTANCE)) is None:
        found = secrets.token_hex(8)
        put(connection, INSTANCE, found)
    return str(found)

"""A desk that follows many sources, written in bulk: what starting, growth and memory are measured on.

addresses → follow_all → one source and one follow each, polled before and due at a given moment
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from config.watchlist import Channel, Watchlist
from watchers.storage import schema, watchlist

_SINCE: Final = timedelta(days=30)  # they have been followed


def set_up(connection: Connection, *, now: datetime, **told: Any) -> int:
    """A desk that prints its alerts, with what else is told it; returns its number."""
    watchlist.apply(connection, Watchlist(channels={"newsroom": Channel(kind="terminal")}, **told), now=now)
    return int(connection.execute(select(schema.desks.c.id)).scalar_one())


def follow_all(
    connection: Connection,
    desk: int,
    addresses: Sequence[str],
    *,
    now: datetime,
    due: datetime,
    columns: Sequence[Mapping[str, Any]] = (),
) -> list[int]:
    """Sources that the desk follows, and that were polled an hour ago; returns their numbers.

    `columns` are values of their rows besides, one mapping a source.
    """
    first = len(connection.execute(select(schema.sources.c.id)).all()) + 1
    numbers = list(range(first, first + len(addresses)))
    polled = {
        "kind": "auto",
        "found_kind": "feed",
        "title": "An outlet",
        "last_outcome": "ok",
        "first_ok_at": now - _SINCE,
        "last_polled_at": now - timedelta(hours=1),
        "last_ok_at": now - timedelta(hours=1),
        "last_new_at": now - timedelta(hours=1),
        "next_at": due,
    }
    rows = [polled | {"id": number, "url": address} for number, address in zip(numbers, addresses, strict=True)]
    if columns:
        rows = [row | dict(more) for row, more in zip(rows, columns, strict=True)]
    connection.execute(insert(schema.sources), rows)
    followed = {"desk_id": desk, "read": "never", "tags": [], "trust": "normal", "origin": "desk", "state": "active"}
    connection.execute(
        insert(schema.follows),
        [followed | {"source_id": number, "name": f"source-{number}"} for number in numbers],
    )
    return numbers


def make_due(connection: Connection, numbers: Sequence[int], *, at: datetime) -> None:
    """Let sources be due at a moment."""
    connection.execute(update(schema.sources).where(schema.sources.c.id.in_(numbers)).values(next_at=at))

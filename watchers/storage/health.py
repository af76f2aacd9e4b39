"""How a desk's sources do: what they last answered, since when they fail, what they have shown.

follows and sources ─every, one→ SourceHealth        one ─latest→ the newest of what it showed
                                                        └─address_of→ how to ask it

Secrets in addresses and errors are redacted here; only `address_of`, by which a source is asked, has them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, func, select

from watchers.errors import ConfigError
from watchers.fetch.redact import redact_text, redact_url
from watchers.models import SourceMemory
from watchers.storage.desks import PAUSED
from watchers.storage.schema import follows, items, sources, versions

Health = Literal["new", "ok", "failing", "paused"]
STATES: tuple[Health, ...] = ("failing", "ok", "new", "paused")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """A source that a desk follows. `id` is the desk's follow's."""

    id: int
    name: str
    url: str  # where it is polled: the address that it moved to, once it did
    kind: str  # as found, once found
    title: str
    tags: tuple[str, ...]
    every: float | None  # seconds, as this desk asks; None: as often as it brings something
    read: str
    state: Health
    reason: str | None  # why it is paused
    outcome: str | None
    error: str | None
    failing_since: datetime | None  # None: it doesn't fail
    silent_since: datetime | None  # it answers, and has shown nothing new since; None: it isn't silent
    polled_at: datetime | None
    next_at: datetime | None  # None: paused, or never polled
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One entry that a source showed, or a page's version."""

    title: str
    url: str | None
    at: datetime


def health_of(row: Row[Any]) -> Health:
    """A source's state in a word, of a follow joined with its source."""
    if row.state == PAUSED or row.gone:
        return "paused"
    if row.failures > 0 or row.told_failing:
        return "failing"
    return "ok" if row.first_ok_at is not None else "new"


def trouble_of(row: Row[Any]) -> str | None:
    """What is wrong with a source, redacted: its last error, or that it fell silent."""
    if health_of(row) == "failing" and not row.failures and row.last_new_at is not None:
        return f"it answers, but has shown nothing new since {row.last_new_at:%Y-%m-%d %H:%M} UTC"
    return None if row.last_error is None else redact_text(row.last_error)


def every(connection: Connection, desk: int) -> list[SourceHealth]:
    """All sources of a desk, in the order in which people told them."""
    return [_health(row) for row in connection.execute(_followed(desk).order_by(follows.c.id))]


def one(connection: Connection, desk: int, follow_id: int) -> SourceHealth:
    """A source of a desk. Raises ConfigError where the desk has none of this number."""
    return _health(_row(connection, desk, follow_id))


def latest(connection: Connection, desk: int, follow_id: int, limit: int) -> tuple[int, list[Shown]]:
    """How many entries (or versions of a page) a source of the desk has shown, and the newest of them."""
    row = _row(connection, desk, follow_id)
    entries = items.c.source_id == row.source_id
    pages = versions.c.source_id == row.source_id
    number: int = connection.execute(select(func.count()).select_from(items).where(entries)).scalar_one()
    number += connection.execute(select(func.count()).select_from(versions).where(pages)).scalar_one()
    shown = [
        Shown(title=each.title, url=each.url, at=each.published or each.first_seen)
        for each in connection.execute(
            select(items)
            .where(entries)
            .order_by(func.coalesce(items.c.published, items.c.first_seen).desc(), items.c.id.desc())
            .limit(limit)
        )
    ]
    shown += [
        Shown(title=each.title, url=redact_url(row.url), at=each.seen_at)
        for each in connection.execute(select(versions).where(pages).order_by(versions.c.number.desc()).limit(limit))
    ]
    return number, shown[:limit]


def address_of(connection: Connection, desk: int, follow_id: int) -> tuple[str, SourceMemory]:
    """Where a source of the desk is asked, secrets and all, and what it is to be taken for."""
    row = _row(connection, desk, follow_id)
    return row.address or row.url, SourceMemory(kind=row.kind, select=row.select or None, ignore=row.ignore or None)


def _followed(desk: int) -> Select[Any]:
    columns = [column for column in sources.c if column.name != "id"]
    return select(follows, *columns).join(sources, sources.c.id == follows.c.source_id).where(follows.c.desk_id == desk)


def _row(connection: Connection, desk: int, follow_id: int) -> Row[Any]:
    row = connection.execute(_followed(desk).where(follows.c.id == follow_id)).first()
    if row is None:
        raise ConfigError("this source is not there any more: see /source list")
    return row


def _health(row: Row[Any]) -> SourceHealth:
    state = health_of(row)
    failing = state == "failing"
    return SourceHealth(
        id=row.id,
        name=row.name,
        url=redact_url(row.address or row.url),
        kind=row.found_kind or row.kind,
        title=row.title,
        tags=tuple(row.tags),
        every=row.every,
        read=row.read,
        state=state,
        reason=None if row.reason is None else redact_text(row.reason),
        outcome=row.last_outcome,
        error=trouble_of(row),
        failing_since=row.failing_since if failing and row.failures else None,
        silent_since=row.last_new_at if failing and not row.failures else None,
        polled_at=row.last_polled_at,
        next_at=None if state == "paused" else row.next_at,
        origin=row.origin,
    )

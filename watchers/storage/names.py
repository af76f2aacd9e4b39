"""What each desk has, by name, as chat needs it in memory: for autocomplete, for forms, for who may do what.

rows ─load→ DeskNames a desk, at one generation        stories ─recent→ the newest titles of each desk
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from watchers.fetch.redact import redact_url
from watchers.storage.schema import channels, desks, entities, follows, sources, stories, watches


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedWatch:
    """A watch, without what it found."""

    id: int
    name: str
    query: str
    tags: tuple[str, ...]
    sources: tuple[str, ...]  # none: all
    state: str
    reason: str | None
    paused_until: datetime | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEntity:
    """An entity and its names."""

    id: int
    name: str
    label: str
    aliases: tuple[str, ...]
    state: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSource:
    """A source that a desk follows; secrets in its address are redacted."""

    id: int  # of the desk's follow
    source_id: int
    name: str
    url: str
    tags: tuple[str, ...]
    state: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedChannel:
    """A channel; `chat_id` is Discord's id of it, where it has one."""

    id: int
    name: str
    kind: str
    chat_id: str | None
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskNames:
    """A desk: its settings and everything in it, paused or not."""

    id: int
    name: str
    guild: str | None
    label: str | None
    timezone: str
    editors_role: str | None
    admin_channel: str | None
    posting: str
    left_at: datetime | None
    origin: str
    watches: tuple[NamedWatch, ...]
    entities: tuple[NamedEntity, ...]
    sources: tuple[NamedSource, ...]
    channels: tuple[NamedChannel, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag of its watches and sources, in alphabetical order."""
        tagged: tuple[NamedWatch | NamedSource, ...] = (*self.watches, *self.sources)
        return tuple(sorted({tag for row in tagged for tag in row.tags}))

    @property
    def entity_names(self) -> dict[str, tuple[str, ...]]:
        """The active entities as queries take them: key → all names."""
        return {row.name: (row.label, *row.aliases) for row in self.entities if row.state == "active"}


def load(connection: Connection) -> tuple[DeskNames, ...]:
    """Every desk with all its names."""
    by_desk = {
        table: _by_desk(connection.execute(select(table).order_by(table.c.id)))
        for table in (watches, entities, channels)
    }
    followed = _by_desk(
        connection.execute(
            select(follows, sources.c.url).join(sources, sources.c.id == follows.c.source_id).order_by(follows.c.id)
        )
    )
    return tuple(
        DeskNames(
            id=row.id,
            name=row.name,
            guild=row.guild,
            label=row.label,
            timezone=row.timezone,
            editors_role=row.editors_role,
            admin_channel=row.admin_channel,
            posting=row.posting,
            left_at=row.left_at,
            origin=row.origin,
            watches=tuple(map(_watch, by_desk[watches][row.id])),
            entities=tuple(map(_entity, by_desk[entities][row.id])),
            sources=tuple(map(_source, followed[row.id])),
            channels=tuple(map(_channel, by_desk[channels][row.id])),
        )
        for row in connection.execute(select(desks).order_by(desks.c.id))
    )


def recent_stories(connection: Connection, after: int, limit: int) -> dict[int, list[tuple[int, str]]]:
    """The titles of stories newer than a row, by desk, the newest first; at most `limit` a desk."""
    newest = (
        select(
            stories.c.id,
            stories.c.desk_id,
            stories.c.title,
            func.row_number().over(partition_by=stories.c.desk_id, order_by=stories.c.id.desc()).label("position"),
        )
        .where(stories.c.id > after)
        .subquery()
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in connection.execute(select(newest).where(newest.c.position <= limit).order_by(newest.c.id.desc())):
        found[row.desk_id].append((row.id, row.title))
    return found


def _by_desk(rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.desk_id].append(row)
    return found


def _watch(row: Row[Any]) -> NamedWatch:
    return NamedWatch(
        id=row.id,
        name=row.name,
        query=row.query,
        tags=tuple(row.tags),
        sources=tuple(row.sources or ()),
        state=row.state,
        reason=row.reason,
        paused_until=row.paused_until,
        origin=row.origin,
    )


def _entity(row: Row[Any]) -> NamedEntity:
    return NamedEntity(
        id=row.id,
        name=row.name,
        label=row.label,
        aliases=tuple(row.aliases),
        state=row.state,
        origin=row.origin,
    )


def _source(row: Row[Any]) -> NamedSource:
    return NamedSource(
        id=row.id,
        source_id=row.source_id,
        name=row.name,
        url=redact_url(row.url),
        tags=tuple(row.tags),
        state=row.state,
        origin=row.origin,
    )


def _channel(row: Row[Any]) -> NamedChannel:
    return NamedChannel(
        id=row.id,
        name=row.name,
        kind=row.kind,
        chat_id=row.settings.get("id"),
        state=row.state,
        reason=row.reason,
    )

"""What a desk has, as commands list it: sources with their health, their items, watches, entities and channels.

    rows ─…_of(connection, desk)→ frozen views, in the order in which people told them

Secrets in addresses are redacted here, so that no command can show one.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, func, select

from watchers.fetch.redact import redact_text, redact_url
from watchers.storage.health import Health, health_of, trouble_of
from watchers.storage.outbox import PENDING, SENDING
from watchers.storage.schema import (
    articles,
    channels,
    deliveries,
    entities,
    follows,
    items,
    matches,
    routes,
    sources,
    versions,
    watches,
)

SHOWN = 1_000  # characters of a page's version that are shown as its summary


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A source that a desk follows. `items`: entries ever recorded, or a page's versions."""

    name: str
    url: str  # where it is polled: the address that it moved to, once it did
    kind: str  # as found, once found
    state: Health
    items: int
    last_outcome: str | None
    last_error: str | None
    next_at: datetime | None  # None: paused, or never polled
    origin: str
    reason: str | None  # why it is paused


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """An entry of a source as it was first shown, or a version of a page."""

    id: str
    url: str | None
    title: str
    published: datetime | None
    summary: str
    first_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRoute:
    """Where a watch's alerts go, with the channel's name."""

    channel: str
    when: str
    mention: str | None
    quiet: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchListing:
    """A watch. `matches`: articles that ever answered it."""

    name: str
    query: str
    tags: tuple[str, ...]
    sources: tuple[str, ...] | None  # None: all
    routes: tuple[NamedRoute, ...]
    state: str
    reason: str | None
    matches: int
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityListing:
    """An entity and all its names."""

    name: str
    full_name: str
    aliases: tuple[str, ...]
    state: str
    reason: str | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelListing:
    """A channel. `waiting`: deliveries that are still to be sent to it."""

    name: str
    kind: str
    state: str
    reason: str | None
    waiting: int
    origin: str


def sources_of(connection: Connection, desk: int) -> list[SourceView]:
    """Every source that a desk follows."""
    recorded = _counts(connection, versions.c.source_id) | _counts(connection, items.c.source_id)
    rows = connection.execute(
        select(
            sources,
            follows.c.name,
            follows.c.origin,
            follows.c.state,
            follows.c.reason,
        )
        .join(follows, follows.c.source_id == sources.c.id)
        .where(follows.c.desk_id == desk)
        .order_by(follows.c.id)
    )
    found = []
    for row in rows:
        state = health_of(row)
        found.append(
            SourceView(
                name=row.name,
                url=redact_url(row.address or row.url),
                kind=row.found_kind or row.kind,
                state=state,
                items=recorded.get(row.id, 0),
                last_outcome=row.last_outcome,
                last_error=trouble_of(row),
                next_at=None if state == "paused" else row.next_at,
                origin=row.origin,
                reason=None if row.reason is None else redact_text(row.reason),
            )
        )
    return found


def items_of(connection: Connection, follow_id: int) -> list[ItemView]:
    """What a source has shown: the latest poll's first, in the order in which the source showed it."""
    row = connection.execute(
        select(sources.c.id, sources.c.url, sources.c.found_kind, sources.c.kind)
        .join(follows, follows.c.source_id == sources.c.id)
        .where(follows.c.id == follow_id)
    ).one()
    shown = [
        ItemView(
            id=str(each.id),
            url=each.url,
            title=each.title,
            published=each.published,
            summary=each.shown.get("summary", ""),
            first_seen=each.first_seen,
        )
        for each in connection.execute(
            select(items).where(items.c.source_id == row.id).order_by(items.c.first_seen.desc(), items.c.id)
        )
    ]
    of_page = [
        ItemView(
            id=f"version-{each.id}",
            url=redact_url(row.url),
            title=each.title,
            published=None,
            summary=each.text[:SHOWN],
            first_seen=each.seen_at,
        )
        for each in connection.execute(
            select(versions).where(versions.c.source_id == row.id).order_by(versions.c.number.desc())
        )
    ]
    return shown + of_page


def watches_of(connection: Connection, desk: int) -> list[WatchListing]:
    """Every watch of a desk."""
    answered = _counts(connection, matches.c.watch_id)
    going: dict[int, list[NamedRoute]] = defaultdict(list)
    for row in connection.execute(
        select(routes, channels.c.name).join(channels, channels.c.id == routes.c.channel_id).order_by(routes.c.id)
    ):
        going[row.watch_id].append(NamedRoute(channel=row.name, when=row.when, mention=row.mention, quiet=row.quiet))
    return [
        WatchListing(
            name=row.name,
            query=row.query,
            tags=tuple(row.tags),
            sources=None if row.sources is None else tuple(row.sources),
            routes=tuple(going[row.id]),
            state=row.state,
            reason=row.reason,
            matches=answered.get(row.id, 0),
            origin=row.origin,
        )
        for row in connection.execute(select(watches).where(watches.c.desk_id == desk).order_by(watches.c.id))
    ]


def entities_of(connection: Connection, desk: int) -> list[EntityListing]:
    """Every entity of a desk."""
    return [
        EntityListing(
            name=row.name,
            full_name=row.label,
            aliases=tuple(row.aliases),
            state=row.state,
            reason=row.reason,
            origin=row.origin,
        )
        for row in connection.execute(select(entities).where(entities.c.desk_id == desk).order_by(entities.c.id))
    ]


def channels_of(connection: Connection, desk: int) -> list[ChannelListing]:
    """Every channel of a desk."""
    waiting: dict[int, int] = {
        row.channel_id: row.number
        for row in connection.execute(
            select(deliveries.c.channel_id, func.count().label("number"))
            .where(deliveries.c.state.in_((PENDING, SENDING)))
            .group_by(deliveries.c.channel_id)
        )
    }
    return [
        ChannelListing(
            name=row.name,
            kind=row.kind,
            state=row.state,
            reason=row.reason,
            waiting=waiting.get(row.id, 0),
            origin=row.origin,
        )
        for row in connection.execute(select(channels).where(channels.c.desk_id == desk).order_by(channels.c.id))
    ]


def read_since(connection: Connection, moment: datetime) -> int:
    """How many articles first seen since a moment still have their text."""
    chosen = select(func.count()).where(articles.c.first_seen >= moment, articles.c.text.is_not(None))
    return connection.execute(chosen).scalar_one()


def _counts(connection: Connection, column: Column[int]) -> dict[int, int]:
    """How many rows of a column's table have each of its values."""
    rows = connection.execute(select(column.label("value"), func.count().label("number")).group_by(column))
    return {row.value: row.number for row in rows}

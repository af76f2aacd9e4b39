"""What a watch brought: how many articles answered it, what was sent of them, where it leads.

watch ─of→ Brought
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, String, cast, func, literal, select

from watchers.errors import ConfigError
from watchers.models import AlertKind
from watchers.storage.outbox import SENT
from watchers.storage.schema import alerts, channels, deliveries, matches, placements, routes, tag_routes, watches

WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """One way to a channel; with `tag`, that of every watch that has it."""

    watch: str | None  # None: of a tag
    tag: str | None
    channel_id: int
    when: str
    mention: str | None
    quiet: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A watch's yield. `week` and `month`: alerts that named it and went out in the last 7 and 30 days."""

    matches: int
    week: int
    month: int
    last: datetime | None  # when the last one went out, in these 30 days
    leads: tuple[Leads, ...]  # in force: its own, then those of its tags


def of(connection: Connection, desk: int, watch_id: int, *, now: datetime) -> Brought:
    """What a desk's watch brought. Raises ConfigError where it was removed meanwhile."""
    row = connection.execute(select(watches).where(watches.c.desk_id == desk, watches.c.id == watch_id)).first()
    if row is None:
        raise ConfigError("this watch is not there any more: see /watch list")
    sent = _sent(connection, desk, row, now - MONTH)
    matched = connection.execute(select(func.count()).where(matches.c.watch_id == watch_id)).scalar_one()
    return Brought(
        matches=matched,
        week=sum(at >= now - WEEK for at in sent),
        month=len(sent),
        last=max(sent, default=None),
        leads=in_force(row.name, row.tags, leads(connection, desk)),
    )


def in_force(watch: str, tags: Sequence[str], told: Sequence[Leads]) -> tuple[Leads, ...]:
    """A watch's ways among a desk's, one a channel: its own before a tag's, and the first tag's before another's."""
    own = [each for each in told if each.watch == watch]
    of_tags = [each for tag in tags for each in told if each.tag == tag]
    by_channel = {each.channel_id: each for each in reversed((*own, *of_tags))}
    return tuple(each for each in (*own, *of_tags) if by_channel[each.channel_id] is each)


def leads(connection: Connection, desk: int) -> list[Leads]:
    """Every way to a channel that a desk's people told: those of watches, then those of tags."""
    own = connection.execute(
        select(routes, watches.c.name)
        .join(watches, watches.c.id == routes.c.watch_id)
        .where(watches.c.desk_id == desk)
        .order_by(watches.c.name, routes.c.id)
    )
    of_tags = connection.execute(
        select(tag_routes).where(tag_routes.c.desk_id == desk).order_by(tag_routes.c.tag, tag_routes.c.id)
    )
    return [*(_lead(row, watch=row.name) for row in own), *(_lead(row, tag=row.tag) for row in of_tags)]


def _lead(row: Row[Any], *, watch: str | None = None, tag: str | None = None) -> Leads:
    return Leads(watch=watch, tag=tag, channel_id=row.channel_id, when=row.when, mention=row.mention, quiet=row.quiet)


def _sent(connection: Connection, desk: int, watch: Row[Any], since: datetime) -> list[datetime]:
    """When each alert that names a watch went out first, since a moment; found by the stories of what it matched."""
    key = literal(f"{AlertKind.STORY_NEW.value}:") + cast(placements.c.story_id, String)
    of_desk = select(channels.c.id).where(channels.c.desk_id == desk)
    rows: Iterable[Row[Any]] = connection.execute(
        select(alerts.c.id, alerts.c.payload["watches"].label("watches"), func.min(deliveries.c.changed_at).label("at"))
        .select_from(matches)
        .join(placements, placements.c.article_id == matches.c.article_id)
        .join(deliveries, deliveries.c.alert_key == key)
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(
            matches.c.watch_id == watch.id,
            placements.c.desk_id == desk,
            placements.c.story_id.is_not(None),
            deliveries.c.channel_id.in_(of_desk),
            deliveries.c.state == SENT,
            deliveries.c.changed_at >= since,
        )
        .group_by(alerts.c.id)
    )
    return [row.at for row in rows if watch.name in row.watches]

"""What people told each desk, as the pipeline needs it: watches with their routes, entities, channels.

Read as one frozen view a generation; `watchers.matching` builds its automaton from it. Rows are written by
`watchers.storage.watchlist` (the file) and by the commands.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import Connection, select, update

from watchers.models import ChannelKind, When
from watchers.storage import meta
from watchers.storage.schema import channels, desks, entities, follows, mutes, routes, tag_routes, watches

ACTIVE = "active"
PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteView:
    """Where a watch's alerts go."""

    channel_id: int
    when: When
    mention: str | None
    quiet: str | None  # "22:00-07:00" in the desk's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """An active watch. `sources` are the source names or tags it listens to; None: all."""

    id: int
    desk_id: int
    name: str
    query: str
    sources: frozenset[str] | None
    routes: tuple[RouteView, ...]  # its own, and those of its tags to other channels
    muted: frozenset[str] = frozenset()  # names of sources that it doesn't listen to for now


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    """A channel as told."""

    id: int
    desk_id: int
    name: str
    kind: ChannelKind
    settings: dict[str, str]
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """One desk: its settings, and everything active in it."""

    id: int
    name: str
    timezone: str
    digest_at: str
    admin_channel: int | None
    entities: dict[str, tuple[str, ...]] = field(default_factory=dict)  # key → name and aliases
    watches: tuple[WatchView, ...] = ()
    channels: tuple[ChannelView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All desks at one generation."""

    generation: int
    desks: tuple[DeskView, ...]


def load(connection: Connection) -> Told:
    """Everything people told every desk, in one consistent read; not of desks whose server the bot was removed from."""
    by_desk_entities: dict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in connection.execute(select(entities).where(entities.c.state == ACTIVE)):
        by_desk_entities[row.desk_id][row.name] = (row.label, *row.aliases)
    by_watch: dict[int, list[RouteView]] = defaultdict(list)
    for row in connection.execute(select(routes).order_by(routes.c.id)):
        by_watch[row.watch_id].append(
            RouteView(channel_id=row.channel_id, when=row.when, mention=row.mention, quiet=row.quiet)
        )
    by_tag: dict[tuple[int, str], list[RouteView]] = defaultdict(list)
    for row in connection.execute(select(tag_routes).order_by(tag_routes.c.id)):
        by_tag[row.desk_id, row.tag].append(
            RouteView(channel_id=row.channel_id, when=row.when, mention=row.mention, quiet=row.quiet)
        )
    muted: dict[int, set[str]] = defaultdict(set)
    for row in connection.execute(
        select(mutes.c.watch_id, follows.c.name).join(
            follows, (follows.c.source_id == mutes.c.source_id) & (follows.c.desk_id == mutes.c.desk_id)
        )
    ):
        muted[row.watch_id].add(row.name)
    by_desk_watches: dict[int, list[WatchView]] = defaultdict(list)
    for row in connection.execute(select(watches).where(watches.c.state == ACTIVE).order_by(watches.c.id)):
        of_tags = [route for tag in row.tags for route in by_tag[row.desk_id, tag]]
        by_desk_watches[row.desk_id].append(
            WatchView(
                id=row.id,
                desk_id=row.desk_id,
                name=row.name,
                query=row.query,
                sources=None if row.sources is None else frozenset(row.sources),
                routes=_united(by_watch[row.id], of_tags),
                muted=frozenset(muted[row.id]),
            )
        )
    by_desk_channels: dict[int, list[ChannelView]] = defaultdict(list)
    for channel in all_channels(connection):
        by_desk_channels[channel.desk_id].append(channel)
    return Told(
        generation=meta.generation(connection),
        desks=tuple(
            DeskView(
                id=row.id,
                name=row.name,
                timezone=row.timezone,
                digest_at=row.digest_at,
                admin_channel=next(
                    (channel.id for channel in by_desk_channels[row.id] if channel.name == row.admin_channel), None
                ),
                entities=by_desk_entities[row.id],
                watches=tuple(by_desk_watches[row.id]),
                channels=tuple(by_desk_channels[row.id]),
            )
            for row in connection.execute(select(desks).where(desks.c.left_at.is_(None)).order_by(desks.c.id))
        ),
    )


def _united(own: list[RouteView], of_tags: list[RouteView]) -> tuple[RouteView, ...]:
    """A watch's routes: one a channel; its own goes before a tag's, and the first tag's before another's."""
    by_channel = {route.channel_id: route for route in (*reversed(of_tags), *own)}
    return tuple(by_channel[channel_id] for channel_id in dict.fromkeys(route.channel_id for route in (*own, *of_tags)))


def all_channels(connection: Connection) -> tuple[ChannelView, ...]:
    """Every channel of every desk, paused ones too."""
    return tuple(
        ChannelView(
            id=row.id,
            desk_id=row.desk_id,
            name=row.name,
            kind=row.kind,
            settings=row.settings,
            state=row.state,
            reason=row.reason,
        )
        for row in connection.execute(select(channels).order_by(channels.c.id))
    )


def pause_channel(connection: Connection, channel_id: int, reason: str) -> bool:
    """Stop sending to a channel that takes nothing any more. True: it was active until now."""
    changed = connection.execute(
        update(channels)
        .where(channels.c.id == channel_id, channels.c.state == ACTIVE)
        .values(state=PAUSED, reason=reason)
    )
    if changed.rowcount:
        meta.bump_generation(connection)
    return bool(changed.rowcount)

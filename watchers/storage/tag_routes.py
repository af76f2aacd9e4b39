"""Routes of tags: every watch that has the tag, now or later, is led to the channel too.

tag + Lead ─put→ a row       ─clear→ gone       rows ─of→ TagRoute, for people
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from watchers.errors import ConfigError
from watchers.storage import audit, leading, meta, told
from watchers.storage.audit import By
from watchers.storage.leading import Lead
from watchers.storage.schema import channels, tag_routes
from watchers.storage.watchlist import route_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRoute:
    """Where the alerts of a tag's watches go."""

    tag: str
    channel: str
    when: str
    mention: str | None
    quiet: str | None


def of(connection: Connection, desk: int, tag: str | None = None) -> list[TagRoute]:
    """A desk's routes of tags, or of one tag."""
    rows = connection.execute(
        select(tag_routes, channels.c.name.label("channel"))
        .join(channels, channels.c.id == tag_routes.c.channel_id)
        .where(tag_routes.c.desk_id == desk)
        .order_by(tag_routes.c.tag, tag_routes.c.id)
    )
    return [
        TagRoute(tag=row.tag, channel=row.channel, when=row.when, mention=row.mention, quiet=row.quiet)
        for row in rows
        if tag is None or row.tag == tag
    ]


def put(connection: Connection, by: By, tag: str, lead: Lead) -> None:
    """Lead a tag to a channel, or change how it is led there."""
    route = leading.route(connection, by.desk, lead)
    channel = told.find(connection, by.desk, "channel", route.channel)
    before = _snapshot(connection, by.desk, tag)
    connection.execute(
        delete(tag_routes).where(
            tag_routes.c.desk_id == by.desk, tag_routes.c.tag == tag, tag_routes.c.channel_id == channel.id
        )
    )
    connection.execute(
        insert(tag_routes).values(desk_id=by.desk, tag=tag, channel_id=channel.id, **route_columns(route))
    )
    _recorded(connection, by, tag, before)


def clear(connection: Connection, by: By, tag: str, channel: str | None) -> None:
    """Lead a tag to a channel (None: to any) no more. Raises ConfigError where it isn't led there."""
    before = _snapshot(connection, by.desk, tag)
    gone = delete(tag_routes).where(tag_routes.c.desk_id == by.desk, tag_routes.c.tag == tag)
    if channel is not None:
        gone = gone.where(tag_routes.c.channel_id == told.find(connection, by.desk, "channel", channel).id)
    if not connection.execute(gone).rowcount:
        raise ConfigError(f"{tag}: this tag has no such route: see /route list")
    _recorded(connection, by, tag, before)


def _recorded(connection: Connection, by: By, tag: str, before: dict[str, object] | None) -> None:
    after = _snapshot(connection, by.desk, tag)
    if before != after:
        audit.record(connection, by, "tag", tag, before=before, after=after)
        meta.bump_generation(connection)


def _snapshot(connection: Connection, desk: int, tag: str) -> dict[str, object] | None:
    found = [
        {"channel": route.channel, "when": route.when, "mention": route.mention, "quiet": route.quiet}
        for route in of(connection, desk, tag)
    ]
    return {"routes": found} if found else None

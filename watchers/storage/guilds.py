"""Desks as chat servers: one server (guild) is one desk, set up by its admins or bound by the watch-list file.

/desk setup ─set_up→ a desk of the server's own, or the settings of the file's       channel ─chat_channel→ its row
the bot is removed ─left→ nothing polled or told for it ─returned→ as before
                                                        └after thirty days, or by command ─remove→ deleted
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from config.names import free_name
from config.problems import did_you_mean
from watchers.errors import ConfigError
from watchers.storage import audit, meta
from watchers.storage.audit import Actor, By
from watchers.storage.desks import ACTIVE, PAUSED
from watchers.storage.schema import (
    alerts,
    articles,
    channels,
    deliveries,
    desks,
    follows,
    known_stories,
    placements,
    posts,
    sources,
    stories,
    watches,
)
from watchers.storage.watchlist import DESK, DESK_NAME, stated

GRACE: Final = timedelta(days=30)  # that a desk is kept after the bot was removed from its server


def desk_of(connection: Connection, guild: str) -> int | None:
    """The desk that a server is; None before it was set up."""
    return connection.execute(select(desks.c.id).where(desks.c.guild == guild)).scalar()


def make(connection: Connection, guild: str, *, now: datetime) -> int:
    """The desk of a server, made empty where the server has none."""
    found = desk_of(connection, guild)
    if found is None:
        found = connection.execute(
            insert(desks)
            .values(name=f"server-{guild}", origin=DESK, guild=guild, timezone="UTC", digest_at="08:00", created_at=now)
            .returning(desks.c.id)
        ).scalar_one()
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What `/desk setup` asks for. A time zone of None stays as it is."""

    label: str  # the server's name
    chat_id: str  # of the channel
    channel: str  # what the channel is called
    editors_role: str
    timezone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of it. `of_file` are the asked-for settings that the watch-list file states, and so keeps."""

    desk: int
    new: bool
    admin_channel: str | None
    timezone: str
    of_file: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A desk, for who runs the program."""

    id: int
    name: str
    label: str | None  # what its server is called
    guild: str | None
    sources: int
    watches: int
    state: str  # active, paused (its alerts wait), left (its server has no bot any more)
    since: datetime | None  # when it was left
    origin: str


def set_up(connection: Connection, guild: str, actor: Actor, wanted: Setup, *, now: datetime) -> Made:
    """Make a server a desk, or change the settings of the desk that it is; the file's own stay the file's."""
    new = desk_of(connection, guild) is None
    desk = make(connection, guild, now=now)
    returned(connection, guild, wanted.label)
    row = connection.execute(select(desks).where(desks.c.id == desk)).one()
    of_file = stated(connection) if row.name == DESK_NAME else frozenset()
    columns: dict[str, Any] = {"editors_role": wanted.editors_role}
    if "admin_channel" not in of_file:
        columns["admin_channel"] = chat_channel(connection, desk, wanted.chat_id, wanted.channel)
    if wanted.timezone is not None and "timezone" not in of_file:
        columns["timezone"] = wanted.timezone
    change(connection, By(desk=desk, actor=actor, act="desk setup", now=now), **columns)
    after = connection.execute(select(desks).where(desks.c.id == desk)).one()
    asked = {"admin_channel"} | ({"timezone"} if wanted.timezone is not None else set())
    return Made(desk=desk, new=new, admin_channel=after.admin_channel, timezone=after.timezone, of_file=of_file & asked)


def change(connection: Connection, by: By, **columns: Any) -> None:
    """Change a desk's own settings, on record."""
    here = desks.c.id == by.desk
    kept = ("admin_channel", "editors_role", "timezone", "digest_at", "label", "posting")
    before = connection.execute(select(desks).where(here)).mappings().one()
    connection.execute(update(desks).where(here).values(**columns))
    after = connection.execute(select(desks).where(here)).mappings().one()
    if before != after:
        audit.record(
            connection,
            by,
            "desk",
            before["label"] or columns.get("label") or before["name"],
            before={key: before[key] for key in kept},
            after={key: after[key] for key in kept},
        )
        meta.bump_generation(connection)


def chat_channel(connection: Connection, desk: int, chat_id: str, name: str) -> str:
    """The name of the desk's row of a chat channel, made where it is new; one that was paused takes alerts again."""
    rows = connection.execute(select(channels).where(channels.c.desk_id == desk)).all()
    for row in rows:
        if row.kind == "discord" and row.settings.get("id") == chat_id:
            if row.state != ACTIVE:
                connection.execute(update(channels).where(channels.c.id == row.id).values(state=ACTIVE, reason=None))
                meta.bump_generation(connection)
            return str(row.name)
    chosen = free_name(name, "", {row.name for row in rows})
    connection.execute(
        insert(channels).values(
            desk_id=desk, name=chosen, kind="discord", settings={"id": chat_id}, origin=DESK, state=ACTIVE, reason=None
        )
    )
    meta.bump_generation(connection)
    return chosen


def set_posting(connection: Connection, by: By, *, active: bool) -> None:
    """Let a desk's alerts wait, or go out again."""
    change(connection, by, posting=ACTIVE if active else PAUSED)


def left(connection: Connection, guild: str, now: datetime) -> bool:
    """The bot was removed from a server: its desk rests. True: it was at work until now.

    Not the file's, which may have other channels, and whose server the bot may still have to be invited to.
    """
    changed = connection.execute(
        update(desks)
        .where(desks.c.guild == guild, desks.c.left_at.is_(None), desks.c.name != DESK_NAME)
        .values(left_at=now)
    ).rowcount
    if changed:
        meta.bump_generation(connection)
    return bool(changed)


def returned(connection: Connection, guild: str, label: str) -> bool:
    """The bot is in a server: its desk, if it has one, works (again), under the server's present name."""
    changed = connection.execute(
        update(desks)
        .where(
            desks.c.guild == guild, or_(desks.c.left_at.is_not(None), desks.c.label.is_(None), desks.c.label != label)
        )
        .values(left_at=None, label=label[:100])
    ).rowcount
    if changed:
        meta.bump_generation(connection)
    return bool(changed)


def remove(connection: Connection, desk: int) -> None:
    """Delete a desk with everything that is its own. Raises ConfigError for the file's."""
    name = connection.execute(select(desks.c.name).where(desks.c.id == desk)).scalar()
    if name == DESK_NAME:
        raise ConfigError(f"{name}: this desk is the watch-list file's: empty that file instead")
    of_desk = select(channels.c.id).where(channels.c.desk_id == desk)
    # What refers to stories goes before them: PostgreSQL checks at each step.
    connection.execute(delete(posts).where(posts.c.channel_id.in_(of_desk)))
    connection.execute(delete(deliveries).where(deliveries.c.channel_id.in_(of_desk)))
    for table in (alerts, placements, known_stories, stories):
        connection.execute(delete(table).where(table.c.desk_id == desk))
    connection.execute(delete(desks).where(desks.c.id == desk))
    # Sources are everybody's, but for those whose addresses hold a secret of the desk's.
    private = select(sources.c.id).where(sources.c.private_to == desk)
    connection.execute(update(articles).where(articles.c.source_id.in_(private)).values(source_id=None))
    connection.execute(delete(sources).where(sources.c.private_to == desk))
    meta.bump_generation(connection)


def remove_expired(connection: Connection, now: datetime) -> str | None:
    """Delete one desk whose server the bot was removed from too long ago, never the file's; returns its name."""
    for desk in listed(connection):
        if desk.since is not None and desk.since <= now - GRACE and desk.name != DESK_NAME:
            remove(connection, desk.id)
            return desk.name
    return None


def listed(connection: Connection) -> list[Listed]:
    """Every desk, the file's first."""
    followed = select(func.count()).where(follows.c.desk_id == desks.c.id).scalar_subquery()
    watched = select(func.count()).where(watches.c.desk_id == desks.c.id).scalar_subquery()
    rows = connection.execute(select(desks, followed.label("sources"), watched.label("watches")).order_by(desks.c.id))
    return [
        Listed(
            id=row.id,
            name=row.name,
            label=row.label,
            guild=row.guild,
            sources=row.sources,
            watches=row.watches,
            state="left" if row.left_at is not None else row.posting,
            since=row.left_at,
            origin=row.origin,
        )
        for row in rows
    ]


def find(connection: Connection, name: str) -> Listed:
    """A desk by its name. Raises ConfigError, with the name that may be meant, where there is none."""
    found = {desk.name: desk for desk in listed(connection)}
    if name not in found:
        near = did_you_mean(name, found)
        raise ConfigError(f"no desk is called {name}: {near or 'see `wiredesk desk list`'}")
    return found[name]

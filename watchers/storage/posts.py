"""Posts that follow their story: what a channel shows of it, and how many more tell it by now.

    a story's delivery is sent ─note→ a post ─raise_wanted (a copy is placed)→ behind ─next_behind, mark_shown→ a post

Edits are no rows of the outbox: what is behind is made to show everything, which may repeat harmlessly. A post keeps
its row for as long as it can be edited.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, func, insert, select, update

from watchers.models import Outgoing
from watchers.storage import meta
from watchers.storage.desks import ACTIVE
from watchers.storage.outgoing import TELLING, outgoing_of, tellers_of
from watchers.storage.schema import alerts, channels, deliveries, desks, placements, posts

YOUNG: Final = timedelta(hours=1)  # in which a post is edited at once; later, at most as often
GATHER: Final = timedelta(seconds=20)  # between two edits of a young post
FOLLOWS: Final = timedelta(days=7)  # after which a post stays as it is

_TELLERS = (
    select(func.count())
    .select_from(placements)
    .where(placements.c.story_id == posts.c.story_id, placements.c.decision.in_(TELLING))
    .scalar_subquery()
)
_RAISE = (
    update(posts)
    .where(posts.c.story_id == bindparam("story"), posts.c.posted_at > bindparam("since"))
    .values(wanted_rev=_TELLERS)
)
# Posts that are behind and may be edited now, where their desk posts at all. Built once: it is asked each second.
_BEHIND: Select[Any] = (
    select(posts)
    .join(channels, channels.c.id == posts.c.channel_id)
    .join(desks, desks.c.id == channels.c.desk_id)
    .where(
        posts.c.shown_rev < posts.c.wanted_rev,
        posts.c.next_at <= bindparam("now"),
        posts.c.posted_at > bindparam("since"),
        channels.c.state == ACTIVE,
        desks.c.posting == ACTIVE,
        desks.c.left_at.is_(None),
    )
)
_CHANNELS_BEHIND = _BEHIND.with_only_columns(posts.c.channel_id).distinct().order_by(posts.c.channel_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post that is behind its story, and what it is to show."""

    id: int
    message_id: str
    posted_at: datetime
    outgoing: Outgoing
    tellers: int


def note(connection: Connection, delivery_id: int, *, message_id: str, shown: int, now: datetime) -> None:
    """A story's delivery was sent, and shows so many of those who tell it."""
    row = connection.execute(
        select(deliveries.c.channel_id, alerts.c.story_id)
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(deliveries.c.id == delivery_id)
    ).one()
    connection.execute(
        insert(posts).values(
            delivery_id=delivery_id,
            channel_id=row.channel_id,
            story_id=row.story_id,
            message_id=message_id,
            shown_rev=shown,
            wanted_rev=shown,
            posted_at=now,
            next_at=now,
        )
    )
    raise_wanted(connection, row.story_id, now)
    connection.execute(delete(posts).where(posts.c.channel_id == row.channel_id, posts.c.posted_at <= now - FOLLOWS))


def raise_wanted(connection: Connection, story_id: int, now: datetime) -> None:
    """One more tells the story: its posts are to show that. In the transaction that places the article."""
    connection.execute(_RAISE, {"story": story_id, "since": now - FOLLOWS})


def channels_behind(connection: Connection, now: datetime) -> list[int]:
    """Channels with a post that is behind its story and may be edited now."""
    return list(connection.execute(_CHANNELS_BEHIND, _moments(now)).scalars())


def next_behind(connection: Connection, channel_id: int, now: datetime) -> Post | None:
    """The channel's post that has been behind for longest and may be edited now."""
    row = connection.execute(
        _BEHIND.where(posts.c.channel_id == channel_id)
        .join(deliveries, deliveries.c.id == posts.c.delivery_id)
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .with_only_columns(
            deliveries,
            alerts.c.payload,
            posts.c.story_id,
            posts.c.posted_at,
            posts.c.id.label("post_id"),
            posts.c.message_id.label("post_message_id"),
        )
        .order_by(posts.c.next_at, posts.c.id)
        .limit(1),
        _moments(now),
    ).first()
    if row is None:
        return None
    tellers = tellers_of(connection, (row.story_id,)).get(row.story_id, ())
    return Post(
        id=row.post_id,
        message_id=row.post_message_id,
        posted_at=row.posted_at,
        outgoing=outgoing_of(row, tellers, instance=meta.instance(connection)),
        tellers=len(tellers),
    )


def mark_shown(connection: Connection, post: Post, now: datetime) -> None:
    """The post was edited. When it may be again depends on its age."""
    pause = GATHER if now - post.posted_at < YOUNG else YOUNG
    connection.execute(
        update(posts).where(_is(post)).values(shown_rev=post.tellers, edited_at=now, next_at=now + pause)
    )


def put_off(connection: Connection, post: Post, at: datetime) -> None:
    """It could not be edited now."""
    connection.execute(update(posts).where(_is(post)).values(next_at=at))


def put_off_channel(connection: Connection, channel_id: int, at: datetime) -> None:
    """None of a channel's posts can be edited now."""
    connection.execute(update(posts).where(posts.c.channel_id == channel_id, posts.c.next_at < at).values(next_at=at))


def forget(connection: Connection, post: Post) -> None:
    """It can't be edited any more: people deleted it, or its service doesn't edit."""
    connection.execute(delete(posts).where(_is(post)))


def _is(post: Post) -> ColumnElement[bool]:
    return posts.c.id == post.id


def _moments(now: datetime) -> dict[str, datetime]:
    """What `_BEHIND` and all that is built of it ask by."""
    return {"now": now, "since": now - FOLLOWS}

"""Sending: what of the outbox goes to a channel next, and what became of it.

    due deliveries ─collect→ digests ─take→ sending ─mark_sent | mark_later | mark_dead→ the outbox

A channel's deliveries go out in the order in which they were made; one that is to be tried again holds back those
behind it. An attempt that ended without a definite answer leaves its delivery marked: sent again, it says so.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, or_, select, update

from watchers.models import Alert, AlertKind, Outgoing, Teller
from watchers.storage.outbox import ALERT, COLLECTED, DEAD, PENDING, SENDING, SENT, insert_alert
from watchers.storage.schema import alerts, articles, channels, deliveries, placements


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A delivery that is being sent."""

    id: int
    attempts: int
    created_at: datetime
    outgoing: Outgoing


def channels_with_work(connection: Connection, now: datetime) -> list[int]:
    """Active channels that have something due."""
    return list(
        connection.execute(
            select(deliveries.c.channel_id)
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .where(deliveries.c.state == PENDING, deliveries.c.due_at <= now, channels.c.state == "active")
            .distinct()
            .order_by(deliveries.c.channel_id)
        ).scalars()
    )


def collect(connection: Connection, channel_id: int, *, now: datetime, burst: int) -> int:
    """Make digests of what is due with a slot, and of more than `burst` cards at once. Returns how many digests."""
    due = connection.execute(
        select(deliveries.c.id, deliveries.c.slot)
        .where(
            deliveries.c.channel_id == channel_id,
            deliveries.c.state == PENDING,
            deliveries.c.due_at <= now,
            deliveries.c.attempts == 0,
            deliveries.c.resent.is_(False),
            deliveries.c.alert_key.not_like(f"{AlertKind.DIGEST.value}:%"),
        )
        .order_by(deliveries.c.id)
    ).all()
    groups: dict[str, list[int]] = {}
    for row in due:
        groups.setdefault(row.slot or "", []).append(row.id)
    single = groups.pop("", [])
    if len(single) > burst:
        groups["burst"] = single
    for slot, members in groups.items():
        _make_digest(connection, channel_id, slot, members, now)
    return len(groups)


def _make_digest(connection: Connection, channel_id: int, slot: str, members: list[int], now: datetime) -> None:
    rows = connection.execute(
        select(alerts.c.desk_id, alerts.c.payload, alerts.c.story_id, deliveries.c.mentions)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .where(deliveries.c.id.in_(members))
        .order_by(deliveries.c.id)
    ).all()
    gathered = tuple(_with_copies(connection, ALERT.validate_python(row.payload), row.story_id) for row in rows)
    alert = Alert(
        key=f"{AlertKind.DIGEST.value}:{slot}:{members[0]}",
        kind=AlertKind.DIGEST,
        title=f"{len(gathered)} alerts" if len(gathered) != 1 else "1 alert",
        watches=tuple(dict.fromkeys(name for member in gathered for name in member.watches)),
        members=gathered,
        demo=any(member.demo for member in gathered),
    )
    alert_id = insert_alert(connection, rows[0].desk_id, alert, None, now)
    digest_id = connection.execute(
        insert(deliveries)
        .values(
            alert_id=alert_id,
            channel_id=channel_id,
            alert_key=alert.key,
            state=PENDING,
            due_at=now,
            mentions=list(dict.fromkeys(mention for row in rows for mention in row.mentions)),
            created_at=now,
            changed_at=now,
        )
        .returning(deliveries.c.id)
    ).scalar_one()
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(members))
        .values(state=COLLECTED, digest_id=digest_id, changed_at=now)
    )


def next_at(connection: Connection, channel_id: int, now: datetime) -> datetime | None:
    """When the channel's next delivery may go: up to `now` at once. None: nothing is due, or the channel is paused."""
    return connection.execute(_next(channel_id, now).with_only_columns(deliveries.c.due_at)).scalar()


def take(connection: Connection, channel_id: int, *, now: datetime, burst: int) -> Taken | None:
    """The channel's next delivery, marked as being sent; digests are made first of what belongs into one.

    None: nothing may go now.
    """
    collect(connection, channel_id, now=now, burst=burst)
    row = connection.execute(
        _next(channel_id, now)
        .where(deliveries.c.slot.is_(None))
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .add_columns(alerts.c.payload, alerts.c.story_id)
    ).first()
    if row is None or row.due_at > now:
        return None
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == row.id)
        .values(state=SENDING, attempts=row.attempts + 1, changed_at=now)
    )
    return Taken(
        id=row.id,
        attempts=row.attempts + 1,
        created_at=row.created_at,
        outgoing=Outgoing(
            reference=f"WD-{row.id}",
            alert=_with_copies(connection, ALERT.validate_python(row.payload), row.story_id),
            mentions=tuple(row.mentions),
            resent=row.resent,
        ),
    )


def _next(channel_id: int, now: datetime) -> Select[Any]:
    """The delivery that an active channel is to send next. One that is to be tried again holds back those behind it."""
    return (
        select(deliveries)
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .where(
            channels.c.id == channel_id,
            channels.c.state == "active",
            deliveries.c.state == PENDING,
            or_(deliveries.c.due_at <= now, deliveries.c.attempts > 0),
        )
        .order_by(deliveries.c.id)
        .limit(1)
    )


def _with_copies(connection: Connection, alert: Alert, story_id: int | None) -> Alert:
    """The alert with the copies that have arrived since it was made."""
    if story_id is None:
        return alert
    rows = connection.execute(
        select(articles.c.outlet, articles.c.url, articles.c.published)
        .join(placements, placements.c.article_id == articles.c.id)
        .where(placements.c.story_id == story_id, placements.c.decision.in_(("new", "copy")))
        .order_by(articles.c.id)
    )
    tellers = (Teller(outlet=row.outlet, url=row.url, published=row.published) for row in rows)
    return replace(alert, copies=tuple(teller for teller in tellers if teller.url != alert.url))


def mark_sent(connection: Connection, delivery_id: int, *, message_id: str | None, now: datetime) -> None:
    """The channel has it; a digest's members are told with it."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(state=SENT, message_id=message_id, error=None, changed_at=now)
    )
    connection.execute(
        update(deliveries).where(deliveries.c.digest_id == delivery_id).values(state=SENT, changed_at=now)
    )


def mark_later(
    connection: Connection, delivery_id: int, *, error: str, maybe_taken: bool, at: datetime, now: datetime
) -> None:
    """Not taken this time: to be tried again, marked if this attempt may have arrived."""
    _unsent(connection, delivery_id, state=PENDING, maybe_taken=maybe_taken, error=error, due_at=at, changed_at=now)


def mark_dead(connection: Connection, delivery_id: int, *, error: str, maybe_taken: bool, now: datetime) -> None:
    """A dead letter: the channel will not take it. Kept, listed, and retried by command."""
    _unsent(connection, delivery_id, state=DEAD, maybe_taken=maybe_taken, error=error, changed_at=now)


def _unsent(connection: Connection, delivery_id: int, *, maybe_taken: bool, **columns: Any) -> None:
    marked = {"resent": True} if maybe_taken else {}
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(**columns, **marked))

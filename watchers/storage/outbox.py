"""The outbox: one delivery an alert and channel, from pending to sent.

    pending ─take→ sending ─settle→ sent | dead | pending again (later)
    pending with a slot ─collect→ collected, with one digest's delivery → sent along with it

A delivery is unique per (channel, alert key), so that nothing is told twice whatever happens. A channel's deliveries go
out in the order in which they were made; one that is to be retried holds back those behind it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, and_, func, insert, or_, select, update

from watchers.models import Alert, AlertKind, Outgoing, Teller
from watchers.slots import Due
from watchers.storage.schema import alerts, articles, channels, deliveries, placements

PENDING = "pending"
SENDING = "sending"
SENT = "sent"
COLLECTED = "collected"
SUPERSEDED = "superseded"
DEAD = "dead"
STATES = (PENDING, SENDING, SENT, COLLECTED, SUPERSEDED, DEAD)
ALERT = TypeAdapter(Alert)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where and when an alert is to be told."""

    channel_id: int
    due: Due
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A delivery that is being sent."""

    id: int
    attempts: int
    created_at: datetime
    outgoing: Outgoing


def tell(
    connection: Connection,
    desk_id: int,
    alert: Alert,
    addresses: Sequence[Address],
    *,
    now: datetime,
    story_id: int | None = None,
    even_unaddressed: bool = False,
) -> bool:
    """Commit an alert to the channels that have not been told of it yet. True: there was something to tell."""
    told = set(
        connection.execute(
            select(deliveries.c.channel_id).where(
                deliveries.c.alert_key == alert.key,
                deliveries.c.channel_id.in_([address.channel_id for address in addresses]),
            )
        ).scalars()
    )
    untold = [address for address in addresses if address.channel_id not in told]
    if not untold and not (even_unaddressed and not addresses):
        return False
    alert_id = _insert_alert(connection, desk_id, alert, story_id, now)
    for address in untold:
        connection.execute(
            insert(deliveries).values(
                alert_id=alert_id,
                channel_id=address.channel_id,
                alert_key=alert.key,
                state=PENDING,
                slot=address.due.slot,
                due_at=address.due.at,
                mentions=list(address.mentions),
                created_at=now,
                changed_at=now,
            )
        )
    return True


def _insert_alert(connection: Connection, desk_id: int, alert: Alert, story_id: int | None, now: datetime) -> int:
    alert_id: int = connection.execute(
        insert(alerts)
        .values(
            desk_id=desk_id,
            key=alert.key,
            kind=alert.kind.value,
            story_id=story_id,
            payload=ALERT.dump_python(alert, mode="json"),
            created_at=now,
        )
        .returning(alerts.c.id)
    ).scalar_one()
    return alert_id


def recover(connection: Connection, now: datetime) -> int:
    """At start: what was being sent when the last desk died is sent again, marked. Returns how many."""
    return connection.execute(
        update(deliveries)
        .where(deliveries.c.state == SENDING)
        .values(state=PENDING, resent=True, due_at=now, changed_at=now)
    ).rowcount


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
    alert_id = _insert_alert(connection, rows[0].desk_id, alert, None, now)
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


def take(connection: Connection, channel_id: int, now: datetime) -> Taken | datetime | None:
    """The channel's next delivery, marked as being sent; the moment to come back at; or None when all is told."""
    row = connection.execute(
        select(deliveries, alerts.c.payload, alerts.c.story_id)
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(
            deliveries.c.channel_id == channel_id,
            deliveries.c.state == PENDING,
            or_(deliveries.c.due_at <= now, deliveries.c.attempts > 0),
        )
        .order_by(deliveries.c.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    if row.due_at > now:
        later: datetime = row.due_at
        return later
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


def mark_later(connection: Connection, delivery_id: int, *, error: str, at: datetime, now: datetime) -> None:
    """Not taken this time: to be tried again."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(state=PENDING, error=error, due_at=at, changed_at=now)
    )


def mark_dead(connection: Connection, delivery_id: int, *, error: str, now: datetime) -> None:
    """A dead letter: the channel will not take it. Kept, listed, and retried by command."""
    connection.execute(
        update(deliveries).where(deliveries.c.id == delivery_id).values(state=DEAD, error=error, changed_at=now)
    )


def waiting(connection: Connection) -> int:
    """How many deliveries are still to be told."""
    return connection.execute(
        select(func.count()).select_from(deliveries).where(deliveries.c.state.in_((PENDING, SENDING)))
    ).scalar_one()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A delivery as `outbox list` shows it."""

    alert: str
    channel: str
    state: str
    attempts: int
    error: str | None
    at: datetime


def listed(
    connection: Connection, *, states: Iterable[str] | None = None, ids: Iterable[int] | None = None
) -> list[Listed]:
    """Deliveries in order; only those in `states`, or with these ids, where given."""
    query = (
        select(deliveries, channels.c.name.label("channel"))
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .order_by(deliveries.c.id)
    )
    if states is not None:
        query = query.where(deliveries.c.state.in_(list(states)))
    if ids is not None:
        query = query.where(deliveries.c.id.in_(list(ids)))
    return [
        Listed(
            alert=row.alert_key,
            channel=row.channel,
            state=row.state,
            attempts=row.attempts,
            error=row.error,
            at=row.changed_at,
        )
        for row in connection.execute(query)
    ]


def retry(connection: Connection, alert_key: str | None, *, now: datetime) -> list[Listed]:
    """Dead letters to pending again: of one alert, or all. Returns them as they are then."""
    chosen = deliveries.c.state == DEAD
    if alert_key is not None:
        chosen = and_(chosen, deliveries.c.alert_key == alert_key)
    changed = connection.execute(
        update(deliveries)
        .where(chosen)
        .values(state=PENDING, attempts=0, due_at=now, changed_at=now)
        .returning(deliveries.c.id)
    )
    return listed(connection, ids=changed.scalars().all())


def drop(connection: Connection, alert_key: str, *, now: datetime) -> list[Listed]:
    """An alert's dead letters and pending deliveries are superseded, never told; a digest's members with it.

    Returns them as they are then.
    """
    chosen = and_(deliveries.c.alert_key == alert_key, deliveries.c.state.in_((DEAD, PENDING)))
    ids = list(connection.execute(select(deliveries.c.id).where(chosen)).scalars())
    connection.execute(
        update(deliveries)
        .where(or_(deliveries.c.id.in_(ids), deliveries.c.digest_id.in_(ids)))
        .values(state=SUPERSEDED, changed_at=now)
    )
    return listed(connection, ids=ids)


def resting(connection: Connection, found: Iterable[Listed]) -> list[str]:
    """Which of these deliveries' channels are paused."""
    names = {delivery.channel for delivery in found}
    paused = select(channels.c.name).where(channels.c.name.in_(names), channels.c.state != "active")
    return sorted(set(connection.execute(paused).scalars()))

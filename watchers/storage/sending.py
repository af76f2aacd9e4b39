"""Sending: what of the outbox goes to a channel next, and what became of it.

    due deliveries ─collect→ digests ─take→ sending ─mark_sent | mark_later | mark_dead→ the outbox

A channel's deliveries go out in the order in which they were made; one that is to be tried again holds back those
behind it, until so many attempts broke down that it is the post itself that the channel can't bear. An attempt that
ended without a definite answer leaves its delivery marked: sent again, it says so.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from watchers.models import Alert, AlertKind, Outgoing
from watchers.storage import meta, posts
from watchers.storage.among import among
from watchers.storage.desks import ACTIVE
from watchers.storage.items import UNREAD
from watchers.storage.outbox import COLLECTED, DEAD, PENDING, SENDING, SENT, insert_alert
from watchers.storage.outgoing import alert_of, outgoing_of, tellers_of
from watchers.storage.schema import alerts, channels, deliveries, desks, items

STEPS_ASIDE: Final = 8  # attempts that broke down, after which a delivery lets those behind it pass
LARGEST_DIGEST: Final = 500  # alerts, and up to a burst more; what is beyond goes into the next
FLOOD_WAITS: Final = timedelta(minutes=15)  # that a flood's digest waits, at most, until all of the flood is read


# Built once, for they are asked each second; `_moments` gives what is bound.
_MOMENT = deliveries.c.due_at.type
_NOW = bindparam("now", type_=_MOMENT)
# When a delivery may go. What was due as it was last written still is, also by a clock that was put back since.
_AT = case((deliveries.c.due_at <= deliveries.c.changed_at, _NOW), else_=deliveries.c.due_at)
# Whose time has come. What came with a flood waits until nothing of it is unread: it is one digest.
_DUE = and_(
    _AT <= _NOW,
    or_(
        deliveries.c.slot.is_(None),
        deliveries.c.slot.not_like("held:%"),
        ~exists().where(
            items.c.held == deliveries.c.slot,
            items.c.state == literal(UNREAD, literal_execute=True),  # as in the partial index of the unread
            items.c.next_at.is_(None),  # a page that can't be reached holds up nothing
            items.c.first_seen > bindparam("flooded_since"),
        ),
    ),
)
# What a digest may be made of: it was never tried by itself, and is no digest.
_FRESH = and_(
    deliveries.c.attempts == 0,
    deliveries.c.resent.is_(False),
    deliveries.c.alert_key.not_like(f"{AlertKind.DIGEST.value}:%"),
)
# What active channels have to send: what is due, and what holds back those behind it until it is tried again.
_GOING: Select[Any] = (
    select(deliveries)
    .join(channels, channels.c.id == deliveries.c.channel_id)
    .join(desks, desks.c.id == channels.c.desk_id)
    .where(
        channels.c.state == ACTIVE,
        desks.c.posting == ACTIVE,
        desks.c.left_at.is_(None),
        deliveries.c.state == PENDING,
        or_(_DUE, and_(deliveries.c.attempts > 0, deliveries.c.breakdowns < STEPS_ASIDE)),
    )
)
_WITH_WORK = (
    select(deliveries.c.channel_id)
    .where(
        deliveries.c.id.in_(_GOING.with_only_columns(func.min(deliveries.c.id)).group_by(deliveries.c.channel_id)),
        bindparam("until", type_=_MOMENT) >= _AT,
    )
    .order_by(deliveries.c.channel_id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A delivery that is being sent."""

    id: int
    attempts: int
    first_tried_at: datetime
    outgoing: Outgoing
    story_id: int | None = None
    tellers: int = 0  # of the story, that the card shows


def channels_with_work(
    connection: Connection, now: datetime, *, patience: float = 0.0, among: Collection[int] | None = None
) -> list[int]:
    """Active channels whose next delivery is due, or is to be tried again within `patience` seconds."""
    asked = _moments(now) | {"until": now + timedelta(seconds=patience)}
    found = connection.execute(_WITH_WORK, asked).scalars()
    return [channel for channel in found if among is None or channel in among]


def collect(connection: Connection, channel_id: int, *, now: datetime, burst: int) -> bool:
    """Make digests of what is due with a slot, and of more than `burst` cards at once.

    Where that is more than a digest holds, the oldest. True: what is left of them is for further digests.
    """
    due = connection.execute(
        select(deliveries.c.id, deliveries.c.slot)
        .where(
            deliveries.c.channel_id == channel_id,
            deliveries.c.state == PENDING,
            _DUE,
            _FRESH,
        )
        .order_by(deliveries.c.id),
        _moments(now),
    ).all()
    groups: dict[str, list[int]] = {}
    for row in due:
        groups.setdefault(row.slot or "", []).append(row.id)
    single = groups.pop("", [])
    if len(single) > burst:
        groups["burst"] = single
    more = False
    for slot, members in groups.items():
        # What is left is more than a burst, so that it never overtakes this one alert by alert.
        is_whole = len(members) <= LARGEST_DIGEST + burst
        _make_digest(connection, channel_id, slot, members if is_whole else members[:LARGEST_DIGEST], now)
        more |= not is_whole
    return more


def _make_digest(connection: Connection, channel_id: int, slot: str, members: list[int], now: datetime) -> None:
    rows = connection.execute(
        select(alerts.c.desk_id, alerts.c.payload, alerts.c.story_id, deliveries.c.mentions)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .where(among(deliveries.c.id, "members"))
        .order_by(deliveries.c.id),
        {"members": members},
    ).all()
    tellers = tellers_of(connection, {row.story_id for row in rows if row.story_id is not None})
    gathered = tuple(alert_of(row.payload, tellers.get(row.story_id, ())) for row in rows)
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
        .where(among(deliveries.c.id, "members"))
        .values(state=COLLECTED, digest_id=digest_id, changed_at=now),
        {"members": members},
    )


def next_at(connection: Connection, channel_id: int, now: datetime) -> datetime | None:
    """When the channel's next delivery may go: up to `now` at once. None: nothing is due, or the channel is paused."""
    return connection.execute(_next(channel_id).with_only_columns(_AT), _moments(now)).scalar()


def take(connection: Connection, channel_id: int, *, now: datetime, burst: int) -> Taken | None:
    """The channel's next delivery, marked as being sent; digests are made first of what belongs into one.

    None: nothing may go now.
    """
    more = collect(connection, channel_id, now=now, burst=burst)
    row = connection.execute(
        _next(channel_id)
        .where(deliveries.c.slot.is_(None), ~_FRESH if more else true())
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .add_columns(alerts.c.payload, alerts.c.story_id, _AT.label("may_go_at")),
        _moments(now),
    ).first()
    if row is None or row.may_go_at > now:
        return None
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == row.id)
        .values(state=SENDING, attempts=row.attempts + 1, first_tried_at=row.first_tried_at or now, changed_at=now)
    )
    tellers = () if row.story_id is None else tellers_of(connection, (row.story_id,)).get(row.story_id, ())
    return Taken(
        id=row.id,
        attempts=row.attempts + 1,
        first_tried_at=row.first_tried_at or now,
        outgoing=outgoing_of(row, tellers, instance=meta.instance(connection)),
        story_id=row.story_id,
        tellers=len(tellers),
    )


def _next(channel_id: int) -> Select[Any]:
    """The delivery that an active channel is to send next."""
    return _GOING.where(channels.c.id == channel_id).order_by(deliveries.c.id).limit(1)


def _moments(now: datetime) -> dict[str, datetime]:
    """What `_DUE` and all that is built of it ask by."""
    return {"now": now, "flooded_since": now - FLOOD_WAITS}


def mark_sent(connection: Connection, taken: Taken, *, message_id: str | None, now: datetime) -> None:
    """The channel has it; a digest's members are told with it. The post of a story follows that from now on."""
    sent = connection.execute(
        update(deliveries)
        .where(_being_sent(taken.id))
        .values(state=SENT, message_id=message_id, error=None, changed_at=now)
    )
    if not sent.rowcount:  # the channel was removed meanwhile
        return
    connection.execute(update(deliveries).where(deliveries.c.digest_id == taken.id).values(state=SENT, changed_at=now))
    of_story = taken.story_id is not None and taken.outgoing.alert.kind is AlertKind.STORY_NEW
    if of_story and message_id is not None:
        # What stands may be an earlier attempt's, with fewer tellers, but never with none.
        shown = min(taken.tellers, 1) if taken.outgoing.resent else taken.tellers
        posts.note(connection, taken.id, message_id=message_id, shown=shown, now=now)


def mark_later(
    connection: Connection, delivery_id: int, *, error: str, maybe_taken: bool, at: datetime, now: datetime
) -> None:
    """Not taken this time: to be tried again, marked if this attempt may have arrived."""
    _unsent(connection, delivery_id, state=PENDING, maybe_taken=maybe_taken, error=error, due_at=at, changed_at=now)


def mark_dead(connection: Connection, delivery_id: int, *, error: str, maybe_taken: bool, now: datetime) -> None:
    """A dead letter: the channel will not take it. Kept, listed, and retried by command."""
    _unsent(connection, delivery_id, state=DEAD, maybe_taken=maybe_taken, error=error, changed_at=now)


def _unsent(connection: Connection, delivery_id: int, *, maybe_taken: bool, **columns: Any) -> None:
    marked = {"resent": True, "breakdowns": deliveries.c.breakdowns + 1} if maybe_taken else {}
    connection.execute(update(deliveries).where(_being_sent(delivery_id)).values(**columns, **marked))


def _being_sent(delivery_id: int) -> ColumnElement[bool]:
    """Not one that waits: the number of a delivery that went with its channel, while it was out, may come again."""
    return and_(deliveries.c.id == delivery_id, deliveries.c.state == SENDING)


def longest_tried(connection: Connection, channel_id: int) -> int | None:
    """The first of a channel's deliveries that were tried and still wait."""
    return connection.execute(
        select(func.min(deliveries.c.id)).where(
            deliveries.c.channel_id == channel_id, deliveries.c.state == PENDING, deliveries.c.attempts > 0
        )
    ).scalar()

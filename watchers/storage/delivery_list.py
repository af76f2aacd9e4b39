"""The deliveries as people list them: what each is about, its Ref, and what one that waits is waiting for.

rows of deliveries, alerts, channels, desks ─deliveries_of→ frozen views; a card's Ref ─named→ its row
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast

from sqlalchemy import Connection, Row, func, or_, select

from watchers.errors import CannotRun
from watchers.storage import meta, unusable
from watchers.storage.among import among
from watchers.storage.desks import ACTIVE
from watchers.storage.outbox import PENDING
from watchers.storage.outgoing import reference
from watchers.storage.schema import alerts, channels, deliveries, desks
from watchers.storage.sending import STEPS_ASIDE

# What a delivery that waits is waiting for: its desk, its channel, a digest, its next try, one before it, or its turn.
Waits = Literal["left", "posting", "channel", "unusable", "hourly", "daily", "quiet", "held", "retry", "behind", "turn"]

_REFERENCE: Final = re.compile(r"WD-[A-Z2-7]{5}-(\d{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """A delivery. What waits has `due`, and `until` where it waits for a moment: its own, or that of one before it."""

    ref: str | None  # as its card shows it; None while this database has sent nothing yet
    title: str
    alert: str
    channel: str
    state: str
    attempts: int
    error: str | None
    at: datetime
    due: datetime | None
    waits_for: Waits | None
    until: datetime | None
    reason: str | None  # why its channel is paused, or can't be used
    behind: str | None  # the Ref of the one before it
    timezone: str  # its desk's


def named(connection: Connection, name: str) -> str | int:
    """What people name: the row of the delivery whose Ref it is, else it is an alert's key.

    Raises CannotRun where it is written as a Ref, and none of this database's deliveries has it.
    """
    written = name.upper()
    found = _REFERENCE.fullmatch(written)
    if found is None:
        return name
    number = int(found[1])
    made_at = connection.execute(select(deliveries.c.created_at).where(deliveries.c.id == number)).scalar()
    instance = meta.get(connection, meta.INSTANCE)
    if made_at is None or instance is None or reference(instance, number, made_at) != written:
        raise CannotRun(f"{name}: no delivery of this database has this Ref: see `wiredesk outbox list`")
    return number


def deliveries_of(
    connection: Connection,
    *,
    now: datetime,
    states: Sequence[str] = (),
    which: str | int | None = None,
    ids: Iterable[int] | None = None,
) -> list[DeliveryView]:
    """Deliveries in the order in which they were made.

    Where given, only those in these states; of this alert (its key), or of this row and, if that is a digest, what is
    in it; and only those with these ids.
    """
    query = (
        select(
            deliveries,
            alerts.c.payload["title"].as_string().label("title"),
            channels.c.name.label("channel"),
            channels.c.state.label("channel_state"),
            channels.c.reason,
            desks.c.posting,
            desks.c.left_at,
            desks.c.timezone,
        )
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .join(desks, desks.c.id == channels.c.desk_id)
        .order_by(deliveries.c.id)
    )
    asked = {}
    if states:
        query = query.where(deliveries.c.state.in_(states))
    if isinstance(which, int):
        query = query.where(or_(deliveries.c.id == which, deliveries.c.digest_id == which))
    elif which is not None:
        query = query.where(deliveries.c.alert_key == which)
    if ids is not None:
        query, asked = query.where(among(deliveries.c.id, "ids")), {"ids": ids}
    instance = meta.get(connection, meta.INSTANCE)
    lame = unusable.known(connection)
    retried = _retried(connection)
    return [_view(row, retried.get(row.channel_id), lame, instance, now) for row in connection.execute(query, asked)]


def _retried(connection: Connection) -> dict[int, Row[Any]]:
    """By channel, the delivery that holds back those behind it until it is tried again."""
    first = (
        select(func.min(deliveries.c.id))
        .where(deliveries.c.state == PENDING, deliveries.c.attempts > 0, deliveries.c.breakdowns < STEPS_ASIDE)
        .group_by(deliveries.c.channel_id)
    )
    return {row.channel_id: row for row in connection.execute(select(deliveries).where(deliveries.c.id.in_(first)))}


def _view(
    row: Row[Any], retried: Row[Any] | None, lame: dict[int, str], instance: str | None, now: datetime
) -> DeliveryView:
    waits_for = _waits_for(row, retried, lame, now) if row.state == PENDING else None
    behind = retried if waits_for == "behind" else None
    return DeliveryView(
        ref=_reference(instance, row),
        title=row.title,
        alert=row.alert_key,
        channel=row.channel,
        state=row.state,
        attempts=row.attempts,
        error=row.error,
        at=row.changed_at,
        due=row.due_at if row.state == PENDING else None,
        waits_for=waits_for,
        until=(behind or row).due_at if row.state == PENDING else None,
        reason={"channel": row.reason, "unusable": lame.get(row.channel_id)}.get(waits_for or ""),
        behind=_reference(instance, behind) if behind is not None else None,
        timezone=row.timezone,
    )


def _waits_for(row: Row[Any], retried: Row[Any] | None, lame: dict[int, str], now: datetime) -> Waits:
    rests: dict[Waits, bool] = {
        "left": row.left_at is not None,
        "posting": row.posting != ACTIVE,
        "channel": row.channel_state != ACTIVE,
        "unusable": row.channel_id in lame,
    }
    if resting := next((why for why, rest in rests.items() if rest), None):
        return resting
    slot = (row.slot or "").partition(":")[0]
    if slot == "held" or (row.slot and row.due_at > now):
        return cast(Waits, slot)
    if row.due_at > now:
        return "retry"
    is_behind = retried is not None and retried.id < row.id and retried.due_at > now
    return "behind" if is_behind else "turn"


def _reference(instance: str | None, row: Row[Any]) -> str | None:
    return None if instance is None else reference(instance, row.id, row.created_at)

"""The outbox: one delivery an alert and channel, from pending to sent.

    pending ─take→ sending ─→ sent | dead | pending again (later)
    pending with a slot ─collect→ collected, with one digest's delivery → sent along with it

A delivery is unique per (channel, alert key), so that nothing is told twice whatever happens. What moves deliveries on
from here is `watchers.storage.sending`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, insert, or_, select, update

from watchers.models import Alert
from watchers.slots import Due
from watchers.storage.among import among
from watchers.storage.schema import alerts, channels, deliveries
from watchers.storage.sources import AHEAD

PENDING = "pending"
SENDING = "sending"
SENT = "sent"
COLLECTED = "collected"
SUPERSEDED = "superseded"
DEAD = "dead"
STATES = (PENDING, SENDING, SENT, COLLECTED, SUPERSEDED, DEAD)
ALERT = TypeAdapter(Alert)

# Built once: what is done for every alert costs more to put together than to run.
_TOLD = select(deliveries).where(deliveries.c.alert_key == bindparam("key"), among(deliveries.c.channel_id, "channels"))
_ADD = insert(alerts).returning(alerts.c.id)
_DELIVER = insert(deliveries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where and when an alert is to be told."""

    channel_id: int
    due: Due
    mentions: tuple[str, ...]


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
    """Commit an alert to the channels that have not been told of it yet. True: there was something to tell.

    Where it waits for a later moment than it is told now, it goes at the sooner one.
    """
    told = {}
    if addresses:
        asked = {"key": alert.key, "channels": [address.channel_id for address in addresses]}
        told = {row.channel_id: row for row in connection.execute(_TOLD, asked)}
    for address in addresses:
        if (row := told.get(address.channel_id)) is not None:
            _bring_forward(connection, row, address, now)
    untold = [address for address in addresses if address.channel_id not in told]
    if not untold and not (even_unaddressed and not addresses):
        return False
    alert_id = insert_alert(connection, desk_id, alert, story_id, now)
    rows = [
        {
            "alert_id": alert_id,
            "channel_id": address.channel_id,
            "alert_key": alert.key,
            "state": PENDING,
            "slot": address.due.slot,
            "due_at": address.due.at,
            "mentions": list(address.mentions),
            "created_at": now,
            "changed_at": now,
        }
        for address in untold
    ]
    if rows:
        connection.execute(_DELIVER, rows)
    return True


def _bring_forward(connection: Connection, row: Row[Any], address: Address, now: datetime) -> None:
    if row.state != PENDING or row.attempts or row.due_at <= address.due.at:
        return
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == row.id)
        .values(
            due_at=address.due.at,
            slot=address.due.slot,
            mentions=list(dict.fromkeys((*row.mentions, *address.mentions))),
            changed_at=now,
        )
    )


def insert_alert(connection: Connection, desk_id: int, alert: Alert, story_id: int | None, now: datetime) -> int:
    """Commit what is told; returns its row. Who is told of it are deliveries."""
    row = {
        "desk_id": desk_id,
        "key": alert.key,
        "kind": alert.kind.value,
        "story_id": story_id,
        "payload": ALERT.dump_python(alert, mode="json"),
        "created_at": now,
    }
    alert_id: int = connection.execute(_ADD, row).scalar_one()
    return alert_id


def recover(connection: Connection, now: datetime) -> int:
    """At start: what was being sent when the last desk died is sent again, marked. Returns how many.

    What a clock that was ahead has put off is due as well.
    """
    set_right(connection, now)
    return connection.execute(
        update(deliveries)
        .where(deliveries.c.state == SENDING)
        .values(state=PENDING, resent=True, due_at=now, changed_at=now)
    ).rowcount


def set_right(connection: Connection, now: datetime) -> None:
    """What a clock that was ahead put off is due, now that it is put back. What waits for a digest keeps its hour."""
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.state == PENDING,
            deliveries.c.due_at > now,
            deliveries.c.changed_at > now + AHEAD,
            or_(deliveries.c.slot.is_(None), deliveries.c.slot.like("held:%")),
        )
        .values(due_at=now, changed_at=now)
    )


def last_alert(connection: Connection) -> int:
    """The newest alert row; 0 before there is any."""
    return connection.execute(select(func.max(alerts.c.id))).scalar() or 0


def alerts_since(connection: Connection, last: int) -> int:
    """How many alert rows were committed after `last`."""
    return connection.execute(select(func.count()).select_from(alerts).where(alerts.c.id > last)).scalar_one()


def waiting(connection: Connection) -> int:
    """How many deliveries are still to be told."""
    return connection.execute(
        select(func.count()).select_from(deliveries).where(deliveries.c.state.in_((PENDING, SENDING)))
    ).scalar_one()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A delivery's row, and what became of it."""

    id: int
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
    chosen = {}
    if ids is not None:
        query, chosen = query.where(among(deliveries.c.id, "ids")), {"ids": ids}
    return [
        Listed(
            id=row.id,
            alert=row.alert_key,
            channel=row.channel,
            state=row.state,
            attempts=row.attempts,
            error=row.error,
            at=row.changed_at,
        )
        for row in connection.execute(query, chosen)
    ]


def retry(connection: Connection, which: str | int | None, *, now: datetime) -> list[Listed]:
    """Dead letters to pending again: of one alert (its key), one delivery (its row), or all. Returns them after."""
    chosen = deliveries.c.state == DEAD
    if which is not None:
        chosen = and_(chosen, _of(which))
    changed = connection.execute(
        update(deliveries)
        .where(chosen)
        .values(state=PENDING, attempts=0, breakdowns=0, first_tried_at=None, due_at=now, changed_at=now)
        .returning(deliveries.c.id)
    )
    return listed(connection, ids=changed.scalars().all())


def drop(connection: Connection, which: str | int, *, now: datetime) -> list[Listed]:
    """Dead letters and pending deliveries are superseded, never told: an alert's, or one (its row). Digests go whole.

    Returns them as they are then.
    """
    chosen = and_(_of(which), deliveries.c.state.in_((DEAD, PENDING)))
    ids = list(connection.execute(select(deliveries.c.id).where(chosen)).scalars())
    connection.execute(
        update(deliveries)
        .where(or_(among(deliveries.c.id, "ids"), among(deliveries.c.digest_id, "ids")))
        .values(state=SUPERSEDED, changed_at=now),
        {"ids": ids},
    )
    return listed(connection, ids=ids)


def _of(which: str | int) -> ColumnElement[bool]:
    return deliveries.c.id == which if isinstance(which, int) else deliveries.c.alert_key == which


def resting(connection: Connection, found: Iterable[Listed]) -> list[str]:
    """Which of these deliveries' channels are paused."""
    names = {delivery.channel for delivery in found}
    paused = select(channels.c.name).where(channels.c.name.in_(names), channels.c.state != "active")
    return sorted(set(connection.execute(paused).scalars()))

"""How one desk stands: what waits to be told, what was told last, how large the database is.

deliveries of the desk's channels ─of_desk→ DeskStanding

How its sources do is in `health`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from watchers.storage.outbox import DEAD, PENDING, SENDING, SENT
from watchers.storage.schema import channels, deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTold:
    """The last alert that a channel of the desk took."""

    at: datetime
    channel: str
    chat_id: str | None
    message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskStanding:
    """Deliveries in numbers. `planned`: for later, with a digest or after quiet hours."""

    waiting: int
    oldest: datetime | None  # when the longest waiting was made
    planned: int
    dead: int
    last: LastTold | None
    database_bytes: int


def of_desk(connection: Connection, desk: int, now: datetime) -> DeskStanding:
    """Count what the desk's channels have before them."""
    here = select(channels.c.id).where(channels.c.desk_id == desk)
    counted = select(func.count().label("number"), func.min(deliveries.c.created_at).label("oldest")).where(
        deliveries.c.channel_id.in_(here)
    )
    to_send = deliveries.c.state.in_((PENDING, SENDING))
    due = connection.execute(counted.where(to_send, deliveries.c.due_at <= now)).one()
    return DeskStanding(
        waiting=due.number,
        oldest=due.oldest,
        planned=connection.execute(counted.where(to_send, deliveries.c.due_at > now)).one().number,
        dead=connection.execute(counted.where(deliveries.c.state == DEAD)).one().number,
        last=_last(connection, desk),
        database_bytes=size(connection),
    )


def _last(connection: Connection, desk: int) -> LastTold | None:
    row = connection.execute(
        select(channels.c.name, channels.c.settings, deliveries.c.message_id, deliveries.c.changed_at)
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .where(channels.c.desk_id == desk, deliveries.c.state == SENT)
        .order_by(deliveries.c.changed_at.desc(), deliveries.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return LastTold(at=row.changed_at, channel=row.name, chat_id=row.settings.get("id"), message_id=row.message_id)


def size(connection: Connection) -> int:
    """What the whole database takes, in bytes."""
    if connection.dialect.name == "postgresql":
        taken = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    else:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        taken = pages * connection.execute(text("PRAGMA page_size")).scalar_one()
    return int(taken)

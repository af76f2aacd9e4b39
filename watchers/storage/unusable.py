"""Channels that the desk can't use, with the reason as the desk itself last found it: it has no secret, or a bad one.

    live channels' reasons ─record→ kept, and each desk's admins told ─known, listed→ lists and summaries

A command has an environment of its own, and may lack a secret that the desk has, or have one that the desk lacks: only
what the desk found says whether its alerts go out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from watchers.storage import meta, notices
from watchers.storage.desks import ACTIVE
from watchers.storage.outbox import PENDING, SENDING
from watchers.storage.schema import channels, deliveries
from watchers.storage.schema import desks as desk_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """A channel that the desk can't use. `waiting`: deliveries that are still to be sent to it."""

    name: str
    reason: str
    waiting: int


def known(connection: Connection) -> dict[int, str]:
    """The channels' rows and the reasons, as they were last recorded."""
    return {int(channel_id): reason for channel_id, reason in (meta.get(connection, meta.UNUSABLE) or {}).items()}


def record(connection: Connection, found: Mapping[int, str], *, demo: bool, now: datetime) -> None:
    """Keep which channels can't be used, and tell the admins what is new: once a reason, until the channel is well.

    Those of a desk whose admin channel it is have it in the log alone.
    """
    before = known(connection)
    rows = connection.execute(
        select(channels.c.id, channels.c.name, channels.c.desk_id, desk_rows.c.admin_channel)
        .join(desk_rows, desk_rows.c.id == channels.c.desk_id)
        .where(channels.c.id.in_(found))
        .order_by(channels.c.id)
    ).all()
    for row in rows:
        reason = found[row.id]
        if reason == before.get(row.id) or row.name == row.admin_channel:
            continue
        text = f"Channel {row.name} can't be used: {reason}. Its alerts wait. Mend that, then start the desk again"
        subject = f"unusable:{row.id}:{now:%Y-%m-%dT%H:%M:%S}"
        notices.notice(connection, row.desk_id, subject, text, demo=demo, now=now)
    meta.put(connection, meta.UNUSABLE, {str(row.id): found[row.id] for row in rows})


def listed(connection: Connection) -> list[Unusable]:
    """The channels that can't be used, of all desks, with how much waits for each."""
    found = known(connection)
    waiting = func.count(deliveries.c.id).label("waiting")
    rows = connection.execute(
        select(channels.c.id, channels.c.name, waiting)
        .outerjoin(
            deliveries,
            (deliveries.c.channel_id == channels.c.id) & deliveries.c.state.in_((PENDING, SENDING)),
        )
        .where(channels.c.id.in_(found), channels.c.state == ACTIVE)
        .group_by(channels.c.id, channels.c.name)
        .order_by(channels.c.id)
    )
    return [Unusable(name=row.name, reason=found[row.id], waiting=row.waiting) for row in rows]

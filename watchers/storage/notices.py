"""What the desk's admins are told: the health of sources, and notices of the desk itself.

They go to the desk's admin channel only; a desk without one has them in the log.
"""

from datetime import datetime

import structlog
from sqlalchemy import Connection, select

from watchers.models import Alert, AlertKind
from watchers.slots import Due
from watchers.storage import outbox
from watchers.storage.outbox import Address
from watchers.storage.schema import channels, desks
from watchers.storage.sources import SourceState

log = structlog.get_logger(__name__)


def about_source(
    connection: Connection,
    state: SourceState,
    kind: AlertKind,
    reason: str,
    *,
    demo: bool,
    now: datetime,
    since: datetime | None = None,
    next_try: datetime | None = None,
) -> int:
    """Tell the admins of every desk that follows a source that it fails, or is back. Returns how many alerts.

    `since` is when its trouble began, `next_try` when a failing one is polled next, where these say something.
    """
    told = 0
    recovered = kind is AlertKind.SOURCE_RECOVERED
    for desk_id in sorted({follow.desk_id for follow in state.follows}):
        name = next(follow.name for follow in state.follows if follow.desk_id == desk_id)
        alert = Alert(
            key=f"{kind.value}:{state.id}:{now:%Y-%m-%dT%H:%M:%S}",
            kind=kind,
            title=name,
            url=state.url,
            note=reason or None,
            since=since,
            until=now if recovered else None,
            next_try=None if recovered else next_try,
            demo=demo,
        )
        told += to_admins(connection, desk_id, alert, now)
    return told


def notice(connection: Connection, desk_id: int, subject: str, text: str, *, demo: bool, now: datetime) -> bool:
    """Tell a desk's admins something about the desk, once a `subject`."""
    alert = Alert(
        key=f"{AlertKind.DESK_NOTICE.value}:{subject}",
        kind=AlertKind.DESK_NOTICE,
        title=text,
        demo=demo,
    )
    return to_admins(connection, desk_id, alert, now)


def to_admins(connection: Connection, desk_id: int, alert: Alert, now: datetime) -> bool:
    """Commit an alert to the desk's admin channel. False: there is none, or it was told before."""
    channel_id = connection.execute(
        select(channels.c.id)
        .join(desks, desks.c.id == channels.c.desk_id)
        .where(desks.c.id == desk_id, channels.c.name == desks.c.admin_channel)
    ).scalar()
    told = channel_id is not None and outbox.tell(
        connection, desk_id, alert, [Address(channel_id=channel_id, due=Due(now, None), mentions=())], now=now
    )
    if told or channel_id is None:
        say = log.info if alert.kind is AlertKind.SOURCE_RECOVERED else log.warning
        say(alert.kind.value, subject=alert.title, reason=alert.note)
    return told

"""A channel that refuses: the dead letter, the paused channel and the admins' notice are one transaction."""

from datetime import datetime

from sqlalchemy import Connection, select

from watchers.models import Alert, AlertKind
from watchers.storage import desks, notices, outbox
from watchers.storage.outbox import Taken
from watchers.storage.schema import channels


def bury(
    connection: Connection, channel_id: int, taken: Taken, error: str, *, pause: bool, demo: bool, now: datetime
) -> None:
    """The delivery becomes a dead letter. With `pause`, nothing else can be made either: those behind it wait."""
    row = connection.execute(select(channels.c.desk_id, channels.c.name).where(channels.c.id == channel_id)).one()
    outbox.mark_dead(connection, taken.id, error=error, now=now)
    if pause:
        if not desks.pause_channel(connection, channel_id, error):
            return
        text = (
            f"Channel {row.name} is paused: {error}. Its alerts wait. "
            f"Mend it, then: wiredesk channel resume {row.name}; wiredesk outbox retry"
        )
    else:
        text = f"Channel {row.name} refused an alert: {error}. See `wiredesk outbox list`"
    alert = Alert(
        key=f"{AlertKind.DESK_NOTICE.value}:channel:{channel_id}:{taken.id}:{taken.attempts}",
        kind=AlertKind.DESK_NOTICE,
        title=text,
        demo=demo,
    )
    notices.to_admins(connection, row.desk_id, alert, now)

"""A channel that refuses: the dead letter, the paused channel and the admins' notice are one transaction."""

from datetime import datetime

from sqlalchemy import Connection, select

from watchers.models import Alert, AlertKind, Refused, Retry
from watchers.storage import desks, notices, sending
from watchers.storage.schema import channels
from watchers.storage.sending import Taken


def bury(
    connection: Connection, channel_id: int, taken: Taken, result: Retry | Refused, *, demo: bool, now: datetime
) -> bool:
    """The delivery becomes a dead letter. True: the channel takes nothing else either, so those behind it wait."""
    error = result.error
    pause = isinstance(result, Refused) and result.pause
    row = connection.execute(select(channels.c.desk_id, channels.c.name).where(channels.c.id == channel_id)).one()
    maybe_taken = isinstance(result, Retry) and result.maybe_taken
    sending.mark_dead(connection, taken.id, error=error, maybe_taken=maybe_taken, now=now)
    if pause:
        if not desks.pause_channel(connection, channel_id, error):
            return True
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
    return pause

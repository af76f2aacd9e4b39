"""What a channel does not take: put off, or a dead letter with the channel paused, and the admins told of it.

Each is one transaction. About what goes to the admins themselves they are not told, which would be refused as well:
that is in the log only.
"""

from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection, select

from watchers.models import AlertKind, Refused, Retry
from watchers.storage import desks, notices, sending
from watchers.storage.schema import channels
from watchers.storage.schema import desks as desk_rows
from watchers.storage.sending import Taken

log = structlog.get_logger(__name__)

TOLD_AFTER: Final = timedelta(hours=1)  # of attempts at one delivery
_FOR_ADMINS: Final = {AlertKind.DESK_NOTICE, AlertKind.SOURCE_FAILING, AlertKind.SOURCE_RECOVERED}


def postpone(
    connection: Connection, channel_id: int, taken: Taken, result: Retry, *, at: datetime, demo: bool, now: datetime
) -> None:
    """The delivery is tried again later. The admins hear, once, of the one that has been tried for long."""
    sending.mark_later(connection, taken.id, error=result.error, maybe_taken=result.maybe_taken, at=at, now=now)
    if now - taken.first_tried_at >= TOLD_AFTER and sending.longest_tried(connection, channel_id) == taken.id:
        name = _name(connection, channel_id)
        text = (
            f"Channel {name} has not taken an alert since {taken.first_tried_at:%Y-%m-%d %H:%M} UTC: {result.error}. "
            "It is tried again; see `wiredesk outbox list`"
        )
        _tell(connection, channel_id, taken, "waits", text, demo=demo, now=now)


def bury(
    connection: Connection, channel_id: int, taken: Taken, result: Retry | Refused, *, demo: bool, now: datetime
) -> bool:
    """The delivery becomes a dead letter. True: the channel takes nothing else either, so those behind it wait."""
    error = result.error
    maybe_taken = isinstance(result, Retry) and result.maybe_taken
    sending.mark_dead(connection, taken.id, error=error, maybe_taken=maybe_taken, now=now)
    name = _name(connection, channel_id)
    if not (isinstance(result, Refused) and result.pause):
        text = f"Channel {name} refused an alert: {error}. See `wiredesk outbox list`"
        _tell(connection, channel_id, taken, "refused", text, demo=demo, now=now)
        return False
    if desks.pause_channel(connection, channel_id, error):
        text = (
            f"Channel {name} is paused: {error}. Its alerts wait. "
            f"Mend it, then: wiredesk channel resume {name}; wiredesk outbox retry"
        )
        _tell(connection, channel_id, taken, "paused", text, demo=demo, now=now)
    return True


def _name(connection: Connection, channel_id: int) -> str | None:
    """None: the channel was removed while the post was out."""
    return connection.execute(select(channels.c.name).where(channels.c.id == channel_id)).scalar()


def _tell(
    connection: Connection, channel_id: int, taken: Taken, what: str, text: str, *, demo: bool, now: datetime
) -> None:
    row = connection.execute(
        select(channels.c.desk_id, channels.c.name, desk_rows.c.admin_channel)
        .join(desk_rows, desk_rows.c.id == channels.c.desk_id)
        .where(channels.c.id == channel_id)
    ).first()
    if row is None or row.name == row.admin_channel or taken.outgoing.alert.kind in _FOR_ADMINS:
        log.warning("the admins can't be told", what=text)
        return
    subject = f"channel:{channel_id}:{taken.id}:{what}:{taken.first_tried_at:%Y-%m-%dT%H:%M:%S}"
    notices.notice(connection, row.desk_id, subject, text, demo=demo, now=now)

"""Where people lead alerts to: a channel of the desk, or one of the chat's, which becomes the desk's with its first.

Lead (a chat channel's id and name, or the desk's name of a channel) ─route→ Route, by the desk's name of the channel
a channel ─send_test→ an alert in the outbox that says that alerts arrive
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from config.watchlist import Route
from watchers.errors import ConfigError
from watchers.models import Alert, AlertKind
from watchers.slots import Due
from watchers.storage import audit, guilds, outbox
from watchers.storage.audit import By
from watchers.storage.outbox import Address
from watchers.storage.schema import channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Where, when, and whom it calls; as `config.watchlist.Route` has it, which checked it."""

    chat_id: str | None  # None: the desk has it, under `name`
    name: str
    when: str = "now"
    mention: str | None = None
    quiet: str | None = None


def route(connection: Connection, desk: int, lead: Lead) -> Route:
    """The route to a channel of the desk; a chat channel that it doesn't have yet becomes one."""
    name = lead.name if lead.chat_id is None else guilds.chat_channel(connection, desk, lead.chat_id, lead.name)
    return Route.model_validate({"channel": name, "when": lead.when, "mention": lead.mention, "quiet": lead.quiet})


def send_test(connection: Connection, by: By, channel_id: int) -> None:
    """Commit an alert that says that alerts arrive, to one of the desk's chat channels. It calls nobody.

    A channel that was paused takes alerts again. Raises ConfigError where the desk has no such channel.
    """
    row = connection.execute(select(channels).where(channels.c.id == channel_id, channels.c.desk_id == by.desk)).first()
    if row is None or "id" not in row.settings:
        raise ConfigError("this channel is not there any more: see /route list")
    guilds.chat_channel(connection, by.desk, row.settings["id"], row.name)
    alert = Alert(
        key=f"{AlertKind.DESK_NOTICE.value}:test:{channel_id}:{by.now.isoformat()}",
        kind=AlertKind.DESK_NOTICE,
        title=f"This is a test, asked for by {by.actor.name}: alerts arrive in this channel",
    )
    outbox.tell(
        connection,
        by.desk,
        alert,
        [Address(channel_id=channel_id, due=Due(by.now, None), mentions=())],
        now=by.now,
    )
    audit.record(connection, by, "channel", row.name, before=None, after={"test": alert.key})

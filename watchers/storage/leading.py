"""Where people lead alerts to: a channel of the desk, or one of the chat's, which becomes the desk's with its first.

Lead (a chat channel's id and name, or the desk's name of a channel) ─route→ Route, by the desk's name of the channel
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from config.watchlist import Route
from watchers.storage import guilds


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

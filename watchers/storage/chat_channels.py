"""Every channel of the chat service that desks are to post to, and the roles that are to be mentioned there."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, select

from watchers.storage.desks import ACTIVE
from watchers.storage.schema import channels, desks, routes, tag_routes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatChannel:
    """A channel of a desk."""

    desk: str
    guild: str | None  # the server that the desk is; None: none in particular
    name: str
    chat_id: str
    roles: frozenset[str]


def every(connection: Connection) -> list[ChatChannel]:
    """The active ones, of desks whose server has the bot."""
    roles: dict[int, set[str]] = defaultdict(set)
    for table in (routes, tag_routes):
        for row in connection.execute(select(table.c.channel_id, table.c.mention).where(table.c.mention.is_not(None))):
            roles[row.channel_id].add(row.mention)
    rows = connection.execute(
        select(channels, desks.c.name.label("desk"), desks.c.guild)
        .join(desks, desks.c.id == channels.c.desk_id)
        .where(channels.c.kind == "discord", channels.c.state == ACTIVE, desks.c.left_at.is_(None))
        .order_by(channels.c.id)
    )
    return [
        ChatChannel(
            desk=row.desk,
            guild=row.guild,
            name=row.name,
            chat_id=row.settings["id"],
            roles=frozenset(roles[row.id]),
        )
        for row in rows
    ]

"""What the bot may do in a channel: the permissions it asks for, its invitation, and what it lacks.

PERMISSIONS ─link→ the address by which an admin invites it        what it has ─missing→ by Discord's own names
"""

from typing import Final

import discord

# What the bot does in a channel, and so exactly what its invitation asks for.
PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,  # to look whether a post arrived, before it is sent again
)
SCOPES: Final = ("bot", "applications.commands")
_CALLED: Final = {"read_messages": "View Channel"}  # where discord.py's word for it is an older one


def link(application: int) -> str:
    """The address that invites the bot to a server, with no more than it needs."""
    return discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=SCOPES)


def missing(has: discord.Permissions) -> list[str]:
    """What the bot lacks of its permissions, by the names that Discord's settings show."""
    return [
        _CALLED.get(name, name.replace("_", " ").title())
        for name, wanted in PERMISSIONS
        if wanted and not getattr(has, name)
    ]

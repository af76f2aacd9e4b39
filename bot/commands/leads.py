"""Where a command leads alerts: the channel and role that were chosen, as a route; and what stands in its way.

chosen channel, when, role, quiet ─lead_of→ Lead, if who asks may lead there        Lead ─warnings→ what the bot lacks
"""

import discord

from bot.asking import Ask
from bot.commands.entries import entry
from bot.commands.places import own_place
from bot.invitation import missing
from bot.permissions import Right
from config.watchlist import Route
from watchers.errors import ConfigError
from watchers.storage.leading import Lead


async def lead_of(
    ask: Ask, channel: int | None, *, when: str = "now", mention: str | None = None, quiet: str | None = None
) -> Lead | None:
    """The way to a chosen channel, without one to the desk's own; None where the desk has none.

    Raises ConfigError for a channel that isn't the server's, and for one that is new to the desk where who asks
    doesn't manage the server.
    """
    chat_id, name = None, ask.desk.admin_channel
    if channel is not None:
        place = await own_place(ask, channel)
        chat_id, name = str(place.id), place.name
        if ask.right < Right.MANAGE and chat_id not in chat_ids(ask):
            raise ConfigError(
                f"#{name}: no alerts are led to this channel yet: ask someone with the permission Manage Server to do "
                f"it by /route set, or choose a channel that has alerts: see /route list"
            )
    if name is None:
        return None
    route = entry(Route, channel="channel", when=when, mention=mention, quiet=quiet or None)
    return Lead(
        chat_id=chat_id,
        name=name,
        when=route.when,
        mention=route.mention,
        quiet=None if route.quiet is None else str(route.quiet),
    )


async def again(ask: Ask, lead: Lead | None) -> Lead | None:
    """A way that was chosen some time ago, if it may be gone still. Raises ConfigError as `lead_of` does."""
    if lead is None or lead.chat_id is None:
        return lead
    return await lead_of(ask, int(lead.chat_id), when=lead.when, mention=lead.mention, quiet=lead.quiet)


def chat_ids(ask: Ask) -> frozenset[str]:
    """The chat channels that the desk has."""
    return frozenset(channel.chat_id for channel in ask.desk.channels if channel.chat_id is not None)


def warnings(ask: Ask, lead: Lead) -> list[str]:
    """What would keep alerts, or their mentions, from arriving; each with what to do."""
    guild = ask.interaction.guild
    chat_id = lead.chat_id or next((row.chat_id for row in ask.desk.channels if row.name == lead.name), None)
    place = guild.get_channel(int(chat_id)) if guild is not None and chat_id is not None else None
    if guild is None or not isinstance(place, discord.TextChannel):
        return []
    has = place.permissions_for(guild.me)
    found = []
    if lacking := missing(has):
        found.append(f"Wiredesk lacks {', '.join(lacking)} in <#{place.id}>: allow it there, or nothing can be posted.")
    role = guild.get_role(int(lead.mention)) if lead.mention is not None else None
    if role is not None and not role.mentionable and not has.mention_everyone:
        found.append(
            f"<@&{role.id}> will be named but not called: allow anyone to mention the role in the server's settings, "
            f"or give Wiredesk the permission Mention All Roles in <#{place.id}>."
        )
    return found

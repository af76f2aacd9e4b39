"""Channels and roles that people choose in an option: Discord offers those of the server, and here that is checked.

option ─Place→ a channel's id ─own_place→ the server's text channel        Role ─own_role→ the server's role
What is another server's is refused, and put on record: a client that offers it was not Discord's.
"""

from typing import Any, NoReturn

import discord
import structlog
from discord import app_commands

from bot.asking import Ask, desk_of
from watchers.errors import ConfigError
from watchers.storage import audit

log = structlog.get_logger(__name__)


class Place(app_commands.Transformer):
    """A text or announcement channel, as its id: whose it is, is asked by `own_place`."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """As Discord offers it."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Where alerts can be posted."""
        return [discord.ChannelType.text, discord.ChannelType.news]

    async def transform(self, _: Any, value: Any, /) -> int:
        """The id of what was chosen."""
        return int(value.id)


async def own_place(ask: Ask, chosen: int) -> discord.TextChannel:
    """The server's channel. Raises ConfigError for any other, and puts that on record."""
    guild = ask.interaction.guild
    found = None if guild is None else guild.get_channel(chosen)
    if isinstance(found, discord.TextChannel):
        return found
    return await _refuse(ask, "channel", chosen, "choose one of this server's text channels")


async def own_role(ask: Ask, chosen: discord.Role) -> discord.Role:
    """The server's role. Raises ConfigError for any other, and for @everyone."""
    guild = ask.interaction.guild
    found = None if guild is None else guild.get_role(chosen.id)
    if found is None:
        return await _refuse(ask, "role", chosen.id, "choose one of this server's roles")
    if found.is_default():
        raise ConfigError("@everyone: this role is everyone's: choose, or make, a role for those who are meant")
    return found


async def _refuse(ask: Ask, noun: str, chosen: int, advice: str) -> NoReturn:
    reason = f"the {noun} {chosen} is not this server's: {advice}"
    if desk_of(ask.interaction) is None:  # no desk yet, and so no record of its own
        log.warning("refused", act=ask.act, server=ask.interaction.guild_id, reason=reason)
    else:
        await ask.office.database.write(audit.refuse, ask.by, noun, str(chosen), reason)
    raise ConfigError(reason)

"""What stands in the way of the bot: its token, its invitation, and each channel that it is to post to.

Settings ─places→ ChatChannel, of the file and of every desk
token ─visit→ Finding: signed in, the invitation, then channel by channel: there, of its desk's server, what is lacking

Asked of Discord by single requests: the bot does not come online, and nothing is posted.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from typing import Final

import aiohttp
import discord

from bot import invitation
from bot.doctor import Finding
from bot.line import point_at
from bot.looking import is_there
from bot.prepare import opened_as_is, read_watchlist
from config.settings import Settings
from config.watchlist import Watchlist
from watchers.errors import CannotRun, ConfigError
from watchers.storage import chat_channels, migrate
from watchers.storage.chat_channels import ChatChannel
from watchers.storage.watchlist import DESK_NAME

_CHECK: Final = "discord"
INVITATION: Final = "invitation"
_CHANNEL: Final = "channel"


def places(settings: Settings) -> list[ChatChannel]:
    """The Discord channels of the watch-list file and of the database. What can't be read has its own finding."""
    found: dict[tuple[str, str], ChatChannel] = {}
    with suppress(CannotRun):
        if is_there(settings):
            with opened_as_is(settings) as database, database.reading() as connection:
                if migrate.current(connection) == migrate.head():
                    found |= {(place.desk, place.name): place for place in chat_channels.every(connection)}
    with suppress(ConfigError):
        found |= {(place.desk, place.name): place for place in _of_file(read_watchlist(settings.watchlist))}
    return list(found.values())


def _of_file(watchlist: Watchlist) -> Iterator[ChatChannel]:
    routes = [route for watch in watchlist.watches.values() for route in watch.routes]
    for name, channel in watchlist.channels.items():
        if channel.id is not None:
            roles = frozenset(route.mention for route in routes if route.channel == name and route.mention is not None)
            yield ChatChannel(desk=DESK_NAME, guild=watchlist.desk.guild, name=name, chat_id=channel.id, roles=roles)


async def visit(settings: Settings, channels: Sequence[ChatChannel]) -> AsyncIterator[Finding]:
    """Sign in, and look at each channel. Nothing is yielded for a desk without a bot."""
    if settings.discord_token is None:
        return
    point_at(settings.discord_api)
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(settings.discord_token.get_secret_value())
        except discord.LoginFailure:
            advice = "refused: copy the bot's token anew from its application (Bot, Reset Token) into DISCORD_TOKEN"
            yield Finding(_CHECK, "token", False, advice)
            return
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            yield Finding(_CHECK, "token", False, f"Discord can't be reached ({error}): look at it again later")
            return
        assert client.user is not None
        yield Finding(_CHECK, "token", True, f"signed in as {client.user}")
        yield Finding(_CHECK, INVITATION, True, invitation.link(client.application_id or client.user.id))
        visitor = _Visitor(client, client.user.id)
        for place in channels:
            yield await visitor.look_at(place)


class _Visitor:
    """Looks at channels; each server is asked for once."""

    def __init__(self, client: discord.Client, user_id: int) -> None:
        self._client = client
        self._user_id = user_id
        self._servers: dict[int, tuple[discord.Guild, discord.Member]] = {}

    async def look_at(self, place: ChatChannel) -> Finding:
        """What is wrong with a channel, if anything."""
        subject = place.name if place.desk == DESK_NAME else f"{place.name} of {place.desk}"
        try:
            wrong = await self._wrong_with(place)
        except discord.Forbidden:
            wrong = "it can't be seen: allow View Channel in its settings, or invite the bot to its server"
        except discord.NotFound:
            wrong = "Discord has no such channel: correct its id, or choose another"
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            wrong = f"it can't be looked at now ({error}): try again later"
        ready = "discord: there, and the bot may do all that it needs"
        return Finding(_CHANNEL, subject, wrong is None, wrong or ready)

    async def _wrong_with(self, place: ChatChannel) -> str | None:
        found = await self._client.fetch_channel(int(place.chat_id))
        if not isinstance(found, discord.TextChannel):
            return "it is no text channel: choose one, alerts are posted there"
        if place.guild is not None and str(found.guild.id) != place.guild:
            return f"it is of another server than its desk ({place.guild}): choose one of that server"
        guild, member = await self._server(found.guild.id)
        channel = await guild.fetch_channel(found.id)
        assert isinstance(channel, discord.TextChannel)
        may = channel.permissions_for(member)
        wrong = []
        if lacking := invitation.missing(may):
            wrong.append(f"the bot lacks {', '.join(lacking)}: allow it in the channel's settings")
        for role_id in sorted(place.roles):
            role = guild.get_role(int(role_id))
            if role is None:
                wrong.append(f"its server has no role {role_id}, which is to be mentioned: correct the route")
            elif not role.mentionable and not may.mention_everyone:
                wrong.append(f"the role {role.name} can't be mentioned: allow anyone to, in the role's settings")
        return "; ".join(wrong) or None

    async def _server(self, guild_id: int) -> tuple[discord.Guild, discord.Member]:
        """The server with its roles, and the bot as its member."""
        if guild_id not in self._servers:
            guild = await self._client.fetch_guild(guild_id, with_counts=False)
            self._servers[guild_id] = (guild, await guild.fetch_member(self._user_id))
        return self._servers[guild_id]

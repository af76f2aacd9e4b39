"""The Discord client: signs in, keeps the commands in step, and hands every interaction to where it is answered.

    login ─setup_hook→ commands synced if they changed, buttons known        guild events → desks rest or work again
    interaction ─DeskTree.interaction_check→ commands/ ─explain→ what went wrong

It asks for no privileged intent and sees no message but its own. `bot.line` keeps it running.
"""

import json
import sys
from hashlib import blake2b
from typing import Any, Final

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.answers.reply import problem, text_file
from bot.asking import Asked, act_of, admit, explain
from bot.asking import refusal as why_not
from bot.buttons import ITEMS
from bot.buttons.drafts import Drafted
from bot.buttons.forms import is_ours
from bot.buttons.rows import adopt_view
from bot.channels.wire import on_the_wire
from bot.commands import COMMANDS, DRAFTS, NOUNS
from bot.nouns import Noun
from bot.office import Office
from watchers.errors import ConfigError, WiredeskError
from watchers.storage import guilds, meta
from watchers.storage.editing import FileRow

log = structlog.get_logger(__name__)

COMMANDS_HASH: Final = "discord_commands"


_IN_SERVERS: Final = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_BY_SERVERS: Final = app_commands.AppInstallationType(guild=True, user=False)


class DeskTree(app_commands.CommandTree["DeskClient"]):
    """The commands, behind one door."""

    async def interaction_check(self, interaction: Asked, /) -> bool:
        """Whether who asks may; asked for autocomplete as well, which then shows nothing."""
        act = act_of(interaction.command)
        if interaction.type is discord.InteractionType.autocomplete:
            if why_not(interaction, act) is None:
                return True
            await interaction.response.autocomplete([])
            return False
        return await admit(interaction, act)

    async def on_error(self, interaction: Asked, error: app_commands.AppCommandError, /) -> None:
        """Answer what went wrong."""
        await explain(interaction, error)


class DeskClient(discord.Client):
    """Wiredesk in Discord."""

    def __init__(self, office: Office, **by_line: Any) -> None:
        """Connects to nothing yet. `by_line`: what its line asks of a `discord.Client`."""
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            **by_line,
        )
        self.office = office
        self.nouns: dict[str, Noun] = NOUNS
        self.drafts: dict[str, Drafted] = DRAFTS
        self.tree = DeskTree(self, allowed_contexts=_IN_SERVERS, allowed_installs=_BY_SERVERS)
        for command in COMMANDS:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Before the gateway: buttons of old messages work, and Discord knows today's commands."""
        self.add_dynamic_items(*ITEMS)
        await self._sync()

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """What went wrong with an event of Discord's: in a sentence where it has one, as a bug otherwise."""
        error = sys.exception()
        if isinstance(error, WiredeskError):
            log.error("an event of Discord's could not be taken", what=event_method, error=str(error))
        else:
            log.error("a bug: an event of Discord's could not be taken", what=event_method, exc_info=error)

    def way_out(self, error: ConfigError) -> discord.ui.View | None:
        """A button that helps out of an error, where there is one."""
        return adopt_view(error.row) if isinstance(error, FileRow) else None

    async def _sync(self) -> None:
        """Tell Discord the commands if they aren't those it was told last.

        Where it doesn't take them, alerts go out all the same; it is told again when it is next ready.
        """
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        told = f"{self.application_id}:{blake2b(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:32]}"
        database = self.office.database
        if await database.read(meta.get, COMMANDS_HASH) == told:
            return
        try:
            async with on_the_wire():
                await self.tree.sync()
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.error("Discord did not take the commands: they are as before", error=str(error))
            return
        await database.write(meta.put, COMMANDS_HASH, told)

    async def on_ready(self) -> None:
        """Signed in: desks whose servers the bot was removed from meanwhile rest, the others work."""
        log.info("Discord is there", servers=len(self.guilds))
        await self._sync()
        for guild in self.guilds:
            if not guild.unavailable:  # its name isn't known yet
                await self._here(guild)
        here = {str(guild.id) for guild in self.guilds}
        for desk in self.office.directory.all():
            if desk.guild is not None and desk.guild not in here:
                await self._gone(desk.guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Known by name only now: Discord was slow, or had an outage."""
        await self._here(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Invited, or invited again."""
        await self._here(guild)

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """A server may have another name."""
        if before.name != after.name:
            await self._here(after)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Removed from a server: its desk rests, unless it is the file's."""
        await self._gone(str(guild.id))

    async def _here(self, guild: discord.Guild) -> None:
        if await self.office.database.write(guilds.returned, str(guild.id), guild.name):
            await self.office.refresh()

    async def _gone(self, guild: str) -> None:
        if await self.office.database.write(guilds.left, guild, self.office.clock()):
            log.warning("the bot is in a desk's server no more: the desk rests", server=guild)
            await self.office.refresh()

    async def on_interaction(self, interaction: Asked) -> None:
        """A form that was open while the desk was started anew: say so, and give back what was written."""
        data: Any = interaction.data or {}
        if interaction.type is not discord.InteractionType.modal_submit or is_ours(str(data.get("custom_id", ""))):
            return
        again = "Wiredesk was started anew while the form was open: give the command again; what you wrote is attached"
        await interaction.response.send_message(
            embed=problem(again).embed,
            file=text_file("what-you-wrote.txt", "\n\n".join(_written(data.get("components", [])))),
            ephemeral=True,
        )


def _written(components: Any) -> list[str]:
    """The values of a form's fields, however they are nested."""
    found: list[str] = []
    for component in components:
        if isinstance(component.get("value"), str):
            found.append(component["value"])
        inner = component.get("components") or ([component["component"]] if "component" in component else [])
        found += _written(inner)
    return found

"""One interaction on its way: who asks, at which desk, whether they may, and what they are answered.

    interaction + act ─admit→ Ask ─think (defer)→ ─read, write (by whom, on record)→ ─answer→ what only the asker sees
    what went wrong ─explain→ an answer that says what to do

Commands, buttons and forms all come through here, so that the same question gets the same answer however it is asked.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeAlias, TypeVar

import discord
import structlog
from discord import app_commands

from bot.answers.reply import Reply, problem, query_problem
from bot.office import Office
from bot.permissions import BEFORE_SETUP, NEEDS, Right, allowed, rights
from watchers.errors import CannotRun, ConfigError, QueryError
from watchers.storage import audit
from watchers.storage.audit import Actor, By
from watchers.storage.names import DeskNames

if TYPE_CHECKING:
    from bot.client import DeskClient

P = ParamSpec("P")
T = TypeVar("T")
Asked: TypeAlias = "discord.Interaction[DeskClient]"
Press: TypeAlias = "discord.Interaction[Any]"  # the same, where discord.py's own signatures must be met

log = structlog.get_logger(__name__)


def desk_of(interaction: Asked) -> DeskNames | None:
    """The desk that the interaction's server is."""
    if interaction.guild_id is None:
        return None
    desk = interaction.client.office.directory.of_guild(str(interaction.guild_id))
    return desk if desk is not None and desk.left_at is None else None


def right_of(interaction: Asked, desk: DeskNames | None) -> Right:
    """What who asks may do, as Discord tells it with this very interaction."""
    roles = getattr(interaction.user, "roles", ())
    return rights(
        manages_server=interaction.permissions.manage_guild,
        roles={str(role.id) for role in roles},
        editors_role=None if desk is None else desk.editors_role,
    )


def refusal(interaction: Asked, act: str) -> str | None:
    """Why who asks may not do `act`, with what to do; None: they may."""
    if interaction.guild_id is None:
        return "Wiredesk answers in servers only: ask in a channel of your server"
    desk = desk_of(interaction)
    has = right_of(interaction, desk)
    if desk is None and act not in BEFORE_SETUP:
        who = "run /desk setup" if has is Right.MANAGE else "ask someone who manages the server to run /desk setup"
        return f"this server has no desk yet: {who}"
    if allowed(act, has):
        return None
    if NEEDS[act] is Right.MANAGE:
        return "this needs the permission Manage Server: ask someone who has it"
    if desk is None or desk.editors_role is None:
        return "this is for editors, and no editors' role is set: ask someone who manages the server to run /desk setup"
    return "this is for editors: ask someone who manages the server for the editors' role"


class Ask:
    """An interaction that was admitted, being answered. Nothing it says pings anyone, and only the asker sees it."""

    def __init__(self, interaction: Asked, act: str) -> None:
        self.interaction = interaction
        self.act = act

    @property
    def office(self) -> Office:
        """The program around."""
        return self.interaction.client.office

    @property
    def desk(self) -> DeskNames:
        """The desk that the interaction's server is. Raises ConfigError where it is none (any more)."""
        found = desk_of(self.interaction)
        if found is None:
            raise ConfigError("this server has no desk: run /desk setup")
        return found

    @property
    def right(self) -> Right:
        """What who asks may do."""
        return right_of(self.interaction, desk_of(self.interaction))

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return Actor(str(self.interaction.user.id), self.interaction.user.display_name)

    @property
    def by(self) -> By:
        """Who asks, for the record."""
        return By(desk=self.desk.id, actor=self.actor, act=self.act, now=self.office.clock())

    async def think(self) -> None:
        """Tell Discord at once that an answer will come: it waits three seconds for this, and then fifteen minutes."""
        if not self.interaction.response.is_done():
            await self.interaction.response.defer(ephemeral=True, thinking=True)

    async def read(self, function: Callable[Concatenate[Any, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Read from the database."""
        return await self.office.database.read(function, *args, **kwargs)

    async def write(self, function: Callable[Concatenate[Any, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Write to the database; the running desk takes it over before this returns."""
        result = await self.office.database.write(function, *args, **kwargs)
        await self.office.refresh()
        return result

    async def refuse(self, noun: str, name: str, reason: str) -> None:
        """Put on record that this was asked for and is not done, and say so."""
        await self.office.database.write(audit.refuse, self.by, noun, name, reason)
        raise ConfigError(reason)

    async def answer(self, reply: Reply) -> None:
        """Answer, or put the answer in place of the thinking."""
        files = [] if reply.file is None else [reply.file]
        response = self.interaction.response
        if response.is_done():
            await self.interaction.edit_original_response(embed=reply.embed, view=reply.view, attachments=files)
        else:
            await response.send_message(
                embed=reply.embed, view=reply.view or discord.utils.MISSING, files=files, ephemeral=True
            )

    async def turn(self, reply: Reply) -> None:
        """Put the answer in place of the message whose button was pressed: one of ours that only the asker sees."""
        files = [] if reply.file is None else [reply.file]
        response = self.interaction.response
        if response.is_done():
            await self.interaction.edit_original_response(embed=reply.embed, view=reply.view, attachments=files)
        else:
            await response.edit_message(embed=reply.embed, view=reply.view, attachments=files)


async def explain(interaction: Asked, error: BaseException) -> None:
    """Say what went wrong and what to do; our own faults go to the log with their traceback."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, app_commands.CheckFailure):
        return  # answered where it was refused
    reply = _told(interaction, error)
    try:
        await Ask(interaction, "").answer(reply)
    except discord.HTTPException as failure:
        log.warning("an answer could not be given", error=str(failure))


def _told(interaction: Asked, error: BaseException) -> Reply:
    match error:
        case QueryError():
            return query_problem(error)
        case ConfigError():
            return problem(*error.problems, view=interaction.client.way_out(error))
        case CannotRun():
            return problem(str(error))
        case app_commands.TransformerError():
            return problem(f"{error.value}: this doesn't fit here: choose one of those offered")
    log.error("an interaction failed", error=repr(error), exc_info=error)
    return problem("this is a fault of Wiredesk's, and it was logged: try again, and tell your admin if it persists")


async def admit(interaction: Asked, act: str) -> bool:
    """Whether who asks may do `act`; who may not is told why, and it is put on record."""
    reason = refusal(interaction, act)
    if reason is None:
        return True
    desk = desk_of(interaction)
    await interaction.response.send_message(embed=problem(reason).embed, ephemeral=True)
    if desk is not None:
        by = Ask(interaction, act).by
        await interaction.client.office.database.write(audit.refuse, by, act.partition(" ")[0], "", reason)
    return False


def act_of(command: app_commands.Command[Any, Any, Any] | app_commands.ContextMenu | None) -> str:
    """What a command is called, as the permissions and the audit call it."""
    name = "" if command is None else command.qualified_name
    return MENU_ACTS.get(name, name)


MENU_ACTS: Mapping[str, str] = {
    "Why this alert?": "alert why",
    "Add to known stories": "alert known",
    "Watch this link": "source add",
}

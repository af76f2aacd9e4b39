"""The slash commands, one file a noun; here is the list of all of them."""

from typing import Any

from discord import app_commands

from bot.buttons.drafts import Drafted
from bot.commands import entity
from bot.nouns import Noun

COMMANDS: tuple[app_commands.Group | app_commands.Command[Any, Any, Any] | app_commands.ContextMenu, ...] = (
    entity.group,
)
NOUNS: dict[str, Noun] = {noun.name: noun for noun in (entity.NOUN,)}
DRAFTS: dict[str, Drafted] = {}

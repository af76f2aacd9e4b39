"""The slash commands, one file a noun; here is the list of all of them."""

from typing import Any

from discord import app_commands

from bot.buttons.drafts import Drafted
from bot.commands import (
    desk,
    desk_import,
    digest,
    entity,
    links,
    menus,
    route,
    source,
    source_add,
    status,
    story,
    watch,
)
from bot.commands.help import command as help_command
from bot.nouns import Noun

COMMANDS: tuple[app_commands.Group | app_commands.Command[Any, Any, Any] | app_commands.ContextMenu, ...] = (
    desk.group,
    digest.group,
    entity.group,
    help_command,
    route.group,
    source.group,
    status.command,
    story.group,
    watch.group,
    *menus.MENUS,
)
NOUNS: dict[str, Noun] = {
    noun.name: noun for noun in (desk.NOUN, entity.NOUN, route.NOUN, source.NOUN, story.NOUN, watch.NOUN)
}
DRAFTS: dict[str, Drafted] = {
    drafted.act: drafted for drafted in (desk_import.DRAFTED, source_add.DRAFTED, *watch.DRAFTS, *links.DRAFTS)
}

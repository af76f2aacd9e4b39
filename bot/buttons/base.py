"""What all buttons and menus share: each press is admitted anew, answered, and its errors explained.

    press ─DynamicItem.from_custom_id→ item ─admit(act)→ pressed(Ask)

A button carries only a row's number, so it works after a restart; what it may do is looked up at the press.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, TypeVar

import discord

from bot.asking import Ask, Press, admit, explain
from watchers.errors import ConfigError

T = TypeVar("T")


class Pressed(ABC):
    """The part of a `DynamicItem` that checks and answers. Mixed in before it."""

    @abstractmethod
    def act(self) -> str:
        """What the press does, as the permissions know it."""

    @abstractmethod
    async def pressed(self, ask: Ask) -> None:
        """Do it, and answer."""

    async def interaction_check(self, interaction: Press, /) -> bool:
        """Whether who presses may, now. discord.py says nothing to those who may not: `admit` does."""
        try:
            return await admit(interaction, self.act())
        except Exception as error:  # noqa: BLE001 - discord.py would swallow it: told and logged instead
            await explain(interaction, error)
            return False

    async def callback(self, interaction: Press) -> Any:
        """Answer the press."""
        try:
            await self.pressed(Ask(interaction, self.act()))
        except Exception as error:  # noqa: BLE001 - told to who pressed, and logged where it is our fault
            await explain(interaction, error)


def still(offered: Mapping[str, T], verb: str) -> T:
    """What a button of ours does. Raises ConfigError for one of a version that offered something else."""
    if verb not in offered:
        raise ConfigError("this button is of another version of Wiredesk: give the command again")
    return offered[verb]


def view_of(*items: discord.ui.Item[Any]) -> discord.ui.View:
    """A view of items that live as long as their message."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view

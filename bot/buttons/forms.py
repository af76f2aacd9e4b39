"""Forms (Discord's modals): admitted when opened and again when sent, errors explained, nothing written is lost.

A form lives in this process only. One that was open over a restart is told from ours by its name, and answered with
what was written (`bot.client`).
"""

import secrets
from abc import ABC, abstractmethod
from typing import Final

import discord

from bot.asking import Ask, Press, admit, explain
from watchers.errors import ConfigError

LONGEST: Final = 4000  # characters that a field takes
_BOOT: Final = secrets.token_hex(4)


def is_ours(custom_id: str) -> bool:
    """Whether this process opened the form."""
    return custom_id.startswith(f"wd:form:{_BOOT}:")


def fitting(name: str, text: str) -> str:
    """What a field of a form is filled with, whole. Raises ConfigError where a field doesn't take as much."""
    if len(text) > LONGEST:
        raise ConfigError(
            f"{name}: it is longer than a form takes: change it in a watch list, and give that to /desk import"
        )
    return text


class Form(discord.ui.Modal, ABC):
    """A form for one act."""

    def __init__(self, title: str, act: str) -> None:
        """`title` is at most 45 characters."""
        super().__init__(title=title[:45], timeout=3600, custom_id=f"wd:form:{_BOOT}:{secrets.token_hex(6)}")
        self.act = act

    @abstractmethod
    async def sent(self, ask: Ask) -> None:
        """Take what was written, and answer."""

    async def on_submit(self, interaction: Press, /) -> None:
        """Take the form from who may (still) send it."""
        if await admit(interaction, self.act):
            await self.sent(Ask(interaction, self.act))

    async def on_error(self, interaction: Press, error: Exception, /) -> None:  # type: ignore[override]  # as discord.ui.Modal has it
        """Answer what went wrong."""
        await explain(interaction, error)

"""A menu under a preview, where something is to be chosen before there is anything to save.

chosen option ─DraftMenu→ the draft with what was chosen in it ─Drafted.verbs["choose"]→ another preview
"""

import re
from dataclasses import replace
from typing import Any, Final, Self

import discord

from bot.asking import Ask, Press, admit
from bot.buttons.base import Pressed, still
from watchers.storage import drafts

CHOSEN: Final = "chosen"  # under which the draft's content holds the option's value


class DraftMenu(Pressed, discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"wd:choose:(?P<draft>\d{1,9})"):
    """Chooses for a draft."""

    def __init__(self, draft: int, *, placeholder: str, options: list[discord.SelectOption] | None = None) -> None:
        """`options` are only there when the menu is made: a chosen one comes with the press."""
        self.draft = draft
        super().__init__(
            discord.ui.Select(
                placeholder=placeholder,
                custom_id=f"wd:choose:{draft}",
                options=options or [discord.SelectOption(label="…")],
            ),
            row=0,
        )

    @classmethod
    async def from_custom_id(cls, _: Press, item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        """The menu of a message."""
        return cls(int(match["draft"]), placeholder="", options=getattr(item, "options", None))

    def act(self) -> str:
        """Choosing; what it is for is checked when it is known."""
        return "draft choose"

    async def pressed(self, ask: Ask) -> None:
        """Hand the draft to its command, with what was chosen; the menu is replaced by what came of it."""
        draft = await ask.read(drafts.of, ask.desk.id, ask.actor.id, self.draft)
        if not await admit(ask.interaction, draft.act):
            return
        await ask.interaction.response.defer()
        content = {**draft.content, CHOSEN: self.item.values[0]}
        choose = still(ask.interaction.client.drafts[draft.act].verbs, "choose")
        await choose(Ask(ask.interaction, draft.act), replace(draft, content=content))

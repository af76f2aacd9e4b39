"""The buttons under a preview: Save, Edit, Discard, and whatever else its command offers.

    preview ─drafts.keep→ number ─DraftButton→ the draft, if it is still there and the presser's ─Drafted.verbs→ done

What a draft becomes is decided where its command is (`commands/`): `Drafted` is that command's part.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import discord

from bot.answers.reply import done
from bot.asking import Ask, Press, admit
from bot.buttons.base import Pressed, still
from watchers.storage import drafts
from watchers.storage.drafts import Draft

_STYLES = {
    "save": discord.ButtonStyle.success,
    "merge": discord.ButtonStyle.success,
    "replace": discord.ButtonStyle.danger,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What the drafts of one act offer. A verb in `forms` opens a form, and so must not think first."""

    act: str
    verbs: Mapping[str, Callable[[Ask, Draft], Awaitable[None]]]
    forms: frozenset[str] = frozenset()


class DraftButton(
    Pressed,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"wd:draft:(?P<verb>[a-z]+):(?P<draft>\d{1,9})",
):
    """Decides on a draft."""

    def __init__(self, verb: str, draft: int, *, label: str | None = None) -> None:
        """The label is the verb's word, unless another is given."""
        self.verb, self.draft = verb, draft
        super().__init__(
            discord.ui.Button(
                label=label or verb.capitalize(),
                style=_STYLES.get(verb, discord.ButtonStyle.secondary),
                custom_id=f"wd:draft:{verb}:{draft}",
            )
        )

    @classmethod
    async def from_custom_id(cls, _: Press, item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button of a message."""
        return cls(match["verb"], int(match["draft"]), label=getattr(item, "label", None))

    def act(self) -> str:
        """Deciding; what it becomes is checked when it is known."""
        return f"draft {self.verb}"

    async def pressed(self, ask: Ask) -> None:
        """Hand the draft to its command; the preview is replaced by what came of it."""
        draft = await ask.read(drafts.of, ask.desk.id, ask.actor.id, self.draft)
        if not await admit(ask.interaction, draft.act):
            return
        of_act = Ask(ask.interaction, draft.act)
        drafted = ask.interaction.client.drafts[draft.act]
        if self.verb not in drafted.forms:
            await ask.interaction.response.defer()
        if self.verb == "discard":
            await of_act.write(drafts.done, of_act.by, draft.id)
            await of_act.turn(done("Nothing was saved."))
        else:
            await still(drafted.verbs, self.verb)(of_act, draft)

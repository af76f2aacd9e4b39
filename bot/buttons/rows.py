"""Lists and rows: pages of eight, a menu that opens a row, and the buttons of what can be done with it.

Listing ─page_reply→ Reply with ‹ › and a menu        menu ─OpenRow→ Noun.shower        button ─RowButton→ Noun.verbs
"""

import re
from typing import Any, Self

import discord

from bot.answers.reply import PAGE, Reply, card
from bot.asking import Ask, Press
from bot.buttons.base import Pressed, still, view_of
from bot.cards.text import cut, fitted
from bot.cards.words import UNTITLED
from bot.nouns import Listing
from watchers.storage.told import Row

_LABEL, _HINT, _TITLE = 100, 100, 256  # Discord's limits for an option, and for an embed


class PageButton(
    Pressed,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"wd:page:(?P<noun>[a-z]+):(?P<page>\d{1,5}):(?P<filter>.{0,70})",
):
    """Turns to another page of a list."""

    def __init__(self, noun: str, page: int, filtered: str, *, label: str, disabled: bool = False) -> None:
        """`page` counts from 0."""
        self.noun, self.page, self.filtered = noun, page, filtered
        super().__init__(
            discord.ui.Button(label=label, disabled=disabled, custom_id=f"wd:page:{noun}:{page}:{filtered}"), row=1
        )

    @classmethod
    async def from_custom_id(cls, _: Press, item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button of a message."""
        label = getattr(item, "label", None) or "›"
        return cls(match["noun"], int(match["page"]), match["filter"], label=label)

    def act(self) -> str:
        """Looking at the list."""
        return f"{self.noun} list"

    async def pressed(self, ask: Ask) -> None:
        """Show the page in place of this one."""
        await ask.interaction.response.defer()
        await ask.turn(await list_reply(ask, self.noun, self.filtered, self.page))


class OpenRow(
    Pressed, discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"wd:open:(?P<noun>[a-z]+):(?P<page>\d{1,5})"
):
    """Opens a row of a list."""

    def __init__(self, noun: str, page: int, options: list[discord.SelectOption] | None = None) -> None:
        """`options` are only there when the list is made: a chosen one comes with the press."""
        self.noun = noun
        super().__init__(
            discord.ui.Select(
                placeholder="Open one …",
                custom_id=f"wd:open:{noun}:{page}",
                options=options or [discord.SelectOption(label="…")],
            ),
            row=0,
        )

    @classmethod
    async def from_custom_id(cls, _: Press, item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        """The menu of a message."""
        return cls(match["noun"], int(match["page"]), getattr(item, "options", None))

    def act(self) -> str:
        """Looking at a row."""
        return f"{self.noun} show"

    async def pressed(self, ask: Ask) -> None:
        """Answer with the row."""
        await ask.think()
        chosen = int(self.item.values[0])
        await ask.answer(await ask.interaction.client.nouns[self.noun].shower(ask, chosen))


class RowButton(
    Pressed,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"wd:row:(?P<noun>[a-z]+):(?P<verb>[a-z-]+):(?P<row>\d{1,9})(?P<sure>!?)",
):
    """Does something with a row. What can't be taken back asks first: the button of that question is `sure`."""

    def __init__(self, noun: str, verb: str, row: int, *, sure: bool = False, label: str | None = None) -> None:
        """The label is the verb's word, unless another is given."""
        self.noun, self.verb, self.row_id, self.sure = noun, verb, row, sure
        danger = verb == "remove"
        super().__init__(
            discord.ui.Button(
                label=label or verb.capitalize(),
                style=discord.ButtonStyle.danger if danger else discord.ButtonStyle.secondary,
                custom_id=f"wd:row:{noun}:{verb}:{row}{'!' if sure else ''}",
            )
        )

    @classmethod
    async def from_custom_id(cls, _: Press, item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button of a message."""
        label = getattr(item, "label", None)
        return cls(match["noun"], match["verb"], int(match["row"]), sure=bool(match["sure"]), label=label)

    def act(self) -> str:
        """As the command of the same words."""
        return f"{self.noun} {self.verb}"

    async def pressed(self, ask: Ask) -> None:
        """Do it; a removal only when asked twice, and what came of it takes the question's place."""
        noun = ask.interaction.client.nouns[self.noun]
        if self.sure:
            await ask.interaction.response.defer()
        elif self.verb not in noun.forms:
            await ask.think()
        if self.verb == "remove" and not self.sure:
            await ask.answer(await really(ask, self.noun, self.row_id))
        else:
            await still(noun.verbs, self.verb)(ask, self.row_id)


async def really(ask: Ask, noun: str, row: int) -> Reply:
    """The question before a removal, beside what would go."""
    shown = await ask.interaction.client.nouns[noun].shower(ask, row)
    shown.embed.title = cut(f"Remove this {noun}? — {shown.embed.title}", _TITLE)
    return Reply(embed=shown.embed, view=view_of(RowButton(noun, "remove", row, sure=True, label="Yes, remove it")))


async def list_reply(ask: Ask, noun: str, filtered: str = "", page: int = 0) -> Reply:
    """A page of a noun's list."""
    return page_reply(noun, await ask.interaction.client.nouns[noun].lister(ask, filtered), filtered, page)


def page_reply(noun: str, listing: Listing, filtered: str, page: int) -> Reply:
    """A page of eight lines with its menu; a page beyond the last is the last."""
    if not listing.lines:
        return Reply(embed=card(listing.title, listing.empty))
    pages = (len(listing.lines) + PAGE - 1) // PAGE
    page = min(page, pages - 1)
    lines = listing.lines[page * PAGE : (page + 1) * PAGE]
    options = [
        discord.SelectOption(
            label=fitted(line.label, _LABEL) or UNTITLED, value=str(line.id), description=fitted(line.hint, _HINT)
        )
        for line in lines
    ]
    items: list[discord.ui.Item[Any]] = [OpenRow(noun, page, options)]
    if pages > 1:
        items += [
            PageButton(noun, max(page - 1, 0), filtered, label="‹ Back", disabled=page == 0),
            PageButton(noun, page + 1, filtered, label="More ›", disabled=page == pages - 1),
        ]
    body = [listing.head, *(line.text for line in lines)] if listing.head else [line.text for line in lines]
    footer = f"Page {page + 1} of {pages} · {len(listing.lines)} in all" if pages > 1 else ""
    return Reply(embed=card(listing.title, body, footer=footer), view=view_of(*items))


def adopt_view(row: Row) -> discord.ui.View:
    """The way out where a row is the file's: make it people's own."""
    return view_of(RowButton(row.noun, "adopt", row.id, label=f"Adopt this {row.noun}"))

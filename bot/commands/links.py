"""The web addresses in a message, and the menu that asks which of several is meant.

message ─links_in→ addresses ─one: at once; several: pick (a draft with a DraftMenu)─→ what the menu was opened for
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

import discord

from bot.answers import alert as answers
from bot.answers.reply import Reply
from bot.asking import Ask
from bot.buttons.base import view_of
from bot.buttons.draft_menu import CHOSEN, DraftMenu
from bot.buttons.drafts import DraftButton, Drafted
from bot.commands import source_add, story
from watchers.errors import ConfigError
from watchers.fetch.redact import redact_url
from watchers.storage import drafts
from watchers.storage.drafts import Draft

MOST: Final = 25  # options of a menu
_LABEL: Final = 100
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"`|]+", re.IGNORECASE)
_AFTER: Final = ".,;:!?'’”*_~"  # what ends a sentence, not an address
Linked: TypeAlias = "discord.Message | discord.MessageSnapshot"


def links_in(message: Linked) -> list[str]:
    """The web addresses of a message in their order, each once: what it says, its embeds, what it forwards."""
    return list(dict.fromkeys(_found(message)))[:MOST]


def _found(message: Linked) -> Iterator[str]:
    yield from _in_text(message.content)
    for embed in message.embeds:
        if embed.url:
            yield from _in_text(embed.url)
        for text in (embed.description, *(field.value for field in embed.fields)):
            yield from _in_text(text or "")
    if isinstance(message, discord.Message):
        for forwarded in message.message_snapshots:
            yield from _found(forwarded)


def _in_text(text: str) -> Iterator[str]:
    for found in _ADDRESS.findall(text):
        address = found.rstrip(_AFTER)
        # A bracket that was opened before the address closes behind it: [words](address), (address).
        while address[-1:] in {")", "]"} and address.count(address[-1]) > address.count(
            "(" if address[-1] == ")" else "["
        ):
            address = address[:-1].rstrip(_AFTER)
        yield address


async def watch_link(ask: Ask, url: str) -> Reply:
    """The preview of following an address."""
    wanted: dict[str, Any] = {"url": url, "kind": "auto", "every": None, "read": "all", "tags": []}
    return await source_add.proposal(Ask(ask.interaction, source_add.ACT), "", wanted)


async def know_link(ask: Ask, url: str) -> Reply:
    """Make the story at an address known."""
    return await story.make_known(Ask(ask.interaction, "story known"), url)


FOR: Final[Mapping[str, Callable[[Ask, str], Awaitable[Reply]]]] = {"link watch": watch_link, "link known": know_link}


async def with_link(ask: Ask, act: str, links: list[str]) -> Reply:
    """Do `act` (of `FOR`) with the only link; of several, ask which. Raises ConfigError where there is none."""
    if not links:
        raise ConfigError("this message holds no link: choose one that begins with http:// or https://")
    if len(links) == 1:
        return await FOR[act](ask, links[0])
    draft = await ask.write(drafts.keep, Ask(ask.interaction, act).by, "", {"links": links})
    options = [discord.SelectOption(label=_label(link), value=str(number)) for number, link in enumerate(links)]
    menu = DraftMenu(draft, placeholder="Which link?", options=options)
    return Reply(embed=answers.which_link(links), view=view_of(menu, DraftButton("discard", draft, label="Cancel")))


def _label(link: str) -> str:
    shown = redact_url(link).partition("://")[2]
    return shown if len(shown) <= _LABEL else f"{shown[: _LABEL // 2 - 1]}…{shown[-_LABEL // 2 :]}"


async def _choose(what: str, ask: Ask, draft: Draft) -> None:
    """Which link was meant is known: what came of it takes the menu's place."""
    reply = await FOR[what](ask, draft.content["links"][int(draft.content[CHOSEN])])
    await ask.write(drafts.done, ask.by, draft.id)
    await ask.turn(reply)


DRAFTS: Final = tuple(Drafted(act=act, verbs={"choose": partial(_choose, act)}) for act in FOR)

"""The frame of every answer: one embed, perhaps buttons and a file, within Discord's limits and harmless.

foreign text ─said→ escaped and short        title, body, fields ─card→ Embed        Embed (+ View, File) → Reply
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import discord

from bot.cards.text import clean, cut, escape, units
from watchers.errors import QueryError

PAGE = 8  # rows of a list
_QUERY_SHOWN, _BEFORE_CARET = 90, 60  # characters of a query's line around the error
_TITLE, _DESCRIPTION, _NAME, _VALUE, _TOTAL = 256, 4096, 256, 1024, 6000

Tone = Literal["plain", "good", "bad", "ask"]
_COLOURS: dict[Tone, int] = {"plain": 0x7A828C, "good": 0x2E9E5B, "bad": 0xD93A3A, "ask": 0xE0A100}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer."""

    embed: discord.Embed
    view: discord.ui.View | None = None
    file: discord.File | None = None


def said(text: str | None, limit: int = 300) -> str:
    """What a stranger or an editor wrote, fit to stand in an answer: escaped, one line, at most `limit` units."""
    return escape(cut(clean(text or ""), limit, lambda part: units(escape(part))))


def code(text: str) -> str:
    """A query or an address as code: nothing in it can end the code or ping; nothing at all is a blank."""
    return "`" + (clean(text).replace("`", "ˋ") or " ") + "`"


def when(moment: datetime | None, style: str = "R") -> str:
    """A moment as each reader's own clock shows it."""
    return f"<t:{int(moment.timestamp())}:{style}>" if moment else "never"


def card(
    title: str,
    body: str | Iterable[str] = "",
    *,
    fields: Iterable[tuple[str, str]] = (),
    footer: str = "",
    tone: Tone = "plain",
) -> discord.Embed:
    """An embed within Discord's limits; texts are given safe (`said`, `code`). What is too long is cut at a line."""
    text = body if isinstance(body, str) else "\n".join(body)
    embed = discord.Embed(title=cut(title, _TITLE), colour=_COLOURS[tone])
    kept = [(cut(name, _NAME), _fitted(value, _VALUE)) for name, value in fields if value]
    spent = units(title) + units(footer) + sum(units(name) + units(value) for name, value in kept)
    embed.description = _fitted(text, min(_DESCRIPTION, _TOTAL - spent)) or None
    for name, value in kept:
        embed.add_field(name=name, value=value, inline=False)
    if footer:
        embed.set_footer(text=footer)
    return embed


def _fitted(text: str, limit: int) -> str:
    """Whole lines of `text` within `limit` units, and how many were left off."""
    if units(text) <= limit:
        return text
    lines = text.split("\n")
    while lines and units("\n".join(lines)) > limit - 24:
        lines.pop()
    if not lines:
        return cut(text, limit)
    return "\n".join([*lines, f"… and {text.count(chr(10)) + 1 - len(lines)} more"])


def done(text: str, more: str = "") -> Reply:
    """It was done, and what to know about it."""
    return Reply(embed=card(text, more, tone="good"))


def problem(*problems: str, view: discord.ui.View | None = None) -> Reply:
    """It was not done: why, and what to do. Each problem is `what: what to do`."""
    told = [said(_opened(each), 600) for each in problems]
    body = told if len(told) == 1 else [f"- {each}" for each in told]
    return Reply(embed=card("That didn't work", body, tone="bad"), view=view)


def _opened(words: str) -> str:
    """`words` with a capital letter, unless they begin with a name: that keeps its own."""
    first = words.partition(" ")[0]
    return words[:1].upper() + words[1:] if first.isalpha() else words


def query_problem(error: QueryError) -> Reply:
    """A query's error: the line, a caret under the column, and what to write instead."""
    before = error.query[: error.column - 1]
    line_start = before.rfind("\n") + 1
    line = error.query[line_start:].split("\n", 1)[0]
    column = error.column - 1 - line_start
    start = max(0, column - _BEFORE_CARET)
    # Cleaned in two parts, each held by a letter: cleaning strips blanks at the ends.
    left = clean(line[start:column] + "|")[:-1]
    right = clean("|" + line[column : start + _QUERY_SHOWN])[1:]
    shown, caret = (left + right).replace("`", "ˋ"), " " * len(left) + "^"
    body = [f"```\n{shown}\n{caret}\n```", f"Column {error.column}: {said(error.message)}."]
    if error.hint:
        body.append(f"**What to do:** {said(error.hint)}")
    return Reply(embed=card("The query can't be understood", body, tone="bad"))


def text_file(name: str, text: str) -> discord.File:
    """A text as a file to download."""
    return discord.File(io.BytesIO(text.encode()), filename=name)

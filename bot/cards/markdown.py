"""Pieces of Discord's markdown: a card's texts escaped and fitted, links, and times in the reader's own words."""

from collections.abc import Sequence
from datetime import datetime

from bot.cards.model import Line, Link
from bot.cards.spans import cut_marked
from bot.cards.text import cut, escape, units


def escaped(text: str, limit: int) -> str:
    """`text`, escaped, within `limit` units."""
    return escape(cut(text, limit, lambda part: units(escape(part))))


def marked(line: Line, limit: int) -> str:
    """`line`, escaped and with its marks, within `limit` units."""
    return cut_marked(line, limit, _escape_marked)


def _escape_marked(text: str) -> str:
    # A tilde beside the closing ~~ would close it early, backslash or not.
    return escape(text).replace("~", "~\N{ZERO WIDTH SPACE}")


def address(link: Link) -> str:
    """A link as the address that it is, without a preview."""
    return f"<{link.text}>" if link.clickable else escape(link.text)


def linked(text: str, link: Link | None, limit: int) -> str:
    """`text` within `limit` units as a link, or before one where it can't be; without it if there is none.

    Discord's clients look for the brackets of a link before they heed a backslash, and refuse addresses as its words.
    """
    words = escaped(text, limit)
    if link is None or not link.clickable:
        return words
    return (
        f"{words} · [read]({link.text})"
        if any(sign in text for sign in ("[", "]", "://"))
        else f"[{words}]({link.text})"
    )


def when(moment: datetime) -> str:
    """A time, told as the distance from whenever it is read."""
    return f"<t:{int(moment.timestamp())}:R>"


def exactly(moment: datetime) -> str:
    """A time as the reader's own clock and calendar tell it."""
    return f"<t:{int(moment.timestamp())}:f>"


def small(text: str) -> str:
    """An escaped line in small print."""
    return f"-# {text}"


def joined(blocks: Sequence[str], limit: int, separator: str, *, more: str = "") -> tuple[str, bool]:
    """As many of `blocks` as fit into `limit` units, and whether all do; `more` follows how many are missing."""
    text = separator.join(blocks)
    if units(text) <= limit:
        return text, True
    kept: list[str] = []
    for block in blocks:
        if units(separator.join([*kept, block, _left_off(blocks, kept, more)])) > limit:
            break
        kept.append(block)
    return separator.join([*kept, _left_off(blocks, kept, more)]), False


def _left_off(blocks: Sequence[str], kept: Sequence[str], more: str) -> str:
    return f"… and {len(blocks) - len(kept)} more{more}"

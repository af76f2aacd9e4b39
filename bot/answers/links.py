"""Addresses and linked headlines in answers: secrets hidden, hosts spelled out, nothing that looks like another place.

address of a stranger ─shown_link→ Link ─address, titled→ safe markdown
"""

from typing import Final

from bot.answers.reply import said
from bot.cards.links import shown_link
from bot.cards.markdown import linked
from bot.cards.text import clean
from bot.cards.words import UNTITLED

_TITLE: Final = 120
_ADDRESS: Final = 400  # characters of an address that is shown, or stands behind a headline


def address(url: str | None) -> str:
    """An address as a link, or as text where it can't be one."""
    link = shown_link(url)
    if link is None:
        return ""
    return f"<{link.text}>" if link.clickable and len(link.text) <= _ADDRESS else said(link.text, _ADDRESS)


def titled(title: str | None, url: str | None, limit: int = _TITLE) -> str:
    """A headline, within `limit` units, that leads to its article."""
    link = shown_link(url)
    return linked(clean(title or "") or UNTITLED, link if link and len(link.text) <= _ADDRESS else None, limit)

"""Names for what has none: the words of a title or the host of an address, numbered where one is taken.

    "News » Courier | 24/7" ─slug→ news-courier-24-7 ─Names.take→ news-courier-24-7, or news-courier-24-7-2

Whatever comes out can stand in a watch list: `config.watchlist.check_name` admits it.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import count
from urllib.parse import urlsplit

_LONGEST = 40  # characters, without a number
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def slug(text: str) -> str:
    """The text's words in lower case, joined by -, as many as go into 40 characters; empty where it has none."""
    name = _BETWEEN_WORDS.sub("-", unicodedata.normalize("NFC", text).lower()).strip("-")
    if len(name) <= _LONGEST:
        return name
    return name[: name.rfind("-", 0, _LONGEST + 1)] if "-" in name[:_LONGEST] else name[:_LONGEST]


def source_name(title: str, url: str) -> str:
    """What a source is called by its title's words, else by the host of its address, which must be one of the web."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return slug(title) or slug(host) or "source"


def free_name(title: str, url: str, taken: Iterable[str]) -> str:
    """A name for a source that has none: its title's words, else its host's; numbered where it is taken."""
    return Names(taken).take(source_name(title, url))


class Names:
    """Gives out each name once: the second that wants one gets it with a 2."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._numbers: dict[str, count[int]] = {}

    def take(self, wanted: str) -> str:
        """Return `wanted`, with the lowest number that makes it free where it is taken."""
        name = wanted
        while name in self._taken:
            name = f"{wanted}-{next(self._numbers.setdefault(wanted, count(2)))}"
        self._taken.add(name)
        return name

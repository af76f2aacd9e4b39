"""Lists in Discord's markdown: lines that begin with `-`, `*` or a number, and what is indented below them."""

import re
from collections.abc import Callable
from textwrap import dedent
from typing import Final

from tests.meta.discord_page.angles import Rendered

_ITEM: Final = re.compile(r"(?P<indent> *)(?:[-*]|(?P<number>[0-9]{1,10})\.) +(?P<words>\S.*)")


def list_at(text: str, position: int, read: Callable[[str], str]) -> Rendered | None:
    """The list that begins at `position`, where a line begins; `read` renders what an item holds."""
    first = _ITEM.match(text, position)
    if not first:
        return None
    indent, numbered = len(first["indent"]), first["number"] is not None
    items: list[list[str]] = []
    while position < len(text):
        line, _, _ = text[position:].partition("\n")
        found = _ITEM.fullmatch(line)
        if found and len(found["indent"]) <= indent:
            if (found["number"] is not None) != numbered:
                break
            items.append([found["words"]])
        elif line.strip() and line.startswith(" " * (indent + 1)):
            items[-1].append(line)
        else:
            break
        position += len(line) + 1
    tag = f'ol start="{first["number"]}"' if numbered else "ul"
    body = "".join(f"<li>{read(_item(lines))}</li>" for lines in items)
    return f"<{tag}>{body}</{tag[:2]}>", min(position, len(text))


def _item(lines: list[str]) -> str:
    return "\n".join([lines[0], dedent("\n".join(lines[1:]))]) if len(lines) > 1 else lines[0]

r"""The tree of a page → its text, one paragraph a block, without what changes by itself.

    element ─rendered→ "Retention\n\n- 30 days for footage\n\nCamera | Kept for"

List items begin with a hyphen and the cells of a table's row are joined, so that a redline can tell them from
headings. Lines that only say when or how often the page was seen are left out (`seen_lines`).
"""

import re

from lxml import etree

from watchers.sources.elements import Element
from watchers.sources.plain_text import clean
from watchers.sources.seen_lines import changes_by_itself

_BLOCK = re.compile(
    "address|article|aside|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]"
    "|header|hr|html|li|main|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul|caption|legend"
)
_CELLS = frozenset(("td", "th"))
_BREAK = "\x1e"  # ends a paragraph
_CELL = "\x1f"  # between the cells of a row
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_EMPTY_CELLS = re.compile(r"^(?:\s*\x1f)+|(?:\x1f\s*)+$")


def rendered(root: Element) -> str:
    """The text of an element: paragraphs separated by a blank line, spacing unified, invisible characters gone."""
    text = _INVISIBLE.sub("", _words(root))
    paragraphs = []
    for block in text.split(_BREAK):
        row = _EMPTY_CELLS.sub("", block)
        paragraph = " | ".join(" ".join(cell.split()) for cell in row.split(_CELL) if cell.strip())
        if paragraph.strip("- ") and not changes_by_itself(paragraph, is_row=_CELL in row):
            paragraphs.append(paragraph)
    return "\n\n".join(paragraphs)


def _words(root: Element) -> str:
    pieces: list[str] = []
    in_row = 0  # paragraphs inside a cell do not tear its row apart
    item = False
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag)
        is_row = tag == "tr" and not _holds_blocks(element)
        if tag == "li" and event == "start" and not in_row:
            item = True
            pieces.append(f"{_BREAK}- ")
        elif tag in _CELLS:
            pieces.append(_CELL if in_row else _BREAK)
        elif is_row:
            in_row += 1 if event == "start" else -1
            pieces.append(_BREAK)
        elif _BLOCK.fullmatch(tag):
            # “<li><p>…”: the item's own paragraph, its mark already written.
            pieces.append(" " if in_row or (item and event == "start") else _BREAK)
        elif tag == "br":
            pieces.append(" " if in_row else _line_break(element))
        if event == "start":
            if element.text:
                pieces.append(clean(element.text))
                item = item and not element.text.strip()
        elif element.tail and element is not root:
            pieces.append(clean(element.tail))
            item = item and not element.tail.strip()
    return "".join(pieces)


def _line_break(element: Element) -> str:
    """A doubled `<br>` ends a paragraph, a single one is a space."""
    following = element.getnext()
    doubled = following is not None and following.tag == "br" and not (element.tail or "").strip()
    return _BREAK if doubled else " "


def _holds_blocks(row: Element) -> bool:
    """A table that lays out a page: its cells hold lists, tables and several paragraphs."""
    return next(row.iter("table", "ul", "ol", "h1", "h2", "h3", "div"), None) is not None or sum(
        1 for _ in row.iter("p")
    ) > len(row)

r"""The tree of a page → its text, one paragraph a block, without what changes by itself.

    element ─rendered→ "Retention\n\n- 30 days for footage\n\nCamera | Kept for"

List items begin with a hyphen and the cells of a table's row are joined, so that a redline can tell them from
headings. Lines that only say when or how often the page was seen are left out: they differ at every look.
"""

import re

from lxml import etree

from watchers.sources.furniture import Element
from watchers.sources.plain_text import clean

_BLOCK = re.compile(
    "address|article|aside|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]"
    "|header|hr|html|li|main|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul|caption|legend"
)
_CELLS = frozenset(("td", "th"))
_BREAK = "\x1e"  # ends a paragraph
_CELL = "\x1f"  # between the cells of a row
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_EMPTY_CELLS = re.compile(r"^(?:\s*\x1f)+|(?:\x1f\s*)+$")
_SHORT = 15  # words: longer lines are sentences
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)(uary|ruary|ch|il|e|y|ust|tember|ober|ember)?\.?"
_DAY = r"(mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(day)?\.?"
_COUNT = re.compile(
    r"\b\d[\d.,\s]*[km]?\s*(views?|reads?|shares?|likes?|comments?|visits?|visitors?|hits|downloads?|followers?|tweets?"
    r"|retweets?|votes?|people (are )?(viewing|reading|online)( this)?( now)?)\b"
    r"|\b(views?|hits|visitors?( number)?|visits|viewed|page ?views|total views|shares|comments)"
    r"\s*:?\s*\(?\d[\d.,]*[km]?\)?( times)?"
    r"|\b(a|an|\d+)\s+(seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)\s+ago\b|\bjust now\b"
    r"|\b\d+\s*min(ute)?s?\s+read\b",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    rf"\b(\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}(t\d{{1,2}}:\d\d\S*)?|\d{{1,2}}:\d\d(:\d\d)?(\.\d+)?\s*([ap]\.?m\.?)?"
    rf"|{_MONTH}|{_DAY}|\d{{1,2}}(st|nd|rd|th)?|(19|20|21)\d\d|[ap]\.?m\.?|utc|gmt|[ecmp][sd]?t|z|o['’]?clock)(?!\w)",
    re.IGNORECASE,
)
_SEEN_WORDS = re.compile(
    r"\b(last|page|this|was|is|has|been|it|the|on|at|as|of|by|updated?|modified|reviewed|generated|rendered|published|posted"
    r"|retrieved|accessed|loaded|served|printed|created|changed|refreshed|today|now|current|currently|local|server|date"
    r"|time|timestamp|build|version|session|request|visit|id|ref|in|and|s|ms|seconds?|ray|number|total|you|are)\b|[^\w\s]",
    re.IGNORECASE,
)
_SEEN_CUE = re.compile(
    r"\b(updated?|modified|reviewed|generated|rendered|retrieved|accessed|loaded|served|printed|refreshed|today|now"
    r"|current|local|server|time|timestamp|posted|published|created|changed)\b",
    re.IGNORECASE,
)
_NONCE = re.compile(
    r"\b(request|session|ray|trace|correlation|incident|reference|visitor|build|nonce|token)\s*(id|no|number|#)?\s*[:#]\s*"
    r"[\w-]*\d[\w-]*|\b[0-9a-f]{16,}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    re.IGNORECASE,
)


def rendered(root: Element) -> str:
    """The text of an element: paragraphs separated by a blank line, spacing unified, invisible characters gone."""
    text = _INVISIBLE.sub("", _words(root))
    paragraphs = []
    for block in text.split(_BREAK):
        row = _EMPTY_CELLS.sub("", block)
        paragraph = " | ".join(" ".join(cell.split()) for cell in row.split(_CELL) if cell.strip())
        if paragraph.strip("- ") and not _changes_by_itself(paragraph):
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


def _changes_by_itself(paragraph: str) -> bool:
    """Whether it is a clock, a counter, a number drawn for this answer, and nothing more."""
    line = paragraph.strip("- |")
    if len(line.split()) > _SHORT:
        return False
    without = _NONCE.sub(" ", _COUNT.sub(" ", line))
    if without != line and not re.search(r"[^\W\d_]{2}", _MOMENT.sub(" ", _SEEN_WORDS.sub(" ", without))):
        return True
    has_moment = _MOMENT.search(line) is not None
    if not has_moment or not (
        _SEEN_CUE.search(line) or re.search(r"\d:\d\d", line) or re.match(_DAY, line, re.IGNORECASE)
    ):
        return False
    return not re.search(r"\w", _SEEN_WORDS.sub(" ", _MOMENT.sub(" ", line)))

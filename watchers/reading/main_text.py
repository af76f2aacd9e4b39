"""The main text of a page, without furniture: trafilatura finds it, this module makes paragraphs of it.

    HTML → trafilatura's tree (p, head, list, quote, table …) → "First paragraph." + blank line + "Second one."
         ─without_menus→ the same, where trafilatura gave up and took the whole page

Measured on 130 saved pages (tests/reading/test_extraction_accuracy.py): tables are kept, for pages and policies
that are laid out in tables lose half of their text without them; trafilatura's slower fallbacks are asked only where
its fast way found hardly anything, for elsewhere they do worse.
"""

import re
from typing import Final

from lxml import etree

from watchers.sources.furniture import without_furniture
from watchers.sources.page_text import rendered

LONGEST: Final = 500_000  # code points of an article; more is no article
_HARDLY_ANY: Final = 600  # code points
_LONGEST_LINE: Final = 50_000  # code points; what is longer on one line was no page of a few words
_ROW_AS_LINE: Final = 400  # code points; a longer row is the page's layout, and its cells are paragraphs

_BLOCKS: Final = frozenset({"p", "head", "item", "list", "quote", "table", "row"})
_SENTENCE_END: Final = re.compile(r"[.!?…؟।॥۔።។](?=[\"'”’»)]*(?:\s|$))|[。！？｡]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINE_BREAKS: Final = re.compile(r" ?\n ?")
_PARAGRAPH_BREAKS: Final = re.compile(r"\n{2,}")


def main_text(html: str) -> str:
    """Paragraphs of the main text, separated by a blank line; empty where nothing was found.

    Raises:
        MemoryError, RecursionError: on hostile markup.
    """
    text = _extracted(html, fast=True)
    if len(text) < _HARDLY_ANY:
        text = max(text, _extracted(html, fast=False), key=len)
    return text[:LONGEST].rstrip()


def _extracted(html: str, *, fast: bool) -> str:
    # Half a second and a hundred megabytes, which only the worker process has to spend: never the desk itself.
    from trafilatura import bare_extraction  # noqa: PLC0415

    document = bare_extraction(html, fast=fast, include_comments=False, include_tables=True)
    if document is None or isinstance(document, dict) or document.body is None:
        return ""
    return tidy(_words(document.body))


def without_menus(text: str, root: "etree._Element") -> str:
    """The text; where it is the whole page on one line, that page's paragraphs that hold a sentence, if there are any.

    trafilatura takes all that stands in the body where its paragraphs have hardly a hundred letters together, which
    are a few words of English and a whole report of Japanese. Takes furniture out of the tree.
    """
    if "\n" in text or len(text) > _LONGEST_LINE:
        return text
    words = "".join(text.split())
    told = [block.removeprefix("- ") for block in rendered(without_furniture(root)).split("\n\n")]
    kept = [block for block in told if _SENTENCE_END.search(block) and "".join(block.split()) in words]
    return "\n\n".join(kept) or text


def tidy(text: str) -> str:
    """One space between words, at most one line break in a paragraph, one blank line between paragraphs."""
    text = _LINE_BREAKS.sub("\n", _SPACES.sub(" ", text))
    return _PARAGRAPH_BREAKS.sub("\n\n", text).strip()


def _words(body: "etree._Element") -> str:
    pieces: list[str] = []
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        if element.tag in _BLOCKS or _is_code_block(element):
            pieces.append("\n\n")
        if event == "start":
            if element.tag == "row" and (line := _row_as_line(element)):
                pieces.append(line)
                walk.skip_subtree()
                continue
            if element.tag == "lb":
                pieces.append("\n")
            if element.text:
                pieces.append(_text_of(element, element.text))
        else:
            if element.tag == "cell":
                pieces.append("\n\n")
            if element.tail and element is not body:
                parent = element.getparent()
                pieces.append(_text_of(element if parent is None else parent, element.tail))
    return "".join(pieces)


def _is_code_block(element: "etree._Element") -> bool:
    parent = element.getparent()
    return element.tag == "code" and parent is not None and parent.tag in {"body", "quote", "cell", "item"}


def _text_of(holder: "etree._Element", text: str) -> str:
    """Line breaks of the source are spaces, except in code."""
    return text if holder.tag == "code" else text.replace("\n", " ")


def _row_as_line(row: "etree._Element") -> str | None:
    """A row of data as one line, its cells parted by bars; None where the row holds paragraphs."""
    cells = [" ".join(" ".join(map(str, cell.itertext())).split()) for cell in row.iterchildren("cell")]
    if sum(map(len, cells)) > _ROW_AS_LINE:
        return None
    return " | ".join(cell for cell in cells if cell) or None

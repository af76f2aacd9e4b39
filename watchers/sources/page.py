"""A page that is followed for its text: a policy, a notice, a manual.

    bytes ─decoded→ tree ─select / ignore, or without furniture→ paragraphs ─walls→ Parsed with a PageText

Complete before tidy: every section, list and table of the main text, nothing of the site around it. Blocked, missing
and empty answers are outcomes, so that an error page is never taken for a new version.
"""

import re

from lxml import etree

from config.selectors import compiled
from watchers.models import Outcome, PageText, Parsed, SourceMemory
from watchers.reading import walls
from watchers.sources.charset import to_utf8
from watchers.sources.elements import Element, shown, take_out
from watchers.sources.furniture import without_furniture
from watchers.sources.limits import NAME_LENGTH
from watchers.sources.page_text import rendered
from watchers.sources.plain_text import clean, line

# Versions made under another name are extracted again before they are compared: raise it with every change of rules.
EXTRACTOR = "page-2"

_TITLE_LENGTH = 500  # code points
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_META_WITHIN = 4096  # bytes
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|[-_])", re.IGNORECASE)


class SelectorError(ValueError):
    """A selector that is no CSS, or finds nothing. Its text names the selector."""


def parse_page(body: bytes, content_type: str | None, url: str, memory: SourceMemory) -> Parsed:
    """The main text of a page, or the outcome that says why there is none.

    `memory.select` (CSS) names the elements that hold the text, `memory.ignore` those to leave out.
    """
    html = _decoded(body, content_type)
    root = _tree(html)
    if root is None:
        return _nothing(Outcome.EMPTY, f"{url} holds no page")
    title, outlet = _title(root), _outlet(root)
    language = _LANGUAGE.match(root.get("lang") or "")
    try:
        text = _main_text(root, memory)
    except SelectorError as error:
        # The page behind a wall lacks the selected element too, and then the wall is the reason.
        wall = walls.judge(title=title, text=rendered(without_furniture(root)), html=html)
        return _nothing(wall or Outcome.EMPTY, _WALLED if wall else str(error))
    wall = walls.judge(title=title, text=text, html=html)
    if wall is not None:
        return _nothing(wall, _WALLED)
    if not text:
        return _nothing(Outcome.EMPTY, "the page shows no text without running its scripts")
    page = PageText(
        title=title,
        text=text,
        outlet=outlet,
        language=language.group().lower() if language else None,
    )
    return Parsed(outcome=Outcome.OK, kind="page", title=title, page=page, language=page.language)


_WALLED = "a page that stands in front of the text, or in its place: no version of it"


def _nothing(outcome: Outcome, error: str) -> Parsed:
    return Parsed(outcome=outcome, kind="page", error=error)


def _decoded(body: bytes, content_type: str | None) -> str:
    names = b"".join(b"; charset=" + name for name in _META_CHARSET.findall(body[:_META_WITHIN])).decode("ascii")
    utf8, _ = to_utf8(body, f"{content_type or ''}{names}")
    return clean(utf8.decode("utf-8", "replace"))


def _tree(html: str) -> Element | None:
    # A page nested beyond libxml2's usual depth still has its text; time and memory are the worker's to limit.
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8", huge_tree=True)
    try:
        return etree.fromstring(html.encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _title(root: Element) -> str:
    for tag in ("title", "h1"):
        for element in root.iter(tag):
            if title := line(shown(element), _TITLE_LENGTH):
                return title
    return ""


def _outlet(root: Element) -> str | None:
    """What the site calls itself."""
    named = (meta for meta in root.iter("meta") if (meta.get("property") or "").lower() == "og:site_name")
    return next((name for meta in named if (name := line(meta.get("content") or "", NAME_LENGTH))), None)


def _main_text(root: Element, memory: SourceMemory) -> str:
    if memory.ignore is not None:
        for element in _selected(root, memory.ignore):
            take_out(element)
    if memory.select is None:
        return rendered(without_furniture(root))
    chosen = _selected(root, memory.select)
    among = set(chosen)
    outermost = [element for element in chosen if among.isdisjoint(element.iterancestors())]
    text = "\n\n".join(part for element in outermost if (part := _chosen_text(element)))
    if not text:
        raise SelectorError(f"select: {memory.select!r} finds no text on the page: check it against the page's markup")
    return text


def _chosen_text(element: Element) -> str:
    for silent in list(element.iter("script", "style", "noscript", "template", "svg")):
        take_out(silent)
    return rendered(element)


def _selected(root: Element, selector: str) -> list[Element]:
    try:
        found = compiled(selector)(root)
    except (ValueError, etree.XPathError) as error:
        raise SelectorError(f"{selector!r}: {error}") from error
    return [element for element in found if isinstance(element, Element)] if isinstance(found, list) else []

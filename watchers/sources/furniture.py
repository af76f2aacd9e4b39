"""What on a page is not its text: menus, footers, banners, boxes for sharing, “related” boxes, counters.

    tree ─without_furniture→ the element that holds the main text, furniture taken out

Policies are followed by the sentence, so a paragraph lost is worse than a menu kept: what its markup alone calls
furniture (a class, a hidden attribute) is only believed while it is small beside the page, or made of links.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile

from watchers.sources.elements import Element, Extent, measured, shown, take_out
from watchers.sources.pointers import is_pointing, names_documents
from watchers.sources.prompts import prompts

_SILENT = frozenset(
    (
        *("script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "embed", "video", "audio"),
        *("map", "head", "nav", "footer", "dialog", "menu"),
    )
)
_CONTROLS = ("select", "textarea", "button", "input", "datalist", "progress", "meter")
_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar"))
_NAME_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

# Words in a class or id, the most text (code points) and the least share of it in links, for it to be furniture.
_COOKIE = frozenset(("cookie", "cookies", "consent", "gdpr", "ccpa", "onetrust", "cookiebot", "cookielaw", "cmp"))
_COOKIE_HOLDER = frozenset(
    (
        "banner",
        "notice",
        "bar",
        "popup",
        "modal",
        "overlay",
        "dialog",
        "message",
        "alert",
        "onetrust",
        "cookiebot",
        "sdk",
    )
)
_NAMED: tuple[tuple[frozenset[str], int, float], ...] = (
    (frozenset(("breadcrumb", "breadcrumbs", "pagination", "skip", "skiplink", "pager")), 500, 0.0),
    (frozenset(("share", "sharing", "social", "addthis", "addtoany", "sharebar", "sharethis")), 300, 0.0),
    (frozenset(("view", "views", "viewcount", "pageviews", "counter", "hits", "visits", "visitors")), 60, 0.0),
    (
        frozenset(("newsletter", "subscribe", "signup", "promo", "advert", "advertisement", "ads", "sponsored")),
        600,
        0.0,
    ),
    (
        frozenset(
            ("related", "recommended", "recommendations", "trending", "popular", "latest", "outbrain", "taboola")
        ),
        3000,
        0.3,
    ),
    (frozenset(("menu", "navbar", "nav", "navigation", "sitemap", "footer", "topbar")), 20_000, 0.5),
    (frozenset(("sidebar", "rail", "aside")), 3000, 0.4),
    (frozenset(("comments", "disqus")), 20_000, 0.0),
)
_TITLE_TAGS = frozenset(("h2", "h3", "h4", "h5", "h6", "p", "strong", "b", "div", "span"))
_TITLE_LENGTH = 60  # code points
_LARGEST_SHARE = 0.3  # of the page: more than that is no furniture
_HIDDEN_LENGTH = 200  # longer hidden texts are folded sections
_LEAST_TEXT = 50  # code points that are left of every page, or its names mean something else
_HIGHEST_BOX = 8  # levels above its title
_LEAST_MAIN_SHARE = 0.4
_LINK_LIST_SHARE = 0.75
_LEAST_LINKS = 4


def without_furniture(root: Element) -> Element:
    """The element of the tree that holds the main text. Furniture is removed from the tree itself."""
    _take_out(element for element in root.iter() if _is_structural(element))
    _take_out(prompts(root, measured(root)))  # known by their buttons
    _take_out(root.iter(*_CONTROLS))
    extents = measured(root)
    whole = extents[root].text
    named = [element for element in root.iter() if _is_named(element, extents[element], whole)]
    if _text_in(named, extents) <= whole - _LEAST_TEXT:
        _take_out(iter(named))
    _take_out(_titled_boxes(root, measured(root)))
    main = _main(root, measured(root))
    if main is root:
        extents = measured(root)
        # A page that is itself a list of links keeps them.
        if extents[root].link_share < 1 - _LINK_LIST_SHARE:
            _take_out(element for element in root.iter("ul", "ol", "div", "table") if _is_link_list(extents[element]))
    return main


def _take_out(elements: Iterator[Element]) -> None:
    for element in list(elements):
        take_out(element)


def _is_structural(element: Element) -> bool:
    tag, role = str(element.tag), (element.get("role") or "").lower()
    if tag in _SILENT or role in _ROLES:
        return True
    if tag == "header":
        return not any(above.tag in ("main", "article") for above in element.iterancestors()) and (
            next(element.iter("h1"), None) is None or len(list(element.iter("a"))) >= _LEAST_LINKS
        )
    return False


def _is_named(element: Element, extent: Extent, whole: int) -> bool:
    """Whether its attributes call it furniture, and its size does not contradict."""
    if element.tag in ("body", "html", "main", "article") or extent.text > _LARGEST_SHARE * whole:
        return False
    if extent.text <= _HIDDEN_LENGTH and (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDDEN_STYLE.search(element.get("style") or "")
    ):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    words = {word.lower() for word in _NAME_WORD.findall(names)}
    if element.tag == "aside" or element.get("role") == "complementary":
        words.add("aside")
    if words & _COOKIE and words & _COOKIE_HOLDER:
        return True
    return any(words & named and extent.text <= most and extent.link_share >= least for named, most, least in _NAMED)


def _titled_boxes(root: Element, extents: dict[Element, Extent]) -> Iterator[Element]:
    """Boxes that nothing but their own title, “Related articles”, calls furniture.

    Each box once. What points to laws, orders, reports is kept: a policy's references are its text.
    """
    most = _LARGEST_SHARE * extents[root].text
    judged: set[Element] = set()  # once: a box may hold a thousand such titles
    for element in root.iter(*_TITLE_TAGS):
        extent = extents[element]
        if element in judged or not 0 < extent.text <= _TITLE_LENGTH or not is_pointing(shown(element)):
            continue
        box = element
        for above in islice(element.iterancestors(), _HIGHEST_BOX):
            outer = extents[above]
            if outer.text > most or outer.text - extent.text > 2 * outer.linked:
                break
            box = above
        if box in judged:
            continue
        parts = [box] if box is not element else [element, *_links_after(element, extents)]
        judged.update(parts)
        if len(parts) + (box is not element) > 1 and _text_of(parts, extents) <= most and not names_documents(parts):
            yield from parts


def _links_after(title: Element, extents: dict[Element, Extent]) -> Iterator[Element]:
    """What follows a title and is made of links."""
    return takewhile(
        lambda following: extents[following].links > 0 and extents[following].link_share >= _LINK_LIST_SHARE,
        title.itersiblings(),
    )


def _text_of(elements: Iterable[Element], extents: dict[Element, Extent]) -> int:
    return sum(extents[element].text for element in elements)


def _text_in(elements: list[Element], extents: dict[Element, Extent]) -> int:
    among = set(elements)
    return _text_of((element for element in elements if among.isdisjoint(element.iterancestors())), extents)


def _is_link_list(extent: Extent) -> bool:
    return extent.links >= _LEAST_LINKS and extent.link_share >= _LINK_LIST_SHARE


def _main(root: Element, extents: dict[Element, Extent]) -> Element:
    """The one element that says it is the main text, where it holds enough of it; else everything."""
    marked = [element for element in root.iter() if element.tag == "main" or element.get("role") == "main"]
    for candidates in (marked, list(root.iter("article"))):
        largest = max(candidates, key=lambda element: extents[element].text, default=None)
        if largest is not None and extents[largest].text >= _LEAST_MAIN_SHARE * extents[root].text:
            return largest
    return root

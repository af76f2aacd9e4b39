"""CSS selectors for pages: one rule of what is one, for the watch list, the commands and the page parser alike.

text ─compiled→ a function of a tree that finds elements, or what is wrong with the text
"""

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

_A_PAGE = etree.Element("html")


def compiled(css: str) -> CSSSelector:
    """What a selector finds in a tree. ValueError says why it is none, and what to do."""
    try:
        find = CSSSelector(css, translator="html")
        find(_A_PAGE)  # some mistakes, as the prefix in `a|b`, show only when something is looked for
    except RecursionError:
        raise ValueError("a CSS selector that is nested too deep: write a shorter one") from None
    except (SelectorError, etree.XPathError) as error:
        what = " ".join(str(error).split())
        raise ValueError(f"no CSS selector ({what}): write it as in a style sheet") from None
    return find


def check_selector(css: str, kind: str | None) -> str:
    """Return `css` where it can choose in a source of that kind; ValueError says what to do. None: not known."""
    if kind in {"feed", "sitemap"}:
        raise ValueError(f"CSS is for pages, not for a {kind}: make the kind page or auto, or leave this out")
    compiled(css)
    return css

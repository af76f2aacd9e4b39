"""A parsed page's elements: how much text each holds, its words, and taking it out.

tree ─measured→ {element: Extent}
"""

from typing import NamedTuple

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml's public type has this name


class Extent(NamedTuple):
    """How much text an element holds, in code points without spaces, and how much of it in links."""

    text: int
    linked: int
    links: int

    @property
    def link_share(self) -> float:
        """From 0, no links, to 1, nothing else."""
        return self.linked / self.text if self.text else 0.0


def shown(element: Element) -> str:
    """The words inside an element, on one line."""
    return " ".join(str(etree.tostring(element, method="text", encoding="unicode", with_tail=False)).split())


def measured(root: Element) -> dict[Element, Extent]:
    """The extent of every element, in one pass."""
    extents: dict[Element, Extent] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        text, linked, links = _length(element.text), 0, 0
        for child in element:
            inner = extents[child]
            text += inner.text + _length(child.tail)
            linked += inner.linked
            links += inner.links
        is_link = element.tag == "a" and element.get("href") is not None
        extents[element] = Extent(text, text if is_link else linked, links + is_link)
    return extents


def take_out(element: Element) -> None:
    """Empty an element, but keep the text that follows it: moving that would be quadratic on a long page."""
    following = element.tail
    element.clear()
    element.tail = following


def _length(text: str | None) -> int:
    return sum(map(len, text.split())) if text else 0

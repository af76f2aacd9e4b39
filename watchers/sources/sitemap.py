"""The sitemap kind: a news sitemap, or a plain one, → items.

    <url><loc/><lastmod/><news:news>title, publication, date</news:news><image:image/></url>  →  Item

lxml reads it with entities, DTDs and the network off. A sitemap's own date of change is no date of publication:
`published` comes from the news extension alone.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b

from lxml import etree

from watchers.models import Item, Outcome, Parsed, SourceMemory
from watchers.sources.charset import joined_notes, to_utf8
from watchers.sources.dates import parse_date
from watchers.sources.feed_entries import address, language_of, plain_value
from watchers.sources.limits import MAX_ENTRIES, NAME_LENGTH, TITLE_LENGTH

_OLDEST = datetime.min.replace(tzinfo=UTC)


def parse_sitemap(body: bytes, content_type: str | None, url: str, memory: SourceMemory) -> Parsed:
    """The unseen items of a sitemap; its index is refused with the sitemaps that it names."""
    text, note = to_utf8(body, content_type)
    parser = etree.XMLParser(recover=True, resolve_entities=False, load_dtd=False, no_network=True)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as fault:
        return _failed(f"not a sitemap: {str(fault)[:200]}")
    name = _name(root) if root is not None else ""
    if name == "sitemapindex":
        named = ", ".join([part for child in root for part in _texts(child, "loc")][:3])
        return _failed(f"an index of sitemaps; follow one of them instead: {named}")
    if name != "urlset":
        return _failed("not a sitemap")
    entries = [(item, _hash(item)) for item in _items(root, url)]
    shown = len(entries)
    if shown > MAX_ENTRIES:
        entries = sorted(entries, key=lambda entry: _newest_first(entry[0]))[:MAX_ENTRIES]
        note = joined_notes(note, f"{shown} entries, the newest {MAX_ENTRIES} taken")
    outlets = {outlet for part in root for outlet in _texts(part, "news", "publication", "name")}
    outlet = plain_value(outlets.pop(), NAME_LENGTH) if len(outlets) == 1 else None
    return Parsed(
        outcome=Outcome.OK if shown else Outcome.EMPTY,
        kind="sitemap",
        title=outlet or "",
        items=tuple(item for item, digest in entries if digest not in memory.seen_entries),
        entries=shown,
        entry_hashes=frozenset(digest for _, digest in entries),
        outlet=outlet,
        degraded=note,
        error=None if shown else "the sitemap is valid and shows no address",
    )


def _failed(error: str) -> Parsed:
    return Parsed(outcome=Outcome.FAILED, kind="sitemap", error=error)


def _items(root: "etree._Element", base: str) -> Iterator[Item]:
    for part in root:
        link = next(filter(None, (address(base, text) for text in _texts(part, "loc"))), None)
        if _name(part) != "url" or link is None:
            continue
        published = next(filter(None, map(parse_date, _texts(part, "news", "publication_date"))), None)
        titles = [plain_value(text, TITLE_LENGTH) for text in _texts(part, "news", "title")]
        yield Item(
            url=link,
            title=next(filter(None, titles), ""),
            published=published,
            updated=next(filter(None, map(parse_date, _texts(part, "lastmod"))), None),
            outlet=next((plain_value(text, NAME_LENGTH) for text in _texts(part, "news", "publication", "name")), None),
            language=next(map(language_of, _texts(part, "news", "publication", "language")), None),
            image=next(filter(None, (address(base, text) for text in _texts(part, "image", "loc"))), None),
        )


def _texts(element: "etree._Element", *path: str) -> Iterator[str]:
    """The texts at a path of local names below an element, whatever prefixes the publisher uses."""
    for child in element:
        if _name(child) == path[0]:
            if len(path) > 1:
                yield from _texts(child, *path[1:])
            elif child.text and child.text.strip():
                yield child.text.strip()


def _name(element: "etree._Element") -> str:
    return str(element.tag).rpartition("}")[2]  # of a comment, the name of a function: never a name of ours


def _hash(item: Item) -> str:
    return blake2b(repr((item.url, item.title, item.published, item.updated)).encode(), digest_size=16).hexdigest()


def _newest_first(item: Item) -> float:
    return -(item.published or item.updated or _OLDEST).timestamp()

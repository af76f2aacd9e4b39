"""Plain feeds → what feedparser would make of them, at a fraction of its time.

    UTF-8 of a feed ─expat→ a tree ─plain_entry, header→ Document, or None: it is feedparser's to read

Most feeds are written by a few programs, with a few elements that hold text alone. For those, this gives the fields
of feedparser's answer that an `Item` and a header are made of, equal to feedparser's own: tests hold the two side by
side. It repairs and judges nothing. Whatever the two might differ in makes the whole document not plain: an element
or attribute that isn't listed, markup within a text, a second id, characters that feedparser rewrites. So
does all that is not well-formed or has a document type, so that nothing in it can grow or be opened. Like all that
reads hostile bytes, it runs in the worker process.
"""

from collections.abc import Mapping
from typing import Any, Final, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import ExpatError, ParserCreate

from watchers.sources.feed_entries import Document
from watchers.sources.plain_entry import (
    ATOM,
    DUBLIN_CORE,
    FEEDBURNER,
    PREFIXES,
    NotPlainError,
    check_attributes,
    check_unread,
    detail_of,
    entry_of,
    text_of,
)

_SEARCH: Final = "http://a9.com/-/spec/opensearchrss/1.0/ "
_SYNDICATION: Final = "http://purl.org/rss/1.0/modules/syndication/ "
_MOST_TAGS: Final = 100_000  # a tree of more would take memory that feedparser doesn't
_LANGUAGE: Final = "http://www.w3.org/XML/1998/namespace lang"
_OTHER_FORMATS: Final = ("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/")
_FIELDS: Final = {
    "title": "title",
    ATOM + "title": "title",
    "language": "language",
    DUBLIN_CORE + "language": "language",
    "ttl": "ttl",
    _SYNDICATION + "updatePeriod": "sy_updateperiod",
    _SYNDICATION + "updateFrequency": "sy_updatefrequency",
}
# What feedparser files under names that we don't ask for.
_UNREAD: Final = frozenset(
    (
        *("category", "cloud", "copyright", "description", "docs", "generator", "lastBuildDate", "link"),
        *("managingEditor", "pubDate", "webMaster"),
        *(ATOM + name for name in ("category", "generator", "icon", "id", "link", "logo", "rights", "subtitle")),
        ATOM + "updated",
        *(DUBLIN_CORE + name for name in ("creator", "date", "rights")),
        _SYNDICATION + "updateBase",
        *(
            FEEDBURNER + name
            for name in ("browserFriendly", "emailServiceId", "feedFlare", "feedburnerHostname", "info")
        ),
        *(_SEARCH + name for name in ("itemsPerPage", "startIndex", "totalResults")),
        "com-wordpress:feed-additions:1 site",
    )
)
_UNREAD_GROUPS: Final = {  # the same, by the children that they may have
    "image": {"url", "title", "link", "width", "height", "description"},
    "skipHours": {"hour"},
    "skipDays": {"day"},
    ATOM + "author": {ATOM + "name", ATOM + "uri", ATOM + "email"},
}


def read_plain(feed: bytes) -> Document | None:
    """A feed in UTF-8 as feedparser would read it, as far as we use it, or None where it is not plain."""
    if feed.count(b"<") > _MOST_TAGS:
        return None
    try:
        return _document(_tree(feed))
    except (NotPlainError, ExpatError):
        return None


def _tree(feed: bytes) -> Element:
    """The elements, named "address-of-the-namespace name" where they have one."""
    parser = ParserCreate("utf-8", " ")
    parser.buffer_text = True
    builder = TreeBuilder()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartNamespaceDeclHandler = _check_namespace
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(feed, True)
    return builder.close()


def _check_namespace(prefix: str | None, address: str | None) -> None:
    """Feedparser knows namespaces by their customary prefixes too, and some as the sign of another format."""
    if PREFIXES.get((prefix or "").lower(), address) != address or address in _OTHER_FORMATS:
        raise NotPlainError


def _refuse_doctype(*_: object) -> NoReturn:
    raise NotPlainError


def _document(root: Element) -> Document:
    version, frame, entry_name, allowed = "atom10", root, ATOM + "entry", {_LANGUAGE}
    if root.tag == "rss" and len(root) == 1 and root[0].tag == "channel":
        version, frame, entry_name, allowed = "rss20", root[0], "item", {_LANGUAGE, "version"}
        check_attributes(frame, ())
    elif root.tag != ATOM + "feed":
        raise NotPlainError
    check_attributes(root, allowed)
    language = root.get(_LANGUAGE) or None
    header: dict[str, Any] = {"language": language} if language else {}
    entries: list[Mapping[str, Any]] = []
    for child in frame:
        if child.tag == entry_name:
            entries.append(entry_of(child, version, language))
        else:
            _read_header(child, header, version)
    return Document(header, tuple(entries), version, malformed=False)


def _read_header(child: Element, header: dict[str, Any], version: str) -> None:
    name = _FIELDS.get(child.tag)
    if name == "title":
        if "title" in header:
            raise NotPlainError
        header["title_detail"] = detail_of(child, "text/plain", version)
        header["title"] = header["title_detail"]["value"]
    elif name:
        check_attributes(child, ())
        header[name] = text_of(child)
    elif child.tag in _UNREAD_GROUPS:
        check_attributes(child, ())
        for part in child:
            check_attributes(part, ())
            if part.tag not in _UNREAD_GROUPS[child.tag] or len(part):
                raise NotPlainError
    elif child.tag in _UNREAD:
        check_unread(child)
    else:
        raise NotPlainError

"""One plain `<item>` or `<entry>` → the fields of feedparser's entry that an `Item` is made of.

    element ─its children in order, by a table of names→ {"title": …, "links": […], "summary_detail": …}

The names, defaults and order of precedence are feedparser's; `NotPlainError` says that something stands there for
which they aren't known to suffice (see `plain_feed`). Elements are named as expat names them: "namespace name".
"""

import re
from collections.abc import Callable, Collection
from typing import Any, Final
from xml.etree.ElementTree import Element

from feedparser.api import StrictFeedParser

ATOM: Final = "http://www.w3.org/2005/Atom "
DUBLIN_CORE: Final = "http://purl.org/dc/elements/1.1/ "
FEEDBURNER: Final = "http://rssnamespace.org/feedburner/ext/1.0 "
_CONTENT: Final = "http://purl.org/rss/1.0/modules/content/ "
_MEDIA: Final = "http://search.yahoo.com/mrss/ "
PREFIXES: Final = {  # as feedparser calls them, whatever the feed does
    "content": _CONTENT.strip(),
    "cc": "http://web.resource.org/cc/",
    "creativecommons": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": DUBLIN_CORE.strip(),
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": FEEDBURNER.strip(),
    "georss": "http://www.georss.org/georss",
    "gml": "http://www.opengis.net/gml",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": _MEDIA.strip(),
    "psc": "http://podlove.org/simple-chapters",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
}

# What feedparser files under names that we don't ask for.
_UNREAD: Final = frozenset(
    (
        "category",
        "comments",
        ATOM + "category",
        ATOM + "rights",
        *(DUBLIN_CORE + name for name in ("language", "rights", "subject")),
        *(_MEDIA + name for name in ("category", "copyright", "credit", "keywords", "rating", "text")),
        "com-wordpress:feed-additions:1 post-id",
        "http://purl.org/rss/1.0/modules/slash/ comments",
        "http://purl.org/syndication/thread/1.0 total",
        "http://wellformedweb.org/CommentAPI/ comment",
        "http://wellformedweb.org/CommentAPI/ commentRss",
    )
)
_PERSON: Final = {ATOM + "name", ATOM + "uri", ATOM + "email"}
_LINK_ATTRIBUTES: Final = {"href", "rel", "type", "title", "length", "hreflang"}
_MEDIA_ATTRIBUTES: Final = frozenset(
    ("duration", "expression", "fileSize", "height", "isDefault", "medium", "type", "url", "width")
)
_TYPES: Final = {  # as feedparser spells them
    **dict.fromkeys(("text", "plain", "text/plain"), "text/plain"),
    **dict.fromkeys(("html", "text/html"), "text/html"),
}
# Feedparser reads C1 controls as windows-1252, and takes needless slashes and half-escaped references from addresses.
_C1 = re.compile("[\x80-\x9f]")
_REFERENCE = re.compile(r"&\w+;")

Fields = dict[str, Any]


class NotPlainError(Exception):
    """Something in the feed is feedparser's to judge."""


def entry_of(element: Element, version: str, language: str | None) -> Fields:
    """The fields of an entry; `version` is feedparser's word for the format, `language` that of the whole feed.

    Raises:
        NotPlainError: feedparser might read it otherwise.
    """
    check_attributes(element, ())
    fields: Fields = {}
    for child in element:
        _read_child(child, fields, version)
    if "title_detail" in fields:
        fields["title_detail"]["language"] = language
    return fields


def _read_child(child: Element, fields: Fields, version: str) -> None:
    reader = _READERS.get(child.tag)
    if reader:
        reader(child, fields, version)
    elif child.tag in _UNREAD:
        check_unread(child)
    else:
        raise NotPlainError


def check_attributes(element: Element, allowed: Collection[str]) -> None:
    """Raises NotPlainError where an element has others than the allowed attributes."""
    if element.attrib and not all(name in allowed for name in element.attrib):
        raise NotPlainError


def check_unread(element: Element) -> None:
    """Raises NotPlainError where an element that nobody reads has more to it than text."""
    if len(element) or any(" " in name or name.lower() == "base" for name in element.attrib):
        raise NotPlainError  # a base is heeded wherever it stands


def text_of(element: Element) -> str:
    """The text of an element without children, as feedparser leaves it alone."""
    if len(element):
        raise NotPlainError
    text = (element.text or "").strip()
    if text.isascii():
        return text
    if _C1.search(text):
        raise NotPlainError
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
    raise NotPlainError  # twice encoded as UTF-8: feedparser takes one away


def detail_of(element: Element, default: str, version: str) -> Fields:
    """A text and its media type. In RSS, what is plain by its default may be HTML by its looks."""
    check_attributes(element, ("type",))
    kind = _TYPES.get(element.get("type", default).lower())
    if kind is None:
        raise NotPlainError
    text = text_of(element)
    if kind == "text/plain" and version != "atom10" and StrictFeedParser.looks_like_html(text):
        kind = "text/html"
    return {"type": kind, "value": text}


def _once(fields: Fields, name: str, value: object) -> None:
    if name in fields:
        raise NotPlainError
    fields[name] = value


def _address(text: str) -> str:
    if ":///" in text:
        raise NotPlainError
    return text


def _title(element: Element, fields: Fields, version: str) -> None:
    detail = detail_of(element, "text/plain", version)
    if not fields.get("title"):
        _once(fields, "title_detail", detail)
        fields["title"] = detail["value"]
    elif "source" in fields:
        raise NotPlainError  # else the first title is the entry's


def _media_title(element: Element, fields: Fields, version: str) -> None:
    if not fields.get("title"):
        raise NotPlainError
    _title(element, fields, version)


def _link(element: Element, fields: Fields, _: str) -> None:
    check_attributes(element, _LINK_ATTRIBUTES)
    text = text_of(element)
    link = {"rel": element.get("rel", "alternate").lower()}
    kind = element.get("type", "application/atom+xml" if link["rel"] == "self" else "text/html").lower()
    link["type"] = kind
    target = element.get("href")
    if target is None:
        target = text
        if _REFERENCE.search(target):
            raise NotPlainError
        fields["link"] = target
    elif link["rel"] == "alternate" and kind in {"text/html", "application/xhtml+xml", "html", "xhtml"}:
        fields["link"] = target
    if target:
        link["href"] = _address(target)
    fields.setdefault("links", []).append(link)


def _id(element: Element, fields: Fields, _: str) -> None:
    check_attributes(element, ("isPermaLink",))
    _once(fields, "id", _address(text_of(element)))
    # A link that stands before the id is the address, one behind it is another.
    fields["guidislink"] = element.get("isPermaLink", "true") == "true" and "link" not in fields


def _date(name: str) -> Callable[[Element, Fields, str], None]:
    def read(element: Element, fields: Fields, _: str) -> None:
        check_attributes(element, ())
        fields[name] = text_of(element)
        if not fields[name].isascii():
            raise NotPlainError  # a language that feedparser knows dates of

    return read


def _author(element: Element, fields: Fields, _: str) -> None:
    """A name; or, in Atom, one in an element of its own, beside a mail address."""
    check_attributes(element, ())
    if len(element):
        parts = {part.tag: text_of(part) for part in element}
        name, mail = parts.get(ATOM + "name"), parts.get(ATOM + "email")
        if name is None or len(parts) < len(element) or not parts.keys() <= _PERSON or (mail and not name):
            raise NotPlainError
        for part in element:
            check_attributes(part, ())
        author = f"{name} ({mail})" if mail else name
    else:
        name = author = text_of(element)
    if "authors" in fields and (len(element) or "@" in fields["author"] + author):
        raise NotPlainError  # of several authors feedparser mixes the parts
    fields["author"] = author
    fields.setdefault("authors", []).append({"name": name})


def _text(default: str) -> Callable[[Element, Fields, str], None]:
    """A description or summary; the second one, unless a content stood before it, is a content."""

    def read(element: Element, fields: Fields, version: str) -> None:
        if "summary" in fields and "content" not in fields:
            fields["content"] = [detail_of(element, "text/plain", version)]
        else:
            fields["summary_detail"] = detail_of(element, default, version)
            fields["summary"] = fields["summary_detail"]["value"]

    return read


def _content(default: str) -> Callable[[Element, Fields, str], None]:
    def read(element: Element, fields: Fields, version: str) -> None:
        detail = detail_of(element, default, version)
        fields.setdefault("content", []).append(detail)
        fields.setdefault("summary", detail["value"])

    return read


def _source(element: Element, fields: Fields, _: str) -> None:
    check_attributes(element, ("url",))
    _once(fields, "source", {"title": text_of(element)})


def _original_link(element: Element, fields: Fields, _: str) -> None:
    check_attributes(element, ())
    _once(fields, "feedburner_origlink", text_of(element))


def _enclosure(element: Element, fields: Fields, _: str) -> None:
    check_attributes(element, ("url", "type", "length"))
    text_of(element)
    link = {"rel": "enclosure", "href": element.get("url"), "type": element.get("type", "").lower()}
    fields.setdefault("links", []).append(link)


def _media(name: str) -> Callable[[Element, Fields, str], None]:
    def read(element: Element, fields: Fields, version: str) -> None:
        check_attributes(element, _MEDIA_ATTRIBUTES)
        if "url" not in element.attrib:
            raise NotPlainError
        picture = {"url": element.get("url"), "type": element.get("type", "").lower(), "medium": element.get("medium")}
        fields.setdefault(name, []).append(picture)
        _media_parts(element, fields, version)

    return read


def _media_parts(element: Element, fields: Fields, version: str) -> None:
    for part in element:
        if not part.tag.startswith(_MEDIA):
            raise NotPlainError
        _read_child(part, fields, version)


def _media_group(element: Element, fields: Fields, version: str) -> None:
    check_attributes(element, ())
    _media_parts(element, fields, version)


_READERS: Final[dict[str, Callable[[Element, Fields, str], None]]] = {
    "title": _title,
    ATOM + "title": _title,
    DUBLIN_CORE + "title": _title,
    "link": _link,
    ATOM + "link": _link,
    "guid": _id,
    ATOM + "id": _id,
    "pubDate": _date("published"),
    ATOM + "published": _date("published"),
    ATOM + "updated": _date("updated"),
    DUBLIN_CORE + "date": _date("updated"),
    "author": _author,
    ATOM + "author": _author,
    DUBLIN_CORE + "creator": _author,
    "description": _text("text/html"),
    DUBLIN_CORE + "description": _text("text/html"),
    ATOM + "summary": _text("text/plain"),
    ATOM + "content": _content("text/plain"),
    _CONTENT + "encoded": _content("text/html"),
    "source": _source,
    FEEDBURNER + "origLink": _original_link,
    "enclosure": _enclosure,
    _MEDIA + "thumbnail": _media("media_thumbnail"),
    _MEDIA + "content": _media("media_content"),
    _MEDIA + "group": _media_group,
    _MEDIA + "title": _media_title,
    _MEDIA + "description": _text("text/html"),
}

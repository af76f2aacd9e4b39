"""Feed bytes → feedparser's reading of them → our `Item`s.

    UTF-8 of a feed ─read→ Document (header, entries as plain dicts) ─item_of→ Item

feedparser is given bytes in memory and nothing else: from a string it would open a path or an address. Its HTML
sanitiser and its resolving inside markup are off, for items hold plain text.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import feedparser
from feedparser.api import PREFERRED_XML_PARSERS

from watchers.models import Item
from watchers.sources.dates import parse_date
from watchers.sources.limits import ADDRESS_LENGTH, ID_LENGTH, NAME_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from watchers.sources.news_search import is_search, outlet_of, unwrapped, without_outlet
from watchers.sources.plain_text import clean, html_text, line, paragraphs

# feedparser looks on the whole path for a driver that Python 3 never had, at each document; what is left is expat.
PREFERRED_XML_PARSERS.clear()

Entry = Mapping[str, Any]

# What feedparser is known to raise on hostile bytes, from its own code and from the parsers below it.
FEEDPARSER_FAULTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_HTML = ("text/html", "application/xhtml+xml", "html", "xhtml")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")
_IMAGE_NAME = re.compile(r"\.(avif|gif|jpe?g|png|webp)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """What feedparser made of a feed. `version` is its word for the format, empty where it found none."""

    header: Entry
    entries: tuple[Entry, ...]
    version: str
    malformed: bool


def read(feed: bytes) -> Document:
    """Read a feed in UTF-8.

    Raises:
        one of FEEDPARSER_FAULTS: on some broken input, by feedparser.
    """
    found = feedparser.parse(
        BytesIO(feed),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    # Plain dicts: feedparser's own answer for keys that are absent, with warnings.
    entries = tuple(dict(entry) for entry in found.entries)
    return Document(dict(found.feed), entries, str(found.version or ""), bool(found.bozo))


def item_of(entry: Entry, *, url: str, version: str, search: bool) -> Item:
    """One entry as an item. `url` is the feed's own final address, `search` whether it is a news search."""
    title = title_of(entry)
    link = link_of(entry, url, version)
    source_title = plain_value(mapping(entry.get("source")).get("title"), NAME_LENGTH)
    outlet = outlet_of(entry, source_title)
    published, updated = _dates(entry)
    return Item(
        entry_id=clean(str(entry.get("id") or ""))[:ID_LENGTH].strip() or None,
        url=unwrapped(link),
        title=without_outlet(title, outlet),
        published=published or updated,  # many Atom feeds give `updated` alone
        updated=updated,
        # A search's own description is a list of links to other headlines, no word of the article.
        summary="" if search and is_search(link) else _summary(entry),
        byline=_byline(entry),
        outlet=outlet,
        language=language_of(mapping(entry.get("title_detail")).get("language")),
        image=_image(entry, url),
    )


def title_of(entry: Entry) -> str:
    """The title of an entry or a feed as one line of plain text."""
    title = str(entry.get("title") or "")[: TITLE_LENGTH * 20]
    kind = mapping(entry.get("title_detail")).get("type")
    return line(html_text(title) if kind in _HTML or _BREAK.search(title) else title, TITLE_LENGTH)


def address(base: str, reference: object) -> str | None:
    """An absolute http(s) address, or None where the reference gives none."""
    if not reference:
        return None
    text = "".join(clean(str(reference)[: ADDRESS_LENGTH + 1]).split("\n")).strip().replace(" ", "%20")
    if not text or len(text) > ADDRESS_LENGTH:
        return None
    try:
        absolute = urljoin(base, text)
        parts = urlsplit(absolute)
    except ValueError:  # no address, whatever it is
        return None
    return absolute if parts.scheme in {"http", "https"} and parts.hostname else None


def link_of(entry: Entry, base: str, version: str) -> str | None:
    """Where the entry's article is: FeedBurner's original, the alternate link, a permalink id, the self link."""
    links = [mapping(link) for link in entry.get("links") or ()]
    alternates = [link.get("href") for link in links if link.get("rel") == "alternate" and link.get("href")]
    if not version.startswith("atom"):
        alternates.reverse()  # in RSS a later link corrects an earlier one, in Atom the first is the chief
    permalink = str(entry.get("id") or "")
    if not permalink.lower().startswith(("http://", "https://")) or not entry.get("guidislink", True):
        permalink = ""
    own = [link.get("href") for link in links if link.get("rel") in {"self", "via", "related"}]
    for candidate in (entry.get("feedburner_origlink"), *alternates, permalink, *own):
        if found := address(base, candidate):
            return found
    return None


def _dates(entry: Entry) -> tuple[datetime | None, datetime | None]:
    def moment(name: str) -> datetime | None:
        return parse_date(str(entry.get(name) or "")) or _struct(entry.get(f"{name}_parsed"), entry.get(name))

    return moment("published") or moment("created"), moment("updated")


def _struct(parsed: Any, text: object) -> datetime | None:
    """The reading of the dates that feedparser alone knows (Korean, Greek, Hungarian): never of our numerals."""
    if parsed is None or str(text).isascii():
        return None
    return parse_date(datetime.fromtimestamp(calendar.timegm(parsed), UTC).isoformat())


def _summary(entry: Entry) -> str:
    """The longest of the texts that the entry brings, as plain paragraphs."""
    details = [mapping(entry.get("summary_detail")), *(mapping(part) for part in entry.get("content") or ())]
    texts = [
        _as_text(str(detail.get("value") or ""), str(detail.get("type") or ""))
        for detail in details
        if str(detail.get("type") or "text").startswith(("text", *_HTML, "application/xml"))
    ]
    if not texts and entry.get("summary"):
        texts = [_as_text(str(entry["summary"]), "text/html")]
    return max(texts, key=len, default="")


def _as_text(value: str, kind: str) -> str:
    value = value[: SUMMARY_LENGTH * 10]
    return paragraphs(html_text(value) if kind != "text/plain" else value, SUMMARY_LENGTH)


def _byline(entry: Entry) -> str | None:
    """The authors' names. RSS gives a mail address, the name in brackets behind it, or the name alone."""
    authors = [mapping(author).get("name") for author in entry.get("authors") or ()]
    names = authors if len(authors) > 1 else [entry.get("author")]
    plain = (plain_value(name, NAME_LENGTH) or "" for name in names)
    without_mail = (_MAIL.sub("", name).replace("()", "").strip(" ,;()") for name in plain)
    return line(", ".join(dict.fromkeys(filter(None, without_mail))), NAME_LENGTH) or None


def _image(entry: Entry, base: str) -> str | None:
    media = [mapping(part) for part in (*(entry.get("media_thumbnail") or ()), *(entry.get("media_content") or ()))]
    enclosures = [mapping(link) for link in entry.get("links") or () if mapping(link).get("rel") == "enclosure"]
    for index, part in enumerate([*media, *enclosures]):
        found = address(base, part.get("url") or part.get("href"))
        kind = str(part.get("type") or part.get("medium") or "")
        is_thumbnail = index < len(entry.get("media_thumbnail") or ())
        if found and (
            is_thumbnail or kind.startswith("image") or (not kind and _IMAGE_NAME.search(urlsplit(found).path))
        ):
            return found
    return address(base, mapping(entry.get("image")).get("href"))


def language_of(tag: object) -> str | None:
    """A language tag as BCP 47 writes it, or None."""
    text = str(tag or "").strip().replace("_", "-")
    return text if _LANGUAGE.fullmatch(text) else None


def plain_value(value: object, limit: int) -> str | None:
    """A name that may hold markup, as one line, or None."""
    return line(html_text(str(value or "")[: limit * 20]), limit) or None


def mapping(value: object) -> Entry:
    """A nested dict of feedparser's as a plain one; empty where there is none or something else."""
    return dict(value) if isinstance(value, dict) else {}

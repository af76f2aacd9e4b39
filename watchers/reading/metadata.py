"""What a page says of itself: headline, people, times, outlet, language, its one address, its picture.

    tree + address → Metadata

Asked in turn, best first: JSON-LD, Open Graph and other `<meta>`, microdata, then what the page shows (`<h1>`,
`<time>`, `<title>`). A time without a zone is taken as UTC (`watchers.sources.dates`), a day without a time as its
midnight: both may be off by hours, and neither is invented.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from watchers.fetch.disguise import is_front_page
from watchers.reading import headline, json_ld
from watchers.sources.dates import parse_date
from watchers.sources.plain_text import line

_TITLES: Final = ("og:title", "twitter:title", "citation_title", "dc.title", "dcterms.title", "parsely-title", "title")
_PUBLISHED: Final = (
    *("article:published_time", "og:published_time", "datepublished", "parsely-pub-date", "sailthru.date"),
    *("citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date"),
    *("dcterms.date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "ptime", "date"),
    *("article.published", "cxenseparse:recs:publishtime", "originalpublicationdate", "bt:pubdate"),
)
_UPDATED: Final = (
    *("article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "lastmod", "last-modified"),
    *("dcterms.modified", "dc.date.modified", "utime", "article.updated", "revised"),
)
_AUTHORS: Final = (
    *("author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "byl", "citation_author"),
    *("dc.creator", "dcterms.creator", "cxenseparse:author", "byline"),
)
_OUTLETS: Final = ("og:site_name", "dc.publisher", "dcterms.publisher", "citation_journal_title")
_IMAGES: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")

_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(?:[-_]([a-z0-9]{2,8}))*", re.IGNORECASE)
_BY: Final = re.compile(r"(?:written |posted |reported )?by[:\s]\s*|von\s+|par\s+|por\s+", re.IGNORECASE)
_BYLINE_CLASS: Final = re.compile(r"(?:^|[\s_-])(?:byline|author[-_]*name|byline[-_]*author)(?:$|\s)", re.IGNORECASE)
_LONGEST_BYLINE: Final = 200
_SHORT_BYLINE: Final = (4, 60)
_FEW: Final = 3  # authors; more are those of other articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What was found; empty or None where the page doesn't say."""

    title: str
    byline: str | None
    published: datetime | None
    updated: datetime | None
    outlet: str | None
    language: str | None
    canonical_url: str | None
    image: str | None


def read_metadata(root: "etree._Element", url: str | None) -> Metadata:
    """Read a page's metadata. `url` is the page's own address, null where it came from a file."""
    metas = _metas(root)
    scripts = [
        "".join(map(str, s.itertext())) for s in root.iter("script") if "ld+json" in (s.get("type") or "").lower()
    ]
    node = json_ld.article_node(scripts)
    base = _base(root, url)
    outlet = _first(metas, _OUTLETS) or json_ld.text_of(node.get("publisher")) or _named_twice(root, metas)
    published = _moment([json_ld.text_of(node.get("datePublished")), *_all(metas, _PUBLISHED)])
    updated = _moment([json_ld.text_of(node.get("dateModified")), *_all(metas, _UPDATED)])
    return Metadata(
        title=_title(root, metas, json_ld.text_of(node.get("headline")), outlet, url),
        byline=_byline(json_ld.names_of(node.get("author")), metas, root),
        published=published or _moment(_shown_times(root, "datepublished", "published", "pubdate")) or _only_time(root),
        updated=updated or _moment(_shown_times(root, "datemodified", "modified", "updated")),
        outlet=outlet or None,
        language=_language(root, metas, json_ld.text_of(node.get("inLanguage"))),
        canonical_url=_canonical(root, base, url),
        image=_absolute(base, next(iter(_all(metas, _IMAGES)), "") or json_ld.address_of(node.get("image"))),
    )


def _metas(root: "etree._Element") -> dict[str, list[str]]:
    """Every `<meta>`: its names (name, property, itemprop, http-equiv; several may stand in one) → its contents."""
    found: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        content = " ".join((meta.get("content") or "").split())
        names = " ".join(meta.get(key) or "" for key in ("name", "property", "itemprop", "http-equiv"))
        for name in names.lower().split() if content else ():
            found.setdefault(name, []).append(content)
    return found


def _all(metas: dict[str, list[str]], names: Iterable[str]) -> list[str]:
    return [content for name in names for content in metas.get(name, ())]


def _first(metas: dict[str, list[str]], names: Iterable[str]) -> str:
    return next(iter(_all(metas, names)), "")


def _line(element: "etree._Element | None") -> str:
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def _title(root: "etree._Element", metas: dict[str, list[str]], described: str, outlet: str, url: str | None) -> str:
    headings = list(root.iter("h1"))
    marked = [heading for heading in headings if "headline" in (heading.get("itemprop") or "").lower()]
    alone = _line((marked or headings)[0]) if marked or len(headings) == 1 else ""
    titles = [described, *_all(metas, _TITLES), _line(root.find(".//title")), alone]
    if not any(titles):
        titles = [_line(heading) for heading in headings]
    site = [outlet, *metas.get("og:site_name", ())]
    chosen = headline.headline([title[: 4 * headline.LONGEST] for title in titles], site, url)
    return line(chosen, headline.LONGEST)


def _named_twice(root: "etree._Element", metas: dict[str, list[str]]) -> str:
    """The application's name, where `<title>` has it too: else it names the software, not the outlet."""
    name = next(iter(metas.get("application-name", ())), "")
    return name if name and name in _line(root.find(".//title")) else ""


def _byline(described: list[str], metas: dict[str, list[str]], root: "etree._Element") -> str | None:
    for names in (described, *(metas.get(key, []) for key in _AUTHORS), _shown_people(root)):
        people: dict[str, str] = {}
        for name in names:
            by = _BY.match(name)
            person = name[by.end() :] if by else name
            if person and len(person) <= _LONGEST_BYLINE and "://" not in person:
                people.setdefault(person.casefold(), person)
        if people:
            return ", ".join(people.values())[:_LONGEST_BYLINE]
    return None


def _shown_people(root: "etree._Element") -> list[str]:
    """Whom the page itself marks as its author: by `rel` or `itemprop`, else by a short line of class "byline"."""
    marked: list[str] = []
    classed: list[str] = []
    for element in root.iter("a", "span", "p", "div", "address", "li"):
        is_marked = "author" in f"{element.get('rel') or ''} {element.get('itemprop') or ''}".split()
        if is_marked or _BYLINE_CLASS.search(element.get("class") or ""):
            line = _line(element)
            if _SHORT_BYLINE[0] <= len(line) <= _SHORT_BYLINE[1] and not any(map(str.isdigit, line)):
                (marked if is_marked else classed).append(line)
        if len(marked) == _FEW:
            break
    return marked or classed[:1]


def _moment(texts: Iterable[str]) -> datetime | None:
    return next((moment for text in texts if (moment := parse_date(text))), None)


def _shown_times(root: "etree._Element", *marks: str) -> list[str]:
    """Times that the page marks as such: `itemprop`, `pubdate`, or a class that says so."""
    found = []
    for element in root.iter("time", "span", "abbr", "p", "div"):
        label = f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()
        if element.get("pubdate") is not None:
            label += " pubdate"
        stamp = element.get("datetime") or element.get("content") or element.get("title")
        if stamp and any(mark in label for mark in marks):
            found.append(stamp)
    return found


def _only_time(root: "etree._Element") -> datetime | None:
    """The one moment that the page's `<time>` elements name; several may be those of other articles."""
    moments = {moment for element in root.iter("time") if (moment := parse_date(element.get("datetime")))}
    return moments.pop() if len(moments) == 1 else None


def _language(root: "etree._Element", metas: dict[str, list[str]], described: str) -> str | None:
    xml_lang = "{http://www.w3.org/XML/1998/namespace}lang"
    said = [root.get("lang"), root.get(xml_lang), root.get("xml:lang"), *metas.get("content-language", ())]
    said += [described, *metas.get("language", ()), *metas.get("dc.language", ()), *metas.get("og:locale", ())]
    for name in said:
        if name and (found := _LANGUAGE.match(name.strip())):
            return found.group(0).replace("_", "-")
    return None


def _base(root: "etree._Element", url: str | None) -> str | None:
    element = root.find(".//base")
    return _absolute(url, "" if element is None else element.get("href") or "") or url


def _absolute(base: str | None, address: str) -> str | None:
    if not address:
        return None
    try:
        joined = urljoin(base or "", address.strip())
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in {"http", "https"} and parts.hostname else None


def _canonical(root: "etree._Element", base: str | None, url: str | None) -> str | None:
    """The page's one address by its own word; a front page can't be that of an article."""
    for link in root.iter("link"):
        address = (link.get("href") or "").strip()
        if address and "canonical" in (link.get("rel") or "").lower().split():
            absolute = _absolute(base, address)
            if absolute and absolute != url:
                parts = urlsplit(absolute)
                return None if is_front_page(parts.path) and not parts.query else absolute
            return absolute
    return None

"""Feeds for the tests: invented entries, and the shortest way to parse them."""

from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from watchers.models import Item, Parsed, SourceMemory
from watchers.sources.feed import parse_feed

FEED_URL = "https://gazette.example/feed.xml"
RSS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel>'
)


def rss(*entries: str, header: str = "<title>Harbour Gazette</title>") -> bytes:
    """An RSS 2.0 feed of raw `<item>` elements."""
    return f"{RSS_HEAD}{header}{''.join(entries)}</channel></rss>".encode()


def item(inner: str) -> str:
    """One raw entry."""
    return f"<item>{inner}</item>"


def numbered(number: int, *, guid: str | None = None, title: str | None = None, text: str = "Words.") -> str:
    """An ordinary entry; entries of different numbers have different ids, links and titles."""
    name = escape(title or f"Harbour story number {number}")
    return item(
        f"<title>{name}</title><link>https://gazette.example/{number}</link>"
        f'<guid isPermaLink="false">{guid or f"gazette-{number}"}</guid>'
        f"<pubDate>Mon, 01 Jan 2024 {number // 60 % 24:02d}:{number % 60:02d}:00 GMT</pubDate>"
        f"<description>{escape(text)}</description>"
    )


def atom(*entries: str, header: str = "<title>Harbour Gazette</title>", attributes: str = "") -> bytes:
    """An Atom feed of raw `<entry>` elements."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{header}{"".join(entries)}</feed>'.encode()


def parsed(body: bytes, *, seen: Parsed | None = None, url: str = FEED_URL, content_type: str | None = None) -> Parsed:
    """The feed parsed, after `seen` was the last answer."""
    seen_entries = seen.entry_hashes if seen else frozenset()
    return parse_feed(body, content_type, url, SourceMemory(kind="feed", seen_entries=seen_entries))


def only(body: bytes, *, url: str = FEED_URL) -> Item:
    """The one item of a feed with one entry."""
    (entry,) = parsed(body, url=url).items
    return entry


def shared(*path: str) -> Path:
    """A folder of evaluation data beside the project; the test is skipped where there is none."""
    folder = Path(__file__).resolve().parents[2].parent.joinpath("shared", *path)
    if not folder.is_dir():
        pytest.skip(f"no evaluation data at ../shared/{'/'.join(path)}")
    return folder

"""Feeds that a web page links to."""

import pytest

from watchers.sources.discovery import discovered_feeds
from watchers.sources.limits import MAX_DISCOVERED

URL = "https://gazette.example/news/"


def page(links: str) -> bytes:
    return f"<!doctype html><html><head>{links}</head><body></body></html>".encode()


@pytest.mark.parametrize(
    "kind",
    ["application/rss+xml", "application/atom+xml", "application/feed+json", "Application/RSS+XML; charset=utf-8"],
)
def test_alternate_links_of_a_feed_type_are_found(kind: str) -> None:
    assert discovered_feeds(page(f'<link rel="alternate" type="{kind}" href="feed">'), None, URL) == (
        "https://gazette.example/news/feed",
    )


def test_addresses_are_resolved_with_the_pages_base() -> None:
    links = '<base href="/b/"><link href="feed.xml" type="application/rss+xml" rel="home alternate">'
    assert discovered_feeds(page(links), None, URL) == ("https://gazette.example/b/feed.xml",)


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="stylesheet" type="application/rss+xml" href="a">',
        '<link rel="alternate" type="text/html" href="a">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:x">',
        '<link rel="alternate" type="application/rss+xml">',
        '<!-- <link rel="alternate" type="application/rss+xml" href="a"> -->',
    ],
)
def test_other_links_are_not(link: str) -> None:
    assert discovered_feeds(page(link), None, URL) == ()


def test_the_same_feed_is_named_once_and_very_many_are_cut() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    assert len(discovered_feeds(page(link.format("a") * 3), None, URL)) == 1
    many = "".join(link.format(number) for number in range(100))
    assert len(discovered_feeds(page(many), None, URL)) == MAX_DISCOVERED


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"<", b"<link rel=alternate"])
def test_rubbish_links_to_nothing(body: bytes) -> None:
    assert discovered_feeds(body, None, URL) == ()

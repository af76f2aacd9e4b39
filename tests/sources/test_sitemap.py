"""News sitemaps and plain ones."""

from datetime import UTC, datetime

from watchers.models import Outcome, SourceMemory
from watchers.sources.limits import MAX_ENTRIES
from watchers.sources.sitemap import parse_sitemap

URL = "https://gazette.example/news.xml"


def urlset(*entries: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
        f' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{"".join(entries)}</urlset>'
    ).encode()


def news(number: int) -> str:
    return (
        f"<url><loc>https://gazette.example/{number}</loc><lastmod>2024-03-06</lastmod><n:news><n:publication>"
        "<n:name>Harbour Gazette</n:name><n:language>en</n:language></n:publication>"
        f"<n:publication_date>2024-03-05T12:00:00Z</n:publication_date><n:title>Story &amp;amp; {number}</n:title>"
        "</n:news><image:image><image:loc>https://gazette.example/p.jpg</image:loc></image:image></url>"
    )


def test_a_news_sitemap_gives_title_date_outlet_language_and_picture() -> None:
    found = parse_sitemap(urlset(news(1)), None, URL, SourceMemory())
    (item,) = found.items
    assert (found.outcome, found.outlet, found.entries) == (Outcome.OK, "Harbour Gazette", 1)
    assert (item.url, item.title, item.outlet, item.language, item.image) == (
        "https://gazette.example/1",
        "Story & 1",
        "Harbour Gazette",
        "en",
        "https://gazette.example/p.jpg",
    )
    assert item.published == datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
    assert item.updated == datetime(2024, 3, 6, tzinfo=UTC)


def test_the_date_of_a_change_is_no_date_of_publication() -> None:
    entry = "<url><loc>https://gazette.example/a</loc><lastmod>2024-03-06</lastmod></url>"
    (item,) = parse_sitemap(urlset(entry), None, URL, SourceMemory()).items
    assert (item.published, item.updated) == (None, datetime(2024, 3, 6, tzinfo=UTC))


def test_only_unseen_addresses_are_items() -> None:
    first = parse_sitemap(urlset(news(1)), None, URL, SourceMemory())
    memory = SourceMemory(seen_entries=first.entry_hashes)
    second = parse_sitemap(urlset(news(2), news(1)), None, URL, memory)
    assert ([item.url for item in second.items], second.entries) == (["https://gazette.example/2"], 2)


def test_the_newest_of_very_many_are_taken() -> None:
    entries = [
        f"<url><loc>https://gazette.example/{number}</loc><lastmod>{2000 + number // 100}-01-01</lastmod></url>"
        for number in range(MAX_ENTRIES + 200)
    ]
    found = parse_sitemap(urlset(*entries), None, URL, SourceMemory())
    assert len(found.items) == MAX_ENTRIES
    assert min(item.updated.year for item in found.items if item.updated) == 2002
    assert found.degraded


def test_entities_are_not_expanded_and_what_is_broken_is_read_as_far_as_it_goes() -> None:
    body = urlset(news(1), "<url><loc>https://gazette.example/&x;</loc></url>", "<url><loc>https://b")
    bomb = body.replace(b"<urlset", b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/hostname">]><urlset', 1)
    found = parse_sitemap(bomb, None, URL, SourceMemory())
    assert found.items[0].url == "https://gazette.example/1"
    assert all(item.url is not None and len(item.url) < 40 for item in found.items)


def test_a_sitemap_without_addresses_is_empty() -> None:
    assert parse_sitemap(urlset(), None, URL, SourceMemory()).outcome is Outcome.EMPTY
    assert parse_sitemap(urlset("<url><loc>ftp://x/</loc></url>"), None, URL, SourceMemory()).outcome is Outcome.EMPTY

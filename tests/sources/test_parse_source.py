"""From an answer of the web to what a source shows: sniffing, kinds, and hostile bytes in the killable worker."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from tests.sources.building import FEED_URL, atom, item, numbered, rss
from watchers.models import FetchResult, Outcome, Parsed, SourceKindName, SourceMemory
from watchers.reading.worker import Worker
from watchers.sources import PARSE_SECONDS, parse_body, parse_source

PAGE_WITH_FEEDS = (
    b'<!doctype html><html><head><title>Gazette</title><link rel="alternate" type="application/rss+xml" href="/rss">'
    b'<link rel="alternate" type="application/atom+xml" href="/atom"></head><body><p>Hello.</p></body></html>'
)
PAGE = (
    b"<!doctype html><html><head><title>Policy</title></head><body><main><h1>Policy</h1><p>Officers must record each"
    b" search that they make with the system, and why they made it.</p><p>A supervisor reads the record within a"
    b" week of the search, and reports to the council.</p></main></body></html>"
)
SITEMAP = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://gazette.example/a</loc></url></urlset>'
JSON_FEED = b'{"version":"https://jsonfeed.org/version/1.1","title":"G","items":[{"id":"1","title":"t"}]}'


def sniffed(body: bytes, kind: SourceKindName = "auto", content_type: str | None = None) -> Parsed:
    return parse_body(body, content_type, FEED_URL, SourceMemory(kind=kind))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (rss(numbered(1)), "feed"),
        (atom("<entry><title>t</title></entry>"), "feed"),
        (JSON_FEED, "feed"),
        (SITEMAP, "sitemap"),
        (PAGE, "page"),
        (b"<!-- a note --><?xml-stylesheet href='x'?>" + rss(numbered(1)), "feed"),
        (rss(numbered(1)).decode().replace("UTF-8", "UTF-16").encode("utf-16"), "feed"),
        (b"<html><body>" + atom("<entry><title>t</title></entry>") + b"</body></html>", "feed"),
    ],
)
@pytest.mark.parametrize("content_type", [None, "text/html", "application/octet-stream"])
def test_the_kind_is_found_by_the_bytes_and_not_by_their_type(body: bytes, kind: str, content_type: str | None) -> None:
    found = sniffed(body, content_type=content_type)
    assert (found.outcome, found.kind) == (Outcome.OK, kind)


def test_hard_case_41_a_page_at_a_feeds_address_offers_the_feeds_that_it_links_to() -> None:
    found = sniffed(PAGE_WITH_FEEDS)
    assert found.outcome is Outcome.FAILED
    assert found.feeds == ("https://gazette.example/rss", "https://gazette.example/atom")
    assert found.error == (
        "a web page, not a feed; it links to: https://gazette.example/rss, https://gazette.example/atom"
    )


@pytest.mark.parametrize("memory", [SourceMemory(select="p"), SourceMemory(ignore="h1")])
def test_who_chooses_by_css_means_the_page_whatever_feeds_it_links_to(memory: SourceMemory) -> None:
    found = parse_body(PAGE_WITH_FEEDS, None, FEED_URL, memory)
    assert (found.outcome, found.kind, found.page and found.page.text) == (Outcome.OK, "page", "Hello.")


@pytest.mark.parametrize("body", [PAGE, PAGE_WITH_FEEDS])
def test_hard_case_41_a_source_that_was_a_feed_never_becomes_a_page(body: bytes) -> None:
    found = sniffed(body, "feed")
    assert (found.outcome, found.kind, found.page) == (Outcome.FAILED, "feed", None)
    assert found.error is not None
    assert found.error.startswith("a web page, not a feed")


@pytest.mark.parametrize(("body", "kind"), [(rss(numbered(1)), "feed"), (SITEMAP, "sitemap"), (PAGE, "page")])
def test_what_was_only_learned_to_be_a_page_may_turn_out_to_be_a_feed(body: bytes, kind: str) -> None:
    found = parse_body(body, None, FEED_URL, SourceMemory(kind="page", learned=True))
    assert (found.outcome, found.kind, found.page is None) == (Outcome.OK, kind, kind != "page")


def test_a_page_that_people_told_is_never_followed_as_a_feed() -> None:
    assert sniffed(rss(numbered(1)), "page").kind == "page"


@pytest.mark.parametrize(("body", "kind"), [(SITEMAP, "feed"), (rss(numbered(1)), "sitemap"), (PAGE, "sitemap")])
def test_a_declared_kind_is_not_followed_as_another(body: bytes, kind: SourceKindName) -> None:
    found = sniffed(body, kind)
    assert (found.outcome, found.kind) == (Outcome.FAILED, kind)
    assert found.error


def test_an_index_of_sitemaps_is_refused_with_a_way_on() -> None:
    found = sniffed(
        b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap>"
        b"<loc>https://gazette.example/news.xml</loc></sitemap></sitemapindex>"
    )
    assert found.outcome is Outcome.FAILED
    assert found.error == "an index of sitemaps; follow one of them instead: https://gazette.example/news.xml"


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\xef\xbb\xbf"])
def test_an_answer_without_anything_is_empty(body: bytes) -> None:
    assert sniffed(body, "feed").outcome is Outcome.EMPTY


@pytest.mark.parametrize("body", [rss(), atom(), b'{"version":"https://jsonfeed.org/version/1","items":[]}'])
def test_hard_case_43_a_valid_feed_without_entries_is_empty(body: bytes) -> None:
    found = sniffed(body, "feed")
    assert (found.outcome, found.items, found.entries) == (Outcome.EMPTY, (), 0)


@pytest.mark.parametrize("kind", ["auto", "feed", "sitemap"])
@pytest.mark.parametrize("body", [b"/etc/hostname", b"http://127.0.0.1:1/feed", b"file:///etc/hostname"])
def test_hard_case_42_a_body_that_names_a_path_or_an_address_opens_nothing(
    body: bytes, kind: SourceKindName, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was opened")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    assert sniffed(body, kind).outcome is Outcome.FAILED


@pytest.mark.parametrize("body", [b"{", b'{"items": 1}', b'{"version":1,"items":' + b"[" * 100_000, b"<note>x</note>"])
def test_what_is_nothing_that_we_follow_is_a_failure_with_a_reason(body: bytes) -> None:
    found = sniffed(body)
    assert (found.outcome, found.kind) == (Outcome.FAILED, "auto")
    assert found.error


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    async with aclosing(Worker(processes=1)) as running:
        yield running


def fetched(body: bytes, outcome: Outcome = Outcome.OK, error: str | None = None) -> FetchResult:
    return FetchResult(outcome=outcome, url=FEED_URL, final_url=FEED_URL, status=200, body=body, error=error)


async def test_a_source_is_parsed_in_the_worker(worker: Worker) -> None:
    found = await parse_source(fetched(rss(numbered(1))), SourceMemory(), worker)
    assert (found.outcome, found.kind, len(found.items)) == (Outcome.OK, "feed", 1)


async def test_an_answer_that_was_no_success_passes_through(worker: Worker) -> None:
    found = await parse_source(fetched(b"x", Outcome.BLOCKED, "403"), SourceMemory(kind="feed"), worker)
    assert (found.outcome, found.kind, found.error) == (Outcome.BLOCKED, "feed", "403")


async def test_hard_case_36_an_author_that_holds_the_parser_is_a_failure(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PARSE_SECONDS <= 5
    monkeypatch.setattr("watchers.sources.PARSE_SECONDS", 0.3)
    slow = rss(item(f"<title>t</title><rating/><author>{'a' * 80_000}</author>"))
    found = await parse_source(fetched(slow), SourceMemory(kind="feed"), worker)
    assert (found.outcome, found.kind, found.items) == (Outcome.FAILED, "feed", ())
    assert found.error is not None
    assert found.error.startswith("parsing was stopped: ")
    assert (await parse_source(fetched(rss(numbered(1))), SourceMemory(), worker)).outcome is Outcome.OK

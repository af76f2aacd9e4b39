"""A page and its feed entry become one reading; whatever fails, the feed's own words are kept."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from watchers.models import FetchResult, Item, Outcome
from watchers.reading import reader
from watchers.reading.reader import read_article, reading_of_item
from watchers.reading.worker import Worker

URL = "https://news.example.org/pier"
TEXT = "The harbour council voted on Tuesday to close the old ferry pier, ending a dispute of four years. " * 3
ITEM = Item(
    url=URL,
    title="Pier to close, says feed",
    summary="The council closes the pier.",
    published=datetime(2031, 5, 6, 9, 30, tzinfo=UTC),
    byline="Feed Author",
    outlet="Harbour Post",
    language="en",
    image="https://news.example.org/feed.jpg",
)
DECLARED = """<title>Pier to close</title><meta name=author content="Jo Marsh">
<meta property="og:site_name" content="Aggregator">
<meta property="article:published_time" content="2031-05-06T09:00Z">"""


# One worker for all: each start imports the extractor anew.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker() -> AsyncIterator[Worker]:
    async with aclosing(Worker(processes=1)) as one:
        yield one


def answer(body: str, *, outcome: Outcome = Outcome.OK, error: str | None = None) -> FetchResult:
    return FetchResult(
        outcome=outcome, url=URL, final_url=URL, status=200, body=body.encode(), content_type="text/html", error=error
    )


def page(head: str = "", text: str = TEXT) -> str:
    return f"<html><head>{head}</head><body><article><p>{text}</p></article></body></html>"


async def test_the_page_goes_before_the_feed(worker: Worker) -> None:
    reading = await read_article(answer(page(DECLARED)), ITEM, worker)
    assert (reading.outcome, reading.partial, reading.text) == (Outcome.OK, False, TEXT.strip())
    assert (reading.title, reading.byline) == ("Pier to close", "Jo Marsh")
    assert reading.published == datetime(2031, 5, 6, 9, 0, tzinfo=UTC)


async def test_the_feed_knows_the_outlet_of_its_entry_better(worker: Worker) -> None:
    assert (await read_article(answer(page(DECLARED)), ITEM, worker)).outlet == "Harbour Post"


async def test_what_the_page_does_not_say_the_feed_does(worker: Worker) -> None:
    reading = await read_article(answer(page()), ITEM, worker)
    assert (reading.title, reading.published, reading.byline) == (ITEM.title, ITEM.published, ITEM.byline)
    assert (reading.language, reading.image) == (ITEM.language, ITEM.image)


async def test_the_address_is_that_of_the_entry(worker: Worker) -> None:
    assert (await read_article(answer(page()), ITEM, worker)).url == URL


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.MISSING, Outcome.EMPTY, Outcome.FAILED])
async def test_hard_case_32_a_page_that_was_not_had_leaves_the_feeds_summary(outcome: Outcome, worker: Worker) -> None:
    reading = await read_article(answer("", outcome=outcome, error="the reason"), ITEM, worker)
    assert (reading.outcome, reading.partial, reading.error) == (outcome, True, "the reason")
    assert (reading.title, reading.text, reading.outlet) == (ITEM.title, ITEM.summary, ITEM.outlet)


async def test_a_paywall_leaves_the_feeds_summary_with_the_pages_own_headline(worker: Worker) -> None:
    walled = page(DECLARED, "The council voted on Tuesday. Subscribe to continue reading this article.")
    reading = await read_article(answer(walled), ITEM, worker)
    assert (reading.outcome, reading.partial, reading.error) == (Outcome.BLOCKED, True, "a paywall")
    assert (reading.title, reading.text) == ("Pier to close", ITEM.summary)


async def test_a_challenge_leaves_the_feeds_headline(worker: Worker) -> None:
    walled = page("<title>Just a moment...</title>", "Enable JavaScript and cookies to continue")
    reading = await read_article(answer(walled), ITEM, worker)
    assert (reading.outcome, reading.title, reading.text) == (Outcome.BLOCKED, ITEM.title, ITEM.summary)


async def test_an_empty_page_leaves_the_feeds_summary(worker: Worker) -> None:
    reading = await read_article(answer("<html><body></body></html>"), ITEM, worker)
    assert (reading.outcome, reading.partial, reading.text) == (Outcome.EMPTY, True, ITEM.summary)


async def test_a_page_that_holds_the_worker_is_given_up(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "EXTRACTION_SECONDS", 0.001)
    reading = await read_article(answer(page() * 300), ITEM, worker)
    assert (reading.outcome, reading.partial, reading.text) == (Outcome.FAILED, True, ITEM.summary)
    assert reading.error is not None
    assert "killed" in reading.error


async def test_a_source_that_is_never_read_gives_the_feeds_own_words() -> None:
    reading = reading_of_item(ITEM)
    assert (reading.outcome, reading.partial, reading.error) == (Outcome.OK, True, None)
    assert (reading.url, reading.title, reading.text) == (ITEM.url, ITEM.title, ITEM.summary)

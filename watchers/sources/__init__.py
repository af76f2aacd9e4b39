"""Kinds of sources: bytes that were fetched → what they show.

    FetchResult ─worker→ sniff (kind `auto`) → one parser of KINDS → Parsed

A new kind is one module with a parser of the shape below and one line in KINDS. Parsers run in the killable
worker, for their input is hostile: they are plain functions of bytes that open nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from watchers.errors import WorkerKilled
from watchers.models import FetchResult, Outcome, Parsed, SourceKindName, SourceMemory
from watchers.reading.worker import Worker
from watchers.sources.discovery import discovered_feeds
from watchers.sources.feed import parse_feed
from watchers.sources.page import parse_page
from watchers.sources.sitemap import parse_sitemap
from watchers.sources.sniff import Form, sniff

PARSE_SECONDS: Final = 5.0

# body, Content-Type header, final address, memory → what it shows
Parser = Callable[[bytes, str | None, str, SourceMemory], Parsed]

KINDS: Final[dict[SourceKindName, Parser]] = {
    "feed": parse_feed,
    "sitemap": parse_sitemap,
    "page": parse_page,
}
_NAMES: Final[dict[Form, str]] = {
    "feed": "a feed",
    "sitemap": "a sitemap",
    "html": "a web page",
    "other": "neither a feed, a sitemap nor a web page",
}


async def parse_source(fetched: FetchResult, memory: SourceMemory, worker: Worker) -> Parsed:
    """What a fetched source shows. Hostile input comes back as `failed`, never as an exception."""
    if fetched.outcome is not Outcome.OK:
        return Parsed(outcome=fetched.outcome, kind=memory.kind, error=fetched.error)
    try:
        return await worker.run(
            parse_body, fetched.body, fetched.content_type, fetched.final_url, memory, seconds=PARSE_SECONDS
        )
    except WorkerKilled as killed:
        return Parsed(outcome=Outcome.FAILED, kind=memory.kind, error=f"parsing was stopped: {killed}")


def parse_body(body: bytes, content_type: str | None, url: str, memory: SourceMemory) -> Parsed:
    """Sniff and parse; the job of the worker. `url` is the final address."""
    if not body.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        return Parsed(outcome=Outcome.EMPTY, kind=memory.kind, error="the answer is empty")
    if memory.kind == "page" and not memory.learned:
        return parse_page(body, content_type, url, memory)
    form = sniff(body)
    # A learned page may have been a notice that stood in for a feed, so a feed is still looked for.
    if form in KINDS and (memory.kind in ("auto", form) or memory.kind == "page"):
        parsed = KINDS[form](body, content_type, url, memory)
        # What could not be parsed has not shown its kind.
        return replace(parsed, kind=memory.kind) if parsed.outcome is Outcome.FAILED else parsed
    if memory.kind == "page":
        return parse_page(body, content_type, url, memory)
    if form == "html":
        return _web_page(body, content_type, url, memory)
    wanted = "" if memory.kind == "auto" else f", not {_NAMES[memory.kind]}"
    return Parsed(outcome=Outcome.FAILED, kind=memory.kind, error=f"{_NAMES[form]}{wanted}")


def _web_page(body: bytes, content_type: str | None, url: str, memory: SourceMemory) -> Parsed:
    """A web page where a feed was expected, or may be meant: followed only if it was never anything else.

    Who chooses by CSS in a source that may be anything means the page, whatever feeds it links to.
    """
    feeds = discovered_feeds(body, content_type, url)
    chosen = memory.select is not None or memory.ignore is not None
    if memory.kind == "auto" and (chosen or not feeds):
        return replace(parse_page(body, content_type, url, memory), kind="page")
    expected = "feed" if memory.kind == "auto" else memory.kind
    error = f"a web page, not a {expected}"
    if feeds:
        error += f"; it links to: {', '.join(feeds)}"
    elif memory.kind != "auto":
        error += "; a login or challenge page, perhaps"
    return Parsed(outcome=Outcome.FAILED, kind=memory.kind, feeds=feeds, error=error)

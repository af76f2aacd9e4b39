"""Agreement with the expected parses of another parser's fixtures.

What a fixture states of each entry (how many there are, title, link, date) is compared with ours. It keeps the
markup of titles, which may be HTML or mean themselves, and ours are plain text: a title agrees if it is the stated
one read either way. Its link, where it lists several, is the first alternate one; its date is the publication or,
where none is stated, the update.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.sources.building import shared
from watchers.models import Item, SourceMemory
from watchers.sources.dates import parse_date
from watchers.sources.feed import parse_feed

Stated = Mapping[str, Any]
AGREEMENT = 0.99


def fixtures(root: Path) -> Iterator[tuple[Path, Stated]]:
    for path in sorted(root.rglob("*")):
        for expected in (path.with_suffix(".json"), path.with_name(f"{path.stem}_expected.json")):
            if expected != path and path.suffix in {".xml", ".json"} and expected.is_file():
                yield path, json.loads(expected.read_bytes())


def readings(title: str) -> set[str]:
    """A stated title as text, as HTML, and as HTML that was escaped once more."""
    without_tags = re.sub(r"<[^>]*>", " ", title)
    escaped = re.sub(r"<[^>]*>", " ", html.unescape(title))
    return {" ".join(text.split()) for text in (title, html.unescape(without_tags), escaped)}


def link_of(entry: Stated) -> str | None:
    for link in entry.get("links", ()):
        if isinstance(link, dict) and link.get("rel", "alternate") == "alternate" and link.get("href"):
            return str(link["href"])
    return entry.get("link") or entry.get("url")


def date_of(entry: Stated) -> str | None:
    for name in ("publishedParsed", "pubDateParsed", "updatedParsed", "date_published"):
        if entry.get(name):
            return str(entry[name])
    return None


def comparisons(entry: Stated, item: Item) -> Iterator[tuple[str, object, object]]:
    if "title" in entry:
        stated = entry["title"]
        yield "title", item.title if item.title in readings(stated) else stated, item.title
    if link := link_of(entry):
        yield "link", link, item.url
    if date := date_of(entry):
        yield "date", parse_date(date), item.published


def test_titles_links_dates_and_counts_agree(capsys: pytest.CaptureFixture[str]) -> None:
    root = shared("evals", "feeds", "gofeed", "testdata")
    stated, differing = 0, []
    for path, expected in fixtures(root):
        feed = parse_feed(path.read_bytes(), None, "", SourceMemory())
        entries = expected.get("items") or expected.get("entries") or []
        compared: list[tuple[str, object, object]] = [("count", len(entries), feed.entries)]
        for entry, item in zip(entries, feed.items, strict=False):
            compared += comparisons(entry, item)
        stated += len(compared)
        differing += [(path.name, *one) for one in compared if one[1] != one[2]]
    agreement = 1 - len(differing) / stated
    with capsys.disabled():
        print(f"\nagreement with gofeed: {agreement:.4f} of {stated}; differing: {differing}")  # noqa: T201 - the figure
    assert stated > 500
    assert agreement >= AGREEMENT

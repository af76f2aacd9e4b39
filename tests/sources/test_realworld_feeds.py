"""Captured feeds of the real web: nothing lost, nothing crashes, a second look finds nothing new."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from tests.sources.building import FEED_URL, shared
from watchers.models import Item, Outcome, SourceMemory
from watchers.sources import parse_body
from watchers.sources.charset import to_utf8
from watchers.sources.limits import MAX_ENTRIES
from watchers.sources.recognise import KnownItem, Recognition, keyed, recognise


def captured() -> Iterator[Path]:
    root = shared("evals", "feeds", "realworld")
    for path in sorted(root.rglob("*")):
        is_feed = path.suffix in {".xml", ".rss", ".atom", ".json"} and path.parent.name in {"sample_feeds", "input"}
        if is_feed and path.stat().st_size < 300_000:  # the two larger ones take half of the time
            yield path


def counted(path: Path) -> int:
    """How many entries a file shows, by the simplest independent count."""
    text, _ = to_utf8(path.read_bytes(), None)
    if path.suffix == ".json":
        return len(json.loads(text)["items"])
    return len(re.findall(rb"<(?:item|entry)[\s>]", text))


def stored(items: tuple[Item, ...]) -> list[KnownItem]:
    new = recognise(keyed(items), [], entries=len(items), first_poll=True).new
    assert len(new) == len(items)
    return [KnownItem(item_id=number, keys=keys) for number, (_, keys) in enumerate(new)]


def shuffled(body: bytes, encoding: str) -> bytes | None:
    """The feed with its entries in another order, written anew by another program; None if it isn't XML."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return None
    entries = list(root.iter("{*}item", "{*}entry"))
    parent = entries[0].getparent() if entries else None
    if parent is None:
        return None
    for entry in entries:
        entry.tail = "\n"
        parent.remove(entry)
    random.Random(3).shuffle(entries)
    parent.extend(entries)
    written = etree.tostring(root, encoding=encoding)
    assert isinstance(written, bytes)
    return written


def told(found: Recognition) -> tuple[int, int]:
    return len(found.new), len(found.edited)


def test_nothing_is_lost_and_a_second_look_finds_nothing_new() -> None:
    seen = 0
    for path in captured():
        body = path.read_bytes()
        first = parse_body(body, None, FEED_URL, SourceMemory())
        if first.kind != "feed":
            assert counted(path) == 0, path.name
            continue
        seen += 1
        assert first.outcome is Outcome.OK, (path.name, first.error)
        assert first.entries == counted(path), path.name
        assert len(first.items) == min(first.entries, MAX_ENTRIES), path.name
        known = stored(first.items)
        memory = SourceMemory(kind="feed", seen_entries=first.entry_hashes)
        second = parse_body(body, None, FEED_URL, memory)
        assert second.items == (() if first.entry_hashes else first.items), path.name
        again = recognise(keyed(first.items), known, entries=first.entries, first_poll=False)
        assert told(again) == (0, 0), path.name
    assert seen > 50


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_reordered_and_reserialised_feeds_show_nothing_new(encoding: str) -> None:
    seen = 0
    for path in captured():
        body = path.read_bytes()
        other = shuffled(body, encoding)
        if other is None or len(body) > 40_000:
            continue
        seen += 1
        first = parse_body(body, None, FEED_URL, SourceMemory())
        memory = SourceMemory(kind="feed", seen_entries=first.entry_hashes)
        second = parse_body(other, None, FEED_URL, memory)
        found = recognise(keyed(second.items), stored(first.items), entries=second.entries, first_poll=False)
        assert (second.entries, told(found)) == (first.entries, (0, 0)), path.name
    assert seen > 15

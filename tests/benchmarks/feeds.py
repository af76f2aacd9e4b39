"""A feed that is as it was, shows one new entry, or is seen for the first time, beside feedparser on the whole of it.

What is measured runs in one process; the way to the desk's worker process and back is not in it.
"""

from collections.abc import Iterator
from typing import Final

import feedparser

from tests.benchmarks import texts
from tests.benchmarks.measure import Row, faster, medians
from watchers.models import SourceMemory
from watchers.polling import body_hash
from watchers.sources.feed import parse_feed

ENTRIES: Final = 100
FIRST: Final = 20  # entries of a feed that was never seen
ROUNDS: Final = 9
TIMES: Final = 20  # ours a round: it is short


def rows() -> Iterator[Row]:
    """Every row of this group."""
    last = texts.feed(1, range(ENTRIES, 0, -1))
    now = texts.feed(1, range(ENTRIES + 1, 1, -1))
    first = texts.feed(1, range(FIRST, 0, -1))
    url = "https://news.example/feed"
    memory = SourceMemory(kind="feed", seen_entries=parse_feed(last, None, url, SourceMemory()).entry_hashes)
    stored = body_hash(last)
    assert len(parse_feed(now, None, url, memory).items) == 1
    assert len(feedparser.parse(now).entries) == ENTRIES
    taken = medians(
        {
            "peer": lambda: feedparser.parse(now),
            "unchanged": lambda: [body_hash(last) == stored for _ in range(TIMES)],
            "peer on the first": lambda: feedparser.parse(first),
            "first": lambda: parse_feed(first, None, url, SourceMemory()),
            "one": lambda: [parse_feed(now, None, url, memory) for _ in range(TIMES)],
        },
        rounds=ROUNDS,
    )
    work, beside = "a feed of 100 entries", "feedparser on the whole"
    yield faster(f"{work}, unchanged", taken["unchanged"] / TIMES, taken["peer"], unit="", beside=beside, least=200)
    yield faster(f"{work}, one of them new", taken["one"] / TIMES, taken["peer"], unit="", beside=beside, least=30)
    yield faster(
        f"a feed of {FIRST} entries, all of them new",
        taken["first"],
        taken["peer on the first"],
        unit="",
        beside=beside,
    )

"""What two savings save, as ratios of CPU time within one run: `python -m tests.meta.cost_figures`.

Invented feeds and texts only. Each measure is the least of several rounds, taken in turn, so that a busy machine
disturbs both sides alike.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Final

from watchers.matching.matcher import Document, Matcher
from watchers.matching.query import compile_query
from watchers.models import SourceMemory
from watchers.sources.feed import parse_feed

ROUNDS: Final = 15
ENTRIES: Final = 100
WATCHES: Final = (10, 1_000, 10_000)
WORDS: Final = 600  # of an article
_RANDOM: Final = Random(1)
_VOCABULARY: Final = tuple("".join(_RANDOM.choices("abcdefghijklmnopqrstuvwxyz", k=8)) for _ in range(20_000))


def feed(first: int) -> bytes:
    """A feed of entries with these numbers."""
    items = "".join(
        f"<item><guid>{number}</guid><title>Item {number}</title><link>https://example.org/{number}</link>"
        f"<description>{' '.join(_RANDOM.choices(_VOCABULARY, k=80))}</description></item>"
        for number in range(first, first + ENTRIES)
    )
    return f'<rss version="2.0"><channel><title>Feed</title>{items}</channel></rss>'.encode()


def matcher(count: int) -> Matcher:
    """As many watches, each of a phrase and two words."""
    queries = {}
    for number in range(count):
        one, two, three, four = _RANDOM.choices(_VOCABULARY, k=4)
        queries[number] = compile_query(f'"{one} {two}" AND ({three} OR {four})', {})
    return Matcher(queries)


def least(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The least CPU seconds of each work."""
    found = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, work in works.items():
            began = time.process_time()
            work()
            found[name] = min(found[name], time.process_time() - began)
    return found


def main() -> None:
    """Print both ratios."""
    before = feed(1)
    memory = SourceMemory(kind="feed", seen_entries=parse_feed(before, None, "", SourceMemory()).entry_hashes)
    after = before.replace(b"Item 50<", b"Item 50, changed<")
    assert len(parse_feed(after, None, "", memory).items) == 1
    cost = least(
        {
            "whole": lambda: parse_feed(after, None, "", SourceMemory()),
            "unseen": lambda: parse_feed(after, None, "", memory),
        }
    )
    ratio = cost["unseen"] / cost["whole"]
    sys.stdout.write(f"a feed of {ENTRIES} entries with one unseen, beside all unseen: {ratio:.3f}\n")

    article = Document(
        title="", text=". ".join(" ".join(_RANDOM.choices(_VOCABULARY, k=20)) for _ in range(WORDS // 20))
    )
    matchers = {str(count): matcher(count) for count in WATCHES}
    cost = least({name: partial(each.match, article) for name, each in matchers.items()})
    for name, seconds in cost.items():
        ratio = seconds / cost[str(WATCHES[0])]
        sys.stdout.write(f"an article of {WORDS} words against {name} watches, beside {WATCHES[0]}: {ratio:.2f}\n")


if __name__ == "__main__":
    main()

"""Invented words, names, stories and feeds, the same at every run."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import accumulate, product
from random import Random
from typing import Final

NOW: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
STORY_BYTES: Final = 4_096
SENTENCE_WORDS: Final = 18
PARAGRAPH_SENTENCES: Final = 4
ENTRY_WORDS: Final = 70

_ONSETS = ("b", "br", "d", "f", "g", "gr", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v")
_RHYMES = ("a", "an", "ar", "e", "el", "en", "i", "in", "o", "on", "or", "u")


def _invented(count: int) -> tuple[str, ...]:
    syllables = ["".join(pair) for pair in product(_ONSETS, _RHYMES)]
    words = ["".join(pair) for pair in product(syllables, syllables)]
    Random(0).shuffle(words)
    return tuple(words[:count])


VOCABULARY: Final = _invented(20_000)
# Few words are common and most are rare, as in any language: the frequency falls with the rank (Zipf).
_COMMON: Final = tuple(accumulate(1 / (rank + 10) for rank in range(len(VOCABULARY))))


def words(random: Random, count: int) -> list[str]:
    """Words as often as a language has them."""
    return random.choices(VOCABULARY, cum_weights=_COMMON, k=count)


def name(random: Random) -> str:
    """Two words that stand beside each other by chance only."""
    return " ".join(random.choices(VOCABULARY, k=2))


def story(random: Random, *, naming: Iterable[str] = (), size: int = STORY_BYTES) -> str:
    """A story of about `size` bytes in paragraphs, with these names in it."""
    sentences: list[str] = []
    length = 0
    to_name = list(naming)
    while length < size:
        chosen = words(random, SENTENCE_WORDS)
        if to_name:
            chosen.insert(random.randrange(len(chosen)), to_name.pop())
        sentences.append(f"{' '.join(chosen)}.".capitalize())
        length += len(sentences[-1]) + 1
    starts = range(0, len(sentences), PARAGRAPH_SENTENCES)
    return "\n\n".join(" ".join(sentences[start : start + PARAGRAPH_SENTENCES]) for start in starts)


def entry(feed: int, number: int, *, base: str) -> str:
    """An entry of an RSS feed; the higher its number, the newer."""
    random = Random(f"{feed}:{number}")
    published = NOW - timedelta(days=1) + timedelta(minutes=number)
    title = " ".join(words(random, 8)).capitalize()
    link = f"{base}/{feed}/{number}"
    return (
        f'<item><guid isPermaLink="false">{link}</guid><title>{title}</title><link>{link}</link>'
        f"<pubDate>{format_datetime(published, usegmt=True)}</pubDate>"
        f"<description>{story(random, size=ENTRY_WORDS * 7)}</description></item>"
    )


def feed(number: int, entries: Sequence[int], *, base: str = "https://news.example") -> bytes:
    """An RSS feed that shows the entries with these numbers."""
    shown = "\n".join(entry(number, each, base=base) for each in entries)
    channel = f"<title>Feed {number}</title><link>{base}/</link><description>News</description>\n{shown}"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>{channel}</channel></rss>'.encode()

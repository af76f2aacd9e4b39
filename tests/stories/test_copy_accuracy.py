"""How well copies are told from look-alikes on labelled articles of others, where those are at hand."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from watchers.stories.canonical import title_key
from watchers.stories.fingerprint import Fingerprint, copy_score, fingerprint

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
STORIES = SHARED / "evals" / "stories"
pytestmark = pytest.mark.skipif(not STORIES.is_dir(), reason="the labelled stories are not beside the project")

FURNITURE = (
    "Sign up for our morning letter and get the harbour news every day. Share this page. Listen to this article, four "
    "minutes. All rights reserved by the Quayside Ledger and its partners. Read more about tides, ships and markets."
)

Article = dict[str, Any]


def load(name: str) -> list[Article]:
    return [json.loads(line) for line in (STORIES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def is_copy(new: Fingerprint, old: Fingerprint, *, same_title: bool = False) -> bool:
    hits = len(new.shingles & old.shingles)
    score = copy_score(new, hits=hits, old_shingles=len(old.shingles), old_sampled=old.sampled, same_title=same_title)
    return score is not None or new.text_hash == old.text_hash


def copies(articles: list[Article]) -> list[tuple[Article, Article]]:
    prints = [fingerprint(article["text"]) for article in articles]
    keys = [title_key(article["title"]) for article in articles]
    return [
        (articles[later], articles[earlier])
        for later in range(len(articles))
        for earlier in range(later)
        if is_copy(prints[later], prints[earlier], same_title=bool(keys[later]) and keys[later] == keys[earlier])
    ]


def events(article: Article) -> set[str]:
    event = article["event"]
    return set(event if isinstance(event, list) else [event])


def is_false(one: Article, other: Article) -> bool:
    skipped = events(one) & set(other.get("ambiguous_with", ())) | events(other) & set(one.get("ambiguous_with", ()))
    return not skipped and not events(one) & events(other)


def test_wire_copies_are_found() -> None:
    articles = load("syndication")
    found = copies(articles)
    pairs = [
        (one, other) for later, one in enumerate(articles) for other in articles[:later] if events(one) & events(other)
    ]
    assert sum(pair in found for pair in pairs) / len(pairs) >= 0.99


@pytest.mark.parametrize("name", ["template_negatives", "wikinews_dev", "ecbplus_dev"])
def test_look_alikes_are_no_copies(name: str) -> None:
    articles = load(name)
    wrong = {id(one) for one, other in copies(articles) if is_false(one, other)}
    assert len(wrong) / len(articles) <= 0.01


def long_texts() -> list[str]:
    seeds = sorted((SHARED / "seeds").glob("00[0-3]*.txt"))
    return [path.read_text(encoding="utf-8") for path in seeds] + [
        article["text"] for article in load("wikinews_dev") if len(article["text"].split()) > 300
    ]


def test_a_text_with_other_furniture_is_found() -> None:
    found = []
    for text in long_texts():
        lines = [line for line in text.splitlines() if line.strip()]
        inner = lines[1:-1] if len(lines) > 6 else lines
        found.append(is_copy(fingerprint("\n".join([FURNITURE, *inner, FURNITURE])), fingerprint(text)))
    assert sum(found) / len(found) >= 0.99


def test_excerpts_of_four_sentences_are_found() -> None:
    choose = random.Random(7)
    found = []
    for text in long_texts():
        old = fingerprint(text)
        sentences = [part for part in re.split(r"(?<=[.!?])[\"”]?\s+", text) if len(part.split()) > 3]
        for _ in range(3):
            start = choose.randrange(max(1, len(sentences) - 4))
            excerpt = " ".join([FURNITURE[:110], *sentences[start : start + 4], FURNITURE[110:]])
            found.append(is_copy(fingerprint(excerpt), old))
    assert sum(found) / len(found) >= 0.95

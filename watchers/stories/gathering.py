"""Articles of one story, told apart in memory: for what was never placed, such as what a new query would have found.

    articles in the order in which they came ─Gathering.is_first→ whether it is the first that tells its story

The same measures as of placing (`fingerprint.copy_score`, headlines), on a handful of texts instead of all.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from watchers.models import Reading
from watchers.stories.canonical import title_key
from watchers.stories.fingerprint import (
    FEWEST_HITS,
    FEWEST_WORDS,
    SAME_TITLE_WITHIN,
    Fingerprint,
    copy_score,
    fingerprint,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    text: Fingerprint | None
    title: str
    outlet: str | None
    at: datetime
    partial: bool


class Gathering:
    """The stories that some articles tell."""

    def __init__(self) -> None:
        self._stories: set[int] = set()
        self._members: list[_Member] = []
        self._of_shingle: defaultdict[int, list[int]] = defaultdict(list)
        self._of_title: defaultdict[str, list[int]] = defaultdict(list)
        self._texts: set[str] = set()

    def is_first(self, reading: Reading, at: datetime, story_id: int | None) -> bool:
        """Take an article in. `at`: when it was published, or first seen; `story_id`: the story it is placed in."""
        text = fingerprint(reading.text) if reading.text else None
        new = _Member(
            text=text,
            title=title_key(reading.title, reading.outlet),
            outlet=reading.outlet,
            at=at,
            partial=reading.partial,
        )
        first = story_id not in self._stories and not self._is_copy(new)
        self._keep(new, story_id)
        return first

    def _is_copy(self, new: _Member) -> bool:
        if new.text is not None and new.text.words >= FEWEST_WORDS and new.text.text_hash in self._texts:
            return True
        same_title = {number for number in self._of_title.get(new.title, ()) if self._is_same_headline(new, number)}
        hits: Counter[int] = Counter()
        for shingle in new.text.shingles if new.text is not None else ():
            hits.update(self._of_shingle.get(shingle, ()))
        alike = same_title | {number for number, shared in hits.items() if shared >= FEWEST_HITS}
        return any(self._tells_the_same(new, number, hits[number], number in same_title) for number in alike)

    def _is_same_headline(self, new: _Member, number: int) -> bool:
        # One outlet's recurring headline ("Police blotter") is another story each time.
        old = self._members[number]
        return old.outlet != new.outlet and abs(old.at - new.at) <= SAME_TITLE_WITHIN

    def _tells_the_same(self, new: _Member, number: int, hits: int, same_title: bool) -> bool:
        old = self._members[number]
        if new.text is None or old.text is None:
            other = old.text or new.text
            return same_title and (other is None or not other.sampled)
        score = copy_score(
            new.text,
            hits=hits,
            old_shingles=len(old.text.shingles),
            old_sampled=old.text.sampled,
            old_partial=old.partial,
            same_title=same_title,
        )
        return score is not None

    def _keep(self, new: _Member, story_id: int | None) -> None:
        number = len(self._members)
        self._members.append(new)
        if story_id is not None:
            self._stories.add(story_id)
        if new.title:
            self._of_title[new.title].append(number)
        if new.text is not None:
            self._texts.add(new.text.text_hash)
            for shingle in new.text.shingles:
                self._of_shingle[shingle].append(number)

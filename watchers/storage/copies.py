"""Fingerprints in an indexed table, and which of them a text is a copy or an excerpt of.

One row a text, one row a shingle; the same SQL on both databases. Who carries a text (a member of a story, a known
story) is asked by the modules that hold those.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, literal, select

from watchers.models import Earlier
from watchers.storage.among import among
from watchers.storage.rows import insert_rows
from watchers.storage.schema import articles, fingerprints, known_stories, placements, shingles
from watchers.stories.fingerprint import (
    FEWEST_HITS,
    FEWEST_WORDS,
    SAME_TITLE_WITHIN,
    SAMPLE_RATE,
    Fingerprint,
    copy_score,
)
from watchers.stories.place import KnownHit, MemberHit

MEMBERS = ("new", "copy", "joined")
FEWEST_QUOTED = 20  # five-word runs that a text shares with a known story which it quotes: two sentences or so

_WANTED = among(shingles.c.shingle, "wanted")
_HITS = (
    select(
        shingles.c.fingerprint_id,
        func.count().label("hits"),
        fingerprints.c.stored,
        fingerprints.c.sampled,
    )
    .join(fingerprints, fingerprints.c.id == shingles.c.fingerprint_id)
    .where(_WANTED)
    .group_by(shingles.c.fingerprint_id, fingerprints.c.stored, fingerprints.c.sampled)
    .having(func.count() >= FEWEST_HITS)
    # The very same text: told with no hits.
    .union_all(
        select(fingerprints.c.id, literal(0), fingerprints.c.stored, fingerprints.c.sampled).where(
            fingerprints.c.text_hash == bindparam("text_hash")
        )
    )
)

# Built once: what is asked for every article costs more to put together than to run.
_SAME = select(fingerprints.c.id, fingerprints.c.stored, fingerprints.c.sampled).where(
    fingerprints.c.text_hash == bindparam("text_hash")
)
_ADD = insert(fingerprints).returning(fingerprints.c.id)
_SHINGLE = (shingles.c.shingle, shingles.c.fingerprint_id)
_KNOWN = select(known_stories.c.id, known_stories.c.fingerprint_id).where(
    # By its fingerprint: through the desk, every known story would be looked at.
    known_stories.c.desk_id + 0 == bindparam("desk"),
    among(known_stories.c.fingerprint_id, "found"),
)
_HAS_KNOWN_TEXTS = (
    select(known_stories.c.id)
    .where(known_stories.c.desk_id == bindparam("desk"), known_stories.c.fingerprint_id.is_not(None))
    .limit(1)
)
# Of known stories only, so that a phrase which every article of an outlet carries stays cheap.
_KNOWN_HITS = (
    select(shingles.c.shingle, fingerprints.c.id, fingerprints.c.stored, fingerprints.c.sampled)
    .join(fingerprints, fingerprints.c.id == shingles.c.fingerprint_id)
    .join(known_stories, known_stories.c.fingerprint_id == shingles.c.fingerprint_id)
    .where(_WANTED, known_stories.c.desk_id + 0 == bindparam("desk"))
    .distinct()
)
_SAME_AS_ANY = select(fingerprints.c.text_hash, fingerprints.c.id, fingerprints.c.stored, fingerprints.c.sampled).where(
    among(fingerprints.c.text_hash, "text_hashes")
)
_CITED = select(known_stories.c.title, known_stories.c.url, known_stories.c.outlet, known_stories.c.published).where(
    known_stories.c.id == bindparam("known")
)
_ALIKE = (
    select(
        articles.c.id,
        articles.c.title_key,
        articles.c.outlet,
        articles.c.published,
        articles.c.first_seen,
        articles.c.partial,
        articles.c.fingerprint_id,
        fingerprints.c.stored,
        fingerprints.c.sampled,
    )
    .outerjoin(fingerprints, fingerprints.c.id == articles.c.fingerprint_id)
    .where(articles.c.id != bindparam("article"))
)
_ALIKE_IN_TEXT = _ALIKE.where(among(articles.c.fingerprint_id, "found"))
_ALIKE_IN_TITLE = _ALIKE.where(
    articles.c.title_key == bindparam("title_key"), articles.c.first_seen >= bindparam("soonest")
)
# Apart from the articles: joined, a planner may begin with all that the desk ever placed.
_MEMBERS_AMONG = select(placements.c.article_id, placements.c.story_id).where(
    placements.c.desk_id == bindparam("desk"),
    placements.c.decision.in_(MEMBERS),
    among(placements.c.article_id, "alike"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """The text that is to be placed, and what else may tell that it is a copy."""

    article_id: int
    text: Fingerprint | None
    title_key: str  # empty: the headline tells nothing
    outlet: str | None
    published: datetime  # or first seen


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a stored text has in common with the new one. `same`: they are one text."""

    hits: int
    stored: int
    sampled: bool
    same: bool = False


def overlaps(connection: Connection, new: Fingerprint) -> dict[int, Overlap]:
    """Stored texts that share enough shingles with `new`, or are the same text, by fingerprint id."""
    asked = {
        "wanted": new.shingles if len(new.shingles) >= FEWEST_HITS else (),
        # A few words, "Read the whole story", say nothing of which story they stand under.
        "text_hash": new.text_hash if new.words >= FEWEST_WORDS else "",
    }
    return {
        row.fingerprint_id: Overlap(row.hits or row.stored, row.stored, bool(row.sampled), same=not row.hits)
        for row in sorted(connection.execute(_HITS, asked), key=lambda row: not row.hits)  # that it is the same counts
    }


def overlaps_with_known(
    connection: Connection, desk_id: int, texts: Sequence[Fingerprint | None]
) -> list[dict[int, Overlap]]:
    """For each text what `overlaps` finds of it, as far as the stories are concerned that a desk knows."""
    found: list[dict[int, Overlap]] = [{} for _ in texts]
    if connection.execute(_HAS_KNOWN_TEXTS, {"desk": desk_id}).first() is None:
        return found
    wanted = {shingle for text in texts if text is not None for shingle in text.shingles}
    hits = defaultdict(list)
    for row in connection.execute(_KNOWN_HITS, {"desk": desk_id, "wanted": wanted}):
        hits[row.shingle].append(row)
    hashes = [text.text_hash for text in texts if text is not None and text.words >= FEWEST_WORDS]
    same = {row.text_hash: row for row in connection.execute(_SAME_AS_ANY, {"text_hashes": hashes})}
    for text, overlapping in zip(texts, found, strict=True):
        if text is None:
            continue
        rows = {row.id: row for shingle in text.shingles for row in hits.get(shingle, ())}
        counted = Counter(row.id for shingle in text.shingles for row in hits.get(shingle, ()))
        overlapping |= {
            number: Overlap(times, rows[number].stored, bool(rows[number].sampled))
            for number, times in counted.items()
            if times >= FEWEST_HITS
        }
        if text.words >= FEWEST_WORDS and text.text_hash in same:
            twin = same[text.text_hash]
            overlapping[twin.id] = Overlap(twin.stored, twin.stored, bool(twin.sampled), same=True)
    return found


def store(connection: Connection, new: Fingerprint) -> int:
    """Keep a fingerprint once; returns its id."""
    found: int | None = connection.execute(_SAME, {"text_hash": new.text_hash}).scalar()
    if found is not None:
        return found
    row = {"text_hash": new.text_hash, "words": new.words, "stored": len(new.shingles), "sampled": new.sampled}
    fingerprint_id: int = connection.execute(_ADD, row).scalar_one()
    insert_rows(connection, _SHINGLE, [(shingle, fingerprint_id) for shingle in sorted(new.shingles)])
    return fingerprint_id


def nearest_known(
    connection: Connection, desk_id: int, text: Fingerprint | None, found: dict[int, Overlap]
) -> KnownHit | None:
    """The known story whose text the new one is a copy or an excerpt of.

    Never the other way round: a report that quotes a known excerpt whole may still be a new story.
    """
    if text is None or not found:
        return None
    rows = connection.execute(_KNOWN, {"desk": desk_id, "found": list(found)})
    hits = [(score, -row.id) for row in rows if (score := _score(text, found[row.fingerprint_id])) is not None]
    if not hits:
        return None
    score, negative = max(hits)
    return KnownHit(known_id=-negative, score=score)


def related_known(
    connection: Connection, desk_id: int, text: Fingerprint | None, found: dict[int, Overlap]
) -> Earlier | None:
    """The known story that the new text shares the most with: it quotes it, and is none of its copies."""
    if text is None or not found:
        return None
    rows = connection.execute(_KNOWN, {"desk": desk_id, "found": list(found)})
    shared = {row.id: _shared(text, found[row.fingerprint_id]) for row in rows}
    quoted = [(words, -known_id) for known_id, words in shared.items() if words >= FEWEST_QUOTED]
    if not quoted:
        return None
    row = connection.execute(_CITED, {"known": -max(quoted)[1]}).one()
    return Earlier(title=row.title, url=row.url, outlet=row.outlet, published=row.published)


def _shared(text: Fingerprint, overlap: Overlap) -> int:
    """About how many five-word runs two texts share."""
    return overlap.hits * (SAMPLE_RATE if text.sampled or overlap.sampled else 1)


def nearest_member(connection: Connection, desk_id: int, new: Newcomer, found: dict[int, Overlap]) -> MemberHit | None:
    """The member of a story that carries the text, or the same headline over an excerpt at about the same time.

    The nearest, and of equals the first that came.
    """
    article = {"article": new.article_id}
    alike: dict[int, Row[Any]] = {}
    if found:
        alike |= {row.id: row for row in connection.execute(_ALIKE_IN_TEXT, article | {"found": list(found)})}
    if new.title_key:
        headline = {"title_key": new.title_key, "soonest": _soonest(new)}
        alike |= {row.id: row for row in connection.execute(_ALIKE_IN_TITLE, article | headline)}
    scores = {row.id: score for row in alike.values() if (score := _score_of_member(new, row, found)) is not None}
    if not scores:
        return None
    members = connection.execute(_MEMBERS_AMONG, {"desk": desk_id, "alike": list(scores)})
    hits = [(scores[row.article_id], -row.article_id, row.story_id) for row in members]
    if not hits:
        return None
    score, negative, story_id = max(hits)
    return MemberHit(article_id=-negative, story_id=story_id, score=score)


def _score_of_member(new: Newcomer, row: Row[Any], found: dict[int, Overlap]) -> float | None:
    # One outlet's recurring headline ("Police blotter") is another story each time.
    same_title = (
        bool(new.title_key)
        and row.title_key == new.title_key
        and row.outlet != new.outlet
        and abs(new.published - (row.published or row.first_seen)) <= SAME_TITLE_WITHIN
    )
    if new.text is None or row.fingerprint_id is None:
        other_is_short = not (row.sampled if new.text is None else new.text.sampled)
        return 1.0 if same_title and other_is_short else None
    overlap = found.get(row.fingerprint_id, Overlap(0, row.stored, bool(row.sampled)))
    return _score(new.text, overlap, old_partial=row.partial, same_title=same_title)


def _score(text: Fingerprint, overlap: Overlap, *, old_partial: bool = False, same_title: bool = False) -> float | None:
    if overlap.same:
        return 1.0
    return copy_score(
        text,
        hits=overlap.hits,
        old_shingles=overlap.stored,
        old_sampled=overlap.sampled,
        old_partial=old_partial,
        same_title=same_title,
    )


def _soonest(new: Newcomer) -> datetime:
    return new.published - 2 * SAME_TITLE_WITHIN

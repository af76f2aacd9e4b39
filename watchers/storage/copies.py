"""Fingerprints in an indexed table, and which of them a text is a copy or an excerpt of.

One row a text, one row a shingle; the same SQL on both databases. Who carries a text (a member of a story, a known
story) is asked by the modules that hold those.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, false, func, insert, or_, select

from watchers.storage.schema import articles, fingerprints, known_stories, placements, shingles
from watchers.stories.fingerprint import FEWEST_HITS, Fingerprint, copy_score
from watchers.stories.place import KnownHit, MemberHit

MEMBERS = ("new", "copy", "joined")
FEWEST_WORDS = 12  # in a text that is known again by itself
SAME_TITLE_WITHIN = timedelta(hours=36)

_HITS = (
    select(
        shingles.c.fingerprint_id,
        func.count().label("hits"),
        fingerprints.c.stored,
        fingerprints.c.sampled,
    )
    .join(fingerprints, fingerprints.c.id == shingles.c.fingerprint_id)
    .where(shingles.c.shingle.in_(bindparam("wanted", expanding=True)))
    .group_by(shingles.c.fingerprint_id, fingerprints.c.stored, fingerprints.c.sampled)
    .having(func.count() >= FEWEST_HITS)
)

_SAME = select(fingerprints.c.id).where(fingerprints.c.text_hash == bindparam("text_hash"))
_ADD = insert(fingerprints).returning(fingerprints.c.id)
_ADD_SHINGLES = insert(shingles)
_KNOWN = select(known_stories.c.id, known_stories.c.fingerprint_id).where(
    known_stories.c.desk_id == bindparam("desk"), known_stories.c.fingerprint_id.in_(bindparam("found", expanding=True))
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
    found: dict[int, Overlap] = {}
    if len(new.shingles) >= FEWEST_HITS:
        for row in connection.execute(_HITS, {"wanted": sorted(new.shingles)}):
            found[row.fingerprint_id] = Overlap(row.hits, row.stored, bool(row.sampled))
    # A few words, "Read the whole story", say nothing of which story they stand under.
    if new.words >= FEWEST_WORDS:
        same = connection.execute(select(fingerprints).where(fingerprints.c.text_hash == new.text_hash)).first()
        if same is not None:
            found[same.id] = Overlap(same.stored, same.stored, bool(same.sampled), same=True)
    return found


def store(connection: Connection, new: Fingerprint) -> int:
    """Keep a fingerprint once; returns its id."""
    found: int | None = connection.execute(_SAME, {"text_hash": new.text_hash}).scalar()
    if found is not None:
        return found
    row = {"text_hash": new.text_hash, "words": new.words, "stored": len(new.shingles), "sampled": new.sampled}
    fingerprint_id: int = connection.execute(_ADD, row).scalar_one()
    if new.shingles:
        connection.execute(
            _ADD_SHINGLES,
            [{"shingle": shingle, "fingerprint_id": fingerprint_id} for shingle in sorted(new.shingles)],
        )
    return fingerprint_id


def nearest_known(
    connection: Connection, desk_id: int, text: Fingerprint | None, found: dict[int, Overlap]
) -> KnownHit | None:
    """The known story whose text the new one is a copy or an excerpt of.

    Never the other way round: a report that quotes a known excerpt whole may still be a new story.
    """
    if text is None or not found:
        return None
    rows = connection.execute(
        select(known_stories.c.id, known_stories.c.fingerprint_id).where(
            known_stories.c.desk_id == desk_id, known_stories.c.fingerprint_id.in_(found)
        )
    )
    hits = [(score, -row.id) for row in rows if (score := _score(text, found[row.fingerprint_id])) is not None]
    if not hits:
        return None
    score, negative = max(hits)
    return KnownHit(known_id=-negative, score=score)


def nearest_member(connection: Connection, desk_id: int, new: Newcomer, found: dict[int, Overlap]) -> MemberHit | None:
    """The member of a story that carries the text, or the same headline over an excerpt at about the same time.

    The nearest, and of equals the first that came.
    """
    alike: ColumnElement[bool] = articles.c.fingerprint_id.in_(found) if found else false()
    if new.title_key:
        alike = or_(alike, and_(articles.c.title_key == new.title_key, articles.c.first_seen >= _soonest(new)))
    rows = connection.execute(
        select(articles, placements.c.story_id, fingerprints.c.stored, fingerprints.c.sampled)
        .join(placements, placements.c.article_id == articles.c.id)
        .outerjoin(fingerprints, fingerprints.c.id == articles.c.fingerprint_id)
        .where(
            placements.c.desk_id == desk_id,
            placements.c.decision.in_(MEMBERS),
            alike,
            articles.c.id != new.article_id,
        )
    )
    hits = [(score, -row.id, row.story_id) for row in rows if (score := _score_of_member(new, row, found)) is not None]
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

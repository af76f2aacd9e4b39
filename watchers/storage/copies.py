"""Fingerprints in an indexed table, and which of them a text is a copy or an excerpt of.

One row a text, one row a shingle; the same SQL on both databases. Who carries a text (a member of a story, a known
story) is asked by the modules that hold those.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select

from watchers.storage.schema import articles, fingerprints, known_stories, placements, shingles
from watchers.stories.fingerprint import FEWEST_HITS, Fingerprint, copy_score
from watchers.stories.place import KnownHit, MemberHit

MEMBERS = ("new", "copy", "joined")

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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored text that the new one may be a copy of."""

    fingerprint_id: int
    score: float | None  # as a copy or excerpt of it
    score_of_partial: float | None  # if the stored text is itself only an excerpt: also the other way round


def candidates(connection: Connection, new: Fingerprint) -> dict[int, Candidate]:
    """Stored texts that share enough shingles with `new`, or are the same text, by fingerprint id."""
    found: dict[int, Candidate] = {}
    same = connection.execute(select(fingerprints.c.id).where(fingerprints.c.text_hash == new.text_hash)).scalar()
    if same is not None:
        found[same] = Candidate(same, 1.0, 1.0)
    if len(new.shingles) < FEWEST_HITS:
        return found
    for row in connection.execute(_HITS, {"wanted": sorted(new.shingles)}):
        score, of_partial = (
            copy_score(
                new, hits=row.hits, old_shingles=row.stored, old_sampled=bool(row.sampled), old_partial=old_partial
            )
            for old_partial in (False, True)
        )
        if row.fingerprint_id not in found and of_partial is not None:
            found[row.fingerprint_id] = Candidate(row.fingerprint_id, score, of_partial)
    return found


def store(connection: Connection, new: Fingerprint) -> int:
    """Keep a fingerprint once; returns its id."""
    found = connection.execute(select(fingerprints.c.id).where(fingerprints.c.text_hash == new.text_hash)).scalar()
    if found is not None:
        return found
    fingerprint_id = connection.execute(
        insert(fingerprints)
        .values(text_hash=new.text_hash, words=new.words, stored=len(new.shingles), sampled=new.sampled)
        .returning(fingerprints.c.id)
    ).scalar_one()
    if new.shingles:
        connection.execute(
            insert(shingles),
            [{"shingle": shingle, "fingerprint_id": fingerprint_id} for shingle in sorted(new.shingles)],
        )
    return fingerprint_id


def nearest_known(connection: Connection, desk_id: int, found: dict[int, Candidate]) -> KnownHit | None:
    """The known story whose text the candidates point at."""
    if not found:
        return None
    hits = [
        (score, -row.id)
        for row in connection.execute(
            select(known_stories.c.id, known_stories.c.fingerprint_id).where(
                known_stories.c.desk_id == desk_id, known_stories.c.fingerprint_id.in_(found)
            )
        )
        if (score := found[row.fingerprint_id].score) is not None
    ]
    if not hits:
        return None
    score, negative = max(hits)
    return KnownHit(known_id=-negative, score=score)


def nearest_member(
    connection: Connection, desk_id: int, found: dict[int, Candidate], *, article_id: int
) -> MemberHit | None:
    """The member of a story that carries the text: the nearest, and of equals the first that came."""
    if not found:
        return None
    rows = connection.execute(
        select(articles.c.id, articles.c.fingerprint_id, articles.c.partial, placements.c.story_id)
        .join(placements, placements.c.article_id == articles.c.id)
        .where(
            placements.c.desk_id == desk_id,
            placements.c.decision.in_(MEMBERS),
            articles.c.fingerprint_id.in_(found),
            articles.c.id != article_id,
        )
    )
    hits = []
    for row in rows:
        candidate = found[row.fingerprint_id]
        score = candidate.score_of_partial if row.partial else candidate.score
        if score is not None:
            hits.append((score, -row.id, row.story_id))
    if not hits:
        return None
    score, negative, story_id = max(hits)
    return MemberHit(article_id=-negative, story_id=story_id, score=score)

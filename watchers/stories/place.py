"""What an article is to a desk: one pure decision, asked in the order of `Decision`.

    revision (an article we have, its text changed) → known → unmatched → copy → new

The facts come from storage, inside the transaction that also writes the decision, so that thirty copies arriving in the
same second are placed one after another. A revision that matches for the first time goes the whole way, as if it were
new; whatever is placed once stays where it is.
"""

from dataclasses import dataclass

from watchers.models import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHit:
    """A known story that the article is: by its address, its title, or as a copy or excerpt of its text."""

    known_id: int
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberHit:
    """The nearest member of a story that carries the same text."""

    article_id: int
    story_id: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """An article's place at a desk. `story_id` is None for a story that is yet to be opened."""

    decision: Decision
    story_id: int | None = None
    known_id: int | None = None
    of_article_id: int | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that placing asks about an article at one desk."""

    placed: Placement | None  # where it stands already
    text_changed: bool
    matched: bool
    known: KnownHit | None = None
    member: MemberHit | None = None


def is_settled(placed: Placement | None, *, matched: bool) -> bool:
    """Whether the article keeps the place it has, so that nothing else needs to be asked."""
    return placed is not None and (placed.decision is not Decision.UNMATCHED or not matched)


def place(facts: Facts) -> Placement:
    """The decision. A settled article keeps its place; `revision` says that only its text is another."""
    if facts.placed is not None and is_settled(facts.placed, matched=facts.matched):
        if facts.text_changed:
            return Placement(decision=Decision.REVISION, story_id=facts.placed.story_id, known_id=facts.placed.known_id)
        return facts.placed
    if facts.known is not None:
        return Placement(decision=Decision.KNOWN, known_id=facts.known.known_id, score=None)
    if not facts.matched:
        return Placement(decision=Decision.UNMATCHED)
    if facts.member is not None:
        return Placement(
            decision=Decision.COPY,
            story_id=facts.member.story_id,
            of_article_id=facts.member.article_id,
            score=facts.member.score,
        )
    return Placement(decision=Decision.NEW)

"""Articles that no watch names, many in one go: most of what feeds show is of this kind.

    Waiting items ─what_is_there→ which addresses are taken, which entries share one
    Arrivals (all new, matched by no desk) ─record_unmatched→ a dozen statements for all of them together

They open no story, join none and tell nobody, so that nothing hangs on their order: the outcome is what
`recording.record` makes of each of them by itself. It does so for whatever is not of this kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from watchers.storage import articles, copies, items, known
from watchers.storage.desks import Told
from watchers.storage.recording import Arrival, Placed, Recorded, check_generation
from watchers.storage.schema import placements
from watchers.stories.place import Facts, KnownHit, Placement, place

_PLACE = insert(placements)


@dataclass(frozen=True, slots=True)
class There:
    """What the database has of some waiting items before they are read."""

    named: frozenset[str]  # addresses that lead to an article
    sharing: frozenset[int]  # items whose address another entry of their source leads to, under another title


def what_is_there(connection: Connection, names: Sequence[str], item_ids: Sequence[int]) -> There:
    """Look up the names that articles would have, and items by number."""
    return There(articles.named(connection, names), items.sharing_links(connection, item_ids))


def record_unmatched(connection: Connection, arrivals: Sequence[Arrival], told: Told, now: datetime) -> list[Recorded]:
    """Write new articles that no watch names. None of them where a name was taken meanwhile: returns an empty list.

    Raises:
        StaleMatchesError: the desks changed since `told` was read; nothing was written.
    """
    check_generation(connection, told)
    if not arrivals or articles.named(connection, [name for arrival in arrivals for name in arrival.names]):
        return []
    saved = articles.add_all(
        connection,
        [(arrival.names, arrival.source_id, arrival.reading, arrival.text_hash) for arrival in arrivals],
        now=now,
    )
    items.mark_all_read(
        connection,
        [
            (arrival.item, one.article_id)
            for arrival, one in zip(arrivals, saved, strict=True)
            if arrival.item is not None
        ],
    )
    placed: list[list[Placed]] = [[] for _ in arrivals]
    for desk_id in sorted({desk_id for arrival in arrivals for desk_id in arrival.matches}):
        of_desk = [number for number, arrival in enumerate(arrivals) if desk_id in arrival.matches]
        hits = _known(connection, desk_id, [arrivals[number] for number in of_desk])
        for number, hit in zip(of_desk, hits, strict=True):
            facts = Facts(placed=None, text_changed=False, matched=False, known=hit)
            placed[number].append(
                Placed(desk_id=desk_id, placement=place(facts), repeated=False, watches=(), alerted=False)
            )
    rows = [
        _row(desk_of.desk_id, one.article_id, desk_of.placement, now)
        for one, at_desks in zip(saved, placed, strict=True)
        for desk_of in at_desks
    ]
    if rows:
        connection.execute(_PLACE, rows)
    return [Recorded(saved=one, placed=tuple(at_desks)) for one, at_desks in zip(saved, placed, strict=True)]


def _known(connection: Connection, desk_id: int, arrivals: Sequence[Arrival]) -> list[KnownHit | None]:
    """The known story that each of them is: by address or headline, else as a copy or an excerpt of its text."""
    hits = known.by_addresses_or_titles(
        connection,
        desk_id,
        [((*arrival.names, *arrival.cited), arrival.reading.title) for arrival in arrivals],
    )
    left = [number for number, hit in enumerate(hits) if hit is None]
    overlaps = copies.overlaps_with_known(connection, desk_id, [arrivals[number].fingerprint for number in left])
    for number, found in zip(left, overlaps, strict=True):
        hits[number] = copies.nearest_known(connection, desk_id, arrivals[number].fingerprint, found)
    return hits


def _row(desk_id: int, article_id: int, placement: Placement, now: datetime) -> dict[str, object]:
    return {
        "desk_id": desk_id,
        "article_id": article_id,
        "decision": placement.decision.value,
        "story_id": None,
        "known_id": placement.known_id,
        "of_article_id": None,
        "score": placement.score,
        "at": now,
    }

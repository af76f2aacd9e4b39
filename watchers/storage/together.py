"""Articles that are new everywhere and need no page, many in one go: most of what feeds show is of this kind.

    source ─waiting→ unread items, which of them are named already, which share an address with another entry
    Arrivals ─record_together→ a dozen statements for all of them; those that a watch names are placed in their order

The outcome is what `recording.record` makes of each of them by itself. It does so for whatever is not of this kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from watchers.storage import articles, copies, items, known, placing
from watchers.storage.desks import Told
from watchers.storage.items import StoredItem
from watchers.storage.placing import Arrival, Manner, Placed
from watchers.storage.recording import Recorded, check_generation
from watchers.storage.rows import insert_rows
from watchers.storage.schema import placements
from watchers.stories.place import Facts, KnownHit, place

_PLACEMENT = (
    placements.c.desk_id,
    placements.c.article_id,
    placements.c.decision,
    placements.c.known_id,
    placements.c.at,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be read of a source, and what the database has of it."""

    items: Sequence[StoredItem]
    named: frozenset[str]  # names of theirs that lead to an article
    sharing: frozenset[int]  # items whose address another entry of their source leads to, under another title


def waiting(connection: Connection, source_id: int, *, now: datetime | None) -> Waiting:
    """The unread items of a source as `items.unread` has them."""
    unread = items.unread(connection, source_id, now=now)
    if not unread:
        return Waiting((), frozenset(), frozenset())
    named = articles.named(connection, [stored.name for stored in unread])
    return Waiting(unread, named, items.sharing_links(connection, [stored.id for stored in unread]))


def record_together(
    connection: Connection, arrivals: Sequence[Arrival], told: Told, manner: Manner, now: datetime
) -> list[Recorded]:
    """Write new articles. None of them where a name was taken meanwhile: returns an empty list.

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
    overlaps: dict[int, dict[int, copies.Overlap]] = {}
    unmatched = []
    for desk in told.desks:
        of_desk = [number for number, arrival in enumerate(arrivals) if desk.id in arrival.matches]
        hits = _known(connection, desk.id, [arrivals[number] for number in of_desk])
        for number, hit in zip(of_desk, hits, strict=True):
            arrival, one = arrivals[number], saved[number]
            if arrival.matches[desk.id]:
                found = overlaps[number] = overlaps.get(number) or _overlaps(connection, arrival)
                at_desk = placing.place_at(
                    connection,
                    arrival,
                    desk,
                    one,
                    before=None,
                    known=hit,
                    found=found,
                    manner=manner,
                    now=now,
                )
            else:
                placement = place(Facts(placed=None, text_changed=False, matched=False, known=hit))
                at_desk = Placed(desk_id=desk.id, placement=placement, repeated=False, watches=(), alerted=False)
                unmatched.append((desk.id, one.article_id, placement.decision.value, placement.known_id, now))
            placed[number].append(at_desk)
    insert_rows(connection, _PLACEMENT, unmatched)
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


def _overlaps(connection: Connection, arrival: Arrival) -> dict[int, copies.Overlap]:
    return {} if arrival.fingerprint is None else copies.overlaps(connection, arrival.fingerprint)

"""One article's transaction: article, matches, story, placement, alerts and deliveries are committed together.

    Arrival (item, reading, fingerprint, matches by desk) → save it → at each desk: place, write, tell (`placing`)

Called on the writer, so articles are placed one after another: thirty copies in the same second make one story. What is
new everywhere and needs no page is recorded many at once, with the same outcome: `together`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from watchers.errors import WiredeskError
from watchers.models import Reading
from watchers.storage import articles, copies, items, known, meta, placing
from watchers.storage.articles import Saved
from watchers.storage.desks import Told
from watchers.storage.items import StoredItem
from watchers.storage.placing import Arrival, Manner, Placed
from watchers.stories.place import KnownHit, is_settled


class StaleMatchesError(WiredeskError):
    """The watch list changed after the article was matched: match it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What recording an article came to."""

    saved: Saved
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is known of an item before it is read."""

    shares_link: bool  # an entry with another title leads to its address too
    whole: Reading | None  # the article that we have under that address, if it was read whole


def before_reading(connection: Connection, item: StoredItem) -> Before:
    """Look whether an item needs its page at all."""
    have = articles.find(connection, item.name)
    is_whole = have is not None and bool(have.reading.text) and not have.reading.partial
    return Before(
        shares_link=items.shares_link(connection, item), whole=have.reading if have is not None and is_whole else None
    )


def record(connection: Connection, arrival: Arrival, told: Told, manner: Manner, now: datetime) -> Recorded:
    """Write an article and all that follows from it.

    Raises:
        StaleMatchesError: the desks changed since `told` was read; nothing was written.
    """
    check_generation(connection, told)
    saved = articles.save(
        connection,
        names=arrival.names,
        article_id=None if arrival.item is None else arrival.item.article_id,
        source_id=arrival.source_id,
        reading=arrival.reading,
        text_hash=arrival.text_hash,
        now=now,
    )
    if arrival.item is not None:
        items.mark_read(connection, arrival.item, saved.article_id)
    desk_by_id = {desk.id: desk for desk in told.desks}
    found: dict[int, copies.Overlap] | None = None
    placed = []
    for desk_id, matches in arrival.matches.items():
        before = None if saved.is_new else placing.placed_before(connection, desk_id, saved.article_id)
        settled = is_settled(before, matched=bool(matches))
        if not settled and found is None and arrival.fingerprint is not None:
            found = copies.overlaps(connection, arrival.fingerprint)
        placed.append(
            placing.place_at(
                connection,
                arrival,
                desk_by_id[desk_id],
                saved,
                before=before,
                known=None if settled else _known(connection, desk_id, arrival, found or {}),
                found=found or {},
                manner=manner,
                now=now,
            )
        )
    return Recorded(saved=saved, placed=tuple(placed))


def _known(connection: Connection, desk_id: int, arrival: Arrival, found: dict[int, copies.Overlap]) -> KnownHit | None:
    """The known story that an article is: by address or headline, else as a copy or an excerpt of its text."""
    identities = (*arrival.names, *arrival.cited)
    by_name = known.by_address_or_title(connection, desk_id, identities, arrival.reading.title)
    return by_name or copies.nearest_known(connection, desk_id, arrival.fingerprint, found)


def check_generation(connection: Connection, told: Told) -> None:
    """Refuse to go on with matches of an older watch list.

    Raises:
        StaleMatchesError: the desks changed since `told` was read.
    """
    if meta.generation(connection) != told.generation:
        msg = "the watch list changed meanwhile"
        raise StaleMatchesError(msg)

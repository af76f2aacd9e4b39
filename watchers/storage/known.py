"""Known stories: what the desk already has. The seed corpus first, later what it marks itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, false, func, insert, literal, or_, select

from watchers.storage import copies
from watchers.storage.among import among
from watchers.storage.articles import LONGEST_KEY
from watchers.storage.schema import known_addresses, known_stories
from watchers.stories.canonical import title_key
from watchers.stories.corpus import KnownText
from watchers.stories.identity import addresses
from watchers.stories.place import KnownHit

# Asked for every article: by address, and by headline.
_FIRST = (
    select(known_addresses.c.identity.label("key"), literal(1).label("way"), func.min(known_stories.c.id).label("id"))
    .join(known_stories, known_stories.c.id == known_addresses.c.known_id)
    .where(
        known_stories.c.desk_id + 0 == bindparam("desk"),  # by its address: through the desk, all would be looked at
        among(known_addresses.c.identity, "identities"),
    )
    .group_by(known_addresses.c.identity)
    .union_all(
        select(known_stories.c.title_key, literal(2), func.min(known_stories.c.id))
        .where(
            known_stories.c.desk_id == bindparam("desk"),
            among(known_stories.c.title_key, "title_keys"),
        )
        .group_by(known_stories.c.title_key)
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStory:
    """A known story as `corpus list` shows it."""

    id: int
    title: str | None
    url: str | None
    outlet: str | None
    published: datetime | None
    origin: str


def add(connection: Connection, desk_id: int, texts: Iterable[KnownText], *, origin: str, now: datetime) -> int:
    """Make stories known to a desk; those it knows already (same text, or same address) are passed over.

    So are those that nothing could be recognised by: without a text, an address and a title long enough.
    Returns how many were added.
    """
    added = 0
    for known in texts:
        identities = sorted(addresses(*known.urls))
        title = title_key(known.title or "")[:LONGEST_KEY]
        fingerprint_id = None if known.fingerprint is None else copies.store(connection, known.fingerprint)
        if not (identities or title or fingerprint_id) or _has(connection, desk_id, identities, title, fingerprint_id):
            continue
        known_id = connection.execute(
            insert(known_stories)
            .values(
                desk_id=desk_id,
                title=known.title,
                title_key=title,
                url=known.url,
                outlet=known.outlet,
                published=known.published,
                fingerprint_id=fingerprint_id,
                origin=origin,
                added_at=now,
            )
            .returning(known_stories.c.id)
        ).scalar_one()
        if identities:
            connection.execute(
                insert(known_addresses), [{"known_id": known_id, "identity": identity} for identity in identities]
            )
        added += 1
    return added


def _has(connection: Connection, desk_id: int, identities: list[str], title: str, fingerprint_id: int | None) -> bool:
    """Whether the desk knows this very thing: the same text; or, without a text, the same address or title."""
    if fingerprint_id is not None:
        same = known_stories.c.fingerprint_id == fingerprint_id
    else:
        same = or_(
            known_stories.c.id.in_(
                select(known_addresses.c.known_id).where(known_addresses.c.identity.in_(identities))
            ),
            known_stories.c.title_key == title if title else false(),
        )
    return (
        connection.execute(select(known_stories.c.id).where(known_stories.c.desk_id == desk_id, same).limit(1)).first()
        is not None
    )


def by_address_or_title(connection: Connection, desk_id: int, identities: Sequence[str], title: str) -> KnownHit | None:
    """The known story that an article is by one of its canonical addresses, or by its headline."""
    (hit,) = by_addresses_or_titles(connection, desk_id, [(identities, title)])
    return hit


def by_addresses_or_titles(
    connection: Connection, desk_id: int, articles: Sequence[tuple[Sequence[str], str]]
) -> list[KnownHit | None]:
    """For each article, by its canonical addresses and its headline: the first known story that it is."""
    keyed = [(identities, title_key(title)[:LONGEST_KEY]) for identities, title in articles]
    wanted = {
        "desk": desk_id,
        "identities": sorted({identity for identities, _ in keyed for identity in identities}),
        "title_keys": sorted({key for _, key in keyed if key}),
    }
    first = {(row.way, row.key): row.id for row in connection.execute(_FIRST, wanted)}
    hits: list[KnownHit | None] = []
    for identities, key in keyed:
        by_address = [first[1, identity] for identity in identities if (1, identity) in first]
        known_id = min(by_address) if by_address else first.get((2, key))
        hits.append(None if known_id is None else KnownHit(known_id=known_id))
    return hits


def label(connection: Connection, known_id: int) -> str:
    """A known story's address, or its title where it has none."""
    row = connection.execute(
        select(known_stories.c.url, known_stories.c.title).where(known_stories.c.id == known_id)
    ).one()
    return row.url or row.title or f"known story {known_id}"


def every(connection: Connection, desk_id: int) -> list[KnownStory]:
    """All that a desk knows, in order of addition."""
    rows = connection.execute(
        select(known_stories).where(known_stories.c.desk_id == desk_id).order_by(known_stories.c.id)
    )
    return [
        KnownStory(
            id=row.id, title=row.title, url=row.url, outlet=row.outlet, published=row.published, origin=row.origin
        )
        for row in rows
    ]

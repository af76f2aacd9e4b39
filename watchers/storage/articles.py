"""Articles and their revisions: one row an article, under every canonical address that led to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from watchers.models import Outcome, Reading
from watchers.storage.among import among
from watchers.storage.rows import insert_rows, new_numbers
from watchers.storage.schema import article_addresses, articles, revisions
from watchers.stories.canonical import title_key

LONGEST_KEY = 300  # characters of a title key that are compared
LONGEST_LANGUAGE = 16  # characters of a language tag that are kept

# Built once: what is done for every article costs more to put together than to run.
_HAVE = select(articles.c.id, articles.c.title, articles.c.text, articles.c.text_hash, articles.c.partial).where(
    articles.c.id == bindparam("article")
)
_OF_ADDRESS = (
    select(articles)
    .join(article_addresses, article_addresses.c.article_id == articles.c.id)
    .where(article_addresses.c.address == bindparam("address"))
)
_NAMED = select(article_addresses.c.address, article_addresses.c.article_id).where(
    among(article_addresses.c.address, "names")
)
_NAME = insert(article_addresses)
_ADD = insert(articles).returning(articles.c.id)
_READ = (  # what a reading fills
    articles.c.title,
    articles.c.title_key,
    articles.c.text,
    articles.c.text_hash,
    articles.c.outlet,
    articles.c.published,
    articles.c.updated,
    articles.c.byline,
    articles.c.language,
    articles.c.image,
    articles.c.outcome,
    articles.c.partial,
)
_ROW = (articles.c.id, articles.c.identity, articles.c.source_id, articles.c.url, articles.c.first_seen, *_READ)
_CALLED = (article_addresses.c.address, article_addresses.c.article_id)
_TIE = update(articles).where(articles.c.id == bindparam("article")).values(fingerprint_id=bindparam("fingerprint"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as recorded. `reading.text` is empty once retention took it."""

    id: int
    identity: str
    reading: Reading
    first_seen: datetime
    fingerprint_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What saving an article came to."""

    article_id: int
    is_new: bool  # its canonical address was never seen before
    text_changed: bool  # we had it, with another text


def find(connection: Connection, identity: str) -> StoredArticle | None:
    """The article of a canonical address."""
    row = connection.execute(_OF_ADDRESS, {"address": identity}).first()
    return None if row is None else stored(row)


def named(connection: Connection, names: Sequence[str]) -> frozenset[str]:
    """Those of some canonical addresses that lead to an article."""
    return frozenset(connection.execute(_NAMED, {"names": list(names)}).scalars())


def label(connection: Connection, article_id: int) -> str:
    """An article's address, or its title where it has none."""
    row = connection.execute(select(articles.c.url, articles.c.title).where(articles.c.id == article_id)).one()
    return row.url or row.title or f"article {article_id}"


def since(connection: Connection, moment: datetime) -> Iterator[StoredArticle]:
    """Articles first seen since a moment whose text is still kept, oldest first."""
    rows = connection.execute(
        select(articles).where(articles.c.first_seen >= moment, articles.c.text.is_not(None)).order_by(articles.c.id)
    )
    return map(stored, rows)


def stored(row: Row[Any]) -> StoredArticle:
    """A whole row of the articles."""
    return StoredArticle(
        id=row.id,
        identity=row.identity,
        first_seen=row.first_seen,
        fingerprint_id=row.fingerprint_id,
        reading=Reading(
            outcome=Outcome(row.outcome),
            url=row.url,
            title=row.title,
            text=row.text or "",
            published=row.published,
            updated=row.updated,
            byline=row.byline,
            outlet=row.outlet,
            language=row.language,
            image=row.image,
            partial=row.partial,
        ),
    )


def save(
    connection: Connection,
    *,
    names: Sequence[str],
    source_id: int | None,
    reading: Reading,
    text_hash: str,
    now: datetime,
    article_id: int | None = None,
) -> Saved:
    """Record an article, or its revision when its text is another one than we have.

    `names` are the canonical addresses that led to it, the nearest first: it is the article of the first that has one,
    or `article_id` where its item led to one before. A reading that has only the feed's own words never replaces one of
    the whole page: that page did not change.
    """
    named: dict[str, int] = {row.address: row.article_id for row in connection.execute(_NAMED, {"names": list(names)})}
    if article_id is None:
        article_id = next((named[name] for name in names if name in named), None)
    saved = _save(connection, article_id, names[0], source_id, reading, text_hash, now)
    if unnamed := [name for name in names if name not in named]:
        connection.execute(_NAME, [{"address": name, "article_id": saved.article_id} for name in unnamed])
    return saved


def add_all(
    connection: Connection, arrived: Sequence[tuple[Sequence[str], int | None, Reading, str]], *, now: datetime
) -> list[Saved]:
    """Record articles whose names lead to none yet: (names, source, reading, text hash) of each. In the same order."""
    numbers = new_numbers(connection, articles, len(arrived))
    rows = []
    for number, (names, source_id, reading, text_hash) in zip(numbers, arrived, strict=True):
        read = _columns(reading, text_hash)
        rows.append((number, names[0], source_id, reading.url, now, *(read[column.name] for column in _READ)))
    insert_rows(connection, _ROW, rows)
    called = [(name, number) for number, (names, *_) in zip(numbers, arrived, strict=True) for name in names]
    insert_rows(connection, _CALLED, called)
    return [Saved(article_id=number, is_new=True, text_changed=False) for number in numbers]


def _columns(reading: Reading, text_hash: str) -> dict[str, Any]:
    """What a reading fills of an article's row, each time it is read."""
    return {
        "title": reading.title,
        "title_key": title_key(reading.title, reading.outlet)[:LONGEST_KEY],
        "text": reading.text,
        "text_hash": text_hash,
        "outlet": reading.outlet,
        "published": reading.published,
        "updated": reading.updated,
        "byline": reading.byline,
        "language": reading.language[:LONGEST_LANGUAGE] if reading.language else None,
        "image": reading.image,
        "outcome": reading.outcome.value,
        "partial": reading.partial,
    }


def _save(
    connection: Connection,
    article_id: int | None,
    identity: str,
    source_id: int | None,
    reading: Reading,
    text_hash: str,
    now: datetime,
) -> Saved:
    row = None if article_id is None else connection.execute(_HAVE, {"article": article_id}).first()
    columns = _columns(reading, text_hash)
    if row is None:
        row_of_it = columns | {"identity": identity, "source_id": source_id, "url": reading.url, "first_seen": now}
        inserted = connection.execute(_ADD, row_of_it)
        return Saved(article_id=inserted.scalar_one(), is_new=True, text_changed=False)
    if row.text_hash == text_hash or (reading.partial and not row.partial):
        return Saved(article_id=row.id, is_new=False, text_changed=False)
    connection.execute(
        insert(revisions).values(
            article_id=row.id, title=row.title, text=row.text, text_hash=row.text_hash, replaced_at=now
        )
    )
    connection.execute(update(articles).where(articles.c.id == row.id).values(**columns))
    return Saved(article_id=row.id, is_new=False, text_changed=True)


def set_fingerprint(connection: Connection, article_id: int, fingerprint_id: int) -> None:
    """Tie an article to the fingerprint of its text."""
    connection.execute(_TIE, {"article": article_id, "fingerprint": fingerprint_id})

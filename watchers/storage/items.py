"""Entries that sources show, remembered for ever.

Also past the window that a feed shows, so that an old entry which slides back in is not news. An unread item is one
whose article is still to be read: a crash never loses it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Connection,
    Row,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from watchers.models import Item
from watchers.sources.recognise import ItemKeys, KnownItem
from watchers.storage.among import among
from watchers.storage.desks import ACTIVE
from watchers.storage.rows import insert_rows
from watchers.storage.schema import desks, follows, items
from watchers.stories.identity import addresses

UNREAD = "unread"
READ = "read"
_SHOWN = TypeAdapter(Item)
PUT_OFF_AT_MOST = timedelta(hours=25)  # more than any page is: what is later was written by a clock that was ahead
SUMMARY_KEPT = 1000  # characters of a read item's own summary that stay

IS_UNREAD = items.c.state == literal_column(f"'{UNREAD}'")  # in its own words: a parameter would miss the index

# Built once: what is done for every article costs more to put together than to run.
_THIS = items.c.id == bindparam("item")
_ENTRY = (
    items.c.source_id,
    items.c.entry_key,
    items.c.link_key,
    items.c.story_key,
    items.c.content_key,
    items.c.state,
    items.c.silent,
    items.c.held,
    items.c.attempts,
    items.c.shown,
    items.c.url,
    items.c.title,
    items.c.published,
    items.c.first_seen,
)
_SHOWN_AT = func.coalesce(items.c.published, items.c.first_seen)
_UNREAD = (
    select(
        items.c.id,
        items.c.source_id,
        cast(items.c.shown, Text).label("shown"),  # checked and read from its JSON at once
        items.c.content_key,
        items.c.first_seen,
        items.c.silent,
        items.c.held,
        items.c.attempts,
        items.c.article_id,
    )
    .where(items.c.source_id == bindparam("source"), IS_UNREAD)
    .order_by(_SHOWN_AT, items.c.id)
)
_UNREAD_BY_NOW = _UNREAD.where(or_(items.c.next_at.is_(None), items.c.next_at <= bindparam("now")))
_OF_SOURCE = items.c.source_id == bindparam("source")
_DATED = (
    select(items.c.published.label("at"))
    .where(_OF_SOURCE, items.c.published.is_not(None))
    .order_by(items.c.published.desc())
    .limit(bindparam("most"))
)
_UNDATED = (
    select(items.c.first_seen.label("at"))
    .where(_OF_SOURCE, items.c.published.is_(None))
    .order_by(items.c.id.desc())
    .limit(bindparam("most"))
)
_PUBLISHED = union_all(  # in the index's own order each: no source's history is gone through at every poll
    *(select(newest.subquery().c.at) for newest in (_DATED, _UNDATED))
)
_MARK_READ_AS_SHOWN = (
    update(items)
    .where(_THIS, items.c.content_key == bindparam("content"))
    .values(state=READ, article_id=bindparam("article"))
)
_MARK_READ = _MARK_READ_AS_SHOWN.values(shown=bindparam("kept"))
_LED_TO = update(items).where(_THIS, items.c.article_id.is_(None)).values(article_id=bindparam("article"))
_ALSO_LEADS_THERE = (
    select(items.c.id)
    .where(
        items.c.source_id == bindparam("source"),
        items.c.link_key == select(items.c.link_key).where(_THIS).scalar_subquery(),
        items.c.id != bindparam("item"),
        items.c.title != bindparam("title"),
    )
    .limit(1)
)
_OTHER = items.alias("other")
_SHARING = (
    select(items.c.id)
    .join(_OTHER, and_(_OTHER.c.source_id == items.c.source_id, _OTHER.c.link_key == items.c.link_key))
    .where(among(items.c.id, "items"), _OTHER.c.id != items.c.id, _OTHER.c.title != items.c.title)
    .distinct()
)
_KEYS = ("entry_key", "link_key", "story_key")
_SHARING_KEY = union_all(  # with one condition for all three, every item of the source would be looked at
    *(
        select(items.c.id, items.c.entry_key, items.c.link_key, items.c.story_key, items.c.content_key).where(
            items.c.source_id == bindparam("source"), among(items.c[column], column)
        )
        for column in _KEYS
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """An unread item with what is known of how it came."""

    id: int
    source_id: int
    item: Item
    name: str  # of the article that it leads to: its canonical address; where it has none, its own
    content_key: str
    first_seen: datetime
    silent: bool
    held: str | None
    attempts: int
    article_id: int | None  # that it led to before; its words changed since


def own_name(source_id: int, item_id: int) -> str:
    """What an article is known by that has no address of its own."""
    return f"item:{source_id}:{item_id}"


def known(connection: Connection, source_id: int, keys: Sequence[ItemKeys]) -> list[KnownItem]:
    """Every stored item of a source that shares a key with an incoming one."""
    wanted = {column: {value for key in keys if (value := getattr(key, column))} for column in _KEYS}
    if not any(wanted.values()):
        return []
    found: dict[int, KnownItem] = {}
    for row in connection.execute(_SHARING_KEY, {"source": source_id, **wanted}):
        found[row.id] = KnownItem(
            item_id=row.id,
            keys=ItemKeys(
                entry_key=row.entry_key, link_key=row.link_key, story_key=row.story_key, content_key=row.content_key
            ),
        )
    return list(found.values())


def add(
    connection: Connection,
    source_id: int,
    entries: Iterable[tuple[Item, ItemKeys, bool]],
    *,
    now: datetime,
    held: str | None,
) -> int:
    """Record unseen items as unread; each comes with whether it is silent. Returns how many."""
    rows = [
        (
            source_id,
            keys.entry_key,
            keys.link_key,
            keys.story_key,
            keys.content_key,
            UNREAD,
            silent,
            held,
            0,
            _SHOWN.dump_json(item).decode(),
            item.url,
            item.title,
            item.published,
            now,
        )
        for item, keys, silent in entries
    ]
    insert_rows(connection, _ENTRY, rows, written=(items.c.shown,))
    return len(rows)


def edit(connection: Connection, item_id: int, item: Item, keys: ItemKeys) -> None:
    """An item whose words changed: to be read again, as a revision of what it was."""
    connection.execute(
        update(items)
        .where(items.c.id == item_id)
        .values(
            **asdict(keys),
            state=UNREAD,
            attempts=0,
            next_at=None,
            shown=_as_json(item),
            url=item.url,
            title=item.title,
            published=item.published,
        )
    )


def _as_json(item: Item) -> Any:
    """What an item says, as `add` writes it: text that could not be read again is refused here."""
    return json.loads(_SHOWN.dump_json(item))


def rekey(connection: Connection, item_id: int, keys: ItemKeys) -> None:
    """An item that is as it was, recognised by other keys from now on."""
    connection.execute(update(items).where(items.c.id == item_id).values(**asdict(keys)))


def unread(connection: Connection, source_id: int, *, now: datetime | None) -> list[StoredItem]:
    """Items of a source that wait to be read, the oldest first: a story's first teller comes before its copies.

    With `now`, those whose page is to be tried again later are left out.
    """
    if now is None:
        waiting = connection.execute(_UNREAD, {"source": source_id})
    else:
        waiting = connection.execute(_UNREAD_BY_NOW, {"source": source_id, "now": now})
    return [_stored(row) for row in waiting]


def _stored(row: Row[Any]) -> StoredItem:
    item = _SHOWN.validate_json(row.shown)
    (name,) = addresses(item.url) or (own_name(row.source_id, row.id),)
    return StoredItem(
        id=row.id,
        source_id=row.source_id,
        item=item,
        name=name,
        content_key=row.content_key,
        first_seen=row.first_seen,
        silent=row.silent,
        held=row.held,
        attempts=row.attempts,
        article_id=row.article_id,
    )


def sources_to_read(connection: Connection, now: datetime, limit: int) -> list[int]:
    """Followed sources with items that wait to be read: left by a crash, or by a page that could not be reached."""
    return list(
        connection.execute(
            select(items.c.source_id)
            .where(
                IS_UNREAD,
                or_(items.c.next_at.is_(None), items.c.next_at <= now),
                exists().where(
                    follows.c.source_id == items.c.source_id,
                    follows.c.state == ACTIVE,
                    desks.c.id == follows.c.desk_id,
                    desks.c.left_at.is_(None),  # nobody reads for a desk that the bot was removed from
                ),
            )
            .distinct()
            .limit(limit)
        ).scalars()
    )


def try_again(connection: Connection, item_id: int, *, attempts: int, at: datetime) -> None:
    """The item's page could not be reached: read it later."""
    connection.execute(update(items).where(items.c.id == item_id).values(attempts=attempts, next_at=at))


def put_off(connection: Connection, source_id: int, *, now: datetime, until: datetime) -> None:
    """What waits of a source could not be read, by a bug: rows that hold no item wait; if there are none, all do."""
    waiting = connection.execute(_UNREAD_BY_NOW, {"source": source_id, "now": now}).all()
    chosen = [row.id for row in waiting if not _holds_item(row)] or [row.id for row in waiting]
    connection.execute(update(items).where(among(items.c.id, "chosen")).values(next_at=until), {"chosen": chosen})


def _holds_item(row: Row[Any]) -> bool:
    try:
        _stored(row)
    except ValueError:
        return False
    return True


def set_right(connection: Connection, now: datetime) -> None:
    """What a clock that was ahead put off is read now."""
    put_off = and_(IS_UNREAD, items.c.next_at > now + PUT_OFF_AT_MOST)
    connection.execute(update(items).where(put_off).values(next_at=now))


def shares_link(connection: Connection, stored: StoredItem) -> bool:
    """Whether an entry with another title leads to the same address in the same source (a live page, a show's page)."""
    asked = {"source": stored.source_id, "item": stored.id, "title": stored.item.title}
    return connection.execute(_ALSO_LEADS_THERE, asked).first() is not None


def sharing_links(connection: Connection, item_ids: Sequence[int]) -> frozenset[int]:
    """Those of some items that `shares_link` is true of."""
    return frozenset(connection.execute(_SHARING, {"items": list(item_ids)}).scalars())


def mark_all_read(connection: Connection, led: Sequence[tuple[StoredItem, int]]) -> None:
    """Items and the articles that they led to, as `mark_read` does it."""
    as_shown = []
    for stored, article_id in led:
        if len(stored.item.summary) > SUMMARY_KEPT:
            mark_read(connection, stored, article_id)
        else:
            as_shown.append({"item": stored.id, "content": stored.content_key, "article": article_id})
    if as_shown and connection.execute(_MARK_READ_AS_SHOWN, as_shown).rowcount < len(as_shown):
        connection.execute(_LED_TO, [{"item": row["item"], "article": row["article"]} for row in as_shown])


def mark_read(connection: Connection, stored: StoredItem, article_id: int) -> None:
    """The item's article is recorded. Not when the item was edited meanwhile: then it stays unread."""
    shown = _as_json(replace(stored.item, summary=stored.item.summary[:SUMMARY_KEPT]))
    as_read = {"item": stored.id, "content": stored.content_key, "article": article_id, "kept": shown}
    if not connection.execute(_MARK_READ, as_read).rowcount:
        connection.execute(_LED_TO, {"item": stored.id, "article": article_id})


def publication_times(connection: Connection, source_id: int, limit: int = 50) -> list[datetime]:
    """When the newest items of a source were published (first seen, where it gives no date), newest first."""
    times = connection.execute(_PUBLISHED, {"source": source_id, "most": limit}).scalars().all()
    return sorted(times, reverse=True)[:limit]


def article_of(connection: Connection, item_id: int) -> int | None:
    """The article that an item led to."""
    return connection.execute(select(items.c.article_id).where(items.c.id == item_id)).scalar()

"""What a newsroom's desk has read: sources that it follows, and articles that came from them.

await follow(room, "courier")
await bring(room, "courier", "Quay goes dark", "The harbor cameras were switched off.")
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from config.watchlist import Source
from tests.bot.chat.newsroom import Room
from watchers.listening import listen
from watchers.models import Item, Outcome, Reading
from watchers.sources.recognise import keys_of
from watchers.storage import desks, items, told
from watchers.storage.placing import Arrival, Manner
from watchers.storage.recording import Recorded, record
from watchers.storage.schema import follows, sources
from watchers.storage.sources import FollowView
from watchers.stories.fingerprint import fingerprint
from watchers.stories.identity import addresses, article_hash


async def follow(room: Room, name: str, *, desk: int | None = None, tags: tuple[str, ...] = ()) -> None:
    """Have a desk follow a source."""
    entry = Source(url=f"https://{name}.example/feed", tags=tags)
    await room.database.write(told.add_source, desk or room.desk, name, entry)
    await room.office.refresh()


async def bring(
    room: Room,
    source: str,
    title: str,
    text: str,
    *,
    published: datetime | None = None,
    url: str | None = None,
    outlet: str | None = None,
    silent: bool = False,
    undated: bool = False,
) -> Recorded:
    """Have an article come from a source, to every desk that follows it."""
    now = room.now[0]
    reading = Reading(
        outcome=Outcome.OK,
        url=url or f"https://{source}.example/{title.replace(' ', '-')}",
        title=title,
        text=text,
        outlet=outlet or source.capitalize(),
        published=None if undated else published or now,
    )
    return await room.database.write(_bring, f"https://{source}.example/feed", reading, silent, now)


def _bring(connection: Connection, address: str, reading: Reading, silent: bool, now: datetime) -> Recorded:
    source_id = connection.execute(select(sources.c.id).where(sources.c.url == address)).scalar_one()
    following = tuple(
        FollowView(desk_id=row.desk_id, name=row.name, tags=frozenset(row.tags))
        for row in connection.execute(select(follows).where(follows.c.source_id == source_id))
    )
    item = Item(url=reading.url, title=reading.title, published=reading.published)
    items.add(connection, source_id, [(item, keys_of(item), silent)], now=now, held=None)
    stored: Any = items.unread(connection, source_id, now=None)[-1]
    now_told = desks.load(connection)
    arrival = Arrival(
        names=addresses(reading.url),
        source_id=source_id,
        reading=reading,
        text_hash=article_hash(reading),
        fingerprint=fingerprint(reading.text),
        matches=listen(now_told).hear(reading, following),
        item=stored,
        silent=silent,
    )
    return record(connection, arrival, now_told, Manner(), now)

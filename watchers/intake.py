"""Unread items become articles: read → match → place and record, each article in one transaction of its own.

An item stays unread until its article is committed, so a crash at any point reads it again and tells it once. The page
of an article is fetched once, whatever sources show it; items that are old news are taken with the feed's own words.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from watchers.fetch.client import Fetcher
from watchers.listening import Listener
from watchers.models import Outcome, Reading
from watchers.reading.reader import read_article, reading_of_item
from watchers.reading.worker import Worker
from watchers.report import Report
from watchers.storage import items
from watchers.storage.database import Database
from watchers.storage.items import StoredItem
from watchers.storage.recording import Arrival, Manner, Recorded, StaleMatchesError, before_reading, record
from watchers.storage.sources import SourceState
from watchers.stories.fingerprint import fingerprint
from watchers.stories.identity import addresses, article_hash

READ_ATTEMPTS = 3  # of a page that can't be reached, before the feed's own words have to do
READ_AGAIN = timedelta(minutes=10)
PAGES_AT_ONCE = 8  # article pages of one source in flight; the fetcher paces each origin below that


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Reads and records the unread items of a source."""

    database: Database
    fetcher: Fetcher
    worker: Worker
    listener: Listener
    clock: Callable[[], datetime]
    manner: Manner
    patient: bool = True  # a page that can't be reached is tried again later; False: also before its time (`--once`)
    _reading: "WeakValueDictionary[str, asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    async def read_items(self, state: SourceState) -> Report:
        """Read, match, place and record every unread item of a source."""
        report = Report()
        waiting = await self.database.read(items.unread, state.id, now=self.clock() if self.patient else None)
        free = asyncio.Semaphore(PAGES_AT_ONCE)

        async def one(stored: StoredItem) -> None:
            async with free:
                recorded = await self._take_in(state, stored)
            if recorded is not None:
                report.count(recorded)

        async with asyncio.TaskGroup() as group:
            for stored in waiting:
                group.create_task(one(stored))
        return report

    async def _take_in(self, state: SourceState, stored: StoredItem) -> Recorded | None:
        """One item to its article. None: its page is to be tried again later."""
        feed_words = _told_by(reading_of_item(stored.item), state)
        address = next(iter(addresses(stored.item.url)), None)
        shared, have = await self.database.read(before_reading, stored, address)
        if address is None or shared:
            # It has no page, or one that is not its own: the feed's words are all there is of it.
            return await self._record(state, stored, feed_words, f"item:{state.id}:{stored.id}", ())
        if stored.silent or state.read == "never":
            return await self._record(state, stored, have or feed_words, address, ())
        lock = self._reading.setdefault(address, asyncio.Lock())
        async with lock:  # thirty feeds that show one address in the same second fetch its page once
            return await self._read(state, stored, feed_words, address)

    async def _read(self, state: SourceState, stored: StoredItem, feed_words: Reading, address: str) -> Recorded | None:
        _, have = await self.database.read(before_reading, stored, address)
        if have is not None and stored.first_reading:
            return await self._record(state, stored, have, address, ())
        if await self._is_off_topic(state, feed_words):
            return await self._record(state, stored, feed_words, address, ())
        assert stored.item.url is not None
        fetched = await self.fetcher.get(stored.item.url, robots=True)
        reading = _told_by(await read_article(fetched, stored.item, self.worker), state)
        if reading.outcome is Outcome.FAILED and await self._comes_back_later(state, stored, feed_words):
            return None
        names = addresses(None if reading.partial else fetched.final_url, address, reading.canonical_url)
        return await self._record(state, stored, reading, names[0], names[1:])

    async def _is_off_topic(self, state: SourceState, feed_words: Reading) -> bool:
        """Whether the desk reads only what the feed's own words match, and these don't."""
        return state.read == "matched" and not await self._heard(state, feed_words)

    async def _comes_back_later(self, state: SourceState, stored: StoredItem, feed_words: Reading) -> bool:
        """Put off an item whose page can't be reached, for the text that it would have.

        Not where the feed's own words match already: those are told now.
        """
        if stored.attempts + 1 >= READ_ATTEMPTS or await self._heard(state, feed_words):
            return False
        again = self.clock() + READ_AGAIN * 2**stored.attempts
        await self.database.write(items.try_again, stored.id, attempts=stored.attempts + 1, at=again)
        return True

    async def _heard(self, state: SourceState, reading: Reading) -> bool:
        listening = await self.listener.current()
        return any(listening.hear(reading, state.follows).values())

    async def _record(
        self, state: SourceState, stored: StoredItem, reading: Reading, identity: str, other: tuple[str, ...]
    ) -> Recorded:
        text_hash = article_hash(reading)
        print_of_text = fingerprint(reading.text) if reading.text else None
        while True:
            listening = await self.listener.current()
            arrival = Arrival(
                identity=identity,
                addresses=other,
                source_id=state.id,
                reading=reading,
                text_hash=text_hash,
                fingerprint=print_of_text,
                matches=listening.hear(reading, state.follows),
                item=stored,
                silent=stored.silent,
                held=stored.held,
            )
            try:
                return await self.database.write(record, arrival, listening.told, self.manner, self.clock())
            except StaleMatchesError:
                continue


def _told_by(reading: Reading, state: SourceState) -> Reading:
    """The reading, with what it leaves open said by its source."""
    return replace(
        reading,
        outlet=reading.outlet or state.outlet or state.title or None,
        language=reading.language or state.language,
    )

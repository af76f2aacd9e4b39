"""Unread items become articles: read → match → place and record. The last step is one transaction.

    unread items ─take together→ those that are new everywhere and need no page: recorded many at once
                 ─take in→       every other one by itself: its page is read, it is matched, placed and told

An item stays unread until its article is committed, so a crash at any point reads it again and tells it once. The page
of an article is fetched once, whatever sources show it; items that are old news are taken with the feed's own words.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from watchers.errors import WiredeskError
from watchers.fetch.client import Fetcher
from watchers.listening import Listener, Listening
from watchers.models import FetchResult, Outcome, Reading
from watchers.reading.reader import read_article, reading_of_item
from watchers.reading.worker import Worker
from watchers.report import Report
from watchers.storage import articles, items, sources
from watchers.storage.database import Database
from watchers.storage.items import StoredItem
from watchers.storage.placing import Arrival, Manner
from watchers.storage.recording import Recorded, StaleMatchesError, before_reading, record
from watchers.storage.sources import SourceState
from watchers.storage.together import Waiting, record_together, waiting
from watchers.stories.fingerprint import fingerprint
from watchers.stories.identity import addresses, article_hash, resembles

log = structlog.get_logger(__name__)

READ_ATTEMPTS = 3  # of a page that can't be reached, before the feed's own words have to do
READ_AGAIN = timedelta(minutes=10)
READ_WITHIN = timedelta(minutes=30)  # at the least, however often a desk runs
WAIT_AT_MOST = timedelta(hours=25)  # for a server that asks for time
TOGETHER = 64  # items that are recorded in one transaction
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
        """Read, match, place and record every unread item of a source.

        Those that need no page go in their order, for a story's first teller comes before its copies.
        """
        report = Report()
        state = await self._as_told(state, await self.listener.at_hand())
        what = await self.database.read(waiting, state.id, now=self.clock() if self.patient else None)
        plain, left, together = _plain(what), list[StoredItem](), list[StoredItem]()
        for stored in what.items:
            if stored.id in plain:
                together.append(stored)
            elif _needs_no_page(state, stored):
                left += await self._taken_together(state, together, report)
                together = []
                await self._counted(state, stored, report)
            else:
                left.append(stored)
        left += await self._taken_together(state, together, report)
        free = asyncio.Semaphore(PAGES_AT_ONCE)

        async def one(stored: StoredItem) -> None:
            async with free:
                await self._counted(state, stored, report)

        async with asyncio.TaskGroup() as group:
            for stored in left:
                group.create_task(one(stored))
        return report

    async def _counted(self, state: SourceState, stored: StoredItem, report: Report) -> None:
        recorded = await self._taken_in(state, stored)
        if recorded is not None:
            report.count(recorded)

    async def _taken_together(
        self, state: SourceState, plain: Sequence[StoredItem], report: Report
    ) -> list[StoredItem]:
        """Record those of the items that need no page; returns the others."""
        recorded: dict[int, Recorded] = {}
        try:
            for start in range(0, len(plain), TOGETHER):
                recorded |= await self._record_together(state, plain[start : start + TOGETHER])
        except WiredeskError:
            raise
        except Exception:
            log.exception("a bug: these items are taken one by one", source=state.name)
        for each in recorded.values():
            report.count(each)
        return [stored for stored in plain if stored.id not in recorded]

    async def _record_together(self, state: SourceState, plain: Sequence[StoredItem]) -> dict[int, Recorded]:
        """By item, what became of those that need no page: they are old news, or their source is not read so far."""
        listening = await self.listener.at_hand()
        while True:
            state = await self._as_told(state, listening)
            if not state.follows:
                return {}
            arrivals = {}
            for stored in plain:
                if state.read == "all" and not _needs_no_page(state, stored):
                    continue
                await asyncio.sleep(0)  # a feed of five hundred long entries must not keep everyone else waiting
                arrival = _arrival(state, stored, _feed_words(state, stored), (stored.name,), listening)
                if _needs_no_page(state, stored) or not any(arrival.matches.values()):
                    arrivals[stored.id] = arrival
            if not arrivals:
                return {}
            try:
                recorded = await self.database.write(
                    record_together, list(arrivals.values()), listening.told, self.manner, self.clock()
                )
            except StaleMatchesError:
                listening = await self.listener.current()
            else:
                return dict(zip(arrivals, recorded, strict=False))  # none where a name was taken meanwhile

    async def _taken_in(self, state: SourceState, stored: StoredItem) -> Recorded | None:
        """One item to its article; what a bug makes of one item holds up no other."""
        try:
            return await self._take_in(state, stored)
        except WiredeskError:
            raise
        except Exception:
            log.exception("a bug: this item waits, the others go on", source=state.name, item=stored.item.title)
            again = self.clock() + READ_AGAIN * 2 ** min(stored.attempts, 7)
            await self.database.write(items.try_again, stored.id, attempts=stored.attempts + 1, at=again)
            return None

    async def _take_in(self, state: SourceState, stored: StoredItem) -> Recorded | None:
        """One item to its article. None: its page is to be tried again later, or nobody follows its source any more."""
        state = await self._as_told(state, await self.listener.at_hand())
        if not state.follows:
            return None
        feed_words = _feed_words(state, stored)
        if stored.item.url is None:
            return await self._record(state, stored, feed_words, (stored.name,))
        before = await self.database.read(before_reading, stored)
        if before.shares_link:
            # Its page is not its own: the feed's words are all there is of it.
            return await self._record(state, stored, feed_words, (items.own_name(state.id, stored.id),))
        if _needs_no_page(state, stored):
            return await self._record(state, stored, before.whole or feed_words, (stored.name,))
        lock = self._reading.setdefault(stored.name, asyncio.Lock())
        async with lock:  # thirty feeds that show one address in the same second fetch its page once
            return await self._read(state, stored, feed_words)

    async def _read(self, state: SourceState, stored: StoredItem, feed_words: Reading) -> Recorded | None:
        address = stored.name
        before = await self.database.read(before_reading, stored)
        if before.whole is not None and stored.article_id is None:
            return await self._record(state, stored, before.whole, (address,))
        if await self._is_off_topic(state, feed_words):
            return await self._record(state, stored, feed_words, (address,))
        assert stored.item.url is not None
        async with self.fetcher.loads.one() as load:
            fetched = await self.fetcher.get(stored.item.url, robots=True, load=load)
            reading = _told_by(await read_article(fetched, stored.item, self.worker), state)
        if reading.outcome is Outcome.FAILED and await self._comes_back_later(state, stored, feed_words, fetched):
            return None
        names = addresses(address, None if reading.partial else fetched.final_url)
        if await self._is_another_page(reading, stored, names):
            # A page that many addresses lead to is the article of none of them.
            return await self._record(state, stored, feed_words, (address,))
        if not await self._heard(state, reading) and await self._heard(state, feed_words):
            # Whatever stands on the page, the outlet's own summary is on the beat.
            return await self._record(state, stored, feed_words, (address,))
        return await self._record(state, stored, reading, names, cited=addresses(reading.canonical_url))

    async def _is_another_page(self, reading: Reading, stored: StoredItem, names: tuple[str, ...]) -> bool:
        """Whether the item was led to a page that we have from elsewhere, and that speaks of something else."""
        if len(names) == 1:
            return False
        have = await self.database.read(articles.find, names[-1])
        return have is not None and have.id != stored.article_id and not resembles(reading.title, stored.item.title)

    async def _is_off_topic(self, state: SourceState, feed_words: Reading) -> bool:
        """Whether the desk reads only what the feed's own words match, and these don't."""
        return state.read == "matched" and not await self._heard(state, feed_words)

    async def _comes_back_later(
        self, state: SourceState, stored: StoredItem, feed_words: Reading, fetched: FetchResult
    ) -> bool:
        """Put off an item whose page can't be reached, for the text that it would have.

        Not where the feed's own words match already: those are told now. A server that names its time is given it.
        """
        now = self.clock()
        waited = now - stored.first_seen
        if waited < timedelta(0):  # first seen by a clock that was ahead: the pauses since then tell how long ago
            waited = sum((_pause(attempt) for attempt in range(stored.attempts)), timedelta(0))
        tried_enough = stored.attempts + 1 >= READ_ATTEMPTS and waited >= READ_WITHIN
        waited_enough = waited >= WAIT_AT_MOST
        if waited_enough or (tried_enough and not fetched.retry_after) or await self._heard(state, feed_words):
            return False
        pause = max(_pause(stored.attempts), timedelta(seconds=fetched.retry_after or 0))
        await self.database.write(items.try_again, stored.id, attempts=stored.attempts + 1, at=now + pause)
        return True

    async def _as_told(self, state: SourceState, listening: Listening) -> SourceState:
        """The state with those who follow the source now, where they are not those of when `listening` was told.

        What changes between this and the recording is refused there, so no article slips through a change of them.
        """
        if state.generation == listening.told.generation:
            return state
        return await self.database.read(sources.as_told_now, state)

    async def _heard(self, state: SourceState, reading: Reading) -> bool:
        listening = await self.listener.current()
        state = await self._as_told(state, listening)
        return any(listening.hear(reading, state.follows).values())

    async def _record(
        self,
        state: SourceState,
        stored: StoredItem,
        reading: Reading,
        names: tuple[str, ...],
        *,
        cited: tuple[str, ...] = (),
    ) -> Recorded | None:
        listening = await self.listener.at_hand()
        while True:
            state = await self._as_told(state, listening)
            if not state.follows:
                return None
            arrival = _arrival(state, stored, reading, names, listening, cited=cited)
            try:
                return await self.database.write(record, arrival, listening.told, self.manner, self.clock())
            except StaleMatchesError:
                listening = await self.listener.current()


def _plain(what: Waiting) -> set[int]:
    """The numbers of the items that were never seen anywhere, under names of their own."""
    times = Counter(stored.name for stored in what.items)
    return {
        stored.id
        for stored in what.items
        if stored.article_id is None
        and stored.id not in what.sharing
        and stored.name not in what.named
        and times[stored.name] == 1
    }


def _pause(attempts: int) -> timedelta:
    """How long an item waits whose page could not be reached, after so many attempts before."""
    return READ_AGAIN * int(2 ** min(attempts, 3))


def _needs_no_page(state: SourceState, stored: StoredItem) -> bool:
    """Whether the feed's own words are all that is wanted of an item."""
    return state.read == "never" or stored.silent or stored.item.url is None


def _arrival(
    state: SourceState,
    stored: StoredItem,
    reading: Reading,
    names: tuple[str, ...],
    listening: Listening,
    *,
    cited: tuple[str, ...] = (),
) -> Arrival:
    return Arrival(
        names=names,
        cited=cited,
        source_id=state.id,
        reading=reading,
        text_hash=article_hash(reading),
        fingerprint=fingerprint(reading.text) if reading.text else None,
        matches=listening.hear(reading, state.follows),
        item=stored,
        silent=stored.silent,
        held=stored.held,
    )


def _feed_words(state: SourceState, stored: StoredItem) -> Reading:
    return _told_by(reading_of_item(stored.item), state)


def _told_by(reading: Reading, state: SourceState) -> Reading:
    """The reading, with what it leaves open said by its source."""
    return replace(
        reading,
        outlet=reading.outlet or state.outlet or state.title or None,
        language=reading.language or state.language,
    )

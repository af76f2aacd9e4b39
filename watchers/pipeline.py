"""The whole way of the data, in order.

    check_source: source → fetch → parse → recognise → record the poll (validators and unseen items: one transaction)
    Intake:       each unread item → read → match → place and record (one transaction) → the outbox

A page is compared with its latest version instead of being recognised and read. Deciding is pure and elsewhere; this
module leads the data from one stage to the next. What the web does wrong is an `Outcome`; whatever raises here is a
bug, or a database that can't go on. A bug that one source's data brings out is logged with its traceback and fails that
source: every other one goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

import structlog

from watchers.errors import leaves
from watchers.fetch.client import Fetcher
from watchers.fetch.loads import LARGE
from watchers.intake import TOGETHER, Intake
from watchers.listening import Listener
from watchers.models import FetchResult, Item, Outcome, Parsed, Validators
from watchers.policy.watching import BREAKS_OFF, PageWatcher, hear
from watchers.polling import GOOD, FirstLook, Verdict, as_it_names_itself, as_seen_first, body_hash
from watchers.reading.worker import Worker
from watchers.report import Report
from watchers.sources import parse_source
from watchers.sources.recognise import ItemKeys, keyed
from watchers.storage import items, polls, sources
from watchers.storage.database import Database
from watchers.storage.polls import Poll
from watchers.storage.recording import StaleMatchesError
from watchers.storage.sources import SourceState

log = structlog.get_logger(__name__)

READ_AFTER_BUG = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The stages and what they share. One object a running desk."""

    database: Database
    fetcher: Fetcher
    worker: Worker
    listener: Listener
    pages: PageWatcher
    intake: Intake
    clock: Callable[[], datetime]
    first_look: FirstLook
    random: Random
    demo: bool = False

    async def check_source(self, source_id: int) -> Report:
        """Poll one source and record what it brings: fetch, parse, recognise, record; then read, match and place."""
        return await self._alone(source_id, self._check)

    async def read_waiting(self, source_id: int) -> Report:
        """Read what a source still has unread, without polling it."""
        return await self._alone(source_id, self.intake.read_items)

    async def _alone(self, source_id: int, work: Callable[[SourceState], Awaitable[Report]]) -> Report:
        """Work on a source that somebody follows; a bug that this brings out fails the source alone."""
        state = await self.database.read(sources.load, source_id)
        if state is None or not state.follows:
            return Report()
        try:
            return await work(state)
        except Exception as bug:
            ours, _ = leaves(bug)
            if ours is not None:
                raise ours from bug
            log.exception("a bug: this source fails, the others go on", name=state.name)
            error = f"a defect of Wiredesk ({type(bug).__name__}): the log has its traceback; please report it"
            failed = FetchResult(outcome=Outcome.FAILED, url=state.url, final_url=state.address, error=error)
            poll = self._poll(state, failed, None, None)
            await self._record_items(poll)
            # Else the next tick would find it waiting, and bring the bug out again.
            await self.database.write(items.put_off, state.id, now=poll.now, until=poll.now + READ_AFTER_BUG)
            return Report(polled=1, failed=1)

    def _poll(self, state: SourceState, fetched: FetchResult, parsed: Parsed | None, digest: str | None) -> Poll:
        return Poll(
            state=state,
            fetched=fetched,
            digest=digest,
            parsed=parsed,
            now=self.clock(),
            random=self.random,
            demo=self.demo,
        )

    async def _check(self, state: SourceState) -> Report:
        verdict, alerts, brought = await self._ask(state)
        good = verdict.outcome in GOOD
        if not good:
            log.info("source", name=state.name, outcome=verdict.outcome.value, error=verdict.error)
        report = Report(polled=1, failed=not good, not_modified=verdict.outcome is Outcome.NOT_MODIFIED, alerts=alerts)
        if brought or state.has_unread:
            report.add(await self.intake.read_items(as_it_names_itself(state, verdict)))
        return report

    async def _ask(self, state: SourceState) -> tuple[Verdict, int, bool]:
        """Fetch, parse, recognise and record; what the answer brought is let go of before anything is read.

        Returns the verdict, how many alerts a page's change made, and whether there is anything to read.
        """
        async with self.fetcher.loads.one() as load:
            fetched = await self.fetcher.get(state.address, validators=_validators(state), load=load)
            digest = await _digest(fetched)
            parsed = None  # where there is nothing to parse, or the last one still stands
            if digest is not None and digest != state.body_hash:
                parsed = await parse_source(fetched, state.memory, self.worker)
            poll = self._poll(as_seen_first(state, parsed), fetched, parsed, digest)
            if parsed is not None and parsed.page is not None:
                return *await self._record_page(poll, parsed), False
            verdict, brought = await self._record_items(poll)
            return verdict, 0, brought

    async def _record_items(self, poll: Poll) -> tuple[Verdict, bool]:
        entries = () if poll.parsed is None else poll.parsed.items
        shown: list[tuple[Item, ItemKeys]] = []
        for start in range(0, len(entries), TOGETHER):
            shown += keyed(entries[start : start + TOGETHER])
            await asyncio.sleep(0)  # five hundred long entries must not keep everyone else waiting
        return await self.database.write(polls.record_items, poll, shown, self.first_look)

    async def _record_page(self, poll: Poll, parsed: Parsed) -> tuple[Verdict, int]:
        assert parsed.page is not None
        change = await self.pages.compare(poll.state, poll.fetched, parsed.page)
        if change is None:
            cut_off = replace(poll.fetched, outcome=Outcome.FAILED, error=BREAKS_OFF)
            verdict, _ = await self._record_items(replace(poll, fetched=cut_off, parsed=None, digest=None))
            return verdict, 0
        listening = await self.listener.at_hand()
        while True:
            # Who follows the page is asked after who listens: a change of either, from here on, is refused.
            state = await self.database.read(sources.as_told_now, poll.state)
            if not state.follows:  # paused meanwhile: who followed it is told, for the version is seen only once
                state = poll.state
            heard = await asyncio.to_thread(hear, state, change, listening, now=poll.now, demo=poll.demo)
            try:
                return await self.database.write(polls.record_page, poll, heard)
            except StaleMatchesError:
                listening = await self.listener.current()


async def _digest(fetched: FetchResult) -> str | None:
    """The identity of the body that was fetched; None where there is none. A large one keeps nobody else waiting."""
    if fetched.outcome is not Outcome.OK:
        return None
    return await asyncio.to_thread(body_hash, fetched.body) if len(fetched.body) > LARGE else body_hash(fetched.body)


def _validators(state: SourceState) -> Validators:
    """What the last answer gave us; nothing where the next one must be whole, since it was never understood."""
    return state.validators if state.first_ok_at is not None else Validators()

"""A followed page against its last version: the text as fetched → nothing, a first version, or a change to tell.

    PageText + latest Version ─compare→ PageChange ─hear→ HeardChange, what each desk is to be told ─→ recorded

Compared with the latest version only, so that a page which goes back to an older text is told as the change it is.
Blocked, missing and empty answers never come here: they are no versions. Nor is a page that breaks off. What takes
long with a page that somebody made for it (its redline) is the worker's; nothing is compared or matched while the
database is being written.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from watchers.errors import WorkerKilled
from watchers.listening import Listening
from watchers.models import Alert, AlertKind, Change, FetchResult, Match, Outcome, PageText, Parsed, Reading
from watchers.policy.redline import changes, text_hash, whole
from watchers.policy.snapshots import Snapshots
from watchers.polling import FAILING_AFTER
from watchers.reading.worker import Worker
from watchers.sources.page import EXTRACTOR, parse_page
from watchers.storage import versions
from watchers.storage.database import Database
from watchers.storage.desks import DeskView, Told, WatchView
from watchers.storage.sources import SourceState
from watchers.storage.versions import Version
from watchers.stories.telling import reasons

EXTRACT_SECONDS = 5.0
COMPARE_SECONDS = 5.0
BREAKS_OFF = "the page breaks off before its end, which it had"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChange:
    """What a poll found of a page: `version` is to be recorded if `is_new`; with `before`, it is a change to tell."""

    outlet: str | None  # what the page calls its site
    version: Version
    before: Version | None
    is_new: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardChange:
    """A change, and what each desk is to be told of it, by which watches. Stands as long as `told` does."""

    change: PageChange
    told: Told
    alerts: tuple[tuple[DeskView, Alert, tuple[WatchView, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWatcher:
    """Compares pages with their latest versions."""

    database: Database
    worker: Worker
    snapshots: Snapshots

    async def compare(self, state: SourceState, fetched: FetchResult, page: PageText) -> PageChange | None:
        """What the fetched page is beside its latest version. None: it was cut off on its way."""
        before = await self.database.read(versions.latest, state.id)
        if before is not None and before.extractor != EXTRACTOR:
            before = await self._read_again(state, before)
        version = Version(
            number=1 if before is None else before.number + 1,
            title=page.title,
            text=page.text,
            text_hash=text_hash(page.text),
            extractor=EXTRACTOR,
            snapshot=None,
        )
        is_new = before is None or text_hash(before.text) != version.text_hash  # by today's rules of what is the same
        if before is not None and is_new and await self._breaks_off(state, before, fetched.body):
            return None
        if is_new:
            version = replace(version, snapshot=await asyncio.to_thread(self.snapshots.keep, fetched.body))
        told = await self._changes(before.text, page.text) if before is not None and is_new else ()
        return PageChange(outlet=page.outlet, version=version, before=before, is_new=is_new, changes=told)

    async def _changes(self, old: str, new: str) -> tuple[Change, ...]:
        """The redline; paragraphs told whole where the worker can't make it."""
        try:
            return await self.worker.run(changes, old, new, seconds=COMPARE_SECONDS)
        except WorkerKilled:
            return await asyncio.to_thread(whole, old, new)

    async def _breaks_off(self, state: SourceState, before: Version, body: bytes) -> bool:
        """Whether the end is missing that the version before had: a server that dies serves half a page as a whole.

        A page that goes on without it is what it is now.
        """
        if state.failures >= FAILING_AFTER or _is_closed(body) or before.snapshot is None:
            return False
        whole_before = await asyncio.to_thread(self.snapshots.read, before.snapshot)
        return whole_before is not None and _is_closed(whole_before)

    async def _read_again(self, state: SourceState, before: Version) -> Version:
        """The latest version as today's extractor reads its snapshot."""
        body = await asyncio.to_thread(self.snapshots.read, before.snapshot) if before.snapshot else None
        if body is None:
            return before
        try:
            parsed: Parsed = await self.worker.run(
                parse_page, body, None, state.address, state.memory, seconds=EXTRACT_SECONDS
            )
        except WorkerKilled:
            return before
        if parsed.outcome is not Outcome.OK or parsed.page is None:
            return before
        again = replace(before, text=parsed.page.text, text_hash=text_hash(parsed.page.text), extractor=EXTRACTOR)
        await self.database.write(versions.replace_text, state.id, again)
        return again


def _is_closed(body: bytes) -> bool:
    return b"</html" in body.lower()


def hear(state: SourceState, change: PageChange, listening: Listening, *, now: datetime, demo: bool) -> HeardChange:
    """A change as the desks hear it: a watch that names the page, before or after, tells it."""
    if change.before is None or not change.is_new:
        return HeardChange(change=change, told=listening.told, alerts=())
    after, before = _reading(state, change.version), _reading(state, change.before)
    heard_after = listening.hear(after, state.follows)
    heard_before = listening.hear(before, state.follows)
    alerts = []
    for desk in listening.told.desks:
        matching = {match.watch_id: (match, before) for match in heard_before.get(desk.id, ())}
        matching |= {match.watch_id: (match, after) for match in heard_after.get(desk.id, ())}
        watches = tuple(watch for watch in desk.watches if watch.id in matching)
        if watches:
            named = [(watch.name, *matching[watch.id]) for watch in watches]
            alerts.append((desk, _alert(state, change, named, now=now, demo=demo), watches))
    return HeardChange(change=change, told=listening.told, alerts=tuple(alerts))


def _reading(state: SourceState, version: Version) -> Reading:
    return Reading(
        outcome=Outcome.OK,
        url=state.url,
        title=version.title,
        text=version.text,
        outlet=urlsplit(state.url).hostname,
        language=state.language,
    )


def _alert(
    state: SourceState,
    change: PageChange,
    named: list[tuple[str, Match, Reading]],
    *,
    now: datetime,
    demo: bool,
) -> Alert:
    after = change.version
    return Alert(
        key=f"{AlertKind.POLICY_CHANGED.value}:{state.id}:{after.number}",
        kind=AlertKind.POLICY_CHANGED,
        title=after.title or state.title or state.name,
        url=state.url,
        outlet=change.outlet or urlsplit(state.url).hostname,
        watches=tuple(name for name, _, _ in named),
        why=tuple(why for name, match, reading in named for why in reasons(name, match, reading)),
        changes=change.changes,
        since=state.last_ok_at,  # whatever was answered well since the old version came showed that one
        until=now,
        demo=demo,
    )

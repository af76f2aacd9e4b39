"""What every desk listens for, compiled once a generation: told rows → one matcher for all watches of all desks.

`Listening` is immutable and replaced as a whole when people change something. An article that was matched by an old one
is matched again: recording refuses it (`StaleMatchesError`), so no article slips through a change.
"""

import asyncio
from dataclasses import dataclass

import structlog

from watchers.errors import QueryError
from watchers.matching.matcher import Document, Matcher
from watchers.matching.query import compile_query
from watchers.models import Match, Reading
from watchers.storage import desks, meta
from watchers.storage.database import Database
from watchers.storage.desks import DeskView, Told, WatchView
from watchers.storage.sources import FollowView

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Listening:
    """The desks as told, and the matcher that hears for them."""

    told: Told
    matcher: Matcher

    def hear(self, reading: Reading, follows: tuple[FollowView, ...] | None) -> dict[int, tuple[Match, ...]]:
        """What each desk's watches make of an article: an entry for each desk that follows its source.

        `follows` None: every watch of every desk, whatever its sources.
        """
        found = self.matcher.match(
            Document(
                title=reading.title,
                text=reading.text,
                outlet=reading.outlet,
                language=reading.language,
                url=reading.url,
            )
        )
        by_id = {match.watch_id: match for match in found}
        return {
            desk.id: tuple(
                by_id[watch.id]
                for watch in desk.watches
                if watch.id in by_id and (follows is None or _listens(watch, desk, follows))
            )
            for desk in self.told.desks
            if follows is None or any(follow.desk_id == desk.id for follow in follows)
        }


def _listens(watch: WatchView, desk: DeskView, follows: tuple[FollowView, ...]) -> bool:
    return any(
        watch.sources is None or follow.name in watch.sources or not watch.sources.isdisjoint(follow.tags)
        for follow in follows
        if follow.desk_id == desk.id and follow.name not in watch.muted
    )


def listen(told: Told) -> Listening:
    """Compile every active watch. One that can't be compiled any more (its entity is gone) is left out and logged."""
    queries = {}
    for desk in told.desks:
        for watch in desk.watches:
            try:
                queries[watch.id] = compile_query(watch.query, desk.entities)
            except QueryError as error:
                log.error("a watch can't be heard: mend its query", watch=watch.name, desk=desk.name, error=str(error))
    return Listening(told, Matcher(queries))


class Listener:
    """Holds the current `Listening` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._current: Listening | None = None
        self._lock = asyncio.Lock()

    async def current(self) -> Listening:
        """The desks as they are told now: rebuilt when the generation has moved."""
        async with self._lock:
            generation = await self._database.read(meta.generation)
            if self._current is None or self._current.told.generation != generation:
                told = await self._database.read(desks.load)
                self._current = await asyncio.to_thread(listen, told)
            return self._current

    async def at_hand(self) -> Listening:
        """The desks as they were told when somebody last looked: for what is refused where that is no longer so."""
        return self._current or await self.current()

"""The names of every desk in memory, so that autocomplete and forms answer without the database.

database ─refresh→ DeskNames by server        stories ─refresh_stories→ the newest titles, some seconds old
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

from watchers.storage import meta, names
from watchers.storage.database import Database
from watchers.storage.names import DeskNames

STORIES: Final = 300  # titles kept a desk
STORIES_EVERY: Final = 10.0  # seconds


class Directory:
    """What desks have, as of the last refresh."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._generation = -1
        self._desks: tuple[DeskNames, ...] = ()
        self._by_guild: Mapping[str, DeskNames] = {}
        self._stories: dict[int, list[tuple[int, str]]] = {}
        self._last_story = 0
        self._lock = asyncio.Lock()

    def of_guild(self, guild: str) -> DeskNames | None:
        """The desk that a server is."""
        return self._by_guild.get(guild)

    def all(self) -> tuple[DeskNames, ...]:
        """Every desk."""
        return self._desks

    def stories(self, desk: int) -> list[tuple[int, str]]:
        """A desk's newest stories: row and title."""
        return self._stories.get(desk, [])

    async def refresh(self) -> None:
        """Take over what people told since."""
        async with self._lock:
            generation = await self._database.read(meta.generation)
            if generation == self._generation:
                return
            found = await self._database.read(names.load)
            if _whose(self._desks) - _whose(found):
                # A desk was deleted: its number, and those of its stories, may come again as another's.
                self._stories, self._last_story = {}, 0
            self._desks = found
            self._by_guild = {desk.guild: desk for desk in found if desk.guild is not None}
            self._generation = generation

    async def keep(self) -> None:
        """Take over new stories again and again, until cancelled."""
        while True:
            await self.refresh_stories()
            await asyncio.sleep(STORIES_EVERY)

    async def refresh_stories(self) -> None:
        """Take over the stories that were opened since."""
        async with self._lock:
            for desk, newer in (await self._database.read(names.recent_stories, self._last_story, STORIES)).items():
                self._stories[desk] = [*newer, *self._stories.get(desk, [])][:STORIES]
                self._last_story = max(self._last_story, newer[0][0])


def _whose(desks: Iterable[DeskNames]) -> set[tuple[int, str | None]]:
    return {(desk.id, desk.guild) for desk in desks}

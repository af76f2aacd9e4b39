"""How much of the web is in memory at once: bodies of usual size as many as come, large ones few at a time.

    async with loads.one() as load:
        fetched = await fetcher.get(url, load=load)   # waits within, should the body grow large
        …                                             # and holds its place among the large until the block ends

A body is needed until it is parsed, so its load outlasts the fetch. Without this bound, as many answers as are in
flight could each bring all that one may.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

LARGE: Final = 512 * 1024  # bytes; all but a few feeds and pages are smaller
LARGE_AT_ONCE: Final = 4


class Load:
    """What one piece of work carries."""

    def __init__(self, large: asyncio.Semaphore) -> None:
        self._large = large
        self._counted = False

    async def grow(self, size: int, deadline: asyncio.Timeout | None = None) -> None:
        """The body has come to `size` bytes. Waits, as it becomes large, until few enough others are.

        `deadline` stands still meanwhile: it is the server's, who is not to blame for our queue.
        """
        if size <= LARGE or self._counted:
            return
        when = deadline.when() if deadline is not None else None
        if deadline is None or when is None:
            await self._large.acquire()
        else:
            time = asyncio.get_running_loop().time
            left = when - time()
            deadline.reschedule(None)
            await self._large.acquire()
            deadline.reschedule(time() + left)
        self._counted = True

    def drop(self) -> None:
        """The body is done with."""
        if self._counted:
            self._large.release()
            self._counted = False


class Loads:
    """Counts the large ones. One for the whole program, on one event loop."""

    def __init__(self, large_at_once: int = LARGE_AT_ONCE) -> None:
        self._large = asyncio.Semaphore(large_at_once)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Load]:
        """A load that ends with the block."""
        load = Load(self._large)
        try:
            yield load
        finally:
            load.drop()

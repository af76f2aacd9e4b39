"""Places that many share, so that nobody who stays long keeps the others out.

    async with places.taken(): …    # waits for a place, and holds it while the block runs

Who comes takes a quick place. Who is still there after `PATIENCE` seconds moves over to the bench, if that has room,
and the quick place is the next one's. So a hundred servers that drip their answers fill the bench; all others go on.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

PATIENCE: Final = 3.0  # seconds; an honest answer takes less
BENCH: Final = 96


@dataclass(slots=True, eq=False)
class _Stay:
    """One block at work."""

    on_bench: bool = False


class Places:
    """So many quick places, and a bench. Belongs to one event loop."""

    def __init__(self, quick: int, *, bench: int = BENCH, patience: float = PATIENCE) -> None:
        self._quick = asyncio.Semaphore(quick)
        self._bench = bench
        self._seated = 0
        self._patience = patience
        self._overdue: dict[_Stay, None] = {}  # in quick places, the longest first, since the bench is full

    @property
    def seated(self) -> int:
        """How many are on the bench: they keep nobody from a quick place."""
        return self._seated

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for a quick place; have one place or the other until the block ends."""
        await self._quick.acquire()
        stay = _Stay()
        timer = asyncio.get_running_loop().call_later(self._patience, self._move_over, stay)
        try:
            yield
        finally:
            timer.cancel()
            self._leave(stay)

    def _move_over(self, stay: _Stay) -> None:
        if self._seated < self._bench:
            self._seat(stay)
        else:
            self._overdue[stay] = None

    def _leave(self, stay: _Stay) -> None:
        if not stay.on_bench:
            self._overdue.pop(stay, None)
            self._quick.release()
            return
        self._seated -= 1
        if self._overdue:
            longest = next(iter(self._overdue))
            del self._overdue[longest]
            self._seat(longest)

    def _seat(self, stay: _Stay) -> None:
        stay.on_bench = True
        self._seated += 1
        self._quick.release()

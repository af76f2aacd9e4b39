"""Places: who stays long makes room, and never more are at work than there are places."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from watchers.places import Places

NEVER = 3600.0  # seconds


class Crowd:
    """Blocks that stay until they are told to leave."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.inside: set[int] = set()
        self._leave = [asyncio.Event() for _ in range(20)]
        self._changed = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []

    def come(self, *numbers: int) -> None:
        self._tasks += [asyncio.create_task(self._stay(number)) for number in numbers]

    def leave(self, number: int) -> None:
        self._leave[number].set()

    async def until_inside(self, *numbers: int) -> None:
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: self.inside == set(numbers))

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _stay(self, number: int) -> None:
        async with self.places.taken():
            await self._change(number)
            await self._leave[number].wait()
        await self._change(number)

    async def _change(self, number: int) -> None:
        async with self._changed:
            self.inside ^= {number}
            self._changed.notify_all()


@asynccontextmanager
async def crowd(places: Places) -> AsyncIterator[Crowd]:
    async with AsyncExitStack() as stack:
        made = Crowd(places)
        stack.push_async_callback(made.end)
        yield made


async def test_only_so_many_are_inside_at_once() -> None:
    async with crowd(Places(2, patience=NEVER)) as people:
        people.come(0, 1, 2)
        await people.until_inside(0, 1)
        people.leave(0)
        await people.until_inside(1, 2)


async def test_who_stays_long_moves_over_to_the_bench() -> None:
    async with crowd(Places(2, bench=2, patience=0.01)) as people:
        people.come(0, 1, 2, 3)
        await people.until_inside(0, 1, 2, 3)
        assert people.places.seated == 2


async def test_a_full_bench_takes_nobody_until_somebody_leaves_it() -> None:
    async with crowd(Places(1, bench=1, patience=0.01)) as people:
        people.come(0, 1, 2)
        await people.until_inside(0, 1)
        later = asyncio.Event()
        asyncio.get_running_loop().call_later(0.05, later.set)
        await later.wait()  # by then 1 has lost its patience too
        assert people.inside == {0, 1}
        people.leave(0)
        await people.until_inside(1, 2)


async def test_every_place_is_there_again_in_the_end() -> None:
    async with crowd(Places(2, bench=2, patience=0.01)) as people:
        people.come(*range(12))
        for number in range(12):
            people.leave(number)
        await people.until_inside()
        assert people.places.seated == 0
        people.come(12, 13, 14, 15)
        await people.until_inside(12, 13, 14, 15)
        people.come(16, 17)
        for number in (12, 13):
            people.leave(number)
        await people.until_inside(14, 15, 16, 17)


async def test_who_is_broken_off_frees_its_place() -> None:
    places = Places(1, bench=0)
    async with crowd(places) as people:
        people.come(0, 1)
        await people.until_inside(0)
    async with crowd(places) as people:
        people.come(2)
        await people.until_inside(2)

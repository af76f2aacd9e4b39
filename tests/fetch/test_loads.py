"""Loads: bodies of usual size are not counted, of large ones only few are there at once."""

import asyncio

from tests.fakes.web import Web
from tests.fetch.conftest import MakeFetcher
from watchers.fetch.loads import LARGE, LARGE_AT_ONCE, Loads
from watchers.models import Outcome

LARGE_BODY = b"x" * (LARGE + 1)


async def test_a_large_load_waits_until_another_is_done_with() -> None:
    loads = Loads(large_at_once=1)
    async with loads.one() as second:
        async with loads.one() as first:
            await first.grow(LARGE + 1)
            await first.grow(LARGE * 2)
            waiting = asyncio.create_task(second.grow(LARGE + 1))
            await asyncio.sleep(0)
            assert not waiting.done()
        await asyncio.wait_for(waiting, 10)


async def test_loads_of_usual_size_never_wait() -> None:
    loads = Loads(large_at_once=0)
    async with loads.one() as load:
        await asyncio.wait_for(load.grow(LARGE), 10)


async def test_a_load_that_is_broken_off_while_it_waits_takes_no_place() -> None:
    loads = Loads(large_at_once=1)
    async with loads.one() as first:
        await first.grow(LARGE + 1)
        async with loads.one() as second:
            waiting = asyncio.create_task(second.grow(LARGE + 1))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
    async with loads.one() as third:
        await asyncio.wait_for(third.grow(LARGE + 1), 10)


async def test_the_servers_deadline_stands_still_while_a_load_waits() -> None:
    loads = Loads(large_at_once=1)
    async with loads.one() as second, asyncio.timeout(60) as deadline:
        before = deadline.when()
        async with loads.one() as first:
            await first.grow(LARGE + 1)
            waiting = asyncio.create_task(second.grow(LARGE + 1, deadline))
            await asyncio.sleep(0)
            assert deadline.when() is None
        await asyncio.wait_for(waiting, 10)
        after = deadline.when()
        assert before is not None
        assert after is not None
        assert after >= before


async def test_of_large_answers_only_few_are_read_at_once_and_small_ones_go_on(
    make_fetcher: MakeFetcher, web: Web
) -> None:
    fetcher = make_fetcher(web.place)
    web.serve("/large", LARGE_BODY)
    web.serve("/small", b"x")
    held = asyncio.Event()
    inside = asyncio.Semaphore(0)

    async def keep() -> Outcome:
        async with fetcher.loads.one() as load:
            fetched = await fetcher.get(web.url("/large"), load=load)
            inside.release()
            await held.wait()
            return fetched.outcome

    work = [asyncio.create_task(keep()) for _ in range(LARGE_AT_ONCE + 1)]
    for _ in range(LARGE_AT_ONCE):
        await asyncio.wait_for(inside.acquire(), 10)
    assert (await fetcher.get(web.url("/small"))).outcome is Outcome.OK
    assert inside.locked()
    held.set()
    assert await asyncio.gather(*work) == [Outcome.OK] * (LARGE_AT_ONCE + 1)


async def test_an_answer_that_nobody_keeps_gives_its_place_back_by_itself(make_fetcher: MakeFetcher, web: Web) -> None:
    fetcher = make_fetcher(web.place)

    web.serve("/large", LARGE_BODY)
    for _ in range(LARGE_AT_ONCE + 1):
        assert (await fetcher.get(web.url("/large"))).outcome is Outcome.OK

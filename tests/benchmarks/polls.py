"""CPU time of a poll that is answered "304 Not Modified", over many origins, beside httpx's default client.

Both ask every origin once a round, 32 at a time. Ours guards addresses, keeps to its turn and bounds the answer as
well; the peer does none of it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from random import Random
from statistics import median
from typing import Final

import httpx

from tests.benchmarks.loopback import Served, etag, web
from tests.benchmarks.measure import Row, faster, grown
from watchers.clock import Clock
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import AllowHosts, Guard
from watchers.fetch.politeness import IN_FLIGHT
from watchers.models import Outcome, Validators

FEW: Final = 100
MANY: Final = 2_000
ROUNDS: Final = 3
OURS_EACH_ROUND: Final = 2  # it takes less

Poll = Callable[[int, str], Awaitable[bool]]  # feed, address → whether it was unchanged


def rows() -> Iterator[Row]:
    """Every row of this group."""
    with web(origins=MANY) as served:
        ours, peer, few = asyncio.run(_measure(served))
    work = "polls answered 304, CPU time"
    yield faster(f"{work}, {MANY:,} origins", ours, peer, unit="a poll", beside="httpx's default client", least=2.5)
    yield grown(f"{work}, {MANY:,} origins", ours, few, unit="a poll", beside=f"{FEW} origins", most=1.3)


async def _measure(served: Served) -> tuple[float, float, float]:
    guard = Guard(AllowHosts.parse("127.0.0.1"))
    fetcher = Fetcher(guard=guard, version="bench", random=Random(7), clock=Clock())
    async with fetcher, httpx.AsyncClient() as client:

        async def ours(feed: int, address: str) -> bool:
            answer = await fetcher.get(address, validators=Validators(etag(feed, 0)))
            return answer.outcome is Outcome.NOT_MODIFIED

        async def peer(feed: int, address: str) -> bool:
            answer = await client.get(address, headers={"If-None-Match": etag(feed, 0)})
            return answer.status_code == httpx.codes.NOT_MODIFIED

        many, few = served.feeds, served.feeds[:FEW]
        taken: dict[str, list[float]] = {"ours": [], "peer": [], "few": []}
        for _ in range(ROUNDS):
            taken["peer"].append(await _poll_all(peer, many))
            for _ in range(OURS_EACH_ROUND):
                taken["few"].append(await _poll_all(ours, few))
                taken["ours"].append(await _poll_all(ours, many))
        return (median(taken["ours"]), median(taken["peer"]), median(taken["few"]))


async def _poll_all(poll: Poll, addresses: tuple[str, ...]) -> float:
    """CPU seconds of one poll."""
    free = asyncio.Semaphore(IN_FLIGHT)

    async def one(feed: int, address: str) -> bool:
        async with free:
            return await poll(feed, address)

    began = time.process_time()
    unchanged = await asyncio.gather(*(one(feed, address) for feed, address in enumerate(addresses)))
    taken = time.process_time() - began
    assert all(unchanged)
    return taken / len(addresses)

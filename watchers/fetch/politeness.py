"""Whose turn it is: pacing by origin, and a limit on everything in flight.

    async with politeness.turn(target, "poll"): …   # waits here, then asks

One request at a time to an origin and a pause after each; origins that the admin lists get eight at a time and no
pause. An origin that answered "later" is remembered: until then `holdoff` says how long, so that nobody asks it.
Each errand has places of its own: however many articles are slow to come, sources are polled. All waits are on a
monotonic clock.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Final, get_args

from watchers.fetch.guard import Target
from watchers.models import Errand
from watchers.places import Places

IN_FLIGHT: Final = 32  # requests of an errand, over all origins; beside those that take long
IN_FLIGHT_ALLOWED: Final = 8  # requests to one origin that the admin lists
GAP: Final = 1.0  # seconds between two requests to one origin
LONGEST_GAP: Final = 30.0  # seconds, whatever a Crawl-delay says
REMEMBERED: Final = 2_048  # origins


@dataclass(slots=True)
class _Lane:
    """The queue in front of one origin."""

    free: asyncio.Semaphore
    gap: float
    open_at: float = 0.0  # monotonic; not before then
    later_until: float = 0.0  # monotonic; it asked to be left alone so long
    users: int = field(default=0)


class Politeness:
    """Keeps the lanes. One for the whole program, on one event loop."""

    def __init__(
        self,
        random: Random,
        *,
        gap: float = GAP,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._random = random
        self._gap = gap
        self._clock = clock
        self._sleep = sleep
        self._in_flight: dict[Errand, Places] = {errand: Places(IN_FLIGHT) for errand in get_args(Errand)}
        self._lanes: OrderedDict[str, _Lane] = OrderedDict()

    @asynccontextmanager
    async def turn(self, target: Target, errand: Errand) -> AsyncIterator[None]:
        """Wait until `target` may be asked, and hold its place while it is."""
        lane = self._lane(target)
        lane.users += 1
        try:
            async with lane.free:
                if (pause := lane.open_at - self._clock()) > 0:
                    await self._sleep(pause)
                async with self._in_flight[errand].taken():
                    try:
                        yield
                    finally:
                        lane.open_at = self._clock() + lane.gap * self._random.uniform(0.75, 1.5)
        finally:
            lane.users -= 1

    def slow_down(self, target: Target, gap: float) -> None:
        """Take a site's Crawl-delay (seconds) as its gap, if longer than ours; origins on the admin's list excepted."""
        if not target.allowed:
            self._lane(target).gap = max(self._gap, min(gap, LONGEST_GAP))

    def leave_alone(self, target: Target, seconds: float) -> None:
        """Remember that the origin asked for quiet. Those on the admin's list are asked again whenever it is due."""
        if not target.allowed:
            self._lane(target).later_until = self._clock() + seconds

    def holdoff(self, target: Target) -> float:
        """Seconds for which the origin still wants quiet; 0 if it may be asked."""
        lane = self._lanes.get(target.origin)
        return 0.0 if lane is None else max(0.0, lane.later_until - self._clock())

    def _lane(self, target: Target) -> _Lane:
        lane = self._lanes.get(target.origin)
        if lane is None:
            self._forget_idle()
            places, gap = (IN_FLIGHT_ALLOWED, 0.0) if target.allowed else (1, self._gap)
            lane = self._lanes[target.origin] = _Lane(asyncio.Semaphore(places), gap)
        self._lanes.move_to_end(target.origin)
        return lane

    def _forget_idle(self) -> None:
        """Drop the longest unused lanes that hold nothing to remember, once there are many."""
        if len(self._lanes) < REMEMBERED:
            return
        now = self._clock()
        idle = [
            origin
            for origin, lane in self._lanes.items()
            if not lane.users and lane.open_at <= now and lane.later_until <= now
        ]
        for origin in idle[: REMEMBERED // 4]:
            del self._lanes[origin]

"""Pacing, on a clock that only moves when somebody sleeps."""

import asyncio
from random import Random

import pytest

from watchers.fetch.guard import AllowHosts, Guard, Target
from watchers.fetch.politeness import IN_FLIGHT, IN_FLIGHT_ALLOWED, LONGEST_GAP, REMEMBERED, Politeness

GUARD = Guard(AllowHosts.parse("desk.test"))


class Time:
    """A clock and the sleep that moves it."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


class Crowd:
    """Counts who is in at the same time."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self.entered: list[float] = []

    async def visit(self, politeness: Politeness, target: Target, time: Time) -> None:
        async with politeness.turn(target, "poll"):
            self.entered.append(time.now)
            self.inside += 1
            self.most = max(self.most, self.inside)
            for _ in range(5):
                await asyncio.sleep(0)
            self.inside -= 1


def polite(time: Time, gap: float = 1.0) -> Politeness:
    return Politeness(Random(7), gap=gap, clock=time.clock, sleep=time.sleep)


def target(url: str) -> Target:
    return GUARD.check_url(url)


async def test_one_origin_is_asked_one_at_a_time_with_a_jittered_pause() -> None:
    time, crowd = Time(), Crowd()
    politeness = polite(time)
    await asyncio.gather(*(crowd.visit(politeness, target(f"http://a.test/{n}"), time) for n in range(6)))
    pauses = [later - earlier for earlier, later in zip(crowd.entered, crowd.entered[1:], strict=False)]
    assert crowd.most == 1
    assert all(0.75 <= pause <= 1.5 for pause in pauses)
    assert len(set(pauses)) > 1


async def test_listed_origins_get_eight_at_a_time_and_no_pause() -> None:
    time, crowd = Time(), Crowd()
    politeness = polite(time)
    await asyncio.gather(*(crowd.visit(politeness, target("http://desk.test:81/"), time) for _ in range(40)))
    assert crowd.most == IN_FLIGHT_ALLOWED
    assert time.now == 1_000.0


async def test_all_origins_together_are_bounded() -> None:
    time, crowd = Time(), Crowd()
    politeness = polite(time)
    await asyncio.gather(*(crowd.visit(politeness, target(f"http://a{n}.test/"), time) for n in range(100)))
    assert crowd.most == IN_FLIGHT


async def test_a_pause_at_one_origin_does_not_hold_up_another() -> None:
    time, crowd = Time(), Crowd()
    politeness = polite(time)
    await crowd.visit(politeness, target("http://a.test/"), time)
    await crowd.visit(politeness, target("http://b.test/"), time)
    assert crowd.entered == [1_000.0, 1_000.0]


async def test_a_failed_turn_frees_its_place() -> None:
    politeness = polite(Time())
    for _ in range(3):
        with pytest.raises(RuntimeError):
            async with politeness.turn(target("http://a.test/"), "poll"):
                raise RuntimeError
    async with politeness.turn(target("http://a.test/"), "poll"):
        pass


async def test_a_crawl_delay_is_kept_up_to_a_bound() -> None:
    time, crowd = Time(), Crowd()
    politeness = polite(time)
    politeness.slow_down(target("http://a.test/"), 3_600.0)
    await crowd.visit(politeness, target("http://a.test/"), time)
    await crowd.visit(politeness, target("http://a.test/"), time)
    assert 0.75 * LONGEST_GAP <= crowd.entered[1] - crowd.entered[0] <= 1.5 * LONGEST_GAP


async def test_an_origin_that_asked_for_quiet_gets_it() -> None:
    time = Time()
    politeness = polite(time)
    politeness.leave_alone(target("http://a.test/feed"), 60.0)
    assert politeness.holdoff(target("http://a.test/other")) == 60.0
    assert politeness.holdoff(target("https://a.test/other")) == 0.0
    time.now += 61
    assert politeness.holdoff(target("http://a.test/other")) == 0.0


async def test_a_listed_origin_is_not_held_off() -> None:
    politeness = polite(Time())
    politeness.leave_alone(target("http://desk.test/feed"), 60.0)
    assert politeness.holdoff(target("http://desk.test/feed")) == 0.0


async def test_forgetting_spares_those_who_asked_for_quiet() -> None:
    time, crowd = Time(), Crowd()
    politeness = polite(time)
    politeness.leave_alone(target("http://quiet.test/"), 3_600.0)
    for number in range(REMEMBERED + 10):
        await crowd.visit(politeness, target(f"http://a{number}.test/"), time)
        time.now += 0.01
    assert politeness.holdoff(target("http://quiet.test/")) > 3_000

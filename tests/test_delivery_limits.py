"""A service's global limit, and a service that is not connected to: what waits for whom, and at what cost."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.fakes.databases import scratch
from tests.fakes.leaping import leap
from tests.fakes.office import Office
from tests.storage.building import NOW, Desk
from watchers.models import Retry

WAIT = 30.0
LIMITED = Retry("429", after=WAIT, everywhere=True)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with scratch(tmp_path) as database:
        yield Office(Desk(database))


def _after_one_answers(office: Office, answer: Retry) -> list[str]:
    """What the team gets from a drain that comes while the newsroom's answer holds."""

    async def run() -> None:
        drain = office.drain()
        office.newsroom.answers = [answer]
        office.tell("a")
        await drain.once()
        office.tell("b", channel="team")
        await drain.once()

    leap(run())
    return office.team.keys


def test_hard_case_85_a_global_limit_at_one_channel_holds_back_all_of_its_service(office: Office) -> None:
    assert _after_one_answers(office, LIMITED) == []


def test_hard_case_85_what_a_global_limit_held_back_goes_when_it_is_over(office: Office) -> None:
    async def run() -> None:
        drain = office.drain()
        drain.traffic.hold(office.team.service, WAIT)
        await drain.once(patience=2 * WAIT)

    office.tell("a", "b", channel="team")
    leap(run())
    assert office.team.keys == ["a", "b"]
    assert office.team.at == [WAIT, WAIT]


def test_hard_case_85_a_longer_limit_is_not_shortened_by_another(office: Office) -> None:
    async def run() -> float:
        drain = office.drain()
        drain.traffic.hold("somewhere", WAIT)
        drain.traffic.hold("somewhere", 1.0)
        return drain.traffic.held("somewhere")

    assert leap(run()) == WAIT


def test_another_service_s_channels_go_on(office: Office) -> None:
    office.team.service = "elsewhere"
    assert _after_one_answers(office, LIMITED) == ["b"]


def test_a_limit_of_one_channel_holds_back_that_one_alone(office: Office) -> None:
    assert _after_one_answers(office, Retry("429", after=WAIT)) == ["b"]


def test_what_a_limit_holds_back_is_no_attempt(office: Office) -> None:
    async def drain() -> int:
        drain = office.drain()
        drain.traffic.hold(office.newsroom.service, WAIT)
        first = await drain.once()
        await asyncio.sleep(WAIT)
        return first + 10 * await drain.once()

    office.tell("a")
    assert leap(drain()) == 10
    assert office.newsroom.at == [WAIT]


def test_what_waits_for_a_connection_is_no_attempt_and_goes_once_there_is_one(office: Office) -> None:
    office.newsroom.ready = False
    office.tell("a", "b")
    office.tell("x", channel="team")
    assert office.once(patience=WAIT) == 1
    assert (office.newsroom.keys, office.team.keys) == ([], ["x"])
    office.newsroom.ready = True
    office.begin = NOW + timedelta(days=30)
    assert office.once() == 2
    assert office.newsroom.keys == ["a", "b"]


def test_a_connection_lost_in_the_middle_leaves_the_rest(office: Office) -> None:
    office.tell("a", "b")

    async def run() -> int:
        office.newsroom.held, office.newsroom.reached = asyncio.Event(), asyncio.Event()
        draining = asyncio.ensure_future(office.drain().once())
        await office.newsroom.reached.wait()
        office.newsroom.ready = False
        office.newsroom.held.set()
        return await draining

    assert leap(run()) == 1
    assert office.states == {"a": "sent", "b": "pending"}


@pytest.mark.parametrize("why", ["held", "not ready"])
def test_channels_that_wait_cost_a_drain_nothing_however_much_waits_for_them(office: Office, why: str) -> None:
    for number in range(20):
        office.tell(f"{number}")
        office.tell(f"{number}", channel="team")
    office.newsroom.ready = office.team.ready = why == "held"
    asked: list[str] = []

    def count(*given: object) -> None:
        asked.append(str(given[2]))

    async def drain() -> None:
        drain = office.drain()
        drain.traffic.hold(office.newsroom.service, WAIT)
        with office.desk.database.reading() as connection:
            engine = connection.engine
        event.listen(engine, "before_cursor_execute", count)
        await drain.once()
        event.remove(engine, "before_cursor_execute", count)

    leap(drain())
    assert asked == []

"""The drain: each channel in order, within its pace, each alert once, and what a channel's answer does."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.databases import scratch
from tests.fakes.leaping import leap
from tests.fakes.office import FakeChannel, Office, passed
from tests.storage.building import NOW, Desk
from watchers.delivery import FEWEST_ATTEMPTS, GIVE_UP, Drain
from watchers.models import Refused, Retry
from watchers.pacing import Pacer
from watchers.storage import outbox

PATIENCE = 30.0


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with scratch(tmp_path) as database:
        yield Office(Desk(database))


# ── what goes well ───────────────────────────────────────────────────────────────────────────────────────


def test_each_channel_gets_its_alerts_in_order_and_once(office: Office) -> None:
    office.tell("c", "a", "b")
    office.tell("a", "d", channel="team")
    assert office.once() == 5
    assert (office.newsroom.keys, office.team.keys) == (["c", "a", "b"], ["a", "d"])
    assert office.once() == 0
    assert set(office.states.values()) == {"sent"}


def test_each_post_is_heard_of(office: Office) -> None:
    office.tell("a")
    office.tell("b", channel="team")
    office.once()
    assert {(heard.channel, heard.alert.key) for heard in office.told} == {("newsroom", "a"), ("team", "b")}
    posted = [outgoing.reference for channel in (office.newsroom, office.team) for _, outgoing in channel.posts]
    assert {heard.reference for heard in office.told} == set(posted)


def test_more_than_a_burst_is_told_as_one_digest(office: Office) -> None:
    office.burst = 4
    office.tell(*"abcde")
    assert office.once() == 1
    (digest,) = office.newsroom.posts
    assert [member.key for member in digest[1].alert.members] == list("abcde")
    assert set(office.states.values()) == {"sent"}


def test_what_arises_while_a_channel_is_drained_goes_out_with_it(office: Office) -> None:
    office.tell("a")
    assert _while_posting(office, lambda _: office.tell("b")) == 2


def test_a_channel_that_is_not_live_keeps_its_alerts(office: Office) -> None:
    office.tell("a", channel="team")
    assert leap(office.drain(without_team=True).once()) == 0
    assert office.states == {"a": "pending"}


# ── later ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_failure_is_tried_again_ever_later_up_to_a_quarter_of_an_hour(office: Office) -> None:
    office.newsroom.answers = [Retry("503")] * 14
    office.tell("a")
    assert office.once(patience=1e9) == 1
    waits = [after - before for before, after in pairwise(office.newsroom.at)]
    for attempt, wait in enumerate(waits):
        planned = min(2.0 * 2**attempt, 900.0)
        assert 0.8 * planned <= wait <= 1.2 * planned + 0.001


def test_hard_case_29_a_service_that_names_its_wait_is_heeded(office: Office) -> None:
    office.newsroom.answers = [Retry("429", after=0.5), Retry("429", after=120.0)]
    office.tell("a")
    office.once(patience=600)
    first, second = (after - before for before, after in pairwise(office.newsroom.at))
    assert first == pytest.approx(0.5, abs=0.001)
    assert second == pytest.approx(120.0, abs=0.001)


def test_a_wait_that_is_asked_for_again_and_again_never_becomes_a_hammering(office: Office) -> None:
    office.newsroom.answers = [Retry("429", after=0.0)] * 6
    office.tell("a")
    office.once(patience=600)
    waits = [after - before for before, after in pairwise(office.newsroom.at)]
    assert waits[-1] > 30


def test_one_that_waits_holds_back_those_behind_it_and_no_other_channel(office: Office) -> None:
    office.newsroom.answers = [Retry("503", after=10.0)]
    office.tell("a", "b")
    office.tell("a", channel="team")
    assert office.once(patience=PATIENCE) == 3
    assert (office.newsroom.keys, office.team.keys) == (["a", "a", "b"], ["a"])
    assert office.team.at == [0.0]


def test_patience_ends_and_leaves_the_rest_pending(office: Office) -> None:
    office.newsroom.answers = [Retry("503")] * 99
    office.tell("a", "b")
    assert office.once(patience=PATIENCE) == 0
    assert office.newsroom.at[-1] <= PATIENCE
    assert len(office.newsroom.posts) > 3
    assert office.states == {"a": "pending", "b": "pending"}


def test_without_patience_a_failure_is_left_to_the_next_drain(office: Office) -> None:
    office.newsroom.answers = [Retry("503", after=5.0)]
    office.tell("a")
    assert office.once() == 0
    assert office.once() == 0
    assert len(office.newsroom.posts) == 1
    office.begin += timedelta(seconds=5)
    assert office.once() == 1


@pytest.mark.parametrize("maybe_taken", [True, False])
def test_hard_case_84_only_what_may_have_arrived_is_marked_when_it_is_sent_again(
    office: Office, maybe_taken: bool
) -> None:
    office.newsroom.answers = [Retry("?", maybe_taken=maybe_taken)]
    office.tell("a")
    office.once(patience=PATIENCE)
    first, again = (outgoing for _, outgoing in office.newsroom.posts)
    assert (first.resent, again.resent) == (False, maybe_taken)
    assert first.reference == again.reference


def test_what_a_crash_left_unsettled_is_sent_again_marked(office: Office) -> None:
    office.tell("a", "b")

    async def crash() -> None:
        office.newsroom.held, office.newsroom.reached = asyncio.Event(), asyncio.Event()
        draining = asyncio.ensure_future(office.drain().once())
        await office.newsroom.reached.wait()
        draining.cancel()
        await asyncio.wait([draining])

    leap(crash())
    assert office.states == {"a": "sending", "b": "pending"}
    office.desk.write(outbox.recover, NOW)
    office.newsroom = FakeChannel("newsroom")
    assert office.once() == 2
    posted = [(outgoing.alert.key, outgoing.resent) for _, outgoing in office.newsroom.posts]
    assert posted == [("a", True), ("b", False)]


# ── never ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refused_alert_is_a_dead_letter_and_the_next_goes_on(office: Office) -> None:
    office.team.answers = [Refused("400")]
    office.tell("a", "b", channel="team")
    office.once()
    assert office.team.keys == ["a", "b"]
    assert (office.states["a"], office.states["b"]) == ("dead", "sent")


def test_hard_case_86_a_channel_that_is_gone_is_paused_its_alerts_wait_and_the_admins_hear_of_it(
    office: Office,
) -> None:
    office.team.answers = [Refused("404", pause=True)]
    office.tell("a", "b", channel="team")
    office.once()
    assert office.team.keys == ["a"]
    assert (office.states["a"], office.states["b"]) == ("dead", "pending")
    office.once()
    assert office.team.keys == ["a"]
    (notice,) = (outgoing.alert for _, outgoing in office.newsroom.posts)
    assert notice.kind == "desk.notice"
    assert "team is paused: 404" in notice.title


def test_what_fails_for_a_week_is_a_dead_letter(office: Office) -> None:
    office.team.answers = [Retry("503")] * 99
    office.tell("a", channel="team")
    office.once(patience=2000)
    assert len(office.team.posts) >= FEWEST_ATTEMPTS
    assert office.states["a"] == "pending"
    office.begin = NOW + GIVE_UP
    office.once()
    assert office.states["a"] == "dead"


def test_a_desk_that_was_off_for_a_week_has_not_tried_for_a_week(office: Office) -> None:
    office.team.answers = [Retry("503"), Retry("503")]
    office.tell("a", channel="team")
    office.once()
    office.begin = NOW + 2 * GIVE_UP
    office.once()
    assert office.states["a"] == "pending"


# ── pace, slowness, stops ────────────────────────────────────────────────────────────────────────────────


def test_a_channel_s_posts_keep_its_pace_and_hold_up_no_other(office: Office) -> None:
    office.burst = 100
    office.newsroom.pace = ((5, 2.0), (30, 60.0))
    office.tell(*(f"{number}" for number in range(40)))
    office.tell("x", channel="team")
    assert office.once() == 41
    at = office.newsroom.at
    assert all(later - earlier >= 2.0 for earlier, later in zip(at, at[5:], strict=False))
    assert all(later - earlier >= 60.0 for earlier, later in zip(at, at[30:], strict=False))
    assert at[:11] == [0.0] * 5 + [2.0] * 5 + [4.0]
    assert office.team.at == [0.0]


@given(
    limits=st.lists(st.tuples(st.integers(1, 6), st.sampled_from([0.5, 2.0, 60.0])), max_size=3).map(tuple),
    pauses=st.lists(st.sampled_from([0.0, 0.1, 1.0, 30.0]), max_size=25),
)
def test_the_pace_is_kept_whenever_posts_come(limits: tuple[tuple[int, float], ...], pauses: list[float]) -> None:
    pacer, now = Pacer(limits), 0.0
    at: list[float] = []
    for pause in pauses:
        now += pause
        now += pacer.delay(now)
        assert pacer.delay(now) <= 1e-9
        pacer.count(now)
        at.append(now)
    for many, seconds in limits:
        assert all(later - earlier >= seconds - 1e-6 for earlier, later in zip(at, at[many:], strict=False))


def _while_posting(office: Office, then: Callable[[Drain], object]) -> int:
    """Drain, and do something while the newsroom's first post is under way."""

    async def run() -> int:
        office.newsroom.held, office.newsroom.reached = asyncio.Event(), asyncio.Event()
        drain = office.drain()
        draining = asyncio.ensure_future(drain.once())
        await office.newsroom.reached.wait()
        done = then(drain)
        if asyncio.iscoroutine(done):
            await done
        office.newsroom.held.set()
        return await draining

    return leap(run())


def test_a_stop_lets_the_post_under_way_end_and_begins_no_other(office: Office) -> None:
    office.tell("a", "b")
    assert _while_posting(office, Drain.stop) == 1
    assert office.states == {"a": "sent", "b": "pending"}


def test_a_stop_ends_every_wait(office: Office) -> None:
    office.team.answers = [Retry("503", after=20.0)]
    office.tell("a", channel="team")

    async def run() -> float:
        drain = office.drain()
        asyncio.get_running_loop().call_later(1.0, drain.stop)
        await drain.once(patience=PATIENCE)
        return passed()

    assert leap(run()) == 1.0
    assert office.states == {"a": "pending"}


def test_a_channel_that_is_being_drained_is_left_to_that_drain(office: Office) -> None:
    office.tell("a", "b")
    office.tell("x", channel="team")

    async def again(drain: Drain) -> None:
        while office.desk.channel("team") in drain._draining:  # noqa: ASYNC110 - the drain has no event for it
            await asyncio.sleep(0)
        office.tell("y", channel="team")
        assert await drain.once() == 1

    assert _while_posting(office, again) == 3
    assert office.newsroom.keys == ["a", "b"]
    assert office.team.keys == ["x", "y"]

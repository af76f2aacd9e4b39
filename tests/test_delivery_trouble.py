"""The drain in trouble: posts that a channel can't bear, channels that are gone, long waits, and who hears of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.databases import scratch
from tests.fakes.office import Office
from tests.storage.building import NOW, Desk
from watchers.delivery import GIVE_UP
from watchers.models import AlertKind, Refused, Retry
from watchers.storage import outbox

HOUR = 3600.0


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with scratch(tmp_path) as database:
        yield Office(Desk(database))


def notices(office: Office) -> list[str]:
    return [
        outgoing.alert.title for _, outgoing in office.newsroom.posts if outgoing.alert.kind is AlertKind.DESK_NOTICE
    ]


def test_what_is_told_of_one_channel_at_another_goes_out_with_the_same_drain(office: Office) -> None:
    office.team.answers = [Refused("404", pause=True)]
    office.tell("a", channel="team")
    office.once()
    (notice,) = notices(office)
    assert notice.startswith("Channel team is paused: 404")


def test_an_admin_channel_that_refuses_everything_ends_the_drain(office: Office) -> None:
    office.newsroom.answers = [Refused("400")] * 50
    office.tell("a")
    office.once()
    assert office.states == {"a": "dead"}


def test_a_delivery_that_waits_for_another_attempt_does_not_keep_a_drain_busy(office: Office) -> None:
    office.team.answers = [Retry("503", after=600.0)]
    office.tell("a", "b", channel="team")
    assert office.once() == 0
    assert office.once(patience=30.0) == 0
    assert office.team.keys == ["a"]


def test_a_post_that_breaks_the_service_each_time_lets_those_behind_it_pass(office: Office) -> None:
    office.team.poison = "a"
    office.tell("a", "b", "c", channel="team")
    assert office.once(patience=HOUR) == 2
    assert office.team.keys[:9] == ["a"] * 8 + ["b"]
    assert office.states == {"a": "pending", "b": "sent", "c": "sent"}


def test_a_channel_that_can_not_be_reached_keeps_its_order_however_long(office: Office) -> None:
    office.team.answers = [Retry("no connection")] * 40
    office.tell("a", "b", channel="team")
    office.once(patience=24 * HOUR)
    assert office.team.keys == ["a"] * 41 + ["b"]


def test_the_admins_hear_once_of_what_has_been_tried_for_an_hour(office: Office) -> None:
    office.team.answers = [Retry("503")] * 1000
    office.tell("a", "b", channel="team")
    office.once(patience=0.9 * HOUR)
    assert notices(office) == []
    office.begin += timedelta(hours=1)
    for _ in range(20):
        office.once()
        office.begin += timedelta(hours=1)
    (notice,) = notices(office)
    assert notice.startswith("Channel team has not taken an alert since 2026-03-02 12:00 UTC: 503.")


def test_the_admins_are_not_told_of_their_own_channel_s_trouble(office: Office) -> None:
    office.newsroom.answers = [Retry("503")] * 1000
    office.tell("a")
    for _ in range(20):
        office.once()
        office.begin += timedelta(hours=1)
    assert office.states == {"a": "pending"}


@pytest.mark.parametrize("retried", [False, True])
def test_what_has_waited_for_long_is_not_given_up_at_its_first_failure(office: Office, retried: bool) -> None:
    office.tell("a", channel="team")
    if retried:
        office.team.answers = [Refused("400")]
        office.once()
    office.begin = NOW + 2 * GIVE_UP
    office.desk.write(outbox.retry, None, now=office.begin)
    office.team.answers = [Retry("503")]
    office.once()
    assert office.states["a"] == "pending"


def test_a_desk_that_was_off_for_a_week_tries_again(office: Office) -> None:
    office.team.answers = [Retry("503")] * 3
    office.tell("a", channel="team")
    office.once()
    office.begin = NOW + 2 * GIVE_UP
    office.once(patience=HOUR)
    assert office.states["a"] == "sent"

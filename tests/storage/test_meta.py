"""Small facts: the generation, the clock, the pulse."""

from datetime import UTC, datetime, timedelta, timezone

from tests.storage.building import MINUTE, NOW, Desk, watch_list
from watchers.storage import meta


def test_nothing_is_known_of_a_new_database(desk: Desk) -> None:
    assert desk.read(meta.get, "never put") is None
    assert desk.read(meta.moment, meta.PULSE) is None


def test_a_value_is_replaced(desk: Desk) -> None:
    for value in ({"a": [1, "zwei", None]}, "two", 3):
        desk.write(meta.put, "key", value)
        assert desk.read(meta.get, "key") == value


def test_each_change_of_what_people_told_moves_the_generation(desk: Desk) -> None:
    assert desk.read(meta.generation) == 1
    desk.apply(watch_list())
    assert desk.read(meta.generation) == 1
    desk.apply(watch_list(watches={}))
    assert desk.read(meta.generation) == 2


def test_moments_are_kept_in_utc_to_the_microsecond(desk: Desk) -> None:
    moment = datetime(2026, 7, 1, 8, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-4)))
    desk.write(meta.put_moment, "then", moment)
    assert desk.read(meta.moment, "then") == datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC)


def test_hard_case_60_the_clock_of_decisions_never_goes_back(desk: Desk) -> None:
    for moment in (NOW, NOW - MINUTE, NOW + MINUTE, NOW - 5 * MINUTE):
        desk.write(meta.beat, moment)
    assert desk.read(meta.moment, meta.CLOCK) == NOW + MINUTE
    assert desk.read(meta.moment, meta.PULSE) == NOW - 5 * MINUTE

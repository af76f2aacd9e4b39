"""When a source is asked again, and when its silence is worth a word."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from watchers.sources.interval import is_silent, jittered, next_interval, not_before, usual_gap

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
NOON = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entries", "seconds"), [(0, DAY), (1, DAY), (7, DAY), (14, DAY / 2), (168, HOUR), (100_000, 5 * MINUTE)]
)
def test_the_interval_follows_the_entries_of_the_last_week(entries: int, seconds: float) -> None:
    assert next_interval(entries_last_week=entries) == seconds


def test_never_sooner_than_the_publisher_wishes() -> None:
    assert next_interval(entries_last_week=10_000, min_interval=HOUR) == HOUR
    assert next_interval(entries_last_week=10_000, min_interval=HOUR, max_age=2 * HOUR) == 2 * HOUR
    assert next_interval(entries_last_week=10_000, max_age=365 * DAY) == DAY


def test_the_desks_own_word_overrides() -> None:
    assert next_interval(entries_last_week=0, min_interval=HOUR, max_age=HOUR, every=MINUTE) == MINUTE
    assert next_interval(entries_last_week=0, every=3 * DAY, failures=2) == 3 * DAY


def test_failures_double_the_interval_up_to_a_day() -> None:
    waits = [next_interval(entries_last_week=168, failures=failures) / HOUR for failures in range(9)]
    assert waits == [1, 0.25, 0.5, 1, 2, 4, 8, 16, 24]
    assert next_interval(entries_last_week=168, failures=100_000) == DAY


def test_a_slow_source_that_failed_is_asked_again_soon_but_never_sooner_than_it_asks() -> None:
    assert next_interval(entries_last_week=0, failures=1) == 15 * MINUTE
    assert next_interval(entries_last_week=0, min_interval=2 * HOUR, failures=1) == 2 * HOUR


def test_jitter_stays_within_a_tenth_and_differs() -> None:
    random = Random(7)
    seconds = [jittered(1000.0, random) for _ in range(200)]
    assert 900 <= min(seconds) < 950
    assert 1050 < max(seconds) <= 1100


def test_skipped_hours_are_waited_out() -> None:
    at = NOON.replace(minute=20)
    assert not_before(at, frozenset()) == at
    assert not_before(at, {11, 13}) == at
    assert not_before(at, {12, 13}) == NOON + timedelta(hours=2)
    assert not_before(NOON.replace(hour=23), {23, 0}) == datetime(2024, 3, 6, 1, 0, tzinfo=UTC)


def test_skipping_every_hour_is_heeded_as_none() -> None:
    assert not_before(NOON, range(24)) == NOON


def test_the_usual_gap_counts_nights_and_not_one_long_break() -> None:
    days = [NOON + timedelta(days=day, hours=hour) for day in range(5) for hour in (0, 1, 2)]
    assert usual_gap([*days, NOON + timedelta(days=60)]) == 22 * HOUR


def test_a_source_without_habit_has_no_usual_gap() -> None:
    assert usual_gap([NOON + timedelta(days=day) for day in range(8)]) is None
    assert usual_gap([NOON] * 50) is None


@pytest.mark.parametrize(
    ("silence", "gap", "silent"),
    [
        (timedelta(days=3), 600.0, False),  # a long weekend of a busy source
        (timedelta(days=5), 600.0, True),
        (timedelta(days=5), 2 * DAY, False),
        (timedelta(days=9), 2 * DAY, True),
        (timedelta(days=900), None, False),
    ],
)
def test_silence_is_several_times_the_usual_gap(silence: timedelta, gap: float | None, silent: bool) -> None:
    assert is_silent(now=NOON, last_new_at=NOON - silence, usual_gap=gap) is silent


def test_a_source_that_never_brought_anything_is_not_silent() -> None:
    assert not is_silent(now=NOON, last_new_at=None, usual_gap=600.0)

"""When a source is asked again, and when its silence is worth a word."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from watchers.sources.interval import is_silent, jittered, next_interval, not_before, pace, usual_gap

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
NOON = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)


def ago(*hours: float) -> list[datetime]:
    return [NOON - timedelta(hours=each) for each in hours]


@pytest.mark.parametrize(
    ("hours", "seconds"),
    [
        ([], 7 * DAY),
        ([1000], 7 * DAY),
        ([1, 2, 1000], 3.5 * DAY),  # the rest of the week was silent
        ([0.5 * each for each in range(1, 51)], HOUR / 2),  # the newest fifty reach back a day
        ([20 / 60 * each for each in range(1, 11)], 20 * MINUTE),  # a window of ten, at its first look
        ([3, -5], 1.5 * HOUR),  # one of them is dated ahead
        ([0] * 20, 0),
    ],
)
def test_the_pace_is_that_of_the_last_week_or_of_what_is_known_of_it(hours: list[float], seconds: float) -> None:
    assert pace(ago(*hours), now=NOON) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("between", "seconds"), [(7 * DAY, DAY), (DAY, DAY), (DAY / 2, DAY / 2), (HOUR, HOUR), (1.0, 5 * MINUTE)]
)
def test_the_interval_follows_the_pace(between: float, seconds: float) -> None:
    assert next_interval(pace=between) == seconds


@pytest.mark.parametrize("window", [5, 10, 50])
@pytest.mark.parametrize("pause", [6 * MINUTE, 20 * MINUTE, 3 * HOUR])
def test_no_entry_of_a_steady_feed_slides_out_of_its_window_between_two_polls(window: int, pause: float) -> None:
    seen, now = set[int](), 100 * window * pause
    for _ in range(200):
        shown = range(int(now // pause) - window + 1, int(now // pause) + 1)
        assert not seen or min(shown) <= max(seen) + 1
        seen.update(shown)
        newest = sorted(seen)[-50:]
        at = NOON + timedelta(seconds=now)
        now += 1.1 * next_interval(pace=pace([NOON + timedelta(seconds=each * pause) for each in newest], now=at))


def test_never_sooner_than_the_publisher_wishes() -> None:
    assert next_interval(pace=1.0, min_interval=HOUR) == HOUR
    assert next_interval(pace=1.0, min_interval=HOUR, max_age=2 * HOUR) == 2 * HOUR
    assert next_interval(pace=1.0, max_age=365 * DAY) == DAY


def test_the_desks_own_word_overrides() -> None:
    assert next_interval(pace=7 * DAY, min_interval=HOUR, max_age=HOUR, every=MINUTE) == MINUTE
    assert next_interval(pace=7 * DAY, every=3 * DAY, failures=2) == 3 * DAY


def test_failures_double_the_interval_up_to_a_day() -> None:
    waits = [next_interval(pace=HOUR, failures=failures) / HOUR for failures in range(9)]
    assert waits == [1, 0.25, 0.5, 1, 2, 4, 8, 16, 24]
    assert next_interval(pace=HOUR, failures=100_000) == DAY


def test_a_slow_source_that_failed_is_asked_again_soon_but_never_sooner_than_it_asks() -> None:
    assert next_interval(pace=7 * DAY, failures=1) == 15 * MINUTE
    assert next_interval(pace=7 * DAY, min_interval=2 * HOUR, failures=1) == 2 * HOUR


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

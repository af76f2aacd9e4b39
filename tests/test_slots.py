"""When an alert is due: at once, or with the digest of its hour, its local day, or the end of quiet hours."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from watchers.slots import Due, due, quiet_until

NEW_YORK = "America/New_York"
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)  # clocks change in New York


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def new_york(text: str, *, fold: Literal[0, 1] = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(NEW_YORK), fold=fold).astimezone(UTC)


def daily(now: datetime, digest_at: str = "08:00") -> Due:
    return due("daily", now=now, timezone=NEW_YORK, digest_at=digest_at, quiet=None)


def told_now(now: datetime, quiet: str | None, zone: str = NEW_YORK) -> Due:
    return due("now", now=now, timezone=zone, digest_at="08:00", quiet=quiet)


def every_quarter(start: date, days: int) -> Iterator[datetime]:
    first = datetime(start.year, start.month, start.day, tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)
    return (first + timedelta(minutes=15 * step) for step in range(days * 96))


# ── at once ──────────────────────────────────────────────────────────────────────────────────────────────


def test_an_alert_for_now_is_due_at_once_as_a_card_of_its_own() -> None:
    assert told_now(utc("2026-03-02 12:00"), None) == Due(utc("2026-03-02 12:00"), None)


# ── hourly ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("minute", [0, 1, 59])
def test_an_hourly_alert_waits_for_the_end_of_its_hour(minute: int) -> None:
    found = due("hourly", now=utc(f"2026-03-02 12:{minute:02}"), timezone=NEW_YORK, digest_at="08:00", quiet=None)
    assert found == Due(utc("2026-03-02 13:00"), "hourly:2026-03-02T13")


def test_the_hour_that_a_change_of_clocks_repeats_has_two_digests() -> None:
    moments = (new_york("2026-11-01 01:20"), new_york("2026-11-01 01:20", fold=1))
    slots = [due("hourly", now=now, timezone=NEW_YORK, digest_at="08:00", quiet=None) for now in moments]
    assert slots[1].at - slots[0].at == timedelta(hours=1)
    assert slots[0].slot != slots[1].slot


def test_an_hourly_digest_that_falls_into_quiet_hours_waits_for_their_end() -> None:
    found = due("hourly", now=new_york("2026-03-02 22:30"), timezone=NEW_YORK, digest_at="08:00", quiet="23:00-07:00")
    assert found == Due(new_york("2026-03-03 07:00"), "quiet:2026-03-03T07:00")


# ── daily ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_daily_alert_waits_for_today_s_digest_or_else_tomorrow_s() -> None:
    assert daily(new_york("2026-03-02 07:59")) == Due(new_york("2026-03-02 08:00"), "daily:2026-03-02")
    assert daily(new_york("2026-03-02 08:00")) == Due(new_york("2026-03-03 08:00"), "daily:2026-03-03")


def test_the_day_is_the_desk_s_local_one() -> None:
    assert daily(utc("2026-03-03 03:00")).slot == "daily:2026-03-03"
    assert due("daily", now=utc("2026-03-02 23:30"), timezone="Asia/Tokyo", digest_at="08:00", quiet=None) == Due(
        utc("2026-03-03 23:00"), "daily:2026-03-04"
    )


@pytest.mark.parametrize("digest_at", ["00:00", "01:30", "02:00", "02:30", "03:00", "08:00", "23:59"])
@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_hard_case_91_a_digest_once_a_local_day_over_a_change_of_clocks(change: date, digest_at: str) -> None:
    # Whenever alerts arise around the change, each local day has one digest, at one moment, and none is late.
    moments: dict[str, set[datetime]] = defaultdict(set)
    for now in every_quarter(change - timedelta(days=2), 5):
        found = daily(now, digest_at)
        assert now < found.at <= now + timedelta(hours=25)
        assert found.slot is not None
        moments[found.slot].add(found.at)
    assert all(len(at) == 1 for at in moments.values())
    days = sorted(moments)
    assert days == [f"daily:{date.fromisoformat(days[0][6:]) + timedelta(days=step)}" for step in range(len(days))]
    assert len(days) >= 5
    in_order = [at for day in days for at in moments[day]]
    assert in_order == sorted(in_order)


def test_hard_case_91_a_digest_time_that_a_day_leaves_out_is_told_an_hour_later_by_the_clock() -> None:
    found = daily(new_york("2026-03-08 00:10"), "02:30")
    assert found.slot == "daily:2026-03-08"
    assert found.at.astimezone(ZoneInfo(NEW_YORK)).strftime("%H:%M") == "03:30"


def test_hard_case_91_a_digest_time_that_a_day_has_twice_is_told_the_first_time_only() -> None:
    assert daily(new_york("2026-11-01 00:10"), "01:30") == Due(new_york("2026-11-01 01:30"), "daily:2026-11-01")
    between = daily(new_york("2026-11-01 01:10", fold=1), "01:30")
    assert between == Due(new_york("2026-11-02 01:30"), "daily:2026-11-02")


def test_a_digest_has_its_hour_whatever_the_quiet_hours() -> None:
    found = due("daily", now=new_york("2026-03-02 12:00"), timezone=NEW_YORK, digest_at="06:00", quiet="22:00-07:00")
    assert found == Due(new_york("2026-03-03 06:00"), "daily:2026-03-03")


# ── quiet hours ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-02 21:59", None),
        ("2026-03-02 22:00", "2026-03-03 07:00"),
        ("2026-03-02 23:59", "2026-03-03 07:00"),
        ("2026-03-03 00:00", "2026-03-03 07:00"),
        ("2026-03-03 06:59", "2026-03-03 07:00"),
        ("2026-03-03 07:00", None),
    ],
)
def test_quiet_hours_over_midnight_end_in_the_morning(now: str, until: str | None) -> None:
    found = told_now(new_york(now), "22:00-07:00")
    assert found.at == new_york(until or now)
    assert found.slot == (f"quiet:{until.replace(' ', 'T')}" if until else None)


@pytest.mark.parametrize(("now", "inside"), [("11:59", False), ("12:00", True), ("13:29", True), ("13:30", False)])
def test_quiet_hours_within_a_day(now: str, inside: bool) -> None:
    found = told_now(new_york(f"2026-03-02 {now}"), "12:00-13:30")
    assert (found.slot is not None) == inside


def test_all_of_one_night_waits_for_one_digest_also_when_clocks_change() -> None:
    for change in (SPRING, AUTUMN):
        night = [new_york(f"{change - timedelta(days=1)} 23:00") + timedelta(minutes=10 * step) for step in range(36)]
        slots = {told_now(now, "22:00-07:00") for now in night}
        assert slots == {Due(new_york(f"{change} 07:00"), f"quiet:{change}T07:00")}


def test_quiet_hours_that_end_in_the_repeated_hour_never_end_in_the_past() -> None:
    zone = ZoneInfo(NEW_YORK)
    for now in every_quarter(AUTUMN - timedelta(days=1), 2):
        end = quiet_until(now, zone, "22:00-01:30")
        assert end is None or end > now
    second = new_york("2026-11-01 01:10", fold=1)
    assert quiet_until(second, zone, "22:00-01:30") == new_york("2026-11-01 01:30", fold=1)


def test_quiet_hours_that_end_in_the_hour_that_a_day_leaves_out_end_when_it_would_have_been() -> None:
    end = quiet_until(new_york("2026-03-08 01:00"), ZoneInfo(NEW_YORK), "22:00-02:30")
    assert end == utc("2026-03-08 07:30")

"""Dates as feeds write them; nothing is invented."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.sources.dates import parse_date

NOON = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 05 Mar 2024 12:00:00 GMT",
        "Tue, 5 Mar 2024 12:00:00 +0000",
        "Tue, 05 Mar 2024 07:00:00 EST",
        "Tue, 05 Mar 2024 07:00:00 -0500 (EST)",
        "Tue, 05 Mar 2024 13:00:00 CET",
        "Tue, 05 Mar 2024 17:30:00 IST",
        "Tue, 05 Mar 2024 21:00:00 JST",
        "Tue, 05 Mar 2024 13:00:00 +01:00",
        "Tuesday, 05 March 2024 12:00 UT",
        "05 Mar 24 12:00 GMT",
        "5-Mar-2024 12:00:00",
        "  Tue,  05 Mar 2024\n12:00:00  Z ",
        "2024-03-05T12:00:00Z",
        "2024-03-05T12:00:00.000+00:00",
        "2024-03-05T07:00:00-0500",
        "2024-03-05T14:00:00.123456789+02",
        "2024-03-05 12:00:00 UTC",
        "2024-03-05 12:00",
        "20240305T120000Z",
        "March 5, 2024 12:00 PM",
        "Tue Mar  5 12:00:00 2024",
        "March 5, 2024 7:00 AM EST",
    ],
)
def test_the_moment_is_read_in_utc(text: str) -> None:
    moment = parse_date(text)
    assert moment is not None
    assert moment.replace(microsecond=0) == NOON
    assert moment.tzinfo is UTC


def test_a_day_without_a_time_is_its_midnight() -> None:
    assert parse_date("2024-03-05") == parse_date("05 Mar 2024") == NOON.replace(hour=0)


def test_a_leap_second_and_a_midnight_called_24_are_read() -> None:
    assert parse_date("2016-12-31T23:59:60Z") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert parse_date("2024-03-04T24:00:00Z") == NOON.replace(hour=0)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "12:00",
        "March 2024",
        "2024",
        "5",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "99999-01-01T00:00:00Z",
        "Mon, 01 Jan 0000 00:00:00 GMT",
        "Mon, 01 Jan 99999 00:00:00 GMT",
        "Thu, 01 Jan 104 19:48:21 GMT",
        "30 Feb 2024 10:00 GMT",
        "2024-13-01",
        "Tue, 05 Foo 2024 12:00:00 GMT",
        "9" * 200,
    ],
)
def test_hard_case_59_what_names_no_possible_day_is_no_date(text: str | None) -> None:
    assert parse_date(text) is None


@given(st.text(st.sampled_from("0123456789-:+., TZJanFebMarGMT/()²٣"), max_size=40) | st.text(max_size=40))
def test_any_text_is_a_possible_moment_or_none(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or 1970 <= moment.year < 2200


@given(st.integers(2**25, 2**32), st.integers(-23 * 60, 23 * 60))
def test_an_iso_date_is_read_as_it_was_written(seconds: int, zone_minutes: int) -> None:
    zone = timezone(timedelta(minutes=zone_minutes))
    assert parse_date(datetime.fromtimestamp(seconds, zone).isoformat()) == datetime.fromtimestamp(seconds, UTC)

"""Header values become seconds, whatever a server writes into them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.fetch.headers import http_date, max_age, retry_after

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("max-age=600", 600.0),
        ("public, Max-Age = 600", 600.0),
        ('max-age="600"', 600.0),
        ("s-maxage=5, max-age=600, max-age=7", 600.0),
        ("s-maxage=5", None),
        ("max-age=99999999999999999999999", 86_400.0),
        ("no-cache, max-age=600", None),
        ("no-store", None),
        ("max-age=", None),
        ("max-age=-1", None),
        (None, None),
    ],
)
def test_max_age(value: str | None, seconds: float | None) -> None:
    assert max_age(value) == seconds


@pytest.mark.parametrize(
    "value",
    ["Mon, 02 Mar 2026 11:00:00 GMT", "Monday, 02-Mar-26 11:00:00 GMT", "Mon Mar  2 11:00:00 2026"],
)
def test_all_three_dates_of_http_are_read(value: str) -> None:
    assert http_date(value) == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


@given(
    st.text(max_size=60) | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,6} \d\d:\d\d:\d\d [-+A-Z0-9]{0,6}")
)
def test_any_value_is_within_a_day_or_nothing(value: str) -> None:
    for seconds in (retry_after(value, now=NOW), max_age(value)):
        assert seconds is None or 0 <= seconds <= 86_400

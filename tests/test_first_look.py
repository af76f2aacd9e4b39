"""What is told of a source's first poll, and which entries that come later are as old."""

from datetime import UTC, datetime, timedelta

import pytest

from watchers.models import Item
from watchers.polling import FirstLook

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _silent(look: FirstLook, published: datetime | None, *, first: bool = True) -> bool:
    item = Item(title="Quay goes dark", published=published)
    return look.is_silent(item, first_ok_at=None if first else NOW - DAY, known_since=None, now=NOW)


@pytest.mark.parametrize(
    ("published", "silent"),
    [(NOW - 23 * HOUR, False), (NOW, False), (NOW - 25 * HOUR, True), (NOW + HOUR, True), (None, True)],
)
def test_hard_case_63_a_first_poll_tells_only_what_is_recent(published: datetime | None, silent: bool) -> None:
    assert _silent(FirstLook(), published) is silent


def test_hard_case_63_all_tells_everything_and_nothing_tells_nothing() -> None:
    assert not _silent(FirstLook(everything=True), None)
    assert not _silent(FirstLook(everything=True), NOW - 900 * DAY)
    assert _silent(FirstLook(span=timedelta(0)), NOW - timedelta(seconds=1))


def test_a_first_look_by_a_clock_that_was_ahead_silences_nothing_later() -> None:
    assert not FirstLook().is_silent(
        Item(title="Quay", published=NOW), first_ok_at=NOW + 365 * DAY, known_since=None, now=NOW
    )


@pytest.mark.parametrize(("published", "silent"), [(None, False), (NOW, False), (NOW - 3 * DAY, True)])
def test_hard_case_56_an_old_entry_that_slides_in_later_is_as_silent_as_the_first_look_s(
    published: datetime | None, silent: bool
) -> None:
    assert _silent(FirstLook(), published, first=False) is silent


@pytest.mark.parametrize(("published", "silent"), [(NOW - 30 * DAY, False), (NOW - 40 * DAY, True)])
def test_an_entry_that_is_dated_back_among_the_known_ones_is_news(published: datetime, silent: bool) -> None:
    ruling = Item(title="Ruling", published=published)
    known_since = NOW - 40 * DAY
    assert FirstLook().is_silent(ruling, first_ok_at=NOW - DAY, known_since=known_since, now=NOW) is silent

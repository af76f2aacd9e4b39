"""What a poll means for its source: what is learned, when it is asked again, and when people hear of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from watchers.models import FetchResult, Outcome, Parsed, SourceMemory, Validators
from watchers.polling import Verdict, body_hash, judge
from watchers.storage.sources import SourceState

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
URL = "https://courier.example/feed"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLD = SourceState(
    id=1, url=URL, address=URL, kind="auto", title="Courier", outlet=None, language=None,
    memory=SourceMemory(kind="feed"), validators=Validators('"old"', "Sun, 01 Mar 2026 10:00:00 GMT"), body_hash="old",
    moved_to=None, moved_count=0, last_outcome=Outcome.OK, failures=0, failing_since=None, told_failing=False,
    first_ok_at=NOW - 30 * DAY, last_ok_at=NOW - HOUR, last_new_at=NOW - HOUR, next_at=NOW, retry_at=None, every=None,
    read="all", follows=(),
)  # fmt: skip
PARSED = Parsed(outcome=Outcome.OK, kind="feed", title="Courier", entry_hashes=frozenset(("b", "a")))


def answer(outcome: Outcome = Outcome.OK, **more: Any) -> FetchResult:
    return FetchResult(outcome=outcome, url=URL, final_url=URL, **more)


def failed(status: int | None = 500, **more: Any) -> FetchResult:
    return answer(Outcome.FAILED, status=status, error=f"{status}", **more)


def verdict(
    state: SourceState = OLD,
    fetched: FetchResult | None = None,
    parsed: Parsed | None = PARSED,
    *,
    published: list[datetime] | None = None,
    found_new: bool = False,
    now: datetime = NOW,
) -> Verdict:
    fetched = fetched or answer(body=b"new", validators=Validators('"new"', None))
    if fetched.outcome is not Outcome.OK:
        parsed = None
    return judge(
        state,
        fetched,
        parsed,
        digest=body_hash(fetched.body),
        published=published or [],
        found_new=found_new,
        now=now,
        random=Random(1),
    )


def after(state: SourceState, found: Verdict) -> SourceState:
    """The source as the verdict leaves it."""
    names = {
        "moved_to",
        "moved_count",
        "failures",
        "failing_since",
        "told_failing",
        "told_silent",
        "address",
        "last_new_at",
    }
    return replace(state, **{name: value for name, value in found.columns.items() if name in names})


def wait(found: Verdict, now: datetime = NOW) -> float:
    """Seconds to the next poll."""
    return float((found.columns["next_at"] - now).total_seconds())


# ── what is learned ──────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_that_was_parsed_is_learned_whole() -> None:
    columns = verdict(found_new=True).columns
    assert (columns["etag"], columns["last_modified"]) == ('"new"', None)
    assert columns["body_hash"] == body_hash(b"new")
    assert columns["seen_entries"] == ["a", "b"]
    assert (columns["last_ok_at"], columns["last_new_at"], columns["failures"]) == (NOW, NOW, 0)


@pytest.mark.parametrize(
    "parsed",
    [
        Parsed(outcome=Outcome.FAILED, error="the worker was killed"),
        Parsed(outcome=Outcome.EMPTY),
        Parsed(outcome=Outcome.BLOCKED),
    ],
)
def test_hard_case_28_validators_of_an_answer_that_could_not_be_used_are_not_taken_over(parsed: Parsed) -> None:
    found = verdict(parsed=parsed)
    assert found.outcome is parsed.outcome
    assert not {"etag", "last_modified", "body_hash", "seen_entries", "last_ok_at"} & found.columns.keys()
    assert found.columns["failures"] == 1


def test_not_modified_keeps_what_was_learned() -> None:
    found = verdict(fetched=answer(Outcome.NOT_MODIFIED, status=304))
    assert not {"etag", "body_hash", "seen_entries", "title"} & found.columns.keys()
    assert (found.columns["last_ok_at"], found.columns["failures"]) == (NOW, 0)


def test_the_same_body_under_a_new_tag_takes_the_tag_over() -> None:
    columns = verdict(parsed=None).columns
    assert columns["etag"] == '"new"'
    assert "seen_entries" not in columns


def test_a_source_s_first_good_poll_is_remembered() -> None:
    assert verdict(replace(OLD, first_ok_at=None)).columns["first_ok_at"] == NOW
    assert "first_ok_at" not in verdict().columns


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED, Outcome.MISSING, Outcome.EMPTY])
def test_a_failure_keeps_everything_and_counts(outcome: Outcome) -> None:
    columns = verdict(fetched=answer(outcome, status=503, error="503")).columns
    assert columns.keys() == {
        "last_polled_at", "last_outcome", "last_error", "failures", "failing_since", "next_at", "retry_at",
    }  # fmt: skip
    assert (columns["failures"], columns["failing_since"], columns["last_outcome"]) == (1, NOW, outcome.value)


# ── moved ────────────────────────────────────────────────────────────────────────────────────────────────


def _polled_with(*moved: str | None) -> SourceState:
    state = OLD
    for target in moved:
        state = after(state, verdict(state, answer(body=b"new", moved_to=target)))
    return state


NEW, OTHER = "https://new.example/feed", "https://other.example/feed"


def test_hard_case_31_an_address_moves_after_three_agreeing_permanent_redirects() -> None:
    assert _polled_with(NEW, NEW).address == URL
    moved = _polled_with(NEW, NEW, NEW)
    assert (moved.address, moved.moved_to, moved.moved_count) == (NEW, None, 0)


@pytest.mark.parametrize("moved", [(NEW, NEW, OTHER), (NEW, None, NEW, NEW), (NEW, NEW, None, NEW)])
def test_hard_case_31_redirects_that_disagree_start_over(moved: tuple[str | None, ...]) -> None:
    assert _polled_with(*moved).address == URL


def test_hard_case_31_a_failure_in_between_neither_counts_nor_starts_over() -> None:
    state = _polled_with(NEW, NEW)
    state = after(state, verdict(state, failed(moved_to=NEW)))
    assert state.address == URL
    assert after(state, verdict(state, answer(body=b"new", moved_to=NEW))).address == NEW


# ── when it is asked again ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("known", "hours_between", "seconds"),
    [
        (0, 1, 86_400.0),
        (10, 200, 86_400.0),
        (50, 12, 43_200.0),
        (50, 1, 3_600.0),
        (10, 0.5, 1_800.0),
        (50, 0.01, 300.0),
    ],
)
def test_a_source_is_polled_as_often_as_it_publishes(known: int, hours_between: float, seconds: float) -> None:
    published = [NOW - timedelta(hours=hours_between * number) for number in range(1, known + 1)]
    assert wait(verdict(published=published)) == pytest.approx(seconds, rel=0.1001)


def test_each_failure_in_a_row_doubles_the_wait_up_to_a_day() -> None:
    state, waits = replace(OLD, every=600.0), []
    for _ in range(12):
        found = verdict(state, failed())
        waits.append(wait(found))
        state = after(state, found)
    for failures, seconds in enumerate(waits, start=1):
        assert seconds == pytest.approx(min(600.0 * 2 ** (failures - 1), 86_400.0), rel=0.1001)


def test_a_recovered_source_is_polled_as_before() -> None:
    assert wait(verdict(replace(OLD, every=600.0, failures=9))) == pytest.approx(600.0, rel=0.1001)


def test_hard_case_29_a_server_s_retry_after_is_kept_and_never_undercut() -> None:
    found = verdict(replace(OLD, every=600.0), failed(429, retry_after=7200.0))
    assert found.columns["retry_at"] == NOW + timedelta(seconds=7200)
    assert wait(found) >= 7200
    assert verdict(replace(OLD, retry_at=NOW)).columns["retry_at"] is None


def test_a_short_retry_after_does_not_hurry_us() -> None:
    assert wait(verdict(replace(OLD, every=600.0), failed(503, retry_after=1.0))) > 500


def test_a_publisher_s_own_rhythm_is_heeded() -> None:
    busy = [NOW - timedelta(minutes=number) for number in range(50)]
    assert wait(verdict(parsed=replace(PARSED, min_interval=50_000.0), published=busy)) >= 45_000
    assert wait(verdict(fetched=answer(body=b"new", max_age=60_000.0), published=busy)) >= 54_000
    night = verdict(replace(OLD, every=600.0), parsed=replace(PARSED, skip_hours=frozenset((12, 13))))
    assert night.columns["next_at"] == NOW.replace(hour=14)


def test_what_the_publisher_asked_for_holds_while_it_shows_nothing_new() -> None:
    first = verdict(
        replace(OLD, every=600.0), parsed=replace(PARSED, min_interval=50_000.0, skip_hours=frozenset((12,)))
    )
    assert (first.columns["min_interval"], first.columns["skip_hours"]) == (50_000.0, [12])
    asked = replace(OLD, min_interval=50_000.0, skip_hours=frozenset((12,)))
    busy = [NOW - timedelta(minutes=number) for number in range(50)]
    for fetched, parsed in ((answer(Outcome.NOT_MODIFIED), None), (answer(body=b"the same"), None), (failed(), None)):
        assert wait(verdict(asked, fetched, parsed, published=busy)) >= 45_000
        assert verdict(replace(asked, every=600.0), fetched, parsed).columns["next_at"].hour == 13
    freed = verdict(asked, published=busy)
    assert (wait(freed) < 45_000, freed.columns["min_interval"]) == (True, None)


# ── health ───────────────────────────────────────────────────────────────────────────────────────────────


def _turns(*answers: FetchResult) -> list[str | None]:
    state = OLD
    turns: list[str | None] = []
    for each in answers:
        found = verdict(state, each)
        turns.append(found.turned)
        state = after(state, found)
    return turns


GOOD = answer(body=b"new")


def test_a_source_fails_after_three_failures_in_a_row_and_is_told_once() -> None:
    assert _turns(*[failed()] * 5) == [None, None, "failing", None, None]


def test_failures_that_are_not_in_a_row_are_nobody_s_news() -> None:
    assert _turns(failed(), failed(), GOOD, failed(), failed(), GOOD) == [None] * 6


def test_a_source_that_was_told_to_fail_is_told_to_be_back_once() -> None:
    assert _turns(*[failed()] * 3, GOOD, GOOD, *[failed()] * 3) == [
        None, None, "failing", "recovered", None, None, None, "failing",
    ]  # fmt: skip


def test_the_beginning_of_a_failure_is_kept() -> None:
    first = after(OLD, verdict(OLD, failed(), now=NOW))
    second = verdict(first, failed(), now=NOW + HOUR)
    assert "failing_since" not in second.columns
    assert verdict(first, GOOD, now=NOW + HOUR).columns["failing_since"] is None


def test_hard_case_30_gone_is_told_at_once_with_the_pause() -> None:
    found = verdict(fetched=answer(Outcome.MISSING, status=410, error="gone for good (410)"))
    assert (found.turned, found.gone) == ("failing", True)
    assert found.reason == "gone for good (410): it is paused"


# ── silence ──────────────────────────────────────────────────────────────────────────────────────────────

DAILY = [NOW - 12 * DAY - number * DAY for number in range(20)]
SILENT = replace(OLD, last_new_at=NOW - 12 * DAY)


def test_a_feed_that_answers_and_shows_nothing_new_for_long_is_told_to_fail_once() -> None:
    found = verdict(SILENT, GOOD, published=DAILY)
    assert found.turned == "failing"
    assert found.columns["told_failing"] is True
    assert "nothing new for several times its usual gap" in found.reason
    assert verdict(after(SILENT, found), GOOD, published=DAILY).turned is None


def test_a_failure_amid_a_silence_does_not_end_it() -> None:
    state, turns = SILENT, []
    for each in (GOOD, failed(), GOOD, answer(Outcome.NOT_MODIFIED)):
        found = verdict(state, each, published=DAILY)
        turns.append(found.turned)
        state = after(state, found)
    assert turns == ["failing", None, None, None]
    assert verdict(state, GOOD, published=DAILY, found_new=True).turned == "recovered"


def test_a_silent_feed_that_speaks_again_has_recovered() -> None:
    told = replace(SILENT, told_failing=True)
    found = verdict(told, GOOD, published=DAILY, found_new=True)
    assert (found.turned, found.columns["told_failing"]) == ("recovered", False)


def test_not_modified_is_silence_as_well() -> None:
    assert verdict(SILENT, answer(Outcome.NOT_MODIFIED), published=DAILY).turned == "failing"


@pytest.mark.parametrize(
    "state",
    [
        replace(SILENT, last_new_at=NOW - 3 * DAY),
        replace(SILENT, memory=SourceMemory(kind="page")),
    ],
)
def test_a_short_silence_and_a_page_without_a_change_are_nobody_s_news(state: SourceState) -> None:
    assert verdict(state, GOOD, published=DAILY).turned is None


def test_a_first_poll_by_a_clock_that_was_ahead_is_taken_for_one_of_now() -> None:
    ahead = replace(OLD, first_ok_at=NOW + 365 * DAY, last_new_at=NOW + 365 * DAY)
    columns = verdict(ahead).columns
    assert (columns["first_ok_at"], columns["last_new_at"]) == (NOW, NOW)

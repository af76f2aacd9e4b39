"""What a poll means for its source: old state + answer → the columns to write, and whether its health changed. Pure.

Validators are taken over only with an answer that was parsed, so that a body which we could not read is asked for
again. An address moves only after three agreeing permanent redirects. A failure keeps everything and backs off.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random
from typing import Any, Literal

from watchers.models import FetchResult, Item, Outcome, Parsed
from watchers.sources.interval import is_silent, jittered, next_interval, not_before, pace, usual_gap
from watchers.storage.sources import SourceState

FAILING_AFTER = 3  # failures in a row
MOVES_AFTER = 3  # agreeing permanent redirects
GOOD = (Outcome.OK, Outcome.NOT_MODIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """What is told of a source's first successful poll: all, or what was published within `span` of the clock."""

    everything: bool = False
    span: timedelta = timedelta(hours=24)

    def is_silent(
        self, item: Item, *, first_ok_at: datetime | None, known_since: datetime | None, now: datetime
    ) -> bool:
        """Whether an unseen item is old news, to be recorded and not told.

        On the first poll, undated and future-dated items are old. Later, one dated from before the first look slid into
        the feed's window, behind all that is known since `known_since`: it is as old as those that the first poll
        passed over. One that stands among the known ones is news that its outlet dates back, as courts do.
        """
        if self.everything:
            return False
        if first_ok_at is None:
            return item.published is None or not now - self.span <= item.published <= now
        if item.published is None or item.published >= min(first_ok_at, now) - self.span:
            return False
        return known_since is None or item.published <= known_since


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a poll decided about its source."""

    outcome: Outcome
    error: str | None
    columns: dict[str, Any]
    turned: Literal["failing", "recovered"] | None = None
    reason: str = ""
    gone: bool = False


def body_hash(body: bytes) -> str:
    """The identity of a body, byte for byte."""
    return blake2b(body, digest_size=32).hexdigest()


def as_seen_first(state: SourceState, parsed: Parsed | None) -> SourceState:
    """The state before a poll; before a first one, where the source shows itself to be of another kind than learned."""
    if parsed is None or not state.memory.learned or parsed.kind == state.memory.kind:
        return state
    return replace(state, first_ok_at=None)


def as_it_names_itself(state: SourceState, verdict: Verdict) -> SourceState:
    """The state for what is read after a poll: with what the source just said of itself."""
    said = {name: verdict.columns[name] for name in ("title", "outlet", "language") if name in verdict.columns}
    return replace(state, **said)


def judge(
    state: SourceState,
    fetched: FetchResult,
    parsed: Parsed | None,
    *,
    digest: str | None,
    published: list[datetime],
    found_new: bool,
    now: datetime,
    random: Random,
) -> Verdict:
    """Decide what a poll means. `parsed` is None where there was nothing to parse (304, same body, failure).

    `digest` is the identity of the body that was fetched. `published` are the publication times of the source's newest
    items, newest first.
    """
    outcome = fetched.outcome if parsed is None else parsed.outcome
    error = fetched.error if parsed is None else parsed.error
    good = outcome in GOOD
    columns: dict[str, Any] = {"last_polled_at": now, "last_outcome": outcome.value, "last_error": error}
    failures = 0 if good else state.failures + 1
    columns["failures"] = failures
    columns["retry_at"] = None if fetched.retry_after is None else now + timedelta(seconds=fetched.retry_after)
    if good:
        columns |= _learned(state, fetched, parsed, digest, now=now, found_new=found_new)
    elif state.failures == 0:
        columns["failing_since"] = now
    turned, reason = _turn(state, failures, error or outcome.value, gone=fetched.gone)
    if turned is None and good and state.memory.kind != "page":
        turned, reason = _silence(state, published, found_new=found_new, now=now)
    if turned is not None:
        columns["told_failing"] = turned == "failing"
        columns["told_silent"] = turned == "failing" and good
    columns["next_at"] = _next(state, fetched, parsed, failures, published, now=now, random=random)
    return Verdict(outcome=outcome, error=error, columns=columns, turned=turned, reason=reason, gone=fetched.gone)


def _learned(
    state: SourceState,
    fetched: FetchResult,
    parsed: Parsed | None,
    digest: str | None,
    *,
    now: datetime,
    found_new: bool,
) -> dict[str, Any]:
    columns: dict[str, Any] = {"last_ok_at": now, "failing_since": None}
    if state.first_ok_at is None or state.first_ok_at > now:  # later than now: by a clock that was ahead
        columns["first_ok_at"] = now
    if found_new or state.last_new_at is None or state.last_new_at > now:
        columns["last_new_at"] = now
    if fetched.outcome is Outcome.OK:
        columns["etag"] = fetched.validators.etag
        columns["last_modified"] = fetched.validators.last_modified
        columns["body_hash"] = digest
    if parsed is not None:
        columns["found_kind"] = parsed.kind
        columns["title"] = parsed.title or state.title
        columns["outlet"] = parsed.outlet or state.outlet
        columns["language"] = parsed.language or state.language
        columns["seen_entries"] = sorted(parsed.entry_hashes)
        columns["degraded"] = parsed.degraded
        columns["min_interval"] = parsed.min_interval
        columns["skip_hours"] = sorted(parsed.skip_hours)
    if fetched.moved_to is None or fetched.moved_to != state.moved_to:
        columns["moved_to"], columns["moved_count"] = fetched.moved_to, 1 if fetched.moved_to else 0
    elif state.moved_count + 1 >= MOVES_AFTER:
        columns["address"], columns["moved_to"], columns["moved_count"] = fetched.moved_to, None, 0
    else:
        columns["moved_count"] = state.moved_count + 1
    return columns


def _turn(
    state: SourceState, failures: int, reason: str, *, gone: bool
) -> tuple[Literal["failing", "recovered"] | None, str]:
    if gone:
        return "failing", f"{reason}: it is paused"
    if failures >= FAILING_AFTER and not state.told_failing:
        return "failing", reason
    if failures == 0 and state.failures > 0 and state.told_failing and not state.told_silent:
        return "recovered", ""
    return None, ""


def _silence(
    state: SourceState, published: list[datetime], *, found_new: bool, now: datetime
) -> tuple[Literal["failing", "recovered"] | None, str]:
    """A feed that answers and has fallen silent is as dead as one that does not answer."""
    silent = not found_new and is_silent(now=now, last_new_at=state.last_new_at, usual_gap=usual_gap(published))
    if silent and not state.told_failing:
        return "failing", "it answers, but has shown nothing new for several times its usual gap"
    if found_new and state.told_failing:
        return "recovered", ""
    return None, ""


def _next(
    state: SourceState,
    fetched: FetchResult,
    parsed: Parsed | None,
    failures: int,
    published: list[datetime],
    *,
    now: datetime,
    random: Random,
) -> datetime:
    asked = state if parsed is None or parsed.outcome is not Outcome.OK else parsed
    seconds = next_interval(
        pace=pace(published, now=now),
        min_interval=asked.min_interval,
        max_age=fetched.max_age,
        every=state.every,
        failures=failures,
    )
    seconds = jittered(seconds, random)
    if fetched.retry_after is not None:
        seconds = max(seconds, fetched.retry_after)
    return not_before(now + timedelta(seconds=seconds), asked.skip_hours)

"""When a source is asked again. Pure: seconds and moments in, seconds and moments out.

    times of the newest entries ─pace→ seconds ─next_interval→ seconds ─jittered→ seconds
    the moment ─not_before→ the moment

The interval follows how often the source brings something of late, between five minutes and a day: a poll then finds
about one new entry, and a feed that shows only its last ten loses none of them between two polls.
"""

import math
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Final

SHORTEST: Final = 300.0
LONGEST: Final = 86_400.0
FIRST_RETRY: Final = 900.0
_WEEK: Final = 7 * 86_400.0
_JITTER: Final = 0.1
_HOURS: Final = 24
_GAPS_NEEDED: Final = 8
_GAP_SHARE: Final = 0.9
_SILENCE_GAPS: Final = 4.0
_SILENCE_FLOOR: Final = 4 * 86_400.0


def pace(published: Sequence[datetime], *, now: datetime) -> float:
    """Seconds that a source lets pass between two entries, at most a week.

    `published` are the times of its newest entries. What counts is the last week, or as much of it as these reach
    back: of a source that is new to us, or that is busy, they are of a few hours.
    """
    ages = [(now - moment).total_seconds() for moment in published]
    recent = [max(age, 0.0) for age in ages if age <= _WEEK]
    if not recent:
        return _WEEK
    return (max(recent) if len(recent) == len(ages) else _WEEK) / len(recent)


def next_interval(
    *,
    pace: float,
    min_interval: float | None = None,
    max_age: float | None = None,
    every: float | None = None,
    failures: int = 0,
) -> float:
    """Seconds until the next poll, from five minutes to a day.

    Never sooner than the publisher's `min_interval` and `max_age` (both in seconds). `every` (seconds) is the
    desk's own word and overrides all three. After a failure the source is asked again after a quarter of an hour,
    or sooner where these say so; each further failure in a row doubles that, up to a day, or up to `every` where
    it is longer: a network that was down for a minute must not silence a slow source for a day.
    """
    if every is not None:
        seconds = every
    else:
        seconds = min(max(pace, SHORTEST), LONGEST)
        seconds = min(max(seconds, min_interval or 0.0, max_age or 0.0), LONGEST)
    if not failures:
        return seconds
    first = seconds if every is not None else max(min(seconds, FIRST_RETRY), min(min_interval or 0.0, LONGEST))
    # The cap on the exponent keeps a source that failed for years from overflowing.
    return min(first * 2.0 ** min(failures - 1, 30), max(LONGEST, seconds))


def jittered(seconds: float, random: Random) -> float:
    """The interval, up to 10 % shorter or longer, so that sources don't fall into step."""
    return seconds * random.uniform(1 - _JITTER, 1 + _JITTER)


def not_before(at: datetime, skip_hours: Collection[int]) -> datetime:
    """`at` (UTC), or the first full hour after it that the publisher doesn't ask us to skip."""
    later = at
    for _ in range(_HOURS):
        if later.hour not in skip_hours:
            return later
        later = later.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at  # every hour skipped is a mistake, and heeded as none


def usual_gap(published: Sequence[datetime]) -> float | None:
    """The longest time in seconds that a source usually lets pass between two publications.

    It is the 90th percentile of the gaps, so that nights and weekends count and one long break does not. None
    with fewer than eight gaps: such a source has no habit yet.
    """
    moments = sorted(set(published))
    gaps = sorted((later - earlier).total_seconds() for earlier, later in pairwise(moments))
    return gaps[math.ceil(_GAP_SHARE * len(gaps)) - 1] if len(gaps) >= _GAPS_NEEDED else None


def is_silent(*, now: datetime, last_new_at: datetime | None, usual_gap: float | None) -> bool:
    """Whether a source that answers has brought nothing for four times its usual gap, and four days at least.

    Four days is a long weekend: below that, an office's feed that is busy on workdays would be called silent
    each holiday.
    """
    if last_new_at is None or usual_gap is None:
        return False
    return (now - last_new_at).total_seconds() > max(_SILENCE_GAPS * usual_gap, _SILENCE_FLOOR)

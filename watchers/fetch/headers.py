"""Header values that steer when we come back: text in, seconds out, nothing where they make no sense."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

DAY: Final = 86_400.0
MAX_AGE: Final = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]+)", re.IGNORECASE)
NOT_KEPT: Final = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b", re.IGNORECASE)


def retry_after(value: str | None, *, now: datetime) -> float | None:
    """Read Retry-After: seconds or a date (RFC 9110 §10.2.3), between 0 and a day, None if it is neither."""
    text = (value or "").strip()
    if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
        return _within_a_day(float(text[:20]))
    when = http_date(text)
    return None if when is None else _within_a_day((when - now).total_seconds())


def http_date(value: str | None) -> datetime | None:
    """Read a date of HTTP as an aware time in UTC, None if it is none."""
    try:
        when = parsedate_to_datetime((value or "").strip()[:100])
    except (ValueError, OverflowError, TypeError):
        return None
    try:
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except OverflowError:
        return None


def max_age(value: str | None) -> float | None:
    """Read `max-age` of Cache-Control in seconds, at most a day; None where the answer may not be kept at all."""
    if not value or NOT_KEPT.search(value):
        return None
    found = MAX_AGE.search(value)
    return None if found is None else _within_a_day(float(found[1][:20]))


def _within_a_day(seconds: float) -> float:
    return min(max(seconds, 0.0), DAY)

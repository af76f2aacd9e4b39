"""When an alert is due on a route: at once, or with the digest of its hour, its day or the end of quiet hours. Pure.

`now` → `due`: the moment, and the slot that names its digest (None: a card of its own). Days and quiet hours are the
desk's local ones; a local day has one digest also when clocks change, since the slot is named by the local date.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from watchers.models import When


@dataclass(frozen=True, slots=True)
class Due:
    """When, and with which digest."""

    at: datetime
    slot: str | None


def due(when: When, *, now: datetime, timezone: str, digest_at: str, quiet: str | None) -> Due:
    """When an alert that arises `now` is told on a route.

    `digest_at` is "HH:MM" and `quiet` "HH:MM-HH:MM", both local times in `timezone`; the result is in UTC.
    """
    zone = ZoneInfo(timezone)
    if when == "daily":
        return _daily(now, zone, _clock(digest_at))
    if when == "hourly":
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        planned = Due(hour, f"hourly:{hour:%Y-%m-%dT%H}")
    else:
        planned = Due(now, None)
    if quiet and (end := quiet_until(planned.at, zone, quiet)):
        return Due(end, f"quiet:{end.astimezone(zone):%Y-%m-%dT%H:%M}")
    return planned


def quiet_until(at: datetime, zone: ZoneInfo, quiet: str) -> datetime | None:
    """The end of the quiet hours that `at` falls in, in UTC; None outside them."""
    start, end = (_clock(part) for part in quiet.split("-"))
    local = at.astimezone(zone)
    inside = start <= local.time() < end if start < end else local.time() >= start or local.time() < end
    if not inside:
        return None
    day = local.date() if local.time() < end else local.date() + timedelta(days=1)
    over = datetime.combine(day, end, zone).astimezone(UTC)
    # In the hour that a change of clocks repeats, the first end is past: the second one counts.
    return over if over > at else datetime.combine(day, end.replace(fold=1), zone).astimezone(UTC)


def _daily(now: datetime, zone: ZoneInfo, at: time) -> Due:
    day = now.astimezone(zone).date()
    moment = datetime.combine(day, at, zone)
    if moment.astimezone(UTC) <= now.astimezone(UTC):
        day += timedelta(days=1)
        moment = datetime.combine(day, at, zone)
    return Due(moment.astimezone(UTC), f"daily:{day.isoformat()}")


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))

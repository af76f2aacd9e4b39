"""What a feed says of itself before its entries: title, language, and how often it wants to be asked.

The hours and days to skip are read from the raw header, since feedparser keeps only the last of a list.
"""

import re
from dataclasses import dataclass

from watchers.sources.feed_entries import Entry, language_of, title_of

_DAY = 86_400.0
_HOUR = 3_600.0
_PERIODS = {"hourly": _HOUR, "daily": _DAY, "weekly": 7 * _DAY, "monthly": 30 * _DAY, "yearly": 365 * _DAY}
_SKIPPED_HOURS = re.compile(rb"<skipHours\b[^>]*>(.*?)</skipHours\s*>", re.DOTALL | re.IGNORECASE)
_HOUR_OF_DAY = re.compile(rb"<hour\b[^>]*>\s*(\d{1,2})\s*</hour\s*>", re.IGNORECASE)
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Header:
    """A feed's own data. `min_interval` in seconds, at most a day; `skip_hours` are hours of UTC."""

    title: str
    language: str | None
    min_interval: float | None
    skip_hours: frozenset[int]


def header_of(feed: Entry, raw: bytes) -> Header:
    """The header from feedparser's reading of it and from its raw bytes."""
    return Header(title_of(feed), language_of(feed.get("language")), _interval(feed), _skipped(raw))


def _interval(feed: Entry) -> float | None:
    """`ttl` in minutes; else the syndication period, of which an hour at most is heeded.

    Publishing systems print a period by default, so a longer one says little about the newsroom's wish.
    """
    minutes = _number(feed.get("ttl"))
    if minutes:
        return min(minutes * 60, _DAY)
    period = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    if period is None:
        return None
    return min(period / (_number(feed.get("sy_updatefrequency")) or 1), _HOUR)


def _number(text: object) -> float | None:
    """A positive whole number of at most six digits, or None."""
    found = re.fullmatch(r"\s*(\d{1,6})\s*", str(text or ""))
    return float(found.group(1)) or None if found else None


def _skipped(raw: bytes) -> frozenset[int]:
    listed = _SKIPPED_HOURS.search(raw)
    hours = {int(hour) % _HOURS_A_DAY for hour in _HOUR_OF_DAY.findall(listed.group(1))} if listed else set()
    return frozenset(hours) if len(hours) < _HOURS_A_DAY else frozenset()  # all of them is a mistake

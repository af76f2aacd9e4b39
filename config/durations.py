"""Durations as people write them: a whole number and a unit, `90s`, `15m`, `24h`, `2d`.

    "15m" ─parse_duration→ timedelta(minutes=15) ─format_duration→ "15m"

One unit a duration: what is written is what is shown again.
"""

import re
from datetime import timedelta

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}  # seconds
_DURATION = re.compile(r"([0-9]{1,9})([smhd])")


def parse_duration(text: str) -> timedelta:
    """Return the duration that `text` states.

    Raises ValueError, its text fit for a person, where `text` is not a whole number followed by s, m, h or d.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError("not a duration: write a whole number and s, m, h or d, as 90s, 15m, 24h or 2d")
    try:
        return timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    except OverflowError:
        raise ValueError("too long for a duration: write a smaller number") from None


def format_duration(duration: timedelta) -> str:
    """Write a duration of whole seconds in the largest unit that states it exactly."""
    seconds = round(duration.total_seconds())
    unit = next(unit for unit, size in reversed(_UNITS.items()) if seconds % size == 0)
    return f"{seconds // _UNITS[unit]}{unit}"

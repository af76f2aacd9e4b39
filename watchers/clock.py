"""The clock that decisions are taken by.

It is the real one, or one that starts at a given time and runs on from there (`run --once --at`, the demo's compressed
day). Waits and deadlines never ask it: those are monotonic, and real.
"""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Call it for the time, in UTC."""

    def __init__(self, start: datetime | None = None, *, speed: float = 1.0) -> None:
        """Show the real time; or begin at `start` and run `speed` times as fast as the real one."""
        self._start = start
        self._speed = speed
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        """Tell the time."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self._speed)

    def set(self, moment: datetime) -> None:
        """Go on from another moment."""
        self._start = moment
        self._began = time.monotonic()

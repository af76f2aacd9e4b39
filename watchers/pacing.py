"""When something may go to a channel: within the channel's own pace, and not while its service holds up everyone.

Posts and edits count alike. Everything here is on the event loop's monotonic clock, in seconds.
"""

import asyncio
from dataclasses import dataclass, field

Pace = tuple[tuple[int, float], ...]  # at most so many within so many seconds, each


@dataclass(slots=True)
class Pacer:
    """Keeps what happens within limits. `now` is the monotonic clock, in seconds."""

    limits: Pace
    _happened: list[float] = field(default_factory=list)

    def delay(self, now: float) -> float:
        """Seconds until one more is within every limit."""
        return max(
            (
                self._happened[-many] + seconds - now
                for many, seconds in self.limits
                if len(self._happened) >= many and self._happened[-many] + seconds > now
            ),
            default=0.0,
        )

    def count(self, now: float) -> None:
        """One more happens now."""
        self._happened.append(now)
        del self._happened[: -max((many for many, _ in self.limits), default=1)]


@dataclass(slots=True)
class Traffic:
    """What all that goes out shares: each channel's pace, and the services that hold up everyone."""

    _pacers: dict[int, Pacer] = field(default_factory=dict)
    _held_until: dict[str, float] = field(default_factory=dict)

    def enter(self, channel_id: int, pace: Pace) -> float:
        """Take the channel's next turn. 0: it is taken; otherwise seconds until there is one."""
        now = asyncio.get_running_loop().time()
        pacer = self._pacers.setdefault(channel_id, Pacer(pace))
        delay = pacer.delay(now)
        if delay <= 0:
            pacer.count(now)
        return delay

    def hold(self, service: str, seconds: float) -> None:
        """A service wants nothing more, from any of its channels, for so many seconds."""
        until = asyncio.get_running_loop().time() + seconds
        self._held_until[service] = max(until, self._held_until.get(service, until))

    def held(self, service: str) -> float:
        """Seconds that a service still wants nothing."""
        return max(self._held_until.get(service, 0.0) - asyncio.get_running_loop().time(), 0.0)

"""A clock that a trial can put forward and back while its desks run.

harness: Skew(file).jump(seconds) ─the mapped file→ each of the trial's processes: Skew(file).wear()

The program has no setting for this, and a machine's clock is not a test's to turn. So a process that wears it reads
the time through it: by `time.time`, and wherever a module of the desk or of its scheduler took `datetime`. Monotonic
time is left alone, as it is by a clock that is set.
"""

import mmap
import struct
import sys
import time
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

READERS = ("bot", "watchers", "config", "apscheduler")  # packages that ask `datetime` for the time
_SECONDS = struct.Struct("d")


class Skew:
    """How wrong the clock is. The file is made if it isn't there."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_SECONDS.pack(0.0))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _SECONDS.size)

    @property
    def seconds(self) -> float:
        found: tuple[float] = _SECONDS.unpack_from(self._map)
        return found[0]

    def jump(self, seconds: float) -> None:
        _SECONDS.pack_into(self._map, 0, self.seconds + seconds)

    def wear(self) -> None:
        """From now on this process's modules read this clock. What is imported later reads the real one."""
        real = time.time
        time.time = lambda: real() + self.seconds
        _Clock.skew = self
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] in READERS and vars(module).get("datetime") is datetime:
                module.datetime = _Clock  # type: ignore[attr-defined]  # as a name that the module imported


class _AlsoReal(type):
    """What the real class makes counts as made by the clock."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class _Clock(datetime, metaclass=_AlsoReal):
    """`datetime`, but for the time that it is now. All that it makes are real ones."""

    skew: Skew

    def __new__(cls, *parts: Any, **more: Any) -> Any:
        return datetime(*parts, **more)  # noqa: DTZ001 - whatever was asked for

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime.fromtimestamp(time.time(), tz)

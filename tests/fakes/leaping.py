"""An event loop whose time is not the world's: it stands still while something is done, and leaps over every wait.

leap(coroutine)               # runs it; `asyncio.sleep(3600)` in it takes no time at all
asyncio.get_running_loop().time()   # seconds of this time, from 0
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar

import pytest

from watchers.storage.database import Database

T = TypeVar("T")


class _LeapingSelector(selectors.DefaultSelector):
    def __init__(self) -> None:
        super().__init__()
        self.leapt = 0.0
        self.in_threads = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        ready = super().select(None if self.in_threads else 0)
        if not ready:
            self.leapt += timeout
        return ready


class LeapingLoop(asyncio.SelectorEventLoop):
    """What runs in threads takes no time either: no wait is leapt over before it has ended."""

    def __init__(self) -> None:
        self._leaping = _LeapingSelector()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.leapt

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        running: asyncio.Future[T] = super().run_in_executor(executor, func, *args)
        self.begin()
        running.add_done_callback(self.end)
        return running

    def begin(self) -> None:
        """A thread begins to work on what somebody waits for."""
        self._leaping.in_threads += 1

    def end(self, _: object = None) -> None:
        """It has ended."""
        self._leaping.in_threads -= 1


_write = Database.write


async def _write_waited_for(self: Database, *arguments: Any, **named: Any) -> Any:
    """The writer is a thread of its own, that no executor knows."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, LeapingLoop)
    loop.begin()
    try:
        return await _write(self, *arguments, **named)
    finally:
        loop.end()


def leap(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=LeapingLoop) as runner, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "write", _write_waited_for)
        return runner.run(work)

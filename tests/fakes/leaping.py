"""An event loop whose time is not the world's: it stands still while something is done, and leaps over every wait.

leap(coroutine)               # runs it; `asyncio.sleep(3600)` in it takes no time at all
asyncio.get_running_loop().time()   # seconds of this time, from 0
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar

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
        self._leaping.in_threads += 1
        running.add_done_callback(self._ended)
        return running

    def _ended(self, _: object) -> None:
        self._leaping.in_threads -= 1


def leap(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(work)

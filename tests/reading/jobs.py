"""Jobs for the worker's tests: a worker process imports them from here."""

import ctypes
import os
import signal
import sys
import time


def add(left: int, right: int) -> int:
    return left + right


def my_pid() -> int:
    return os.getpid()


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "slept"


def spin() -> None:
    while True:
        pass


def work(seconds: float) -> str:
    """Be busy for so many seconds of CPU."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "worked"


def hold_the_interpreter() -> None:
    """Never give Python a chance to act: only the kernel can end this."""
    ctypes.PyDLL(None).sleep(1000)


def eat_memory() -> int:
    return len(bytearray(8 << 30))


def nest(depth: int) -> int:
    return nest(depth + 1)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    raise SystemExit(3)


def divide(left: int, right: int) -> float:
    return left / right


class UnpicklableError(Exception):
    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)


def raise_unpicklable() -> None:
    raise UnpicklableError(reason="it can't be read back")


def return_unpicklable() -> object:
    return lambda: None


def chatter() -> str:
    sys.stdout.write("this must not reach the parent")
    sys.stdout.flush()
    os.write(1, b"nor this")
    return os.read(0, 10).decode() or "end"


class CannotBeReadError(Exception):
    """Stands for a job whose module the worker can't import."""


def _fail() -> None:
    raise CannotBeReadError


class UnreadableArgument:
    def __reduce__(self) -> tuple[object, tuple[()]]:
        return _fail, ()


class SlowToRead:
    """Stands for a job whose module takes long to import."""

    def __reduce__(self) -> tuple[object, tuple[float]]:
        return sleep, (0.6,)


def take(argument: object) -> None:
    del argument

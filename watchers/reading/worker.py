"""The killable worker: the one place where hostile bytes (feeds, pages, documents) are parsed.

    run(function, *args, seconds) → wait for a free process → the job, its deadline starting there → its result
                                                            ↘ past a limit, or dead: WorkerKilled

Nearly every job is done within `QUICK_SECONDS` of CPU. One that isn't is killed, and begun anew where long jobs go one
after the other, so that a hundred feeds which hold the parser keep nobody else waiting. Beyond a few that wait there, a
long job is given up at once: it would hold its body for minutes. Polls and pages have rooms of their own, so that
however many pages are long, sources are parsed.

A process is started when a job finds none idle, and kept for the next one. Starting it and importing the job's
module don't count against the deadline, nor does waiting for a free one: a deadline around a queue kills
harmless jobs. The limits themselves stand in `worker_process`; this side reads how the process ended.
"""

import asyncio
import contextlib
import pickle
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL
from typing import Final, TypeVar, TypeVarTuple, get_args

from watchers.errors import WorkerKilled
from watchers.models import Errand

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_CHILD: Final = Path(__file__).with_name("worker_process.py")
WAITING: Final = 3  # times its seconds of CPU, a job may take of wall time: on a busy machine it waits for its turn
QUICK_SECONDS: Final = 1.0  # of CPU; a page of a megabyte takes half of it
MOST_LONG: Final = 8  # jobs, the one at work included
_START_SECONDS: Final = 60.0  # to start Python and import a job's module, on a busy machine
_JOBS_PER_PROCESS: Final = 500  # then a fresh one: parsers fragment and cache, and memory is capped


class _TooMuch(WorkerKilled):
    """The job passed its limit of CPU."""


@dataclass(frozen=True, slots=True)
class _Limits:
    """Of one job, in seconds."""

    cpu: float
    wall: float


class _Child:
    """One worker process, between two jobs or doing one."""

    def __init__(self, process: Process, requests: StreamWriter, replies: StreamReader) -> None:
        self._process = process
        self._requests = requests
        self._replies = replies
        self._jobs = 0
        self._sound = True  # false from the moment a job is sent until its reply is whole

    @classmethod
    async def start(cls, memory_bytes: int) -> "_Child":
        """Start a process that imports from where we do."""
        command = (sys.executable, "-P", str(_CHILD), str(memory_bytes))
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        if process.stdin is None or process.stdout is None:
            raise AssertionError("pipes were asked for")
        process.stdin.write(pickle.dumps(sys.path))
        return cls(process, process.stdin, process.stdout)

    @property
    def reusable(self) -> bool:
        """Whether it may be given another job."""
        return self._sound and self._process.returncode is None and self._jobs < _JOBS_PER_PROCESS

    async def ask(self, request: bytes) -> tuple[str, object]:
        """Send a job and read its reply.

        Raises:
            ConnectionError, asyncio.IncompleteReadError: the process died.
        """
        self._sound = False
        self._jobs += 1
        self._requests.writelines((len(request).to_bytes(8, "big"), request))
        await self._requests.drain()
        length = int.from_bytes(await self._replies.readexactly(8), "big")
        packed = await self._replies.readexactly(length)
        reply: tuple[str, object] = pickle.loads(packed)  # noqa: S301 - our own types, written by our own child
        self._sound = reply[0] != "limit"  # what ran out of memory once is not trusted again
        return reply

    async def kill(self) -> int:
        """End the process if it hasn't ended; wait until it and its pipes are gone."""
        with contextlib.suppress(ProcessLookupError):  # it ended a moment ago by itself
            self._process.kill()
        return await self.end()

    async def end(self) -> int:
        """Wait for a process that closed its pipe, until all is gone. Returns the return code."""
        self._requests.close()
        while await self._replies.read(1 << 16):
            pass
        return await self._process.wait()


class _Room:
    """Where the jobs of an errand wait for their turn: most of them, and the long ones."""

    def __init__(self, processes: int) -> None:
        self.quick = asyncio.Semaphore(processes)
        self.long = asyncio.Semaphore(1)
        self.in_long = 0  # jobs, at work or waiting


class Worker:
    """A few processes for each errand, that do what may hang, crash or eat memory, without harm to the desk.

    Belongs to one event loop. `aclose` it (`contextlib.aclosing` does) before that loop ends.
    """

    def __init__(self, *, processes: int, memory_bytes: int = 1 << 30) -> None:
        """`processes` for the quick jobs of an errand; one more for its long ones. Started as they are needed."""
        self._rooms: dict[Errand, _Room] = {errand: _Room(processes) for errand in get_args(Errand)}
        self._memory_bytes = memory_bytes
        self._children: set[_Child] = set()
        self._idle: list[_Child] = []

    async def run(self, function: Callable[[*Ts], T], *args: *Ts, seconds: float, errand: Errand = "poll") -> T:
        """Call a module-level function in a worker process; at most `seconds` of CPU, and three times that in all.

        Whatever the function raises is raised here, with the worker's traceback as a note. When the caller is
        cancelled, the process is killed.

        Raises:
            WorkerKilled: it passed the limit of time, CPU, memory or nesting, or the process died.
        """
        room = self._rooms[errand]
        try:
            limits = _Limits(min(seconds, QUICK_SECONDS), seconds * WAITING)
            kind, value = await self._run(room.quick, function, args, limits)
        except _TooMuch:
            if seconds <= QUICK_SECONDS or room.in_long >= MOST_LONG:
                raise
            room.in_long += 1
            try:
                kind, value = await self._run(room.long, function, args, _Limits(seconds, seconds * WAITING))
            finally:
                room.in_long -= 1
        if kind == "limit":
            raise WorkerKilled(f"the worker gave up: {value}")
        if kind == "raised" and isinstance(value, Exception):
            raise value
        return value  # type: ignore[return-value]  # what the function returned went through a pickle

    async def _run(
        self, free: asyncio.Semaphore, function: Callable[..., object], args: tuple[object, ...], limits: _Limits
    ) -> tuple[str, object]:
        async with free:
            child = await self._take()
            try:
                # Packed only now: many that wait here would each hold their body twice.
                job = pickle.dumps((function, args, limits.cpu, limits.wall), pickle.HIGHEST_PROTOCOL)
                return await self._ask(child, job, limits)
            finally:
                if child.reusable:
                    self._idle.append(child)
                else:
                    self._children.discard(child)
                    await child.kill()

    async def aclose(self) -> None:
        """End all processes, also those at work."""
        children = list(self._children)
        self._children.clear()
        self._idle.clear()
        await asyncio.gather(*(child.kill() for child in children))

    async def _take(self) -> _Child:
        while self._idle:
            child = self._idle.pop()
            if child.reusable:
                return child
            self._children.discard(child)  # it died while idle
            await child.kill()
        child = await _Child.start(self._memory_bytes)
        self._children.add(child)
        return child

    async def _ask(self, child: _Child, request: bytes, limits: _Limits) -> tuple[str, object]:
        try:
            # The child's own alarm is the deadline. This one is for a process that never gets to its job.
            async with asyncio.timeout(limits.wall + _START_SECONDS):
                return await child.ask(request)
        except TimeoutError:
            raise WorkerKilled(f"the worker did not answer within {limits.wall + _START_SECONDS:g} s") from None
        except (ConnectionError, asyncio.IncompleteReadError):
            raise _obituary(await child.end(), limits) from None


def _obituary(returncode: int, limits: _Limits) -> WorkerKilled:
    """Say for people how a worker process ended."""
    match -returncode:
        case signal.SIGALRM:
            return WorkerKilled(f"the worker was killed: longer than {limits.wall:g} s")
        case signal.SIGPROF | signal.SIGXCPU:
            return _TooMuch(f"the worker was killed: more than {limits.cpu:g} s of CPU")
        case number if number > 0:
            return WorkerKilled(f"the worker died: {signal.Signals(number).name}")
    return WorkerKilled(f"the worker died: exit code {returncode}")

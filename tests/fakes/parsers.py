"""Worker processes that needn't import their parsers: forks of one process that has.

    with Parsers() as parsers:                 # once a session; starts at the first use
        parsers.stand_in(monkeypatch)          # from now on `watchers.reading.worker` starts its processes there

    test ─memory limit, pipes─→ the forking process ─fork→ a nurse ─fork→ worker_process.main
         ←────────── process id, then how it ended ────────┘

Half of what a short life of a desk costs is the start of its workers. Their own tests start them for real.
"""

import asyncio
import gc
import os
import pickle
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import IO, Any, Final, Self

import pytest

from watchers.reading import worker

_REQUEST: Final = 64  # bytes at most: the memory limit
_PIPES: Final = 3  # the worker's input and output, and what its nurse says


@dataclass(slots=True)
class _Fork:
    """As much of `asyncio.subprocess.Process` as the worker uses."""

    pid: int
    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader
    nurse: IO[bytes]
    returncode: int | None = None

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    async def wait(self) -> int:
        if self.returncode is None:
            with self.nurse:
                self.returncode = int(await asyncio.to_thread(self.nurse.readline))
        return self.returncode


class Parsers:
    """The forking process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._line is not None and self._process is not None:
            self._line.close()
            self._process.wait(30)

    def stand_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def start(memory_bytes: int) -> worker._Child:
            process = await self._fork(memory_bytes)
            process.stdin.write(pickle.dumps(sys.path))
            return worker._Child(process, process.stdin, process.stdout)  # type: ignore[arg-type]  # all it uses

        monkeypatch.setattr(worker._Child, "start", start)

    async def _fork(self, memory_bytes: int) -> _Fork:
        line = self._line or self._start()
        (its_input, to_it), (from_it, its_output), (of_nurse, by_nurse) = (os.pipe() for _ in range(_PIPES))
        socket.send_fds(line, [str(memory_bytes).encode().ljust(_REQUEST)], [its_input, its_output, by_nurse])
        for given in (its_input, its_output, by_nurse):
            os.close(given)
        nurse = os.fdopen(of_nurse, "rb")
        return _Fork(int(nurse.readline()), await _writer(to_it), await _reader(from_it), nurse)

    def _start(self) -> socket.socket:
        self._line, other = socket.socketpair()
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fakes.parsers", str(other.fileno())], pass_fds=[other.fileno()]
            )
        return self._line


async def _reader(end: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(end, "rb", buffering=0)
    )
    return reader


async def _writer(end: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), os.fdopen(end, "wb", buffering=0)
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)


def _serve(line: socket.socket) -> None:
    """The forking process's own life, until the tests are gone."""
    import trafilatura  # noqa: F401 - here, not in the tests' process

    from watchers.reading import article, worker_process  # noqa: F401 - here too
    from watchers.sources import feed  # noqa: F401 - here too

    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the nurses
    while True:
        request, pipes, *_ = socket.recv_fds(line, _REQUEST, _PIPES)
        if not request:
            return
        if not os.fork():
            line.close()
            _nurse(int(request), pipes, worker_process.main)
        for pipe in pipes:
            os.close(pipe)


def _nurse(memory_bytes: int, pipes: list[int], work: Any) -> None:
    """Fork the worker, say who it is, and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    its_input, its_output, said = pipes
    if pid := os.fork():
        os.close(its_input)
        os.close(its_output)
        with os.fdopen(said, "w", buffering=1) as told:
            print(pid, file=told)
            _, status = os.waitpid(pid, 0)
            print(os.waitstatus_to_exitcode(status), file=told)
        os._exit(0)
    os.close(said)
    os.dup2(its_input, 0)
    os.dup2(its_output, 1)
    os.close(its_input)
    os.close(its_output)
    try:
        work(memory_bytes)
    finally:
        os._exit(0)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as given:
        _serve(given)

"""The real program, started many times without importing it each time.

    with Program() as program:
        run = program.start("run", "--once", environment={…}, folder=…)
        run.kill() or run.wait()

A starter process imports `bot` once; each start is a fork of it that runs `bot.__main__.main` with arguments and an
environment of its own, its output in a file. To the operating system it is a process like any other. With `skew` it is
dressed for the soak (`tests.soak.dressing`).
"""

import gc
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 60.0  # seconds that a run may take
_LOOK_EVERY = 0.02


@dataclass(slots=True)
class Run:
    """A started program. Its output, standard and error, goes into `log`."""

    program: "Program"
    pid: int
    log: Path

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)

    def ended(self) -> int | None:
        """Its exit code, negative for the signal that killed it, told once; None: it runs."""
        code: int | None = self.program.ask({"ended": self.pid})
        return code

    def wait(self, seconds: float = LONGEST) -> int:
        """Its exit code; killed, and an error, after `seconds`."""
        until = time.monotonic() + seconds
        while (code := self.ended()) is None:
            if time.monotonic() > until:
                self.kill()
                raise AssertionError(f"not ended within {seconds} s:\n{self.said}")
            time.sleep(_LOOK_EVERY)
        return code

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""  # killed before it was made


class Program:
    """The starter. Its methods may be called from several threads."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.program"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._runs = 0
        self._asking = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def start(
        self,
        *arguments: str,
        environment: Mapping[str, str],
        folder: Path,
        skew: Path | None = None,
        largest: int | None = None,
    ) -> Run:
        """Start `wiredesk …` in `folder`, which also gets its output. No WIREDESK_ variable of ours reaches it.

        `skew` is the file of its clock; `largest`, in bytes, what a file of its may grow to.
        """
        self._runs += 1
        log = folder / f"run-{self._runs}.log"
        given = {name: value for name, value in os.environ.items() if not name.startswith("WIREDESK_")}
        asked = {
            "arguments": arguments,
            "environment": {**given, **environment},
            "folder": str(folder),
            "log": str(log),
            "skew": str(skew) if skew else None,
            "largest": largest,
        }
        return Run(self, self.ask(asked), log)

    def ask(self, question: Mapping[str, object]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._asking:
            with suppress(BrokenPipeError):  # it is dead, and says why on standard error
                self._process.stdin.write(json.dumps(question) + "\n")
                self._process.stdin.flush()
            answer = self._process.stdout.readline()
        assert answer, "the starter ended: the program can't be imported"
        return json.loads(answer)


def _serve() -> None:
    """The starter's own life: a question a line, an answer a line. Nothing that it started outlives it."""
    import bot.__main__ as imported

    gc.freeze()  # what all runs share is not looked at again by each
    running: set[int] = set()
    for line in sys.stdin:
        question = json.loads(line)
        if "ended" in question:
            answer = _ended(question["ended"])
            if answer is not None:
                running.discard(question["ended"])
        else:
            answer = _fork(question, imported.main)
            running.add(answer)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for pid in running:
        os.kill(pid, signal.SIGKILL)


def _fork(question: Mapping[str, Any], main: Any) -> int:
    dressing = importlib.import_module("tests.soak.dressing") if question["skew"] else None
    pid = os.fork()
    if pid:
        return pid
    try:
        log = os.open(question["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for target, source in ((0, nothing), (1, log), (2, log)):
            os.dup2(source, target)
        os.chdir(question["folder"])
        os.environ.clear()
        os.environ.update(question["environment"])
        sys.argv = ["wiredesk", *question["arguments"]]
        if dressing:
            dressing.dress(Path(question["skew"]))
        if question["largest"]:
            resource.setrlimit(resource.RLIMIT_FSIZE, (question["largest"], resource.RLIM_INFINITY))
        code = _code(main)
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001 - nothing may get back into the starter's own loop
        code = 70
    os._exit(code)


def _code(main: Any) -> int:
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter does with what nobody caught
        traceback.print_exc()
        return 1
    return 0


def _ended(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


if __name__ == "__main__":
    _serve()

"""The child's side of the killable worker: a script that does one job after another until its parent is gone.

    stdin ← the parent's `sys.path`, then one (function, arguments, seconds of CPU, seconds in all) a job
    stdout → one reply a job: ("value", result), ("raised", exception) or ("limit", why)

All but the first are pickles that follow their length.

It runs as a file of its own, not through the parent's `__main__`: a console script would import the whole desk here.
The deadline and the limits of memory and CPU are the kernel's, so that no C code and no stalled parent escapes
them: SIGALRM, SIGXCPU and a failing allocation end the process, and the parent reads the cause from its end.
The end of stdin ends it too, also when the parent was killed.
"""

import math
import os
import pickle
import resource
import signal
import sys
import traceback
from typing import BinaryIO, Final

NICE: Final = 5  # what hostile bytes cost is the desk's last concern: its own loop and writer come first
_IDLE_CPU_SECONDS: Final = 60  # between jobs: to write a reply, and to import what the next job needs


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdin and stdout for the parent alone: whatever a library prints goes nowhere."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return requests, replies


def _limit_memory(memory_bytes: int) -> None:
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, resource.RLIM_INFINITY))
    except (ValueError, OSError):
        # macOS doesn't know this limit, and a container may have set a lower one. Time and CPU still hold.
        return


def _allow_cpu(seconds: float) -> None:
    """Allow this much CPU beyond what has been used so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(usage.ru_utime + usage.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _pack_exception(error: Exception) -> bytes:
    """Pickle an exception with its traceback as a note; one that pickle can't carry goes as its text."""
    report = traceback.format_exc()
    error.add_note("in the worker:\n" + report)
    try:
        packed = pickle.dumps(("raised", error), pickle.HIGHEST_PROTOCOL)
        pickle.loads(packed)  # noqa: S301 - our own bytes: some exceptions pickle and can't be read back
    except Exception:  # noqa: BLE001 - a foreign __reduce__ may raise anything
        packed = pickle.dumps(("raised", RuntimeError(report)), pickle.HIGHEST_PROTOCOL)
    return packed


def _do(request: bytes) -> bytes:
    """Do one job: its request and its reply are pickled. What can't be imported or raises is in the reply."""
    try:
        function, args, cpu_seconds, seconds = pickle.loads(request)  # noqa: S301 - written by our own parent
        _allow_cpu(cpu_seconds + 1)
        # The bound is on work done: on a busy machine a harmless job waits for its turn, and must not be killed for it.
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        packed = pickle.dumps(("value", function(*args)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        packed = pickle.dumps(("limit", "it needed more memory than it may have"))
    except RecursionError:
        packed = pickle.dumps(("limit", "it nested too deeply"))
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent raises it again
        packed = _pack_exception(error)
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    _allow_cpu(_IDLE_CPU_SECONDS)
    return packed


def _framed(packed: bytes) -> bytes:
    return len(packed).to_bytes(8, "big") + packed


def main(memory_bytes: int) -> None:
    """Do jobs until stdin ends, or until one of them passes a limit."""
    requests, replies = _take_streams()
    # Ctrl-C and a service manager signal the whole group. The parent decides when its worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.path[:] = pickle.load(requests)  # noqa: S301 - written by our own parent
    _limit_memory(memory_bytes)
    os.nice(NICE)
    while header := requests.read(8):
        replies.write(_framed(_do(requests.read(int.from_bytes(header, "big")))))
        replies.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))

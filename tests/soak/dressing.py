"""How the soak dresses a fork of the program before it runs: three things that a trial needs, and nothing else.

Its clock can jump (`tests.soak.skew`). Its worker processes are forks of it, so that none imports the parsers again,
which is half of what a short life costs. What a channel did not take is tried again after a tenth of the time.
"""

import asyncio
import gc
import os
from asyncio.subprocess import Process
from functools import partial
from pathlib import Path
from typing import Any

import trafilatura

from tests.soak.skew import Skew
from watchers import delivery
from watchers.reading import article, worker_process
from watchers.sources import feed

PARSERS = (article, feed, trafilatura)  # what a worker imports with its first jobs
SOONER = 10.0


def dress(skew: Path) -> None:
    """Once, in the process that is to be the program."""
    Skew(skew).wear()
    asyncio.create_subprocess_exec = partial(_start_worker, asyncio.create_subprocess_exec)
    delivery.FIRST_RETRY /= SOONER


async def _start_worker(start: Any, *command: str, **pipes: Any) -> Process:
    """`watchers.reading.worker` asks for a process that runs a script, and gets one that is in it already."""
    started: Process = await start(*command, **pipes, preexec_fn=partial(_work, int(command[-1])))
    return started


def _work(memory_bytes: int) -> None:
    os.closerange(3, 1 << 16)  # the desk's own: its lock must go with it
    gc.disable()
    gc.freeze()  # nothing of the desk's is let go of here
    try:
        worker_process.main(memory_bytes)
    finally:
        os._exit(0)

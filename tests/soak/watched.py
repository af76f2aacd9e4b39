"""`wiredesk …` as ever, with its loop and its polls written down: `python -m tests.soak.watched FILE ARGUMENTS…`.

The file gets JSON lines. As the desk begins: `{"began"}`. For each beat `{"lag", "busy", "waited"}`: the seconds by
which the loop came too late to it; for how long its thread was at work since the last one (CPU time); and for how long
it was ready but without a processor, which is the machine's part of a lag and told by Linux alone. For each poll that
is recorded `{"name", "due", "done"}`, `due` being null for a first one.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from bot.__main__ import main
from watchers.pipeline import Pipeline
from watchers.scheduler import Scheduler
from watchers.storage.polls import Poll

BEAT: Final = 0.05  # seconds

Write = Callable[[dict[str, object]], None]


def watched(write: Write) -> None:
    """Run the program of this process's arguments."""
    run, record = Scheduler.run, Pipeline._record_items

    async def run_with_beats(self: Scheduler) -> None:
        write({"began": time.time()})
        beats = asyncio.create_task(_beat(write))
        try:
            await run(self)
        finally:
            beats.cancel()

    async def record_and_tell(self: Pipeline, poll: Poll) -> Any:
        recorded = await record(self, poll)
        due = poll.state.next_at
        write({"name": poll.state.name, "due": due.timestamp() if due else None, "done": time.time()})
        return recorded

    with patch.object(Scheduler, "run", run_with_beats), patch.object(Pipeline, "_record_items", record_and_tell):
        main()


async def _beat(write: Write) -> None:
    while True:
        expected, worked, waited = time.monotonic() + BEAT, time.thread_time(), _without_processor()
        await asyncio.sleep(BEAT)
        write(
            {
                "lag": max(0.0, time.monotonic() - expected),
                "busy": time.thread_time() - worked,
                "waited": _without_processor() - waited,
            }
        )


def _without_processor() -> float:
    """Seconds that this thread was ready to run and did not."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


if __name__ == "__main__":
    with Path(sys.argv.pop(1)).open("w", buffering=1) as file:
        watched(lambda line: print(json.dumps(line), file=file))

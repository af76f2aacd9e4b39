"""`wiredesk …` as ever, with its loop and its polls written down: `python -m tests.soak.watched FILE ARGUMENTS…`.

The file gets JSON lines: `{"began"}` as the desk begins; for each beat `{"lag": seconds}`, by which the event loop came
too late to it; for each poll that is recorded `{"name", "due", "done"}`, `due` being null for a first one. Moments are
in seconds of the real time.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from unittest.mock import patch

from bot.__main__ import main
from watchers.pipeline import Pipeline
from watchers.polling import Verdict
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

    async def record_and_tell(self: Pipeline, poll: Poll) -> tuple[Verdict, bool]:
        recorded = await record(self, poll)
        due = poll.state.next_at
        write({"name": poll.state.name, "due": due.timestamp() if due else None, "done": time.time()})
        return recorded

    with patch.object(Scheduler, "run", run_with_beats), patch.object(Pipeline, "_record_items", record_and_tell):
        main()


async def _beat(write: Write) -> None:
    while True:
        expected = time.monotonic() + BEAT
        await asyncio.sleep(BEAT)
        write({"lag": max(0.0, time.monotonic() - expected)})


if __name__ == "__main__":
    with Path(sys.argv.pop(1)).open("w", buffering=1) as file:
        watched(lambda line: print(json.dumps(line), file=file))

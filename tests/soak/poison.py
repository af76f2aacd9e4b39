"""`python -m tests.soak.poison`: 100 poisonous sources among 1,000 good ones, beside the good ones alone.

    two webs (processes) ← wiredesk run (a process, watched) → lateness of good polls · lag of the loop · memory

A poll is late by the time from when it was due to when it was recorded; a first poll is due when the desk begins. The
webs are elsewhere in the world: here they get what processor time the desk leaves.
Exit 1 where a bound does not hold.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from tests.soak.poison_web import names, served
from tests.soak.program import ROOT
from watchers.storage.database import Database
from watchers.storage.location import database_url
from watchers.storage.schema import follows, sources

GOOD: Final = 1_000
POISON: Final = 100
SECONDS: Final = 300
EVERY: Final = "120s"
LATE: Final = 60.0  # seconds; a fifth of the shortest interval that a desk chooses by itself
LAG: Final = 1.0  # seconds
MEMORY: Final = 400_000_000  # bytes of the desk's own process, and of each of its workers
ENDS_WITHIN: Final = 20.0  # seconds after SIGTERM
SAMPLE: Final = 0.2  # seconds


@dataclass(slots=True)
class Memory:
    """The most that was seen, in bytes."""

    desk: int = 0
    worker: int = 0
    together: int = 0

    def sample(self, pid: int) -> None:
        """Look at a desk and its workers."""
        workers = [_status(child, "VmRSS") for child in _children(pid)]
        self.desk = max(self.desk, _status(pid, "VmHWM"))
        self.worker = max([self.worker, *workers])
        self.together = max(self.together, _status(pid, "VmRSS") + sum(workers))


@dataclass(slots=True)
class Figures:
    """What one run came to. Times in seconds."""

    first: list[float] = field(default_factory=list)  # lateness of each good source's first poll
    later: list[float] = field(default_factory=list)  # of all its others
    lags: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)  # the loop's own work between two beats
    waited: list[float] = field(default_factory=list)  # and how long it was ready without a processor
    memory: Memory = field(default_factory=Memory)
    ended: float | None = None  # after SIGTERM; None: it had to be killed, or failed
    outcomes: dict[str, str] = field(default_factory=dict)  # kind of poison → what the desk says of it


def main() -> int:
    """Run both, print the table, say what does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.poison", description=__doc__)
    parser.add_argument("--good", type=int, default=GOOD)
    parser.add_argument("--poison", type=int, default=POISON)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="that each of the two runs takes")
    parser.add_argument("--only", action="store_true", help="not without poison")
    asked = parser.parse_args()
    console = Console(highlight=False, width=120)
    runs = {}
    if not asked.only:
        runs["good alone"] = run(asked.good, 0, asked.seconds)
    runs[f"with {asked.poison} poisonous"] = poisoned = run(asked.good, asked.poison, asked.seconds)
    console.print(_table(runs))
    for kind, outcome in sorted(poisoned.outcomes.items()):
        console.print(f"{kind}: {outcome}", markup=False)
    problems = [f"{name}: {problem}" for name, figures in runs.items() for problem in judge(figures, asked.good)]
    for problem in problems:
        console.print(problem, markup=False)
    return int(bool(problems))


def run(good: int, poison: int, seconds: int) -> Figures:
    """Let a desk run for so long over these sources."""
    figures = Figures()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wiredesk-poison-")))
        feeds = {f"good-{number}": url for number, url in enumerate(stack.enter_context(served("good", good)))}
        if poison:
            urls = stack.enter_context(served("poison", poison))
            feeds |= {f"poison-{number}": url for number, url in enumerate(urls)}
        (folder / "watchlist.yaml").write_text(json.dumps(_watch_list(feeds)))
        environment = {
            "WIREDESK_DATA": str(folder / "data"),
            "WIREDESK_WATCHLIST": str(folder / "watchlist.yaml"),
            "WIREDESK_ALLOW_HOSTS": "127.0.0.1",
            "PYTHONPATH": str(ROOT),
        }
        log = stack.enter_context((folder / "log").open("wb"))
        command = (sys.executable, "-m", "tests.soak.watched", str(folder / "watched"), "run")
        began = time.time()
        with subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log) as process:
            while time.time() < began + seconds and process.poll() is None:
                figures.memory.sample(process.pid)
                time.sleep(SAMPLE)
            figures.ended = _ended(process)
        _read(folder / "watched", figures)
        _ask(folder / "data", poison, figures)
        if figures.ended is None:
            sys.stderr.write((folder / "log").read_text(errors="replace")[-3_000:])
    return figures


def judge(figures: Figures, good: int) -> list[str]:
    """What does not hold."""
    problems = []
    if len(figures.first) < good:
        problems.append(f"only {len(figures.first)} of {good} good sources were polled at all")
    if (late := max(figures.later, default=0.0)) > LATE:
        problems.append(f"a good source was polled {late:.0f} s late")
    lag, waited = max(zip(figures.lags, figures.waited, strict=True), default=(0.0, 0.0))
    if lag >= LAG:
        problems.append(f"the loop stood still for {lag:.2f} s, {waited:.2f} s of them without a processor")
    for who, most in (("desk", figures.memory.desk), ("worker", figures.memory.worker)):
        if most >= MEMORY:
            problems.append(f"the {who} took {most / 1e6:.0f} MB")
    if figures.ended is None or figures.ended > ENDS_WITHIN:
        problems.append("the desk did not end as it should")
    return problems


def _watch_list(feeds: dict[str, str]) -> dict[str, object]:
    return {
        "version": 1,
        "watches": {"beat": {"query": '"harbor cameras"', "routes": ["newsroom"]}},
        "sources": {name: {"url": url, "every": EVERY} for name, url in feeds.items()},
        "channels": {"newsroom": {"kind": "terminal"}},
    }


def _ended(process: subprocess.Popen[bytes]) -> float | None:
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(2 * ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        return None
    return None if code else time.monotonic() - asked


def _read(file: Path, figures: Figures) -> None:
    began = 0.0
    for line in map(json.loads, file.read_text().splitlines()):
        if "began" in line:
            began = line["began"]
        elif "lag" in line:
            figures.lags.append(line["lag"])
            figures.busy.append(line["busy"])
            figures.waited.append(line["waited"])
        elif line["name"].startswith("good"):
            late = line["done"] - (line["due"] or began)
            (figures.later if line["due"] else figures.first).append(late)


def _ask(data: Path, poison: int, figures: Figures) -> None:
    asked = select(follows.c.name, sources.c.last_outcome, sources.c.last_error, sources.c.degraded, sources.c.failures)
    with Database(database_url("", data)) as database, database.reading() as connection:
        rows = connection.execute(asked.join(sources, sources.c.id == follows.c.source_id)).all()
    kinds = names(poison)
    for name, outcome, error, degraded, failures in rows:
        what, _, number = name.partition("-")
        if what == "poison":
            said = f"{outcome}, {failures} failures in a row: {error or degraded or 'fine'}"
            figures.outcomes[kinds[int(number)]] = said


def _table(runs: dict[str, Figures]) -> Table:
    table = Table("", *runs)
    rows = {
        "polls of good sources": lambda figures: f"{len(figures.first) + len(figures.later):,}",
        "all good ones polled once after": lambda figures: f"{max(figures.first, default=0):.1f} s",
        "later polls late by, p50 / p99 / max": lambda figures: _spread(figures.later),
        "lag of the loop, p50 / p99 / max": lambda figures: _spread(figures.lags),
        "the loop at work between two beats": lambda figures: _spread(figures.busy),
        "the loop without a processor meanwhile": lambda figures: _spread(figures.waited),
        "memory at most: desk": lambda figures: f"{figures.memory.desk / 1e6:.0f} MB",
        "memory at most: one worker process": lambda figures: f"{figures.memory.worker / 1e6:.0f} MB",
        "memory at most: all together": lambda figures: f"{figures.memory.together / 1e6:.0f} MB",
        "ended after SIGTERM": lambda figures: f"{figures.ended or 0:.1f} s",
    }
    for name, tell in rows.items():
        table.add_row(name, *map(tell, runs.values()))
    return table


def _spread(values: list[float]) -> str:
    if not values:
        return "-"
    ordered = sorted(values)
    return (
        " / ".join(f"{ordered[min(int(len(ordered) * part), len(ordered) - 1)]:.2f}" for part in (0.5, 0.99, 1)) + " s"
    )


def _children(pid: int) -> list[int]:
    try:
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:  # it ends just now
        return []


def _status(pid: int, name: str) -> int:
    """A line of a process's status, in bytes; 0 once it has ended."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith(f"{name}:")), 0)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.soak --seed N --runs N`: many trials, by webhook and by bot; exit 1 if anything did not hold."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.soak.program import Program
from tests.soak.trial import Result, run_trial


def main() -> int:
    """Run the trials; the table goes to standard output as they end."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first trial; each further one counts up")
    parser.add_argument("--runs", type=int, default=300, help="how many trials")
    parser.add_argument("--kills", type=int, default=2, help="how often each desk is killed")
    asked = parser.parse_args()
    console = Console(highlight=False)
    results: list[Result] = []
    started = time.monotonic()
    with Program() as program:
        for seed in range(asked.seed, asked.seed + asked.runs):
            with tempfile.TemporaryDirectory(prefix="wiredesk-soak-") as folder:
                for bot in (False, True):
                    place = Path(folder) / ("bot" if bot else "webhook")
                    place.mkdir()
                    results.append(run_trial(program, seed, place, kills=asked.kills, troubles=3, bot=bot))
            for result in results[-2:]:
                for problem in result.problems:
                    console.print(f"seed {seed}, {result.way}: {problem}", markup=False)
    table = Table("way", "trials", "kills", "lives", "posts", "marked doubles", "with problems")
    for way in sorted({result.way for result in results}):
        table.add_row(way, *map(str, _counts([result for result in results if result.way == way])))
    table.add_section()
    table.add_row("all", *map(str, _counts(results)))
    console.print(table)
    console.print(f"{time.monotonic() - started:.0f} s")
    return int(any(result.problems for result in results))


def _counts(results: list[Result]) -> tuple[int, ...]:
    return (
        len(results),
        sum(result.kills for result in results),
        sum(result.lives for result in results),
        sum(result.posts for result in results),
        sum(result.doubles for result in results),
        sum(bool(result.problems) for result in results),
    )


if __name__ == "__main__":
    sys.exit(main())

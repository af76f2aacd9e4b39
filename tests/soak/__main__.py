"""`python -m tests.soak --seed N --runs N`: desks that die at random, on both databases; exit 1 if anything is wrong.

Each run is a trial with a seed: with an odd one the desk posts by webhooks, with an even one by its bot. `--jobs` of
them are played at once, each with its own servers.
"""

import argparse
import sys
import time

from rich.console import Console

from tests.soak.playing import chunks, played
from tests.soak.stage import DATABASES
from tests.soak.table import by_misfortune, by_way, markdown, printed


def main() -> int:
    """Play the trials; problems go to standard error as they are found, the tables to standard output."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first trial; each further one counts up")
    parser.add_argument("--runs", type=int, default=300, help="how many trials on each database")
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--jobs", type=int, default=2, help="how many trials at once")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    asked = parser.parse_args()
    console = Console(highlight=False)
    began = time.monotonic()
    results = []
    for result in played(chunks(asked.seed, asked.runs, asked.database), jobs=asked.jobs):
        results.append(result)
        for problem in result.problems:
            sys.stderr.write(f"seed {result.seed}, {result.database}, {result.way}: {problem}\n")
    for grid in (by_way(results), by_misfortune(results)):
        if asked.markdown:
            sys.stdout.write(markdown(grid) + "\n")
        else:
            printed(grid, console)
    sys.stderr.write(f"{time.monotonic() - began:.0f} s\n")
    return int(any(result.problems for result in results))


if __name__ == "__main__":
    sys.exit(main())

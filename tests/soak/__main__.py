"""`python -m tests.soak --seed N --runs N`: desks that die at random, on both databases; exit 1 if anything is wrong.

Each run is a trial with a seed: with an odd one the desk posts by webhooks, with an even one by its bot. `--jobs` of
them are played at once, each with its own servers.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from rich.console import Console

from tests.soak import disk
from tests.soak.stage import DATABASES, POSTGRESQL, staged
from tests.soak.table import by_misfortune, by_way, markdown, printed
from tests.soak.trial import Result, run_trial

CHUNK = 10  # trials that share a server: a job that ends early takes some of another's


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Trials that share their servers, one after the other."""

    database: str
    seeds: Sequence[int]


def main() -> int:
    """Play the trials; problems go to standard error as they are found, the tables to standard output."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first trial; each further one counts up")
    parser.add_argument("--runs", type=int, default=300, help="how many trials on each database")
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--jobs", type=int, default=2, help="how many trials at once")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    asked = parser.parse_args()
    told, problems = Console(highlight=False), Console(stderr=True, highlight=False)
    began = time.monotonic()
    results = []
    for result in _played(_chunks(asked.seed, asked.runs, asked.database), jobs=asked.jobs):
        results.append(result)
        for problem in result.problems:
            problems.print(f"seed {result.seed}, {result.database}, {result.way}: {problem}", markup=False)
    for grid in (by_way(results), by_misfortune(results)):
        if asked.markdown:
            sys.stdout.write(markdown(grid) + "\n")
        else:
            printed(grid, told)
    problems.print(f"{time.monotonic() - began:.0f} s")
    return int(any(result.problems for result in results))


def _chunks(seed: int, runs: int, database: str) -> list[Chunk]:
    return [
        Chunk(database=each, seeds=range(first, min(first + CHUNK, seed + runs)))
        for first in range(seed, seed + runs, CHUNK)
        for each in (DATABASES if database == "both" else (database,))
    ]


def _played(chunks: list[Chunk], *, jobs: int) -> Iterator[Result]:
    """The results, as they come. Each job is a process: only as such it may have mounts of its own."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=fresh, max_tasks_per_child=1) as pool:
        for done in as_completed([pool.submit(_play, chunk) for chunk in chunks]):
            yield from done.result()


def _play(chunk: Chunk) -> list[Result]:
    results = []
    with staged(postgresql=chunk.database == POSTGRESQL, small_disk=disk.enter()) as stage:
        for seed in chunk.seeds:
            with stage.setting(chunk.database) as setting:
                results.append(run_trial(setting, seed, bot=seed % 2 == 0))
    return results


if __name__ == "__main__":
    sys.exit(main())

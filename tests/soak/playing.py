"""Many trials, some at a time: each job is a process of its own, for only as such it may have mounts of its own.

seeds, databases ─chunks→ Chunk: trials that share their servers ─played→ Results, as they come
"""

import logging
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from tests.soak import disk
from tests.soak.stage import DATABASES, POSTGRESQL, staged
from tests.soak.trial import Result, run_trial

CHUNK = 10  # trials that share a server


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Trials that share their servers, one after the other."""

    database: str
    seeds: Sequence[int]


def chunks(seed: int, runs: int, database: str) -> list[Chunk]:
    """So many trials on a database, or on `both`, by turns."""
    return [
        Chunk(database=each, seeds=range(first, min(first + CHUNK, seed + runs)))
        for first in range(seed, seed + runs, CHUNK)
        for each in (DATABASES if database == "both" else (database,))
    ]


def played(parts: Sequence[Chunk], *, jobs: int) -> Iterator[Result]:
    """What came of them, in the order in which they end."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=fresh) as pool:
        for done in as_completed([pool.submit(_play, chunk) for chunk in parts]):
            yield from done.result()


def _play(chunk: Chunk) -> list[Result]:
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)  # each connection that a restart ended
    results = []
    with staged(postgresql=chunk.database == POSTGRESQL, small_disk=disk.enter()) as stage:
        for seed in chunk.seeds:
            with stage.setting(chunk.database) as setting:
                results.append(run_trial(setting, seed, bot=seed % 2 == 0))
    return results

"""Whether a text is a copy, asked and remembered from raw text, beside datasketch's MinHash and LSH.

Ours is fingerprint, look-up and insert in a desk's database file, with a commit for as many texts as the desk's writer
lets share one. The peer keeps everything in memory: the same five-word runs, 128 permutations, threshold one half;
told run by run, as its documentation begins, and with the runs of a text at once, as its second version can.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, Final

from tests.benchmarks import texts
from tests.benchmarks.measure import Row, alone, faster, grown, medians, not_here, peer
from watchers.storage import copies, migrate
from watchers.storage.database import GROUP, Database
from watchers.storage.location import database_url
from watchers.stories.fingerprint import SHINGLE_WORDS, Fingerprint, fingerprint, normalised

TEXTS: Final = 4 * GROUP
EDITED: Final = 32  # of them come again, with another first paragraph
FEW: Final = 1_000
MANY: Final = 100_000
ASKED: Final = 200
ROUNDS: Final = 3


def rows() -> Iterator[Row]:
    """Every row of this group."""
    yield from _checked_and_kept()
    yield _grown()


def _checked_and_kept() -> Iterator[Row]:
    stories = _with_copies()
    work = "a text of 4 KB checked for copies and kept"
    datasketch = peer("datasketch")
    with TemporaryDirectory() as folder:
        empty = Path(folder) / "empty"
        with Database(database_url("", empty)) as database:
            migrate.upgrade(database)
        measured: dict[str, Callable[[], int]] = {"ours": lambda: _ours(empty, stories)}
        if datasketch is not None:
            measured["batch"] = lambda: _peer(datasketch, stories, _in_one_batch)
            measured["runs"] = lambda: _peer(datasketch, stories, _run_by_run)
        assert {measure() for measure in measured.values()} == {EDITED}
        taken = medians(measured, rounds=ROUNDS, clock=time.perf_counter)
    if datasketch is None:
        yield alone(work, taken["ours"], unit="a text", reason=not_here("datasketch"), times=len(stories))
        return
    for way, beside, least in (
        ("runs", "datasketch MinHashLSH, in memory, a call for each run of words", 25),
        ("batch", "datasketch MinHashLSH, in memory, a call for each text", None),
    ):
        yield faster(work, taken["ours"], taken[way], unit="a text", beside=beside, least=least, times=len(stories))


def _with_copies() -> list[str]:
    random = Random(5)
    stories = [texts.story(random) for _ in range(TEXTS - EDITED)]
    return stories + [f"{texts.story(random, size=200)}\n\n{story}" for story in stories[:EDITED]]


def _ours(empty: Path, stories: Sequence[str]) -> int:
    """How many are copies of one before them."""
    found = 0
    copied = Path(shutil.copytree(empty, mkdtemp(dir=empty.parent), dirs_exist_ok=True))
    with Database(database_url("", copied)) as database:
        for start in range(0, len(stories), GROUP):
            with database.writing() as connection:
                for story in stories[start : start + GROUP]:
                    text = fingerprint(story)
                    found += bool(copies.overlaps(connection, text))
                    copies.store(connection, text)
    return found


def _peer(datasketch: Any, stories: Sequence[str], tell: Callable[[Any, Iterator[bytes]], None]) -> int:
    found = 0
    index = datasketch.MinHashLSH(threshold=0.5, num_perm=128)
    for number, story in enumerate(stories):
        words = normalised(story).split()
        sketch = datasketch.MinHash(num_perm=128)
        starts = range(len(words) - SHINGLE_WORDS + 1)
        tell(sketch, (b" ".join(words[start : start + SHINGLE_WORDS]) for start in starts))
        found += bool(index.query(sketch))
        index.insert(number, sketch)
    return found


def _in_one_batch(sketch: Any, runs: Iterator[bytes]) -> None:
    sketch.update_batch(list(runs))


def _run_by_run(sketch: Any, runs: Iterator[bytes]) -> None:
    for run in runs:
        sketch.update(run)


def _grown() -> Row:
    """Asking among many texts and among few; half of those asked for are there."""
    random = Random(6)
    asked = [fingerprint(texts.story(random)) for _ in range(ASKED)]
    with _database() as few, _database() as many:
        for database, count in ((few, FEW), (many, MANY)):
            with database.writing() as connection:
                for _ in range(count):
                    copies.store(connection, _anything(random))
                for text in asked[::2]:
                    copies.store(connection, text)

        def ask(database: Database) -> int:
            with database.reading() as connection:
                return sum(bool(copies.overlaps(connection, text)) for text in asked)

        assert ask(few) == ask(many) == ASKED / 2
        taken = medians({"few": lambda: ask(few), "many": lambda: ask(many)}, rounds=9, clock=time.perf_counter)
    return grown(
        f"a text checked for copies among {MANY:,}",
        taken["many"],
        taken["few"],
        unit="a text",
        beside=f"among {FEW:,}",
        most=3,
        times=ASKED,
    )


def _anything(random: Random) -> Fingerprint:
    """The fingerprint of no text, as large as those asked for."""
    return Fingerprint(
        text_hash=f"{random.getrandbits(256):064x}",
        words=650,
        shingles=frozenset(random.getrandbits(63) for _ in range(80)),
        sampled=True,
    )


@contextmanager
def _database() -> Iterator[Database]:
    with TemporaryDirectory() as folder, Database(database_url("", Path(folder))) as database:
        migrate.upgrade(database)
        yield database

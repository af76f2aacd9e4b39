"""One trial: a desk is led through lives that a seed drew, then left alone until it has told everything, then judged.

seed ─World, plan.draw→ lives ─Living.lead→ … ─finish→ nothing waits ─judge, judge_database→ Result
"""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from tests.soak import invariants
from tests.soak.lives import Living
from tests.soak.plan import Life, Misfortune, draw
from tests.soak.stage import Setting
from tests.soak.world import FEEDS, NAMES, STORIES, STORIES_BY_BOT, World
from watchers.errors import CannotRun
from watchers.storage import backup, outbox
from watchers.storage.database import Database
from watchers.storage.location import database_url

LIVES = 8  # in which a desk must have told everything, once it is left alone


@dataclass(slots=True, kw_only=True)
class Result:
    """What a trial came to. No `problems`: everything held."""

    seed: int
    database: str
    way: str
    struck: Counter[Misfortune] = field(default_factory=Counter)
    lives: int = 0
    posts: int = 0
    doubles: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def run_trial(
    setting: Setting,
    seed: int,
    *,
    bot: bool,
    lives: int = 2,
    troubles: int = 2,
    among: frozenset[Misfortune] = frozenset(Misfortune),
) -> Result:
    """Lead a desk through as many lives, let it finish, and judge what it recorded and what the world saw."""
    began = time.monotonic()
    random = Random(seed)
    burst = random.choice((2, 1000, 1000))
    number = STORIES_BY_BOT if bot else STORIES
    result = Result(seed=seed, database=setting.kind, way="bot" if bot else "webhook")
    with World(
        seed,
        setting.folder,
        data=setting.data,
        burst=burst,
        number=number,
        troubles=troubles,
        database=_told(setting),
        bot=bot,
    ) as world:
        # As many as a first life surely has: each feed, robots.txt, the articles, and a post to each channel.
        requests = FEEDS + 1 + world.shown + len(NAMES)
        world.published = len(world.stories) // 2
        for life in draw(random, lives=lives, requests=requests, among=among & setting.misfortunes):
            lead(setting, world, life, result)
            world.published = None
        finish(setting, world, result)
        judge(setting, world, result)
    judge_database(setting, result)
    result.seconds = time.monotonic() - began
    return result


def lead(setting: Setting, world: World, life: Life, result: Result) -> None:
    """One life, and what it adds to the result."""
    living = Living(setting=setting, world=world, life=life)
    living.lead()
    result.lives += 1
    result.struck += living.struck
    result.problems += living.problems


def _told(setting: Setting) -> str:
    """How the program is told of its database: nothing, for the one in its folder."""
    return "" if setting.postgres is None else setting.url.render_as_string(hide_password=False)


def finish(setting: Setting, world: World, result: Result) -> None:
    """Start the desk until it has nothing left to read or to tell."""
    for _ in range(LIVES):
        world.life += 1
        result.lives += 1
        run = setting.program.start(
            "run", "--once", environment=world.environment, folder=world.folder, skew=world.clock
        )
        if (code := run.wait()) != 0 or "Traceback" in run.said:
            result.problems.append(f"run --once ended with {code}: {run.said[-1000:]}")
            return
        world.well_ended.add(world.life)
        with Database(setting.url) as database, database.reading() as connection:
            if not invariants.not_recorded(world, connection) and not outbox.waiting(connection):
                return


def judge(setting: Setting, world: World, result: Result) -> None:
    """Add to `result` what there is to count, and what was not recorded or told as it should be."""
    result.posts += invariants.posts(world)
    result.doubles += invariants.doubles(world)
    with Database(setting.url) as database, database.reading() as connection:
        result.problems += invariants.not_recorded(world, connection)
        result.problems += invariants.not_told(world, connection)


def judge_database(setting: Setting, result: Result) -> None:
    """Add to `result` what is wrong with the database itself, or with its backups."""
    with Database(setting.url) as database:
        try:
            result.problems += _not_saved(database, setting)
            with database.writing() as connection:
                result.problems += invariants.not_whole(connection)
        except CannotRun as error:
            result.problems.append(f"the database can't be judged: {error}")


def _not_saved(database: Database, setting: Setting) -> list[str]:
    """A backup of it, restored into a new database, is not the same; one made beside the desk can't be restored."""
    problems = []
    with _restored(backup.write_backup(database, setting.folder / "last", datetime.now(UTC))) as restored:
        problems += [f"the backup differs: {wrong}" for wrong in invariants.not_the_same(database, restored)]
    newest = backup.newest(setting.data / "backups")
    if newest is not None:
        with _restored(newest) as before, before.reading() as connection:
            problems += [f"a backup made meanwhile: {wrong}" for wrong in invariants.not_whole(connection)]
    return problems


@contextmanager
def _restored(saved: Path) -> Iterator[Database]:
    """A scratch database with what a backup holds."""
    with (
        tempfile.TemporaryDirectory(prefix="wiredesk-restored-") as folder,
        Database(database_url("", Path(folder)), durable=False) as restored,
    ):
        backup.restore(restored, saved)
        yield restored

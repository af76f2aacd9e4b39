"""One trial: a desk is killed at seeded moments and started again until it has told everything; then it is judged.

What must hold: every story that a feed showed and the watch names was posted to each channel; nothing twice but where a
webhook's reply was lost, and then marked; by the bot nothing twice at all; each channel's posts in order; every entry
recorded, none left unread.
"""

import threading
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random

from sqlalchemy import select

from tests.fakes.discord import Channel as Room
from tests.soak.program import Program, Run
from tests.soak.world import FEEDS, NAMES, STORIES, STORIES_BY_BOT, Attempt, Chat, World
from watchers.storage import outbox
from watchers.storage.database import Database, database_url
from watchers.storage.schema import items

LIVES = 8  # in which a desk must have told everything, once nobody kills it any more


@dataclass(slots=True, kw_only=True)
class Result:
    """What a trial came to. No `problems`: everything held."""

    seed: int
    way: str
    kills: int = 0
    lives: int = 0
    posts: int = 0
    doubles: int = 0
    problems: list[str] = field(default_factory=list)


def run_trial(
    program: Program,
    seed: int,
    folder: Path,
    *,
    kills: int = 1,
    troubles: int = 1,
    database: str = "",
    bot: bool = False,
) -> Result:
    """Kill a desk `kills` times at moments that the seed chooses, let it finish, and judge what the world saw."""
    random = Random(seed)
    burst = random.choice((2, 1000, 1000))
    number = STORIES_BY_BOT if bot else STORIES
    with World(seed, folder, burst=burst, number=number, troubles=troubles, database=database, bot=bot) as world:
        way = random.choice(("once", "on"))
        nonces = f", nonces {world.discord.nonce_window:.0f} s" if world.discord else ""
        result = Result(seed=seed, way=f"{'bot' if bot else 'webhook'}, {way}, burst {burst}{nonces}")
        for _ in range(kills):
            _life_with_an_end(program, world, random, result, way)
            way = "once"
        finish(program, world, result)
        judge(world, result)
    return result


def _life_with_an_end(program: Program, world: World, random: Random, result: Result, way: str) -> None:
    """Start the desk, and kill it at a request, or a little after one, or (sometimes) while it starts."""
    ready = threading.Event()
    runs: list[Run] = []

    def kill() -> None:
        ready.wait()
        with suppress(ProcessLookupError):  # it ended by itself in this moment
            runs[0].kill()

    lag = random.choice((0.0, random.uniform(0.0, 0.05)))
    # As many as a first life surely has: each feed, robots.txt, the articles, and a post to each channel.
    last = FEEDS + 1 + world.shown + len(NAMES)
    starting = random.random() < 0.15
    if not starting:
        world.arm(random.randint(1, last), (lambda: threading.Timer(lag, kill).start()) if lag else kill)
    world.life += 1
    run = program.start(
        "run", *(["--once"] if way == "once" else []), environment=world.environment, folder=world.folder
    )
    runs.append(run)
    ready.set()
    if starting:
        threading.Timer(random.uniform(0.0, 0.4), kill).start()
    code = run.wait()
    world.disarm()
    result.lives += 1
    result.kills += code < 0
    if code > 0 or (code == 0 and way == "on"):
        result.problems.append(f"a desk that was to be killed ended with {code}: {run.said[-500:]}")


def finish(program: Program, world: World, result: Result) -> None:
    """Start the desk until it has nothing left to tell."""
    for _ in range(LIVES):
        world.life += 1
        result.lives += 1
        run = program.start("run", "--once", environment=world.environment, folder=world.folder)
        if (code := run.wait()) != 0:
            result.problems.append(f"run --once ended with {code}: {run.said[-500:]}")
            return
        with _opened(world) as database, database.reading() as connection:
            if not outbox.waiting(connection):
                return
    result.problems.append("something still waits to be told")


def _opened(world: World) -> Database:
    return Database(database_url(world.database, world.folder / "data"))


def judge(world: World, result: Result) -> None:
    """Add to `result` whatever did not hold."""
    with _opened(world) as database, database.reading() as connection:
        states = connection.execute(select(items.c.state)).scalars().all()
    if len(states) != world.shown:
        result.problems.append(f"{world.shown} entries were shown, {len(states)} are recorded")
    if unread := sum(state != "read" for state in states):
        result.problems.append(f"{unread} entries are left unread")
    for name, chat in world.chats.items():
        result.problems += [f"{name}: {problem}" for problem in _wrong_with(chat, world)]
        accepted = [attempt for attempt in chat.attempts if attempt.accepted]
        result.posts += len(accepted)
        result.doubles += len(accepted) - len({attempt.post.reference for attempt in accepted})
    for name, room in world.rooms.items():
        result.problems += [f"{name}: {problem}" for problem in _wrong_in(room, world)]
        result.posts += len(room.messages)
    if world.discord:
        # A desk that was killed during a global limit doesn't know of it when it starts.
        result.problems += [wrong for wrong in world.discord.violations if "during a global limit" not in wrong]


def _wrong_in(room: Room, world: World) -> list[str]:
    """What does not hold of what the bot posted to a channel."""
    posts = [
        (post.text.rpartition("ref ")[2].split()[0], f"{post.text}{[file.content for file in post.attachments]}")
        for post in room.messages
    ]
    problems = []
    for story in world.stories:
        told = [reference for reference, text in posts if story.headline in text]
        if len(told) != story.told:
            problems.append(f"{story.headline!r} was told {len(told)} times, not {int(story.told)}: {told}")
    problems += [f"{reference} is marked, though it stands once" for reference, text in posts if "resent" in text]
    order = [int(reference.rpartition("-")[2]) for reference, _ in posts]
    if order != sorted(set(order)):
        problems.append(f"out of order, or doubled: {order}")
    return problems


def _shown(attempt: Attempt) -> str:
    """All that a post tells: a long digest goes on in its file."""
    return f"{attempt.post.payload}{attempt.post.files}"


def _wrong_with(chat: Chat, world: World) -> list[str]:
    accepted = [attempt for attempt in chat.attempts if attempt.accepted]
    by_reference: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in accepted:
        by_reference[attempt.post.reference].append(attempt)
    problems = []
    for story in world.stories:
        told = {reference for reference, posts in by_reference.items() if story.headline in _shown(posts[0])}
        if len(told) != story.told:
            problems.append(f"{story.headline!r} was told {len(told)} times, not {int(story.told)}: {sorted(told)}")
    for reference, posts in by_reference.items():
        for first, again in pairwise(posts):
            if not again.post.resent:
                problems.append(f"{reference} came again without a mark")
            if first.answered and first.life == again.life:
                problems.append(f"{reference} came again though its reply was not lost")
    order = [int(attempt.post.reference.rpartition("-")[2]) for attempt in accepted]
    if order != sorted(order):
        problems.append(f"out of order: {order}")
    return problems

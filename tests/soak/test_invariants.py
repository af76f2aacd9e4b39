"""Each thing that must hold can fail: what a desk did right is spoilt in one place, and is found there."""

import copy
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import Connection, delete, text, update

from tests.fakes.discord import Channel as Room
from tests.fakes.webhook import Accept
from tests.soak import invariants
from tests.soak.lives import Living
from tests.soak.plan import Life, Misfortune, Strike
from tests.soak.stage import SQLITE, Setting, Stage
from tests.soak.trial import Result, finish, judge
from tests.soak.world import NAMES, Attempt, World
from watchers.storage.database import Database
from watchers.storage.location import database_url
from watchers.storage.schema import deliveries, items

KILL, STOP, FULL, RESTART = Misfortune.KILL, Misfortune.STOP, Misfortune.FULL, Misfortune.RESTART


@pytest.fixture(scope="module")
def played(stage: Stage) -> Iterator[tuple[World, Path]]:
    """A world in which a desk told everything, and where its database lies."""
    with stage.setting(SQLITE) as setting:
        with World(3, setting.folder, number=2) as world:
            result = Result(seed=3, database=SQLITE, way="webhook")
            finish(setting, world, result)
            judge(setting, world, result)
        assert (result.problems, result.posts) == ([], 4)
        yield world, setting.data


@pytest.fixture
def world(played: tuple[World, Path]) -> World:
    """That world, to be spoilt."""
    spoilt = copy.copy(played[0])
    spoilt.chats = {name: copy.copy(chat) for name, chat in spoilt.chats.items()}
    for chat in spoilt.chats.values():
        chat.attempts = list(chat.attempts)
    return spoilt


@pytest.fixture
def database(played: tuple[World, Path], tmp_path: Path) -> Iterator[Database]:
    """That database, to be spoilt."""
    shutil.copytree(played[1], tmp_path / "data")
    with Database(database_url("", tmp_path / "data")) as opened:
        yield opened


def _attempts(world: World) -> list[Attempt]:
    return world.chats[NAMES[0]].attempts


def _again(world: World, *, marked: bool) -> None:
    """The first post once more, right after it."""
    first = _attempts(world)[0]
    (embed,) = first.post.payload["embeds"]
    footer = {"text": embed["footer"]["text"] + (" · resent" if marked else "")}
    post = replace(first.post, payload={**first.post.payload, "embeds": [{**embed, "footer": footer}]})
    _attempts(world).insert(1, Attempt(first.life + 1, post, Accept()))


def _wrong(world: World, database: Database) -> str:
    with database.reading() as connection:
        problems = invariants.not_recorded(world, connection) + invariants.not_told(world, connection)
        return "\n".join([*problems, *invariants.not_whole(connection)])


def test_a_desk_that_did_everything_right_is_found_to_have_done_so(world: World, database: Database) -> None:
    assert _wrong(world, database) == ""


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda connection: connection.execute(delete(items).where(items.c.id == 1)), "entries were shown"),
        (lambda connection: connection.execute(update(items).where(items.c.id == 1).values(title="Ours")), "no [("),
        (lambda connection: connection.execute(update(items).values(state="unread")), "is left unread"),
        (lambda connection: connection.execute(update(deliveries).values(state="pending")), "is pending"),
        (lambda connection: connection.execute(update(deliveries).values(state="dead")), "is dead"),
        (lambda connection: connection.execute(delete(deliveries).where(deliveries.c.id == 1)), "the outbox sent"),
    ],
)
def test_what_the_database_lost_is_found(
    world: World, database: Database, spoil: Callable[[Connection], object], found: str
) -> None:
    with database.writing() as connection:
        spoil(connection)
    assert found in _wrong(world, database)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda world: _attempts(world).pop(), "was told 0 times, not 1"),
        (lambda world: _attempts(world).reverse(), "out of order"),
        (lambda world: _again(world, marked=False), "came again without a mark"),
        (lambda world: _again(world, marked=True), "though its reply was not lost"),
    ],
)
def test_what_a_channel_got_wrong_is_found(
    world: World, database: Database, spoil: Callable[[World], object], found: str
) -> None:
    spoil(world)
    assert found in _wrong(world, database)


def test_what_may_be_lost_may_come_again_marked(world: World, database: Database) -> None:
    _again(world, marked=True)
    world.well_ended = set()
    assert _wrong(world, database) == ""
    assert invariants.doubles(world) == 1


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda posts: [*posts, posts[-1]], "out of order, or doubled"),
        (lambda posts: posts[:-1], "was told 0 times, not 1"),
        (lambda posts: [f"{post} · resent" for post in posts], "is marked, though it stands once"),
    ],
)
def test_a_bot_tells_nothing_twice_not_even_marked(
    world: World, database: Database, spoil: Callable[[list[str]], list[str]], found: str
) -> None:
    told = {
        name: [f"{post.post.payload}ref {post.post.reference} " for post in chat.attempts]
        for name, chat in world.chats.items()
    }
    world.chats = {}
    world.rooms = {name: _room(posts) for name, posts in told.items()}
    assert _wrong(world, database) == ""
    world.rooms[NAMES[0]] = _room(spoil(told[NAMES[0]]))
    assert found in _wrong(world, database)


def _room(posts: list[str]) -> Room:
    return cast("Room", SimpleNamespace(messages=[SimpleNamespace(text=post, attachments=[]) for post in posts]))


def test_rows_that_point_at_nothing_are_found(world: World, database: Database) -> None:
    with sqlite3.connect(str(database.url.database)) as careless:  # it doesn't keep references, as ours do
        careless.execute("DELETE FROM alerts WHERE id = 1")
    assert "deliveries.alert_id points at 1, which is not there" in _wrong(world, database)


def test_an_index_that_lost_a_row_is_found(world: World, database: Database) -> None:
    with sqlite3.connect(str(database.url.database), isolation_level=None) as careless:
        careless.execute("PRAGMA writable_schema = ON")
        careless.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, ', due_at)', ', mentions)') WHERE sql LIKE '%state, due_at)'"
        )
    assert "ix_deliveries" in _wrong(world, database)


def test_a_backup_that_restores_to_other_rows_is_found(database: Database, played: tuple[World, Path]) -> None:
    with Database(database_url("", played[1])) as original:
        assert invariants.not_the_same(original, database) == []
        with database.writing() as connection:
            connection.execute(text("UPDATE articles SET title = 'Another' WHERE id = 1"))
        assert [wrong.partition(":")[0] for wrong in invariants.not_the_same(original, database)] == ["articles"]


@pytest.mark.parametrize(
    ("on", "struck", "code", "said"),
    [
        (True, (), 0, "the end"),
        (True, (STOP,), -signal.SIGTERM, ""),
        (False, (), -signal.SIGKILL, ""),
        (False, (), 1, "the disk is full: free some space"),
        (False, (FULL,), 1, "the desk fell over"),
        (False, (RESTART,), 1, "the disk is full: free some space"),
        (False, (KILL,), 0, "Traceback (most recent call last)"),
    ],
)
def test_an_end_that_nothing_explains_is_found(
    *, on: bool, struck: tuple[Misfortune, ...], code: int, said: str
) -> None:
    assert len(_living(on=on, struck=struck).wrong_with_end(code, said)) == 1


@pytest.mark.parametrize(
    ("on", "struck", "code", "said"),
    [
        (True, (STOP,), 0, ""),
        (False, (), 0, "8 delivered"),
        (True, (KILL,), -signal.SIGKILL, ""),
        (False, (STOP,), -signal.SIGTERM, ""),
        (True, (FULL,), 1, "the disk is full: free some space"),
        (True, (RESTART, KILL), 1, "the database can't be reached: network error"),
    ],
)
def test_an_end_that_was_to_be_expected_is_none(
    *, on: bool, struck: tuple[Misfortune, ...], code: int, said: str
) -> None:
    assert _living(on=on, struck=struck).wrong_with_end(code, said) == []


def _living(*, on: bool, struck: tuple[Misfortune, ...]) -> Living:
    life = Life(on=on, end=Strike(what=KILL, request=1))
    return Living(setting=cast("Setting", None), world=cast("World", None), life=life, struck=Counter(struck))

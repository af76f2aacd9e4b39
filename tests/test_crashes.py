"""A desk that is killed, stopped or started twice: nothing is lost, and nothing told twice unmarked.

Where its bot posts to Discord, nothing is told twice at all.
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.postgres import Postgres
from tests.soak.program import ROOT, Program
from tests.soak.trial import Result, finish, judge, run_trial
from tests.soak.world import World
from watchers.storage import migrate

STOPS_WITHIN = 20.0  # seconds


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    with Program() as started:
        yield started


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with Postgres(migrate.upgrade) as server:
        yield server


def _finished(program: Program, world: World) -> Result:
    """What there is to say of a world once the desk has told everything."""
    result = Result(seed=world.seed, way="")
    finish(program, world, result)
    judge(world, result)
    return result


@pytest.mark.parametrize("seed", range(1, 11))
def test_a_desk_that_is_killed_loses_nothing_and_repeats_only_what_may_be_lost_marked(
    program: Program, tmp_path: Path, seed: int
) -> None:
    result = run_trial(program, seed, tmp_path)
    assert result.problems == []
    assert result.kills == 1


@pytest.mark.parametrize("seed", range(31, 41))
def test_hard_case_83_a_desk_whose_bot_posts_to_discord_and_that_is_killed_tells_everything_once_and_in_order(
    program: Program, tmp_path: Path, seed: int
) -> None:
    result = run_trial(program, seed, tmp_path, bot=True)
    assert result.problems == []
    assert result.kills == 1


@pytest.mark.parametrize("seed", [21, 22])
def test_a_desk_on_postgresql_that_is_killed_does_as_well(
    program: Program, postgres: Postgres, tmp_path: Path, seed: int
) -> None:
    url = postgres.fresh(empty=True)
    result = run_trial(program, seed, tmp_path, database=url.render_as_string(hide_password=False))
    postgres.drop(url)
    assert result.problems == []
    assert result.kills == 1


@pytest.mark.parametrize("requests", [2, 15, 35])
def test_hard_case_92_a_stop_under_load_ends_in_time_and_neither_loses_nor_repeats(
    program: Program, tmp_path: Path, requests: int
) -> None:
    with World(requests, tmp_path, burst=10, number=25) as world:
        under_load = threading.Event()
        world.arm(requests, under_load.set)
        world.life += 1
        run = program.start("run", environment=world.environment, folder=tmp_path)
        assert under_load.wait(30)
        run.signal(signal.SIGTERM)
        assert run.wait(STOPS_WITHIN) == 0, run.said
        result = _finished(program, world)
        assert (result.problems, result.doubles) == ([], 0)
        assert not any(attempt.post.resent for chat in world.chats.values() for attempt in chat.attempts)


def test_the_program_as_people_start_it_ends_on_a_stop(tmp_path: Path) -> None:
    with World(1, tmp_path) as world:
        polled = threading.Event()
        world.arm(1, polled.set)
        command = [sys.executable, "-m", "bot", "run"]
        with subprocess.Popen(command, cwd=ROOT, env=world.environment, stderr=subprocess.PIPE) as process:
            assert polled.wait(60)
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=STOPS_WITHIN)
        assert process.returncode == 0, said


def test_hard_case_88_a_second_desk_on_the_database_ends_with_1_and_names_the_first(
    program: Program, tmp_path: Path
) -> None:
    with World(1, tmp_path) as world:
        polled = threading.Event()
        world.arm(1, polled.set)
        first = program.start("run", environment=world.environment, folder=tmp_path)
        assert polled.wait(30)
        for arguments in (("run",), ("run", "--once")):
            second = program.start(*arguments, environment=world.environment, folder=tmp_path)
            assert second.wait() == 1
            assert f"process {first.pid} on " in second.said
        first.signal(signal.SIGTERM)
        assert first.wait(STOPS_WITHIN) == 0, first.said


def test_hard_case_57_a_restart_tells_nothing_again(program: Program, tmp_path: Path) -> None:
    with World(1, tmp_path) as world:
        assert _finished(program, world).problems == []
        told = {name: len(chat.posts) for name, chat in world.chats.items()}
        assert _finished(program, world).problems == []
        assert {name: len(chat.posts) for name, chat in world.chats.items()} == told

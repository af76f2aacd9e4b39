"""A desk that dies at random, is stopped or started twice: nothing is lost, and nothing told twice unmarked.

Where its bot posts to Discord, nothing is told twice at all. These are a few short trials; `make soak` plays many.
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from tests.fakes.postgres import Postgres
from tests.soak.plan import Misfortune
from tests.soak.program import ROOT, Run
from tests.soak.stage import POSTGRESQL, SQLITE, Setting, Stage
from tests.soak.trial import Result, finish, judge, run_trial
from tests.soak.world import World

STOPS_WITHIN = 20.0  # seconds
KILLED = frozenset({Misfortune.KILL, Misfortune.BACKUP})
HURT = frozenset(Misfortune) - {Misfortune.RESTART}


@pytest.fixture
def setting(stage: Stage) -> Iterator[Setting]:
    with stage.setting(SQLITE) as opened:
        yield opened


def _begun(setting: Setting, world: World) -> Run:
    world.life += 1
    return setting.program.start("run", environment=world.environment, folder=world.folder, skew=world.clock)


def _finished(setting: Setting, world: World) -> Result:
    """What there is to say of a world once the desk has told everything."""
    result = Result(seed=world.seed, database=SQLITE, way="webhook")
    finish(setting, world, result)
    judge(setting, world, result)
    return result


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_desk_that_dies_loses_nothing_and_repeats_only_what_may_be_lost_marked(setting: Setting, seed: int) -> None:
    assert run_trial(setting, seed, bot=False, lives=1, troubles=1, among=HURT).problems == []


@pytest.mark.parametrize("seed", range(11, 14))
def test_hard_case_83_a_desk_whose_bot_posts_to_discord_and_that_dies_tells_everything_once_and_in_order(
    setting: Setting, seed: int
) -> None:
    assert run_trial(setting, seed, bot=True, lives=1, troubles=1, among=HURT).problems == []


@pytest.mark.parametrize("seed", [21, 22])
def test_a_desk_on_postgresql_that_is_killed_does_as_well(stage: Stage, postgres: Postgres, seed: int) -> None:
    beside = Stage(program=stage.program, postgres=postgres)
    with beside.setting(POSTGRESQL) as setting:
        assert run_trial(setting, seed, bot=seed % 2 == 0, lives=1, troubles=1, among=KILLED).problems == []


@pytest.mark.parametrize("requests", [2, 30])
def test_hard_case_92_a_stop_under_load_ends_in_time_and_neither_loses_nor_repeats(
    setting: Setting, requests: int
) -> None:
    with World(requests, setting.folder, burst=10, number=10) as world:
        under_load = threading.Event()
        world.arm(requests, under_load.set)
        run = _begun(setting, world)
        assert under_load.wait(30)
        run.signal(signal.SIGTERM)
        assert run.wait(STOPS_WITHIN) == 0, run.said
        world.well_ended.add(world.life)
        result = _finished(setting, world)
        assert (result.problems, result.doubles) == ([], 0)
        assert not any(attempt.post.resent for chat in world.chats.values() for attempt in chat.attempts)


def test_the_program_as_people_start_it_ends_on_a_stop(setting: Setting) -> None:
    with World(1, setting.folder) as world:
        polled = threading.Event()
        world.arm(1, polled.set)
        command = [sys.executable, "-m", "bot", "run"]
        with subprocess.Popen(command, cwd=ROOT, env=world.environment, stderr=subprocess.PIPE) as process:
            assert polled.wait(60)
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=STOPS_WITHIN)
        assert process.returncode == 0, said


def test_hard_case_88_a_second_desk_on_the_database_ends_with_1_and_names_the_first(setting: Setting) -> None:
    with World(1, setting.folder) as world:
        polled = threading.Event()
        world.arm(1, polled.set)
        first = _begun(setting, world)
        assert polled.wait(30)
        for arguments in (("run",), ("run", "--once")):
            second = setting.program.start(*arguments, environment=world.environment, folder=world.folder)
            assert second.wait() == 1
            assert f"process {first.pid} on " in second.said
        first.signal(signal.SIGTERM)
        assert first.wait(STOPS_WITHIN) == 0, first.said


def test_hard_case_57_a_restart_tells_nothing_again(setting: Setting) -> None:
    with World(1, setting.folder) as world:
        assert _finished(setting, world).problems == []
        told = {name: len(chat.posts) for name, chat in world.chats.items()}
        assert _finished(setting, world).problems == []
        assert {name: len(chat.posts) for name, chat in world.chats.items()} == told

"""One running desk a database: the second is refused, and one that lost its place stops writing."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import URL

from tests.storage.building import NOW, Desk
from watchers.errors import CannotRun, LeaseLost
from watchers.storage import lease, meta
from watchers.storage.database import Database

# A desk in a process of its own: it takes the lease, says so, and holds it until it is killed.
HOLDER = """
import sys
from datetime import UTC, datetime
from sqlalchemy import make_url
from watchers.storage import lease
from watchers.storage.database import Database
with Database(make_url(sys.argv[1])) as database:
    with lease.running_desk(database, holder="the other desk", now=datetime(2026, 3, 2, tzinfo=UTC)):
        print("held", flush=True)
        sys.stdin.read()
"""


@contextlib.contextmanager
def held_elsewhere(url: URL) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", HOLDER, url.render_as_string(hide_password=False)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def _take_over(database: Database) -> None:
    """What a second desk does once the first one's lock is gone: raise the fence."""
    with database.writing() as connection:
        lease._raise_fence(connection, "the successor", NOW)


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has just died here: whoever holds the lock has it for good."""
    monkeypatch.setattr(lease, "HEARD_WITHIN", 0.0)


@pytest.mark.usefixtures("no_patience")
def test_hard_case_88_a_second_desk_is_refused_and_told_who_runs(url: URL, database: Database) -> None:
    with (
        lease.running_desk(database, holder="process 41 on quay", now=NOW),
        Database(url) as other,
        pytest.raises(CannotRun, match="process 41 on quay: stop that one"),
        lease.running_desk(other, holder="process 42 on quay", now=NOW),
    ):
        pass


def test_a_desk_that_ends_leaves_room_for_the_next(url: URL, database: Database) -> None:
    for number in range(2):
        with Database(url) as each, lease.running_desk(each, holder=f"desk {number}", now=NOW):
            pass
    with lease.running_desk(database, holder="desk 3", now=NOW):
        pass


def test_another_process_is_refused_as_well_and_killed_it_leaves_nothing_to_wait_for(
    url: URL, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_elsewhere(url) as process:
        with monkeypatch.context() as patch:
            patch.setattr(lease, "HEARD_WITHIN", 0.0)
            with (
                pytest.raises(CannotRun, match="the other desk"),
                lease.running_desk(database, holder="this desk", now=NOW),
            ):
                pass
        process.kill()  # PostgreSQL's server hears of it by the closed socket, some moments later
        process.wait()
        with lease.running_desk(database, holder="the next desk", now=NOW):
            pass


async def test_hard_case_88_a_desk_that_lost_its_place_stops_writing(url: URL, desk: Desk) -> None:
    database = desk.database
    with lease.running_desk(database, holder="the first", now=NOW), Database(url) as other:
        await database.write(meta.put, "before", 1)
        _take_over(other)
        with pytest.raises(LeaseLost, match="the successor"):
            await database.write(meta.put, "after", 1)
        assert await database.read(meta.get, "before") == 1
        assert await database.read(meta.get, "after") is None


def test_commands_write_beside_the_running_desk(url: URL, desk: Desk) -> None:
    with lease.running_desk(desk.database, holder="the desk", now=NOW), Database(url) as command:
        with command.writing() as connection:
            meta.bump_generation(connection)
        assert desk.read(meta.generation) == 2

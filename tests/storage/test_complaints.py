"""What a database's driver complains of ends a desk with what to do, and a bug of ours is not taken for it."""

import errno
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tests.fakes.databases import empty_desk_file
from tests.storage.building import NOW
from tests.storage.conftest import NewDatabase
from watchers.errors import CannotRun
from watchers.storage import lease, meta
from watchers.storage.complaints import DamagedDatabase
from watchers.storage.database import Database
from watchers.storage.location import database_url


async def test_hard_case_87_a_full_disk_stops_with_what_to_do_and_keeps_what_was_recorded(tmp_path: Path) -> None:
    with Database(database_url("", tmp_path)) as database:
        with database.writing() as connection:
            connection.execute(text("CREATE TABLE meta (key TEXT PRIMARY KEY, value JSON NOT NULL)"))
        await database.write(meta.put, "kept", 1)

        def fill(connection: Connection) -> None:
            connection.execute(text("PRAGMA max_page_count = 8"))
            meta.put(connection, "big", "x" * 100_000)

        with pytest.raises(CannotRun, match="the disk is full: free some space"):
            await database.write(fill)
        assert await database.read(meta.get, "kept") == 1


async def test_a_database_that_this_user_may_not_write_says_who_must_be_able_to(tmp_path: Path) -> None:
    with Database(database_url("", tmp_path)) as database:

        def write(connection: Connection) -> None:
            connection.execute(text("PRAGMA query_only = ON"))  # the same complaint as of a file of another user
            connection.execute(text("CREATE TABLE meta (key TEXT PRIMARY KEY)"))

        with pytest.raises(CannotRun, match=r"can't be written: its folder .* writable for the user who runs wiredesk"):
            await database.write(write)


def test_a_lock_that_this_user_may_not_write_says_so_too(tmp_path: Path) -> None:
    with Database(empty_desk_file(tmp_path)) as database:
        Path(f"{database.url.database}.lock").mkdir()
        with (
            pytest.raises(CannotRun, match=r"lock can't be written .* writable for the user who runs wiredesk"),
            lease.running_desk(database, holder="a test", now=NOW),
        ):
            pass


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("53100", "the disk is full: free some space"),
        ("58030", "the disk can't be written or read"),
        ("57P03", "the database can't be reached: as it says$"),
        ("42501", "the database can't be reached: as it says$"),
        ("53200", "the database's server can't go on: as it says: see its log"),
        ("XX001", r"the database is damaged \(as it says\)"),
    ],
)
async def test_what_a_server_can_t_do_ends_the_desk_with_what_to_do_and_is_no_bug(
    new_database: NewDatabase, code: str, told: str
) -> None:
    """Its driver calls this a programming error, as it does a statement that makes no sense."""

    def fail(connection: Connection) -> None:
        connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'as it says' USING ERRCODE = '{code}'; END $$"))

    with Database(new_database("postgresql")) as database:
        with pytest.raises(CannotRun, match=told):
            await database.write(fail)
        await database.write(meta.put, "after", 1)
        assert await database.read(meta.get, "after") == 1


async def test_a_bug_that_speaks_of_connections_is_not_taken_for_a_lost_one(new_database: NewDatabase) -> None:
    def ask(connection: Connection) -> None:
        connection.execute(text("SELECT disconnected FROM meta"))

    with Database(new_database("postgresql")) as database, pytest.raises(ProgrammingError):
        await database.read(ask)


def test_hard_case_90_a_damaged_database_is_refused(tmp_path: Path) -> None:
    url = database_url("", tmp_path)
    assert url.database
    Path(url.database).write_bytes(b"this is no database at all" * 200)
    with Database(url) as database, pytest.raises(DamagedDatabase, match="damaged"), database.reading():
        pass


def test_a_text_that_speaks_of_full_disks_is_not_taken_for_one(database: Database) -> None:
    row = text("INSERT INTO meta (key, value) VALUES ('the disk is full', '1')")
    with pytest.raises(IntegrityError), database.writing() as connection:  # noqa: PT012 - the second one breaks
        connection.execute(row)
        connection.execute(row)


def test_a_server_that_breaks_off_twice_cannot_be_reached(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(_: Engine) -> Connection:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "connect", break_off)
        with pytest.raises(CannotRun, match="can't be reached: Broken pipe"), database.reading():
            pass


def _break_off(*_: object) -> None:
    raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")


async def test_a_server_that_breaks_off_cannot_be_reached(database: Database) -> None:
    """Its driver lets through what the socket says."""
    with pytest.raises(CannotRun, match="can't be reached: Connection reset by peer"):
        await database.write(_break_off)


async def test_a_server_that_breaks_off_at_the_commit_cannot_be_reached(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(database._writing.dialect, "do_commit", _break_off)
        with pytest.raises(CannotRun, match="can't be reached: Connection reset by peer"):
            await database.write(meta.put, "key", 1)

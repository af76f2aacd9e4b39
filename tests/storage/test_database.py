"""One writer: what is committed together, what a failure undoes, and what is told when the database can't go on."""

import asyncio
import errno
import gc
import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import URL, Connection, event, text
from sqlalchemy.exc import IntegrityError, StatementError

from tests.storage.building import Desk
from tests.storage.conftest import NewDatabase
from watchers.errors import CannotRun
from watchers.storage import meta, sources
from watchers.storage.database import READERS, Database, use_wal
from watchers.storage.location import database_url


class Trouble(Exception):
    pass


def _put_and_fail(connection: Connection, key: str) -> None:
    meta.put(connection, key, "half")
    raise Trouble(key)


async def _held_up(database: Database, waiting: int) -> threading.Event:
    """Have the writer wait inside a transaction until `waiting` more functions stand in its queue."""
    go, begun = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(_: Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        go.wait(10)

    database_task = asyncio.ensure_future(database.write(hold))
    await begun.wait()
    database_task.add_done_callback(lambda _: None)
    return go


async def test_functions_that_wait_together_share_one_commit(database: Database) -> None:
    commits: list[object] = []
    count = commits.append
    event.listen(database._writing, "commit", count)
    go = await _held_up(database, 20)
    writes = [asyncio.ensure_future(database.write(meta.put, f"key {number}", number)) for number in range(20)]
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(*writes)
    event.remove(database._writing, "commit", count)
    assert len(commits) == 2


async def test_a_function_that_fails_undoes_only_itself(database: Database) -> None:
    go = await _held_up(database, 5)
    writes = [asyncio.ensure_future(database.write(meta.put, f"key {number}", number)) for number in range(3)]
    bad = asyncio.ensure_future(database.write(_put_and_fail, "bad"))
    more = asyncio.ensure_future(database.write(meta.put, "last", "whole"))
    await asyncio.sleep(0)
    go.set()
    with pytest.raises(Trouble, match="bad"):
        await bad
    await asyncio.gather(*writes, more)
    assert [await database.read(meta.get, f"key {number}") for number in range(3)] == [0, 1, 2]
    assert await database.read(meta.get, "last") == "whole"
    assert await database.read(meta.get, "bad") is None


async def test_a_function_that_is_alone_fails_without_a_savepoint_and_leaves_nothing(database: Database) -> None:
    said: list[str] = []

    def hear(*told: object) -> None:
        said.append(str(told[2]))

    event.listen(database._writing, "before_cursor_execute", hear)
    with pytest.raises(Trouble, match="bad"):
        await database.write(_put_and_fail, "bad")
    await database.write(meta.put, "good", 1)
    event.remove(database._writing, "before_cursor_execute", hear)
    assert not [statement for statement in said if "SAVEPOINT" in statement]
    assert await database.read(meta.get, "bad") is None
    assert await database.read(meta.get, "good") == 1


async def test_a_function_that_runs_out_of_something_keeps_nobody_waiting(database: Database) -> None:
    go = await _held_up(database, 1)
    running_out = asyncio.ensure_future(database.write(lambda _: next(iter(()))))
    after = asyncio.ensure_future(database.write(meta.put, "after", "it"))
    await asyncio.sleep(0)
    go.set()
    with pytest.raises(RuntimeError, match="ran out"):
        await running_out
    await after


async def test_a_breach_of_a_constraint_undoes_only_itself(database: Database) -> None:
    row = text("INSERT INTO meta (key, value) VALUES ('twice', '1')")
    answers = await asyncio.gather(
        database.write(lambda connection: connection.execute(row).rowcount),
        database.write(lambda connection: connection.execute(row).rowcount),
        database.write(meta.put, "other", 1),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [int, IntegrityError, type(None)]
    assert await database.read(meta.get, "other") == 1


async def test_a_result_is_handed_over_only_after_the_commit(database: Database) -> None:
    def refuse(_: Connection) -> None:
        raise Trouble("the commit")

    event.listen(database._writing, "commit", refuse)
    with pytest.raises(Trouble, match="the commit"):
        await database.write(meta.put, "key", "lost")
    event.remove(database._writing, "commit", refuse)
    assert await database.read(meta.get, "key") is None


async def test_200_concurrent_read_modify_writes_lose_nothing(database: Database) -> None:
    await asyncio.gather(*(database.write(meta.bump_generation) for _ in range(200)))
    assert await database.read(meta.generation) == 200


async def test_two_programs_that_write_at_the_same_time_lose_nothing(url: URL) -> None:
    with Database(url) as one, Database(url) as other:
        await asyncio.gather(*(each.write(meta.bump_generation) for _ in range(50) for each in (one, other)))
        assert await one.read(meta.generation) == 100


async def test_a_command_beside_the_writer_loses_nothing(database: Database) -> None:
    def by_command() -> None:
        for _ in range(20):
            with database.writing() as connection:
                meta.bump_generation(connection)

    await asyncio.gather(asyncio.to_thread(by_command), *(database.write(meta.bump_generation) for _ in range(20)))
    assert await database.read(meta.generation) == 40


async def test_a_reader_sees_one_state_throughout(database: Database) -> None:
    await database.write(meta.put, "key", 1)
    with database.reading() as connection:
        assert meta.get(connection, "key") == 1
        await database.write(meta.put, "key", 2)
        assert meta.get(connection, "key") == 1


async def test_who_reads_for_long_keeps_nobody_waiting_but_others_who_do(database: Database) -> None:
    await database.write(meta.put, "key", 1)
    go = threading.Event()
    long_reads = [asyncio.ensure_future(database.read_long(lambda _: go.wait(10))) for _ in range(2 * READERS)]
    assert await database.read(meta.get, "key") == 1
    assert not any(read.done() for read in long_reads)
    go.set()
    assert await asyncio.gather(*long_reads) == [True] * len(long_reads)


async def test_a_cancelled_caller_leaves_only_after_its_commit(database: Database) -> None:
    go = await _held_up(database, 1)
    write = asyncio.ensure_future(database.write(meta.put, "key", "written"))
    await asyncio.sleep(0)
    write.cancel()
    await asyncio.sleep(0)
    assert not write.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await write
    assert await database.read(meta.get, "key") == "written"


async def test_what_failed_for_a_cancelled_caller_is_no_traceback_of_the_loop(database: Database) -> None:
    told: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: told.append(context))
    go = await _held_up(database, 1)

    def fail(connection: Connection) -> None:
        raise CannotRun("the disk is full")

    write = asyncio.ensure_future(database.write(fail))
    await asyncio.sleep(0)
    write.cancel()
    await asyncio.sleep(0)
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await write
    del write
    await database.write(meta.put, "key", "the writer has let go of it")
    gc.collect()  # with the future goes what nobody asked of it, and asyncio would say so
    assert told == []


def test_who_asked_may_be_gone_with_its_loop(database: Database) -> None:
    gone, begun, go_on = asyncio.new_event_loop(), threading.Event(), threading.Event()

    def slowly(connection: Connection) -> None:
        begun.set()
        go_on.wait()
        meta.put(connection, "asked", "and gone")

    asking = gone.create_task(database.write(slowly))
    gone.call_soon(gone.stop)
    gone.run_forever()
    begun.wait()
    gone.close()
    go_on.set()
    assert asyncio.run(database.write(meta.get, "asked")) == "and gone"
    assert not asking.done()
    asking.get_coro().close()


async def test_closing_finishes_what_waits(url: URL) -> None:
    with Database(url) as database:
        go = await _held_up(database, 1)
        write = asyncio.ensure_future(database.write(meta.put, "key", "written"))
        await asyncio.sleep(0)
        go.set()
    await write
    with Database(url) as again, again.reading() as connection:
        assert meta.get(connection, "key") == "written"


async def test_a_closed_database_takes_nothing(url: URL) -> None:
    with Database(url) as database:
        await database.write(meta.put, "key", 1)
    with pytest.raises(RuntimeError):
        await database.write(meta.put, "key", 2)
    with pytest.raises(RuntimeError):
        await database.read(meta.get, "key")


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("America/New_York"), timezone(timedelta(hours=-9, minutes=-30))])
def test_times_come_back_aware_in_utc_to_the_microsecond(desk: Desk, zone: timezone) -> None:
    moment = datetime(2026, 11, 1, 1, 30, 15, 123456, tzinfo=zone)
    source = desk.source()
    desk.write(sources.save, source.id, {"next_at": moment})
    found = desk.source().next_at
    assert found is not None
    assert found == moment.astimezone(UTC)
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(desk: Desk) -> None:
    with pytest.raises(StatementError, match="a time without a zone"):
        desk.write(sources.save, desk.source().id, {"next_at": datetime(2026, 3, 2, 12, 0)})  # noqa: DTZ001


def test_sqlite_waits_for_others_keeps_references_and_flushes(new_database: NewDatabase, tmp_path: Path) -> None:
    with Database(database_url("", tmp_path)) as database, database.writing() as connection:
        told = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRun, match="set WIREDESK_DATA to another one"):
        Database(database_url("", tmp_path / "file" / "data"))


def test_a_file_that_another_program_is_just_making_is_waited_for() -> None:
    class Made:
        asked = 0

        def execute(self, statement: str) -> None:
            self.asked += 1
            if self.asked < 3:
                raise sqlite3.OperationalError("database is locked")

    connection = Made()
    use_wal(cast("sqlite3.Connection", connection))
    assert connection.asked == 3


def test_a_file_that_is_no_database_is_not_waited_for() -> None:
    class Junk:
        def execute(self, statement: str) -> None:
            raise sqlite3.OperationalError("file is not a database")

    with pytest.raises(sqlite3.OperationalError, match="not a database"):
        use_wal(cast("sqlite3.Connection", Junk()))


def test_a_connection_that_breaks_off_as_a_transaction_begins_is_made_anew(database: Database) -> None:
    begun: list[Connection] = []

    def break_off(connection: Connection) -> None:
        begun.append(connection)
        if len(begun) == 1:
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")

    event.listen(database._reading, "begin", break_off)
    try:
        with database.reading() as connection:
            assert connection.execute(text("SELECT 1")).scalar() == 1
    finally:
        event.remove(database._reading, "begin", break_off)
    assert begun[0].closed
    assert begun[0] is not begun[1]


async def test_who_reads_after_an_error_sees_what_was_written_since(database: Database) -> None:
    """On SQLite, a result that was left half read keeps its connection at the state of then."""
    await database.write(meta.put, "one", 1)
    await database.write(meta.put, "two", 2)

    def fail(connection: Connection) -> list[int]:
        rows = connection.execute(text("SELECT * FROM meta"))
        return [int(row.key) for row in rows]

    failed = await asyncio.gather(database.read(fail), return_exceptions=True)  # and kept, as a log keeps it
    assert isinstance(failed[0], ValueError)
    await database.write(meta.put, "one", 3)
    assert await database.read(meta.get, "one") == 3

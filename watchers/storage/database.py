"""One database, one writer.

    caller ─write(function)→ queue → writer thread: BEGIN, each in its own savepoint, COMMIT → caller
    caller ─read(function)→ reader threads, each with its own connection
    caller ─read_long(function)→ the same, on few threads of its own: what reads for seconds keeps nobody else waiting

A function gets a SQLAlchemy `Connection` and is an ordinary one: it cannot await, so no network call can stand inside
a transaction. Functions that wait at the same time share one commit (group commit): one disk flush for many articles.
A function that raises undoes only itself; one that is alone needs no savepoint for that. A result is handed over only
after the commit.

SQLite runs in WAL with `synchronous=FULL`; PostgreSQL serialises its writers by an advisory lock, so both have one.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, RootTransaction, create_engine, event, text
from sqlalchemy.pool import QueuePool

from watchers.errors import CannotRun
from watchers.storage.complaints import gave_up, translated
from watchers.storage.location import connecting

P = ParamSpec("P")
T = TypeVar("T")
Job = tuple[Callable[[Connection], Any], asyncio.Future[Any]]
Answer = tuple[asyncio.Future[Any], Any, BaseException | None]

GROUP = 64  # functions that may share a commit
READERS = 4
LONG_READERS = 2  # beside them
WRITER_CACHE_KB = 16_384
READER_CACHE_KB = 8_192  # each; the system's own cache is behind it
BUSY_MS = 15_000  # how long a command waits for another process's transaction
WRITER_LOCK = 0x57495245  # PostgreSQL advisory lock key: "WIRE"


class Database:
    """The writer and the readers of one database. Use as a context manager."""

    def __init__(self, url: URL, *, durable: bool = True) -> None:
        """Open nothing yet. `durable=False` skips disk flushes: for scratch databases only."""
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite and url.database:
            _make_folder(Path(url.database).parent)
        self._writing = _engine(url, writer=True, durable=durable)
        self._reading = _engine(url, writer=False, durable=durable)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._long_readers = ThreadPoolExecutor(LONG_READERS, thread_name_prefix="long reader")
        self._writer: threading.Thread | None = None
        self._guard: Callable[[Connection], None] | None = None
        self._closed = False

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Finish what waits, then let go of every connection."""
        self._closed = True
        if self._writer:
            self._jobs.put(None)
            self._writer.join()
            self._writer = None
        self._readers.shutdown()
        self._long_readers.shutdown()
        self._writing.dispose()
        self._reading.dispose()

    def guard_writes(self, check: Callable[[Connection], None]) -> None:
        """Have every later transaction of the writer thread begin with `check`, which raises to stop it (fencing)."""
        self._guard = check

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes, on the caller's thread: for commands and start-up."""
        with translated(), _begun(self._writing) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that reads a consistent state, on the caller's thread."""
        with translated(), _begun(self._reading) as connection:
            try:
                yield connection
            except Exception:
                # A result left half read lives on with the error; SQLite would read on from the state of then.
                connection.invalidate()
                raise

    async def write(self, function: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(connection, …)` on the writer thread; return after its commit."""
        if self._closed:
            msg = "the database is closed: nothing can be written"
            raise RuntimeError(msg)
        if self._writer is None:
            self._writer = threading.Thread(target=self._write_forever, name="writer", daemon=True)
            self._writer.start()
        committed: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put((lambda connection: function(connection, *args, **kwargs), committed))
        try:
            return await asyncio.shield(committed)
        except asyncio.CancelledError:
            # What was handed over is written all the same: nobody who asked for it is gone before that.
            # Where it fails nobody is left to hear of it, and asyncio would tell it with a traceback.
            committed.add_done_callback(_told_nobody)
            await asyncio.wait([committed])
            raise

    async def read(self, function: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(connection, …)` on a reader thread."""
        return await self._read_on(self._readers, lambda connection: function(connection, *args, **kwargs))

    async def read_long(
        self, function: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run what takes seconds, like `read`: it waits for others of its kind, and nothing else waits for it."""
        return await self._read_on(self._long_readers, lambda connection: function(connection, *args, **kwargs))

    async def _read_on(self, threads: ThreadPoolExecutor, function: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self.reading() as connection:
                return function(connection)

        return await asyncio.get_running_loop().run_in_executor(threads, run)

    def _write_forever(self) -> None:
        """The writer thread: take what waits, commit it together, answer."""
        while (job := self._jobs.get()) is not None:
            group, last = [job], False
            with suppress(queue.Empty):
                while len(group) < GROUP:
                    waiting = self._jobs.get_nowait()
                    if waiting is None:
                        last = True
                        break
                    group.append(waiting)
            self._commit(group)
            if last:
                return

    def _commit(self, group: list[Job]) -> None:
        answers: list[Answer] = []
        alone = len(group) == 1  # undone with its transaction: behind a savepoint SQLite copies each page first
        try:
            with self.writing() as connection:
                if self._guard:
                    self._guard(connection)
                for function, committed in group:
                    # In plain words: SQLAlchemy's own savepoints cost more than most of these functions.
                    if not alone:
                        connection.exec_driver_sql("SAVEPOINT one")
                    try:
                        result = function(connection)
                    except Exception as error:
                        if alone or gave_up(error):
                            raise
                        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT one")
                        answers.append((committed, None, error))
                    else:
                        if not alone:
                            connection.exec_driver_sql("RELEASE SAVEPOINT one")
                        answers.append((committed, result, None))
        except BaseException as error:  # noqa: BLE001 - nothing of the group was committed: every caller hears of it
            answers = [(committed, None, error) for _, committed in group]
        for loop in {committed.get_loop() for committed, *_ in answers}:
            with suppress(RuntimeError):  # it is closed: nobody waits there any more
                loop.call_soon_threadsafe(_tell, [answer for answer in answers if answer[0].get_loop() is loop])


def _told_nobody(committed: "asyncio.Future[Any]") -> None:
    if not committed.cancelled():
        committed.exception()


def _tell(answers: list[Answer]) -> None:
    for committed, result, error in answers:
        if committed.done():
            continue
        if error is None:
            committed.set_result(result)
        elif isinstance(error, StopIteration):  # which no future takes
            committed.set_exception(RuntimeError("a function that was to write ran out of something"))
        else:
            committed.set_exception(error)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder}: the database's folder can't be made ({error.strerror}): set WIREDESK_DATA to another one"
        raise CannotRun(msg) from error


@contextmanager
def _begun(engine: Engine) -> Iterator[Connection]:
    """A transaction. A connection that the server let go of while it was idle is made anew, once."""
    try:
        connection, transaction = _begin(engine)
    except OSError:  # the driver's word for a socket that died: SQLAlchemy doesn't take it for a disconnect
        engine.dispose()
        try:
            connection, transaction = _begin(engine)
        except OSError as error:
            msg = f"the database can't be reached: {error.strerror or error}"
            raise CannotRun(msg) from error
    with connection, transaction:
        yield connection


def _begin(engine: Engine) -> tuple[Connection, RootTransaction]:
    connection = engine.connect()
    try:
        return connection, connection.begin()
    except OSError:
        connection.invalidate()
        connection.close()
        raise


def let_go_of_pages(connection: Connection) -> None:
    """Empty the writer's memory of SQLite's pages: what is needed next comes from the system's own cache."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA shrink_memory")


def use_wal(connection: sqlite3.Connection) -> None:
    """Have SQLite write ahead. Where another program just does that to a new file, it says so and doesn't wait."""
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _engine(url: URL, *, writer: bool, durable: bool) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=READERS + LONG_READERS,
            connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
            hide_parameters=True,  # a row that could not be written may hold a secret, and its error is logged
        )

        @event.listens_for(engine, "connect")
        def configure(connection: sqlite3.Connection, _: object) -> None:
            # The driver's own transactions begin too late (at the first write) and lose updates: ours begin at BEGIN.
            connection.isolation_level = None
            use_wal(connection)
            connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
            connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute(f"PRAGMA cache_size=-{WRITER_CACHE_KB if writer else READER_CACHE_KB}")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

        return engine

    engine = create_engine(
        **connecting(url),
        pool_pre_ping=True,
        pool_size=READERS + LONG_READERS,
        isolation_level="READ COMMITTED" if writer else "REPEATABLE READ",
        hide_parameters=True,
    )
    if writer:

        @event.listens_for(engine, "begin")
        def serialise(connection: Connection) -> None:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})

    return engine

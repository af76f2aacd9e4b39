"""Where trials are played: the starter of the program, a PostgreSQL where one is wanted, a disk that can be filled.

Stage ─setting(folder)→ Setting: one trial's folder and its database, gone with it
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from tests.fakes.postgres import Postgres
from tests.soak.disk import SmallDisk, mounted
from tests.soak.plan import Misfortune
from tests.soak.program import Program
from watchers.storage.location import database_url

SQLITE, POSTGRESQL = DATABASES = ("sqlite", "postgresql")
LARGEST = (64 << 10, 1 << 20)  # bytes that a file may have, where no disk can be filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One trial's place. `data` is for the desk's files, on the disk that can be filled; `url` is its database's."""

    program: Program
    folder: Path
    data: Path
    url: URL
    postgres: Postgres | None = None  # the server of `url`
    disk: SmallDisk | None = None

    @property
    def kind(self) -> str:
        return SQLITE if self.postgres is None else POSTGRESQL

    @property
    def can_be_full(self) -> bool:
        return self.disk is not None or self.postgres is None

    @property
    def misfortunes(self) -> frozenset[Misfortune]:
        """What can happen here."""
        absent = set() if self.can_be_full else {Misfortune.FULL}
        if self.postgres is None:
            absent.add(Misfortune.RESTART)
        return frozenset(Misfortune) - absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What trials share."""

    program: Program
    postgres: Postgres | None = None
    disk: SmallDisk | None = None

    @contextmanager
    def setting(self, kind: str) -> Iterator[Setting]:
        """A new one, with an empty database."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wiredesk-trial-")))
            data = folder / "data"
            if self.disk:
                data = self.disk.folder / folder.name
                stack.callback(shutil.rmtree, data, ignore_errors=True)
            if kind == SQLITE:
                url, server = database_url("", data), None
            else:
                assert self.postgres is not None
                url, server = self.postgres.fresh(empty=True), self.postgres
                stack.callback(server.drop, url)
            yield Setting(program=self.program, folder=folder, data=data, url=url, postgres=server, disk=self.disk)


@contextmanager
def staged(*, postgresql: bool, small_disk: bool) -> Iterator[Stage]:
    """Open one. With `small_disk` what desks write is on a disk that can be filled, where this process may mount it."""
    with ExitStack() as stack:
        program = stack.enter_context(Program())
        disk = stack.enter_context(mounted()) if small_disk else None
        postgres = None
        if postgresql:
            within = None if disk is None else disk.folder
            postgres = stack.enter_context(Postgres(within=within))
        yield Stage(program=program, postgres=postgres, disk=disk)

"""SQLite databases at today's schema with nothing in them: migrated once a process, copied for each test.

with scratch(tmp_path) as database:      # without disk flushes
    ...
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL

from bot import prepare
from watchers.storage import meta, migrate
from watchers.storage.database import Database
from watchers.storage.location import database_url


def empty_desk_file(folder: Path, *, seeds: bool = True) -> URL:
    """Lay the file where a desk whose data are in `folder` looks for it; its address.

    Without `seeds` the desk takes the shipped corpus for loaded: few tests ask what is known, and loading takes long.
    """
    url = database_url("", folder)
    _file(url).write_bytes(_migrated(seeds=seeds))
    return url


def scratch(folder: Path) -> Database:
    """Such a database, for what doesn't have to outlive a crash of the machine."""
    return Database(empty_desk_file(folder), durable=False)


@cache
def _migrated(*, seeds: bool) -> bytes:
    with TemporaryDirectory() as folder:
        url = database_url("", Path(folder))
        with Database(url, durable=False) as database:
            migrate.upgrade(database)
            if not seeds:
                with database.writing() as connection:
                    meta.put(connection, meta.CORPUS_HASH, prepare._hash(prepare.SEED_CORPUS))
        return _file(url).read_bytes()


def _file(url: URL) -> Path:
    assert url.database
    return Path(url.database)

"""Before anything runs: the database at today's schema, the watch-list file applied, the seed corpus loaded.

Settings ─upgraded→ Database (backed up, at today's schema) ─apply_file→ rows of origin `file` ─load_seeds→ known
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from config.problems import QueryProblem
from config.settings import Settings
from config.watchlist import Watchlist
from config.watchlist_load import load_watchlist
from watchers.errors import CannotRun, QueryError
from watchers.matching.query import compile_query
from watchers.storage import backup, known, meta, migrate, watchlist
from watchers.storage.complaints import DamagedDatabase
from watchers.storage.database import Database
from watchers.storage.location import database_url
from watchers.storage.watchlist import Changes
from watchers.stories.corpus import read_corpus

SEED_CORPUS = Path(__file__).parent.parent / "config" / "seed_corpus.jsonl"


def check_query(query: str, entities: Mapping[str, Sequence[str]]) -> QueryProblem | None:
    """What is wrong with a query, for whoever knows its line."""
    try:
        compile_query(query, entities)
    except QueryError as error:
        return QueryProblem(error.column, error.message, error.hint)
    return None


def read_watchlist(path: Path) -> Watchlist:
    """The watch-list file. Raises ConfigError with every problem in it."""
    return load_watchlist(path, check_query=check_query)


@contextmanager
def opened_as_is(settings: Settings) -> Iterator[Database]:
    """The database with whatever is in it, and at whatever schema.

    Raises:
        CannotRun: it can't be used; where it is damaged, at once or later, the text names the newest backup.
    """
    configured = settings.database_url.get_secret_value() if settings.database_url else ""
    try:
        with Database(database_url(configured, settings.data)) as database:
            yield database
    except DamagedDatabase as damage:
        raise CannotRun(
            f"{damage}: {_way_back(settings, database_url(configured, settings.data).database)}"
        ) from damage


@contextmanager
def upgraded(settings: Settings, now: datetime) -> Iterator[Database]:
    """The database at today's schema, backed up before it changes, and with whatever is in it."""
    with opened_as_is(settings) as database:
        migrate.upgrade(database, before=lambda: save_backup(database, settings, now))
        yield database


@contextmanager
def opened(settings: Settings, now: datetime, *, seeds: Path = SEED_CORPUS) -> Iterator[Database]:
    """The database, at today's schema; a new one has the watch-list file at once, and each has the seed corpus."""
    with upgraded(settings, now) as database:
        if not has_desk(database):
            apply_file(database, settings.watchlist, now=now)
        load_seeds(database, seeds, now)
        yield database


@contextmanager
def scratch() -> Iterator[Database]:
    """An empty database at today's schema that is removed afterwards."""
    with (
        TemporaryDirectory(prefix="wiredesk-scratch-") as folder,
        Database(database_url("", Path(folder)), durable=False) as database,
    ):
        migrate.upgrade(database)
        yield database


def has_desk(database: Database) -> bool:
    """Whether a watch-list file was ever applied to the database."""
    with database.reading() as connection:
        return watchlist.desk_id(connection) is not None


def _way_back(settings: Settings, damaged: str | None) -> str:
    newest = backup.newest(settings.data / "backups")
    if newest is None:
        return f"there is no backup of it: move {damaged}* away, and start anew"
    return f"move {damaged}* away, and restore the newest backup: wiredesk db restore {newest}"


def save_backup(database: Database, settings: Settings, now: datetime, *, stop: Event | None = None) -> Path:
    """A backup in the data folder; broken off with CannotRun once `stop` is set."""
    return backup.write_backup(database, settings.data / "backups", now, stop=stop)


def apply_file(database: Database, path: Path, *, now: datetime, prune: bool = False, dry_run: bool = False) -> Changes:
    """Apply the watch-list file to its rows, whether it changed or not; a dry run only finds out what would change."""
    wanted = read_watchlist(path)
    with database.writing() as connection:
        changes = watchlist.apply(connection, wanted, now=now, prune=prune)
        meta.put(connection, meta.WATCHLIST_HASH, _hash(path))
        if dry_run:
            connection.rollback()
    return changes


def apply_changed_file(database: Database, path: Path, *, now: datetime) -> Changes | None:
    """At the start of a desk: apply the file if it is another one than last time. It is read, and checked, anyway."""
    read_watchlist(path)
    with database.reading() as connection:
        unchanged = meta.get(connection, meta.WATCHLIST_HASH) == _hash(path)
    return None if unchanged else apply_file(database, path, now=now)


def load_seeds(database: Database, path: Path, now: datetime) -> int:
    """Make the stories of a corpus file known to the desk, once a file. Returns how many are new to it.

    The file's hash is kept in the transaction of its stories: what was broken off, or has changed, is loaded next time.
    """
    corpus = _hash(path)
    with database.reading() as connection:
        if meta.get(connection, meta.CORPUS_HASH) == corpus:
            return 0
    texts, _ = read_corpus([path])
    with database.writing() as connection:
        desk = watchlist.desk_id(connection)
        assert desk is not None
        added = known.add(connection, desk, texts, origin="seed", now=now)
        meta.put(connection, meta.CORPUS_HASH, corpus)
    return added


def _hash(path: Path) -> str:
    return blake2b(path.read_bytes(), digest_size=16).hexdigest()

"""Brings a database to today's schema, after a backup of what it held."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from watchers.errors import CannotRun
from watchers.storage.database import Database
from watchers.storage.schema import metadata

TABLE = "alembic_version"


def head() -> str:
    """The revision that this program needs."""
    revision = _scripts().get_current_head()
    assert revision is not None
    return revision


def current(connection: Connection) -> str | None:
    """The revision that a database is at; None: it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def known() -> frozenset[str]:
    """The revisions that this program can upgrade from."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def upgrade(database: Database, *, to: str | None = None, before: Callable[[], object] = lambda: None) -> bool:
    """Bring the database to `head`, or to `to`; `before` is called first if it holds anything. True: it was done.

    An empty one gets today's tables at once, without the way there.

    Raises:
        CannotRun: the database is from a newer Wiredesk.
    """
    with database.reading() as connection:
        at = current(connection)
    if at == (to or head()):
        return False
    if at is not None:
        if at not in known():
            raise CannotRun(
                f"the database is of a newer Wiredesk (schema {at}): update the program, or restore a backup"
            )
        before()
    with database.writing() as connection:
        if to in {None, head()} and current(connection) is None:  # another program may have been faster
            metadata.create_all(connection, checkfirst=False)
            MigrationContext.configure(connection).stamp(_scripts(), "head")
            return True
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, to or "head")
    return True


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config

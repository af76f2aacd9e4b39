"""What the tests of the commands share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.cli.commanding import Commands
from tests.fakes.web import Web, WebThread
from watchers.storage import migrate
from watchers.storage.database import Database, database_url


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at today's schema without a desk: copying it is quicker than migrating each time."""
    url = database_url("", tmp_path_factory.mktemp("template"))
    with Database(url) as database:
        migrate.upgrade(database)
    assert url.database
    return Path(url.database)


@pytest.fixture
def web() -> Iterator[Web]:
    with WebThread() as served:
        yield served


@pytest.fixture
def fresh(tmp_path: Path) -> Commands:
    """Commands of somebody who has just installed Wiredesk."""
    return Commands(tmp_path)


@pytest.fixture
def wiredesk(fresh: Commands, empty_database: Path) -> Commands:
    """Commands over a database in which the watch list is still to be applied."""
    fresh.data.mkdir()
    shutil.copy(empty_database, fresh.data)
    return fresh

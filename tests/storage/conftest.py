"""One contract, two databases: every test that asks for `database` runs on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.fakes.databases import empty_desk_file, scratch
from tests.fakes.postgres import Postgres
from tests.fakes.sweeping import Sweeping
from tests.storage.building import Desk
from watchers.storage.database import Database
from watchers.storage.location import database_url
from watchers.storage.schema import metadata

KINDS = ("sqlite", "postgresql")
NewDatabase = Callable[..., URL]
Opened = dict[str, Database]
EMPTYING = [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]  # each after what points at it


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    """Makes databases: `new_database("sqlite")`, and without any table with `empty=True`."""
    made: list[URL] = []

    def make(kind: str, *, empty: bool = False) -> URL:
        if kind == "postgresql":
            made.append(request.getfixturevalue("postgres").fresh(empty=empty))
            return made[-1]
        folder = tmp_path / f"sqlite-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return database_url("", folder) if empty else empty_desk_file(folder)

    yield make
    for url in made:
        request.getfixturevalue("postgres").drop(url)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def url(kind: str, new_database: NewDatabase) -> URL:
    """The address of a database at today's schema."""
    return new_database(kind)


@pytest.fixture(scope="session")
def opened(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """One open database of each kind, for tests that don't ask for an address of their own: quicker by half."""
    folder = tmp_path_factory.mktemp("shared")
    with ExitStack() as stack:
        yield {
            "sqlite": stack.enter_context(scratch(folder)),
            "postgresql": stack.enter_context(Database(postgres.fresh())),
        }


@pytest.fixture(scope="session")
def sweeping(opened: Opened) -> Iterator[Sweeping]:
    with Sweeping(opened["postgresql"].url) as of_shared:
        yield of_shared


@pytest.fixture
def database(request: pytest.FixtureRequest, kind: str) -> Iterator[Database]:
    """A database at today's schema, with nothing in it."""
    if "url" in request.fixturenames:
        with Database(request.getfixturevalue("url")) as own:
            yield own
        return
    shared: Database = request.getfixturevalue("opened")[kind]
    sweeping: Sweeping = request.getfixturevalue("sweeping")
    yield shared
    if shared.is_sqlite:
        with shared.writing() as connection:
            for statement in EMPTYING:
                connection.exec_driver_sql(statement)
    else:
        sweeping.sweep()


@pytest.fixture
def desk(database: Database) -> Desk:
    """A desk with one watch, one source and two channels, in the database."""
    return Desk(database)

"""A database comes to today's schema once, after a backup of what it held, and never from the future."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from tests.storage.conftest import NewDatabase
from watchers.errors import CannotRun
from watchers.storage import migrate
from watchers.storage.database import Database
from watchers.storage.schema import metadata


def test_an_empty_database_is_brought_to_today_s_schema_without_a_backup(new_database: NewDatabase, kind: str) -> None:
    backups: list[str] = []
    with Database(new_database(kind, empty=True)) as database:
        assert migrate.upgrade(database, before=lambda: backups.append("made"))
        with database.reading() as connection:
            assert migrate.current(connection) == migrate.head()
    assert backups == []


def test_a_database_of_today_is_left_alone(database: Database) -> None:
    assert not migrate.upgrade(database, before=lambda: pytest.fail("nothing was to be saved"))


def test_the_migrations_make_exactly_the_tables_of_the_program(new_database: NewDatabase, kind: str) -> None:
    with Database(new_database(kind, empty=True)) as database:
        assert migrate.upgrade(database, to="0001")
        assert migrate.upgrade(database)
        with database.reading() as connection:
            assert migrate.current(connection) == migrate.head()
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_new_database_has_the_tables_that_the_migrations_make(database: Database) -> None:
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_of_a_newer_program_is_refused(new_database: NewDatabase, kind: str) -> None:
    with Database(new_database(kind)) as database:
        with database.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(CannotRun, match="of a newer Wiredesk"):
            migrate.upgrade(database, before=lambda: pytest.fail("nothing was to be saved"))


def test_two_programs_that_start_at_once_both_find_today_s_schema(new_database: NewDatabase, kind: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    url = new_database(kind, empty=True)
    with Database(url) as one, Database(url) as other, ThreadPoolExecutor(2) as both:
        list(both.map(migrate.upgrade, (one, other)))
        for database in (one, other):
            with database.reading() as connection:
                assert migrate.current(connection) == migrate.head()

"""Every older schema, with something in each of its tables, comes to today's with nothing lost, and is worked on.

The older database is made by the migrations themselves, and filled with what a desk of today has lived through, as far
as its schema has room for that; a table in which the desk left nothing gets a row that is made up.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    String,
    TableClause,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)

from tests.fakes.databases import scratch
from tests.storage.building import NOW, STORY, Desk, alert, reading
from tests.storage.conftest import KINDS, NewDatabase
from watchers.storage import backup, migrate, outbox, sending
from watchers.storage.database import Database
from watchers.storage.schema import Moment, metadata

OLDER = sorted(migrate.known() - {migrate.head()})
MADE_UP = ((Moment, NOW), (Boolean, True), (Float, 1.5), (Integer, 1), (JSON, ["made", {"up": True}]))
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.mark.parametrize("revision", OLDER)
def test_an_older_database_comes_to_today_s_schema_with_every_row_and_is_worked_on(
    new_database: NewDatabase, kind: str, revision: str, tmp_path: Path
) -> None:
    saved: list[Path] = []
    with Database(new_database(kind, empty=True)) as database:
        _live_at(database, revision, tmp_path)
        tables = _tables(database)
        before = _rows(database, tables)
        assert all(before.values())

        assert migrate.upgrade(database, before=lambda: saved.append(backup.write_backup(database, tmp_path, NOW)))
        assert _rows(database, tables) == before
        _work_on(database)

    (other,) = set(KINDS) - {kind}
    with Database(new_database(other, empty=True)) as restored:
        backup.restore(restored, saved[0])
        assert _rows(restored, tables) == before


def _live_at(database: Database, revision: str, folder: Path) -> None:
    """Bring an empty database to an older schema, and fill each of its tables."""
    migrate.upgrade(database, to=revision)
    folder = folder / "today"
    folder.mkdir()
    with scratch(folder) as today:
        desk = Desk(today)
        desk.bring(reading())
        desk.bring(reading("Another quay", STORY.replace("harbor", "airport")))
        desk.tell(alert())
        with today.reading() as lived, database.writing() as old:
            for each in _tables(database):
                rows = [dict(row) for row in lived.execute(select(each)).mappings()]
                old.execute(insert(each), rows or [_made_up(old, each)])
                if not database.is_sqlite and "id" in each.c:
                    old.execute(text(f"SELECT setval(pg_get_serial_sequence('{each.name}', 'id'), 1000)"))


def _tables(database: Database) -> list[TableClause]:
    """The tables that the database has, with the columns that it has, each after those that it points at."""
    found = inspect(database._reading)
    there = {name: {each["name"] for each in found.get_columns(name)} for name in found.get_table_names()}
    return [
        table(known.name, *(column(each.name, each.type) for each in known.c if each.name in there[known.name]))
        for known in metadata.sorted_tables
        if known.name in there
    ]


def _made_up(connection: Connection, into: TableClause) -> dict[str, Any]:
    known = metadata.tables[str(into.name)]
    return {name: _value(connection, known.c[name]) for name in into.c.keys()}  # noqa: SIM118 - no mapping


def _value(connection: Connection, of: Column[Any]) -> Any:
    for key in of.foreign_keys:
        return None if key.column.table is of.table else connection.execute(select(func.min(key.column))).scalar()
    if isinstance(of.type, String):
        return of.name[: of.type.length]
    return next(value for kind, value in MADE_UP if isinstance(of.type, kind))


def _rows(database: Database, tables: list[TableClause]) -> Rows:
    with database.reading() as connection:
        return {
            str(each.name): sorted((tuple(row) for row in connection.execute(select(each))), key=repr)
            for each in tables
        }


def _work_on(database: Database) -> None:
    """The desk reads what it had, tells what waited, and knows a story of before when it comes again."""
    desk = Desk(database)
    desk.now = NOW + timedelta(hours=1)
    assert desk.outbox()
    desk.write(outbox.recover, desk.now)
    taken = desk.write(sending.take, desk.channel(), now=desk.now, burst=10)
    assert taken is not None
    desk.write(sending.mark_sent, taken, message_id="7", now=desk.now)
    again = desk.bring(reading("Quay goes dark", STORY, url="https://other.example/quay"))
    assert [placed.alerted for placed in again.placed] == [False]

"""Many rows of one table in one go.

    tuples in the order of the columns ─the columns' own processors→ the driver's values → rows

SQLAlchemy makes the statement, once for each dialect, and says how each column's values are written; what it would do
besides for each row costs more than the row itself. SQLite is handed row by row, PostgreSQL many with each message.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Select, Table, func, insert, select, text

Processor = Callable[[Any], Any]

_ROWS_A_MESSAGE = 500  # of at most 60 columns: PostgreSQL counts parameters with 16 bits
_NEXT_NUMBERS = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")


def insert_rows(
    connection: Connection,
    columns: Sequence[Column[Any]],
    rows: Sequence[Sequence[Any]],
    *,
    written: Sequence[Column[Any]] = (),
) -> None:
    """Insert `rows`, each with a value for each of `columns`, which are of one table.

    Values of the columns `written` are as the database keeps them already: JSON as its text.
    """
    if not rows:
        return
    statement, order = _prepared(connection.dialect, tuple(columns))
    values = list(zip(*rows, strict=True))
    ready = {place for place, column in enumerate(columns) if column in set(written)}
    given = [
        values[place] if write is None or place in ready else _written(write, values[place]) for place, write in order
    ]
    ready_rows = list(zip(*given, strict=True))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(statement, ready_rows)
        return
    into, _, row = statement.partition(" VALUES ")
    for start in range(0, len(ready_rows), _ROWS_A_MESSAGE):
        some = ready_rows[start : start + _ROWS_A_MESSAGE]
        several = f"{into} VALUES {', '.join([row] * len(some))}"
        connection.exec_driver_sql(several, tuple(chain.from_iterable(some)))


def new_numbers(connection: Connection, table: Table, count: int) -> range | list[int]:
    """Numbers for `count` new rows of a table, to be written in this transaction."""
    if connection.dialect.name == "sqlite":
        first = 1 + (connection.execute(_last_number(table)).scalar() or 0)
        return range(first, first + count)
    return list(connection.execute(_NEXT_NUMBERS, {"table": table.name, "count": count}).scalars())


@lru_cache
def _last_number(table: Table) -> Select[int]:
    return select(func.max(table.c.id))


def _written(write: Processor, values: Sequence[Any]) -> Iterable[Any]:
    if values.count(values[0]) == len(values):  # the moment of a poll, its flags
        return [write(values[0])] * len(values)
    return map(write, values)


@lru_cache(maxsize=64)
def _prepared(dialect: Dialect, columns: tuple[Column[Any], ...]) -> tuple[str, list[tuple[int, Processor | None]]]:
    """The statement and, in the order of its parameters, the place of each column and how its values are written.

    Raises:
        ValueError: a column with a default is missing: there is nobody here who would fill it in.
    """
    (table,) = {column.table for column in columns}
    place_of = {column.name: place for place, column in enumerate(columns)}
    compiled = insert(table).inline().compile(dialect=dialect, column_keys=list(place_of))
    names: list[str] = compiled.positiontup or []
    if missing := set(names) - set(place_of):
        msg = f"rows of {table.name} need {', '.join(sorted(missing))} too"
        raise ValueError(msg)
    kinds = [columns[place_of[name]].type.dialect_impl(dialect) for name in names]
    order: list[tuple[int, Processor | None]] = [
        (place_of[name], kind.bind_processor(dialect)) for name, kind in zip(names, kinds, strict=True)
    ]
    return str(compiled), order

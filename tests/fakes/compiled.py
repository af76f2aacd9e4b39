"""Compiled SQL for all engines of a process: each test opens databases of its own, and asks them the same things.

So it is with what a backup finds out about their tables.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from pg8000 import dbapi
from sqlalchemy import Compiled, Connection, Engine, Table, create_engine

from watchers.storage import backup, migrate


class _Compiled(dict[Any, Compiled]):
    """SQLAlchemy's key begins with the engine's own dialect; what is compiled depends on its kind alone."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Compiled) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


_all = _Compiled()
_found: dict[tuple[str, str], list[Table]] = {}
_find = backup._tables


def engine_that_shares(*args: Any, **options: Any) -> Engine:
    """`create_engine`, with what other engines have compiled."""
    return create_engine(*args, execution_options={"compiled_cache": _all}, **options)


def numbered(style: str, statement: str, values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """`convert_paramstyle` of PostgreSQL's driver, which else reads every statement letter by letter each time."""
    return _numbered(style, statement), values


@cache
def _numbered(style: str, statement: str) -> str:
    assert style == "format", "in other styles the values depend on the statement"
    found: str = dbapi.convert_paramstyle(style, statement, ())[0]
    return found


def tables_of(connection: Connection) -> list[Table]:
    """`backup._tables`, with what was found in another database of the kind at the same schema."""
    schema = migrate.current(connection)
    if schema is None:
        return _find(connection)
    kind = connection.dialect.name, schema
    if kind not in _found:
        _found[kind] = _find(connection)
    return _found[kind]

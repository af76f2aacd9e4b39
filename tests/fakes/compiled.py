"""Compiled SQL for all engines of a process: each test opens databases of its own, and asks them the same things."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from pg8000 import dbapi
from sqlalchemy import Compiled, Engine, create_engine


class _Compiled(dict[Any, Compiled]):
    """SQLAlchemy's key begins with the engine's own dialect; what is compiled depends on its kind alone."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Compiled) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


_all = _Compiled()


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

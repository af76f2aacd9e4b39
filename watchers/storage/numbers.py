"""Many numbers as one parameter: `among(column, "wanted")`.

A statement with a list of parameters is another one for each length, which both SQLAlchemy and the database put
together anew. With the list as one value, JSON on SQLite and an array on PostgreSQL, it stays the same.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Dialect, Text, TypeDecorator, bindparam, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Numbers(TypeDecorator[Iterable[int]]):
    """Whole numbers, on their way in only."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> str:
        """As the text of a JSON array, or of PostgreSQL's."""
        numbers = ",".join(map(str, value or ()))
        return f"[{numbers}]" if dialect.name == "sqlite" else f"{{{numbers}}}"


class _Each(FunctionElement[int]):
    """Each of the `Numbers`, as the rows of a SELECT of nothing else."""

    type = BigInteger()
    inherit_cache = True


@compiles(_Each, "sqlite")
def _of_json(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"value FROM json_each({compiler.process(element.clauses, **options)})"


@compiles(_Each, "postgresql")
def _of_array(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"unnest(CAST({compiler.process(element.clauses, **options)} AS BIGINT[]))"


def among(column: Column[int], name: str) -> ColumnElement[bool]:
    """Whether a column is one of the numbers that the parameter `name` brings."""
    return column.in_(select(_Each(bindparam(name, type_=Numbers))))

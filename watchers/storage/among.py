"""Many values as one parameter: `among(column, "wanted")`.

A statement with a list of parameters is another one for each length, which both SQLAlchemy and the database put
together anew. With the list as one value, JSON on SQLite and an array on PostgreSQL, it stays the same.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Dialect, Integer, Text, TypeDecorator, bindparam, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Numbers(TypeDecorator[Iterable[int]]):
    """Whole numbers, on their way in only."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> str:
        """As the text of a JSON array, or of PostgreSQL's."""
        numbers = ",".join(map(str, value or ()))
        return f"[{numbers}]" if dialect.name == "sqlite" else f"{{{numbers}}}"


class _Texts(TypeDecorator[Iterable[str]]):
    """Texts, on their way in only."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:
        """As the text of a JSON array, or of PostgreSQL's."""
        texts = list(value or ())
        if dialect.name == "sqlite":
            return json.dumps(texts)
        escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
        return "{" + ",".join(f'"{text}"' for text in escaped) + "}"


class _Each(FunctionElement[Any]):
    """Each of the values, as the rows of a SELECT of nothing else."""

    inherit_cache = True


class _EachNumber(_Each):
    type = BigInteger()
    inherit_cache = True


class _EachText(_Each):
    type = Text()
    inherit_cache = True


@compiles(_Each, "sqlite")
def _of_json(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"value FROM json_each({compiler.process(element.clauses, **options)})"


@compiles(_EachNumber, "postgresql")
def _of_numbers(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"unnest(CAST({compiler.process(element.clauses, **options)} AS BIGINT[]))"


@compiles(_EachText, "postgresql")
def _of_texts(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"unnest(CAST({compiler.process(element.clauses, **options)} AS TEXT[]))"


def among(column: Column[Any], name: str) -> ColumnElement[bool]:
    """Whether a column, of whole numbers or of text, is one of the values that the parameter `name` brings."""
    if isinstance(column.type, Integer):
        return column.in_(select(_EachNumber(bindparam(name, type_=_Numbers))))
    return column.in_(select(_EachText(bindparam(name, type_=_Texts))))

"""Queries as people type them: understood, or the error with a caret under the place where they go wrong."""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from watchers.errors import ConfigError, QueryError
from watchers.matching.expression import Query
from watchers.matching.query import compile_query

AROUND = 60  # characters shown on each side of the place


def understood(text: str, entities: Mapping[str, Sequence[str]]) -> Query:
    """The query. Raises ConfigError: what is wrong, the line of the query, and a caret under the column."""
    try:
        return compile_query(text, entities)
    except QueryError as error:
        raise ConfigError(f"query: {error}", *pointed(error.query, error.column)) from None


def pointed(query: str, column: int) -> tuple[str, str]:
    """The line of a query that holds a column (code points from 1, over all its lines), and a caret under it."""
    at = column - 1
    start = query.rfind("\n", 0, at) + 1
    line = query[start:].partition("\n")[0]
    at -= start
    left, right = line[max(0, at - AROUND) : at], line[at : at + AROUND]
    before = "…" if at > AROUND else ""
    after = "…" if len(line) > at + AROUND else ""
    shown = _visible(before + left)
    return f"  {shown}{_visible(right)}{after}", f"  {' ' * cell_len(shown)}^"


def _visible(text: str) -> str:
    """One visible character for each of the text's."""
    return "".join(letter if letter.isprintable() else " " for letter in text)

"""Hands texts over as files to import, and takes their problems apart."""

from collections.abc import Mapping, Sequence
from textwrap import dedent

import pytest

from config.imports import Imported, read_import
from config.problems import ConfigError, QueryProblem
from config.watchlist import Watchlist


def check(query: str, entities: Mapping[str, Sequence[str]]) -> QueryProblem | None:
    """Queries that hold the word `wrong` are wrong in column 3."""
    return QueryProblem(3, "no word", "write another") if "wrong" in query else None


def imported(name: str, content: str | bytes, **known: str) -> Imported:
    """What a file of that name says. `known` has addresses by the names of the desk's sources."""
    data = content if isinstance(content, bytes) else dedent(content).encode()
    return read_import(name, data, check_query=check, known={url: source for source, url in known.items()})


def problems(name: str, content: str | bytes) -> list[str]:
    """Every problem, without the name, as `line: what: what to do`."""
    with pytest.raises(ConfigError) as caught:
        imported(name, content)
    assert all(problem.startswith(f"{name}:") and "\n" not in problem for problem in caught.value.problems)
    return [problem.removeprefix(f"{name}:") for problem in caught.value.problems]


def notes(name: str, content: str | bytes) -> list[str]:
    """Every note, without the name, as `line: what`."""
    return [note.removeprefix(f"{name}:") for note in imported(name, content).notes]


def addresses(watchlist: Watchlist) -> dict[str, str]:
    """The addresses of the sources by their names."""
    return {name: source.url for name, source in watchlist.sources.items()}


def tags(watchlist: Watchlist) -> dict[str, tuple[str, ...]]:
    """The tags of the sources by their names."""
    return {name: source.tags for name, source in watchlist.sources.items()}

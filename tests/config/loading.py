"""Loads texts as watch-list files and takes their problems apart."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent

import pytest

from config.problems import ConfigError, QueryProblem
from config.watchlist import Watchlist
from config.watchlist_load import load_watchlist


class Load:
    """Writes a text as a watch-list file and loads it. Queries that hold the word `wrong` are wrong in column 3."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "watchlist.yaml"
        self.entities: Mapping[str, Sequence[str]] = {}

    def __call__(self, text: str | bytes) -> Watchlist:
        self.path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return load_watchlist(self.path, check_query=self.check)

    def check(self, query: str, entities: Mapping[str, Sequence[str]]) -> QueryProblem | None:
        self.entities = entities
        return QueryProblem(3, "no word", "write another") if "wrong" in query else None

    def problems(self, text: str | bytes) -> list[str]:
        """Every problem, without the path, as `line: what: what to do`."""
        with pytest.raises(ConfigError) as caught:
            self(text)
        prefix = f"{self.path}:"
        assert all(problem.startswith(prefix) and "\n" not in problem for problem in caught.value.problems)
        return [problem.removeprefix(prefix) for problem in caught.value.problems]

    def outcome(self, text: bytes) -> Watchlist | tuple[str, ...]:
        """The watch list, or the problems."""
        try:
            return self(text)
        except ConfigError as error:
            return error.problems

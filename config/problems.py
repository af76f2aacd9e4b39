"""How a wrong configuration is told: every problem at once, one a line, each saying what to do.

Settings and the watch list are read to their end before anything is raised, so that a person mends a file in one
go. The readers collect lines here and raise a single `ConfigError`.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple


class WiredeskError(Exception):
    """Root of everything that Wiredesk raises on purpose; the tree is drawn in `watchers.errors`."""


class ConfigError(WiredeskError):
    """What a person has configured can't be used. `problems` has one line each, fit to be shown."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class QueryProblem(NamedTuple):
    """Why a query can't be understood: the 1-based column in it, what is wrong, and what to write instead."""

    column: int
    message: str
    hint: str | None = None


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name that `word` is most likely a slip for, or None where none is near."""
    names = {name.casefold(): name for name in sorted(known)}
    near = get_close_matches(word.casefold(), names, n=1, cutoff=0.75)
    return names[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return `did you mean NAME?` for the nearest known name, or None where none is near."""
    near = nearest(word, known)
    return None if near is None else f"did you mean {near}?"


def listed(names: Iterable[str]) -> str:
    """Join names for a sentence: `a, b or c`."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last

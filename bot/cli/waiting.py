"""What a person sees while a command works: on standard error, and only where that is a terminal."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress

T = TypeVar("T")


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """A spinner beside `words`."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(words, spinner="dots"):
        yield


def progress(work: Iterable[T], words: str, *, total: int, as_json: bool) -> Iterator[T]:
    """The same things, counted in a bar as they are taken. JSON Lines on a terminal are their own progress."""
    console = Console(stderr=True)
    if not console.is_terminal or (as_json and sys.stdout.isatty()):
        yield from work
        return
    with Progress(console=console, transient=True) as bar:
        yield from bar.track(work, total=total, description=words)

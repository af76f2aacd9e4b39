"""What people give as arguments and options → an entry of the watch list, its problems under the options' names."""

from typing import Any, TypeVar

from pydantic import BaseModel

from bot.entries import checked

T = TypeVar("T", bound=BaseModel)

# A field of an entry → how the command line calls it, where that is not `--field`.
_GIVEN_AS = {
    "url": "URL",
    "query": "QUERY",
    "name": "FULL_NAME",
    "aliases": "--alias",
    "tags": "--tag",
    "sources": "--source",
}


def entry(model: type[T], **given: Any) -> T:
    """An entry with these fields. Raises ConfigError with every problem, each under its option's name."""
    return checked(model, given, lambda field: _GIVEN_AS.get(field, f"--{field}"))

"""What people give as arguments and options → an entry of the watch list, checked by the file's own rules."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.watchlist import check_name
from watchers.errors import ConfigError

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
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problems = []
        for details in error.errors(include_url=False):
            message = details["msg"].removeprefix("Value error, ")
            field = str(details["loc"][0]) if details["loc"] else ""
            value = f" {details['input']}" if isinstance(details["input"], str) else ""
            problems.append(f"{_GIVEN_AS.get(field, f'--{field}')}{value}: {message}" if field else message)
        raise ConfigError(*problems) from None


def named(name: str) -> str:
    """A name for an entry. Raises ConfigError where it can't be one."""
    try:
        return check_name(name)
    except ValueError as error:
        raise ConfigError(f"{name}: {error}") from None

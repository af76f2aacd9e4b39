"""What people give, by command or in chat → entries of the watch list, checked by the file's own rules."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.watchlist import check_name
from watchers.errors import ConfigError
from watchers.fetch.redact import redact_url

T = TypeVar("T", bound=BaseModel)


def checked(model: type[T], given: Mapping[str, Any], called: Callable[[str], str]) -> T:
    """An entry with these fields. Raises ConfigError with every problem, each under what its field is `called`."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problems = []
        for details in error.errors(include_url=False):
            message = details["msg"].removeprefix("Value error, ")
            field = str(details["loc"][0]) if details["loc"] else ""
            value = f" {_shown(field, details['input'])}" if isinstance(details["input"], str) else ""
            problems.append(f"{called(field)}{value}: {message}" if field else message)
        raise ConfigError(*problems) from None


def _shown(field: str, value: str) -> str:
    """What was given, fit to be repeated: an address without its secrets."""
    return redact_url(value) if field == "url" else value


def named(name: str) -> str:
    """A name for an entry. Raises ConfigError where it can't be one."""
    try:
        return check_name(name)
    except ValueError as error:
        raise ConfigError(f"{name}: {error}") from None

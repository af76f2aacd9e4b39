"""What people write in options and forms → entries of the watch list, checked by the file's own rules."""

import re
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from config.watchlist import check_name
from watchers.errors import ConfigError
from watchers.fetch.redact import redact_url
from watchers.storage.editing import FileRow
from watchers.storage.names import NamedEntity, NamedSource, NamedWatch
from watchers.storage.told import Row
from watchers.storage.uses import Noun
from watchers.storage.watchlist import FILE

T = TypeVar("T", bound=BaseModel)


def entry(model: type[T], **given: Any) -> T:
    """An entry with these fields. Raises ConfigError with every problem, each under its field's name."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problems = []
        for details in error.errors(include_url=False):
            message = details["msg"].removeprefix("Value error, ")
            field = str(details["loc"][0]) if details["loc"] else ""
            value = f" {_shown(field, details['input'])}" if isinstance(details["input"], str) else ""
            problems.append(f"{field}{value}: {message}" if field else message)
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


def listed(text: str) -> tuple[str, ...]:
    """Words or names that are separated by commas or lines."""
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[,;\n]", text) if part.strip()))


def refuse_file_row(row: NamedWatch | NamedEntity | NamedSource, noun: Literal["watch", "entity", "source"]) -> None:
    """Raise FileRow, before a form is opened in vain, where a row is the watch-list file's."""
    if row.origin == FILE:
        kind: Noun = noun
        raise FileRow(Row(id=row.id, noun=kind, name=row.name, origin=row.origin, state=row.state, reason=None))

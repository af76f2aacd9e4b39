"""What people write in options and forms → entries of the watch list, checked by the file's own rules."""

import re
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from bot.entries import checked
from watchers.storage.editing import FileRow
from watchers.storage.names import NamedEntity, NamedSource, NamedWatch
from watchers.storage.told import Row
from watchers.storage.uses import Noun
from watchers.storage.watchlist import FILE

T = TypeVar("T", bound=BaseModel)


def entry(model: type[T], **given: Any) -> T:
    """An entry with these fields. Raises ConfigError with every problem, each under its field's name."""
    return checked(model, given, str)


def listed(text: str) -> tuple[str, ...]:
    """Words or names that are separated by commas or lines."""
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[,;\n]", text) if part.strip()))


def refuse_file_row(row: NamedWatch | NamedEntity | NamedSource, noun: Literal["watch", "entity", "source"]) -> None:
    """Raise FileRow, before a form is opened in vain, where a row is the watch-list file's."""
    if row.origin == FILE:
        kind: Noun = noun
        raise FileRow(Row(id=row.id, noun=kind, name=row.name, origin=row.origin, state=row.state, reason=None))

"""Names to choose from as people type, from memory; and the row that a chosen (or typed) name means.

what is typed ─watches, sources, …→ up to 25 choices, value = the row      value ─chosen→ the row's number
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from discord import app_commands

from bot.asking import Asked, desk_of
from bot.cards.text import fitted
from bot.cards.words import UNTITLED
from config.problems import did_you_mean
from watchers.errors import ConfigError
from watchers.storage.names import DeskNames

Choices = list[app_commands.Choice[str]]
_MOST = 25
_LONGEST = 100
_ROW = "row:"
_DIGITS = 10
_TITLE = _LONGEST - len(" #") - _DIGITS


async def watches(interaction: Asked, typed: str) -> Choices:
    """The desk's watches."""
    return _rows(interaction, typed, lambda desk: desk.watches)


async def entities(interaction: Asked, typed: str) -> Choices:
    """The desk's entities."""
    return _rows(interaction, typed, lambda desk: desk.entities)


async def sources(interaction: Asked, typed: str) -> Choices:
    """The desk's sources."""
    return _rows(interaction, typed, lambda desk: desk.sources)


async def tags(interaction: Asked, typed: str) -> Choices:
    """The desk's tags."""
    desk = desk_of(interaction)
    found = desk.tags if desk is not None else ()
    return [app_commands.Choice(name=tag[:_LONGEST], value=tag) for tag in _near(typed, found)]


async def source_words(interaction: Asked, typed: str) -> Choices:
    """Names and tags of the desk's sources: the last of several that are separated by commas."""
    desk = desk_of(interaction)
    if desk is None:
        return []
    before, comma, last = typed.rpartition(",")
    known = {word: None for source in desk.sources for word in (*source.tags, source.name)}
    whole = (f"{before}{comma} {word}".strip() for word in _near(last, known))
    return [app_commands.Choice(name=text, value=text) for text in whole if len(text) <= _LONGEST]


async def channels(interaction: Asked, typed: str) -> Choices:
    """The desk's channels."""
    return _rows(interaction, typed, lambda desk: desk.channels)


async def timezones(_: Asked, typed: str) -> Choices:
    """Time zones, by any part of their names, blanks for underscores: those whose city begins with it first."""
    wanted = typed.strip().replace("_", " ").casefold()
    held = [(city, zone) for zone, city, words in _zones() if wanted in words]
    held.sort(key=lambda found: (not found[0].startswith(wanted), found[1]))
    return [app_commands.Choice(name=zone.replace("_", " "), value=zone) for _, zone in held[:_MOST]]


@cache
def _zones() -> tuple[tuple[str, str, str], ...]:
    """Every time zone with its city and with all its words, both as they are searched."""
    found = []
    for zone in sorted(available_timezones()):
        words = zone.replace("_", " ").casefold()
        found.append((zone, words.rpartition("/")[2], words))
    return tuple(found)


async def stories(interaction: Asked, typed: str) -> Choices:
    """The desk's newest stories."""
    desk = desk_of(interaction)
    if desk is None:
        return []
    found = interaction.client.office.directory.stories(desk.id)
    known = {f"{fitted(title, _TITLE) or UNTITLED} #{row}": row for row, title in found}
    return [app_commands.Choice(name=name, value=f"{_ROW}{known[name]}") for name in _near(typed, known)]


def _rows(interaction: Asked, typed: str, of: Callable[[DeskNames], Iterable[Any]]) -> Choices:
    desk = desk_of(interaction)
    if desk is None:
        return []
    ids = {row.name: row.id for row in of(desk)}
    return [app_commands.Choice(name=name[:_LONGEST], value=f"{_ROW}{ids[name]}") for name in _near(typed, ids)]


def _near(typed: str, names: Iterable[str]) -> list[str]:
    """Names that hold what is typed: those that begin with it first."""
    wanted = typed.strip().casefold()
    held = [name for name in names if wanted in name.casefold()]
    return sorted(held, key=lambda name: not name.casefold().startswith(wanted))[:_MOST]


def chosen(what: str, value: str, rows: Iterable[Any]) -> Any:
    """The row of the desk that a choice, or a name typed in full, means. Raises ConfigError where there is none."""
    known = list(rows)
    number = value.removeprefix(_ROW) if value.startswith(_ROW) else None
    for row in known:
        if str(row.id) == number if number is not None else row.name == value:
            return row
    if number is not None:
        raise ConfigError(f"this {what} is not there any more: see /{what} list")
    near = did_you_mean(value, (row.name for row in known))
    raise ConfigError(f"no {what} is called {value}: {near or f'choose one of those offered, or see /{what} list'}")


def story_chosen(value: str) -> int:
    """The number of a story that was chosen, or written as it is shown: #12. Raises ConfigError."""
    digits = value.removeprefix(_ROW).rpartition("#")[2] if value.startswith(_ROW) or "#" in value else ""
    if not (digits.isdecimal() and len(digits) < _DIGITS):
        raise ConfigError("no such story: choose one of those offered, or find it by /story search")
    return int(digits)

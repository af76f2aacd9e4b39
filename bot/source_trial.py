"""Trying an address out before it is followed: checked, looked at once, and heard by the desk's watches.

    URL ─look→ Parsed ─heard→ what it shows, each with the watches that its own words answer
                      └────→ the feeds that a web page links to, to be followed instead

Commands of the terminal and of chat come through here, so that both refuse and find the same. Nothing is stored.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.looking import Look
from watchers.errors import ConfigError, UnsafeAddress
from watchers.fetch.guard import Guard
from watchers.fetch.redact import redact_url
from watchers.listening import Listening
from watchers.models import Item, Outcome, PageText, Parsed, Reading, SourceMemory
from watchers.reading.reader import reading_of_item
from watchers.storage.sources import FollowView

TITLE_FROM_SUMMARY: Final = 60  # characters, for an untitled item


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An item that an address shows, and the watches that it answers, by name."""

    item: Item
    watches: tuple[str, ...]


async def look(eyes: Look, url: str, memory: SourceMemory, *, to_follow: bool = False) -> Parsed:
    """What an address shows to someone who never looked before.

    Raises ConfigError, if it is `to_follow`, where the address guard refuses it; without, that is a failed look.
    """
    if to_follow:
        await refuse_unsafe(eyes.guard, url)
    return await eyes.at_source(url, memory)


async def refuse_unsafe(guard: Guard, url: str) -> None:
    """Raise ConfigError with what to do where the address guard would never let us ask an address."""
    try:
        target = guard.check_url(url)
        with contextlib.suppress(OSError, TimeoutError):  # a name that isn't found today may be tomorrow
            await guard.resolve(target.host, target.port)
    except UnsafeAddress as refused:
        advice = "if it is meant, have its host named in WIREDESK_ALLOW_HOSTS"
        raise ConfigError(f"{redact_url(url)}: {refused.reason}: {advice}") from None


def heard(
    parsed: Parsed, listening: Listening, desk: int, follows: tuple[FollowView, ...] | None = None
) -> tuple[Heard, ...]:
    """The items with the desk's watches that each answers; with `follows`, of those only that would listen to it."""
    return tuple(
        Heard(item=item, watches=_answered(_of_item(item, parsed), listening, desk, follows)) for item in parsed.items
    )


def heard_page(
    page: PageText, url: str, listening: Listening, desk: int, follows: Sequence[FollowView] | None = None
) -> tuple[str, ...]:
    """The desk's watches that a page's text answers, and so its changes; with `follows`, as of `heard`."""
    reading = Reading(outcome=Outcome.OK, url=url, title=page.title, text=page.text, language=page.language)
    return _answered(reading, listening, desk, None if follows is None else tuple(follows))


def _of_item(item: Item, parsed: Parsed) -> Reading:
    return replace(
        reading_of_item(item),
        outlet=item.outlet or parsed.outlet or parsed.title or None,
        language=item.language or parsed.language,
    )


def _answered(
    reading: Reading, listening: Listening, desk: int, follows: tuple[FollowView, ...] | None
) -> tuple[str, ...]:
    names = {watch.id: watch.name for told in listening.told.desks if told.id == desk for watch in told.watches}
    return tuple(names[match.watch_id] for match in listening.hear(reading, follows).get(desk, ()))

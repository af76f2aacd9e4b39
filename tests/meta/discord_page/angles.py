"""What stands between `<` and `>`: mentions, commands, timestamps, emoji and links without a preview.

`angle` is asked at each `<` that no backslash takes the meaning from. What is none of these stays text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Final

from tests.meta.discord_page.moments import moment_at, styled

Rendered = tuple[str, int]  # HTML, and where in the text it ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: the moment, on their clock, and what the ids of their server are called (names without `@`, `#`)."""

    now: datetime
    names: Mapping[str, str] = field(default_factory=dict)


def pill(text: str) -> str:
    """A mention."""
    return f'<span class="pill">{escape(text)}</span>'


def anchor(address: str, label: str) -> str:
    """A link. `label` is HTML."""
    return f'<a href="{escape(address)}">{label}</a>'


def angle(text: str, position: int, viewer: Viewer) -> Rendered | None:
    """The markup that begins with the `<` at `position`; None if it is none."""
    for pattern, write in _FORMS:
        found = pattern.match(text, position)
        if found and (html := write(found, viewer)) is not None:
            return html, found.end()
    return None


def _role(found: re.Match[str], viewer: Viewer) -> str:
    return pill("@" + viewer.names.get(found[1], "unknown-role"))


def _user(found: re.Match[str], viewer: Viewer) -> str:
    return pill("@" + viewer.names.get(found[1], "unknown-user"))


def _channel(found: re.Match[str], viewer: Viewer) -> str:
    return pill("#" + viewer.names.get(found[1], "unknown"))


def _command(found: re.Match[str], _: Viewer) -> str:
    return pill("/" + found[1])


def _guide(found: re.Match[str], _: Viewer) -> str:
    return pill("#" + found[1])


def _timestamp(found: re.Match[str], viewer: Viewer) -> str | None:
    moment = moment_at(int(found[1]))
    if moment is None:
        return None
    return f'<span class="time">{styled(moment, found[2] or "f", viewer.now)}</span>'


def _emoji(found: re.Match[str], _: Viewer) -> str:
    return f'<span class="emoji">:{escape(found[1])}:</span>'


def _address(found: re.Match[str], _: Viewer) -> str:
    address, scheme = found[1], found[2].lower()
    # The brackets go in any case; what is no address of the web is not made a link.
    return anchor(address, escape(address)) if scheme in {"http", "https", "discord"} else escape(address)


def _mail(found: re.Match[str], _: Viewer) -> str:
    return anchor("mailto:" + found[1], escape(found[1]))


def _phone(found: re.Match[str], _: Viewer) -> str:
    return anchor("tel:" + found[1], escape(found[1]))


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Viewer], str | None]], ...]] = (
    (re.compile(r"<@&([0-9]+)>"), _role),
    (re.compile(r"<@!?([0-9]+)>"), _user),
    (re.compile(r"<#([0-9]+)>"), _channel),
    (re.compile(r"</([-\w]{1,32}(?: [-\w]{1,32}){0,2}):[0-9]+>"), _command),
    (re.compile(r"<t:(-?[0-9]{1,17})(?::([tTdDfFR]))?>"), _timestamp),
    (re.compile(r"<a?:(\w+):[0-9]+>"), _emoji),
    (re.compile(r"<id:(customize|browse|guide)>"), _guide),
    (re.compile(r"<(([^: >\n]+):/[^ >\n]+)>"), _address),
    (re.compile(r"<([^\s<>@:]+@[^\s<>@:]+\.[^\s<>@:]+)>"), _mail),
    (re.compile(r"<(\+[0-9][-0-9 ().]*)>"), _phone),
)

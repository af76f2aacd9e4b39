"""What the watch-list file says, as frozen values: the desk, its entities, watches, sources and channels.

    file ─watchlist_yaml→ nodes with lines ─watchlist_load→ Watchlist ─watchlist_dump→ text that loads back equal

Each class states one entry of the file and nothing of the file itself, so an entry made in chat or by command is the
same value. A field's text error is `what: what to do`; whoever knows the line puts it in front.
"""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from config.durations import parse_duration
from config.problems import did_you_mean
from config.selectors import check_selector

SHORTEST_EVERY = timedelta(seconds=10)
LONGEST_EVERY = timedelta(days=30)

_NAME = re.compile(r"[^\W_][\w.-]{0,79}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_NUMBER = re.compile(r"[0-9]{1,20}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def check_name(name: str) -> str:
    """Return `name` where it can name something: ValueError says what a name is made of."""
    if not _NAME.fullmatch(name):
        raise ValueError("not a name: use letters, digits, -, _ and ., at most 80, the first a letter or digit")
    return name


def _text(value: str) -> str:
    text = value.strip()
    if not text or _CONTROL.search(text):
        raise ValueError("not a line of text: write some words in one line")
    return text


def _query(value: str) -> str:
    if not value.strip():
        raise ValueError("empty: write what to look for")
    return value


def _clock(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _TIME.fullmatch(value.strip())
    if found is None:
        raise ValueError('not a time of day: write hours and minutes, as "08:00"')
    return time(int(found[1]), int(found[2]))


def _duration(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


def _every(value: timedelta) -> timedelta:
    if not SHORTEST_EVERY <= value <= LONGEST_EVERY:
        raise ValueError("out of bounds: write from 10s to 30d")
    return value


def _number(value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise ValueError("not an id of Discord: copy its digits, in quotes")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    # ZoneInfoNotFoundError is a KeyError; a folder of zones or a path out of it answers with the others.
    except (KeyError, ValueError, OSError):
        near = did_you_mean(value, available_timezones())
        raise ValueError(f"no such time zone: {near or 'write one as America/New_York or UTC'}") from None
    return value


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme.casefold() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", value) or _CONTROL.search(value):
        raise ValueError("not an address of the web: write it whole, from http:// or https:// on")
    return value


def _variable(value: str) -> str:
    # The value is never repeated: people paste the secret itself here.
    if not _VARIABLE.fullmatch(value):
        raise ValueError("not the name of an environment variable: write its name here and the secret into it")
    return value


def _path(value: str) -> str:
    if "://" in value:
        raise ValueError("an address, not a file: write the secret into a file and name that file here")
    return _text(value)


def _route(value: object) -> object:
    return {"channel": value} if isinstance(value, str) else value


def _quiet(value: object) -> object:
    if not isinstance(value, str):
        return value
    start, dash, end = value.partition("-")
    if not dash or not _TIME.fullmatch(start.strip()) or not _TIME.fullmatch(end.strip()):
        raise ValueError('not quiet hours: write two times of day, as "22:00-07:00"')
    return {"start": start, "end": end}


Name = Annotated[str, AfterValidator(check_name)]
Text = Annotated[str, AfterValidator(_text)]
Clock = Annotated[time, BeforeValidator(_clock)]
DiscordId = Annotated[str, AfterValidator(_number)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Desk(_Entry):
    """The desk that the file feeds. `timezone` is where its digests and quiet hours are local."""

    timezone: Annotated[str, AfterValidator(_timezone)] = "UTC"
    digest_at: Clock = time(8)
    admin_channel: Name | None = None  # where source.* and desk.notice go; None: the log only
    guild: DiscordId | None = None


class Entity(_Entry):
    """A named thing that queries call `@…`, and every other name it goes by."""

    name: Text
    aliases: tuple[Text, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All its names, the full one first."""
        return (self.name, *self.aliases)


class QuietHours(_Entry):
    """From `start` up to `end` by the desk's clock; over midnight where `start` is the later."""

    start: Clock
    end: Clock

    @model_validator(mode="after")
    def _some_of_the_day(self) -> Self:
        if self.start == self.end:
            raise ValueError("quiet hours that begin as they end: write two different times")
        return self

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


class Route(_Entry):
    """Where a watch's alerts go, when, and whom they call."""

    channel: Name
    when: Literal["now", "hourly", "daily"] = "now"
    mention: DiscordId | None = None  # the one role to ping
    quiet: Annotated[QuietHours, BeforeValidator(_quiet)] | None = None


class Watch(_Entry):
    """A query, the sources it is asked of (names or tags; none: all), and its routes."""

    query: Annotated[str, AfterValidator(_query)]
    tags: tuple[Name, ...] = ()
    sources: tuple[Name, ...] = ()
    routes: tuple[Annotated[Route, BeforeValidator(_route)], ...] = ()
    paused: bool = False


class Source(_Entry):
    """Something polled. `every` None: as often as it brings something. `select` and `ignore` are CSS, for pages."""

    url: Annotated[str, AfterValidator(_web_address)]
    kind: Literal["auto", "feed", "sitemap", "page"] = "auto"
    every: Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_every)] | None = None
    read: Literal["all", "matched", "never"] = "all"
    tags: tuple[Name, ...] = ()
    trust: Literal["primary", "normal", "low"] = "normal"
    select: Text | None = None
    ignore: Text | None = None
    paused: bool = False

    @field_validator("select", "ignore")
    @classmethod
    def _selector(cls, css: str | None, told: ValidationInfo) -> str | None:
        return None if css is None else check_selector(css, told.data.get("kind"))


class Channel(_Entry):
    """A destination. Its secret is only named here: an environment variable or a file that holds it."""

    kind: Literal["terminal", "webhook", "apprise", "discord"]
    url_env: Annotated[str, AfterValidator(_variable)] | None = None
    url_file: Annotated[str, AfterValidator(_path)] | None = None
    id: DiscordId | None = None

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        secrets = [key for key in ("url_env", "url_file") if getattr(self, key) is not None]
        if self.kind in {"webhook", "apprise"}:
            if len(secrets) != 1:
                raise ValueError(f"{self.kind} needs one secret address: name it by url_env or by url_file")
        elif secrets:
            raise ValueError(f"{secrets[0]} is for webhook and apprise: leave it out of a {self.kind} channel")
        if self.kind == "discord" and self.id is None:
            raise ValueError("discord needs its id: copy the channel's id, in quotes")
        if self.kind != "discord" and self.id is not None:
            raise ValueError(f"id is for discord: leave it out of a {self.kind} channel")
        return self


class Watchlist(_Entry):
    """A whole file. Entities, watches, sources and channels are keyed by their names, in the file's order."""

    version: Literal[1] = 1
    desk: Desk = Desk()
    entities: Mapping[Name, Entity] = Field(default_factory=dict)
    watches: Mapping[Name, Watch] = Field(default_factory=dict)
    sources: Mapping[Name, Source] = Field(default_factory=dict)
    channels: Mapping[Name, Channel] = Field(default_factory=dict)

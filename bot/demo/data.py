"""The demo's files, read and checked: what is written by hand in `config/demo`, before it is composed into a day.

    newsroom.yaml → Settings (hours, outlets and their manners, the policy page)
    beat.yaml, town.yaml → Story (one text, who carries it and when)
    corpus.jsonl → KnownStory (what the desk already knows)

A mistake in these files is a bug of ours, so it is raised as it is found and never worked around.
"""

import json
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import ConfigDict, TypeAdapter, with_config

import config

_FOLDER = Path(config.__file__).parent / "demo"
_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """From `since` on the feed answers 301 and lives at `to`, under the outlet."""

    since: time
    to: str


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """From `since` on the feed answers with this status, or closes the connection without a word."""

    since: time
    answer: Literal[500, 410, "close"]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An invented outlet: the shape of its feed and pages, and its bad habits."""

    key: str  # its folder on the server
    name: str
    tagline: str
    format: Literal["rss", "rdf", "atom", "json", "sitemap"]
    feed: str  # the feed's path under the outlet
    layout: Literal["column", "portal"]  # the shape of its pages
    validators: Literal["both", "etag", "modified", "none"]  # what it sends for conditional GET
    credit: str  # closes a copy; {source} is the outlet that wrote it
    more: str  # closes an excerpt
    full: bool = False  # the feed carries whole articles
    tracked: bool = False  # the feed's links carry tracker parameters
    delay: float = 0.0  # seconds before the feed answers
    moved: Move | None = None
    outages: tuple[Outage, ...] = ()  # in order of time
    guids_change: time | None = None  # from here on every entry has another id


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySection:
    """A heading of the policy page and its paragraphs."""

    heading: str
    text: str


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The policy page: `find` reads `put` from `changed` until `reverted`."""

    outlet: str
    path: str  # under the outlet
    title: str
    changed: time
    reverted: time
    find: str
    put: str
    sections: tuple[PolicySection, ...]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The day and who publishes in it."""

    day: date
    hours: tuple[time, ...]
    outlets: tuple[Outlet, ...]
    policy: Policy


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """At `at` the first outlet puts `put` for `find` in its text and closes with `note`."""

    at: time
    find: str
    put: str
    note: str


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One text and who carries it. Carriers are written `outlet HH:MM`."""

    event: str
    told: str  # the first carrier, who wrote it
    headline: str = ""  # of a known story: the corpus has it
    byline: str | None = None
    summary: str | None = None  # in the feed; else the first paragraph
    text: str = ""  # paragraphs with blank lines between; of a known story: the corpus has it
    copies: tuple[str, ...] = ()  # the whole text
    excerpts: tuple[str, ...] = ()  # its first paragraphs
    headlines: dict[str, str] | None = None  # an outlet's own headline over a copy
    correction: Correction | None = None
    locked: bool = False  # the article page is for subscribers
    known: str | None = None  # the title in the corpus of the story that this tells again


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStory:
    """A line of the demo's corpus."""

    url: str
    title: str
    text: str
    published: str
    outlet: str


def read_settings() -> Settings:
    """The day, the outlets and the policy page."""
    return TypeAdapter(Settings).validate_python(_load("newsroom.yaml"))


def read_stories(name: Literal["beat.yaml", "town.yaml"]) -> tuple[Story, ...]:
    """The stories the desk asked for (`beat.yaml`), or the rest of the city's news (`town.yaml`)."""
    return TypeAdapter(tuple[Story, ...]).validate_python(_load(name))


def read_corpus() -> tuple[KnownStory, ...]:
    """What the demo desk knows before the day begins."""
    lines = demo_corpus_path().read_text(encoding="utf-8").splitlines()
    return TypeAdapter(tuple[KnownStory, ...]).validate_python([json.loads(line) for line in lines])


def demo_corpus_path() -> Path:
    """The demo's known stories, as a file for `corpus add`: JSON Lines of url, title, text, published, outlet."""
    return _FOLDER / "corpus.jsonl"


def demo_watchlist(base_url: str) -> str:
    """The demo desk's watch-list file, its sources at `base_url` (`http://127.0.0.1:PORT`, no slash at the end)."""
    return (_FOLDER / "watchlist.yaml.tmpl").read_text(encoding="utf-8").replace("{base}", base_url)


def _load(name: str) -> Any:
    return yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))

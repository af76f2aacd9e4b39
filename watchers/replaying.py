"""A file of articles, told to a desk as if they arrived now: what would it have made of each?

    line ─read_lines→ Piece ─hear→ matches ─record→ placement ─→ Decided

Everything that decides is the running desk's own: the same matcher, the same `record`, one article after another, in
the order of the lines. Only the clock is the file's: the latest `published` so far. Nothing is delivered, for the
desk that is asked has no routes.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from watchers.errors import ConfigError
from watchers.models import Decision, Match, Outcome, Reading
from watchers.sources.plain_text import clean
from watchers.storage.articles import LONGEST_LANGUAGE
from watchers.storage.database import Database
from watchers.storage.desks import Told
from watchers.storage.placing import Arrival, Manner, Placed
from watchers.storage.recording import record
from watchers.storage.replays import recognised_by
from watchers.stories.fingerprint import fingerprint
from watchers.stories.identity import addresses, article_hash

BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
TOGETHER: Final = 200  # lines in one commit: what a running desk beside us has to wait for is a fraction of a second
_MEMBERS: Final = (Decision.NEW, Decision.COPY, Decision.JOINED)
_EITHER = "a text or null"

Hear = Callable[[Reading], Mapping[int, tuple[Match, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One line of the file."""

    line: int  # from 1
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a line came to be.

    `story` is an opaque id: of a story, `known:…` of a known one, None of an article that no watch has matched.
    `of` is what it was recognised by: the known story's or the nearest member's address, or title without one; a
    revision's own address.
    """

    line: int
    url: str | None
    title: str
    decision: Decision
    story: str | None
    of: str | None
    watches: tuple[str, ...]
    score: float | None


def read_lines(lines: Iterable[bytes], name: str) -> list[Piece]:
    """The articles of JSON Lines; blank lines are counted and passed over.

    Raises ConfigError with every line that can't be used, as `name:line: what: what to do`.
    """
    pieces, problems = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            pieces.append(Piece(line=number, reading=_reading(line.removeprefix(b"\xef\xbb\xbf"))))
        except _UnusableError as unusable:
            problems.append(f"{name}:{number}: {unusable}")
    if problems:
        raise ConfigError(*problems)
    return pieces


def replay(database: Database, pieces: Iterable[Piece], told: Told, hear: Hear) -> Iterator[list[Decided]]:
    """Record the articles in their order, and say of each what it is; yielded as they are committed.

    `told` has the one desk that is asked, and `hear` speaks for its watches.

    Raises:
        StaleMatchesError: people changed the desk meanwhile; what was yielded stands.
    """
    (desk,) = told.desks
    now = BEGINNING
    waiting = iter(pieces)
    while batch := list(islice(waiting, TOGETHER)):
        arrivals = [(piece, _arrival(piece.reading, hear)) for piece in batch]
        decided = []
        with database.writing() as connection:
            for piece, arrival in arrivals:
                now = max(now, piece.reading.published or now)
                recorded = record(connection, arrival, told, Manner(), now)
                (placed,) = (place for place in recorded.placed if place.desk_id == desk.id)
                decided.append(_decided(piece, placed, recognised_by(connection, placed.placement)))
        yield decided


def _arrival(reading: Reading, hear: Hear) -> Arrival:
    text_hash = article_hash(reading)
    return Arrival(
        names=addresses(reading.url) or (f"text:{text_hash}",),
        source_id=None,
        reading=reading,
        text_hash=text_hash,
        fingerprint=fingerprint(reading.text) if reading.text else None,
        matches=hear(reading),
        silent=True,
    )


def _decided(piece: Piece, placed: Placed, of: str | None) -> Decided:
    decision, placement, reading = placed.placement.decision, placed.placement, piece.reading
    story = None if placement.story_id is None else str(placement.story_id)
    score = None
    if placement.known_id is not None:
        story = f"known:{placement.known_id}"
    if decision is Decision.REVISION:
        of = reading.url or reading.title
    elif placed.repeated and decision in _MEMBERS:
        # The very article again: the nearest member is the one that it is.
        decision, of, score = Decision.COPY, reading.url or reading.title, 1.0
    elif placement.of_article_id is not None:
        score = placement.score
    return Decided(
        line=piece.line,
        url=reading.url,
        title=reading.title,
        decision=decision,
        story=story,
        of=of,
        watches=placed.watches,
        score=score,
    )


class _UnusableError(Exception):
    """What is wrong with a line, and what to do."""


def _reading(line: bytes) -> Reading:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise _UnusableError("no JSON: write one object a line") from None
    if not isinstance(told, dict):
        raise _UnusableError("no JSON object: write one object a line")
    missing = [key for key in ("url", "title", "text", "published", "outlet") if key not in told]
    if missing:
        raise _UnusableError(f"no {', '.join(missing)}: give each line all of url, title, text, published, outlet")
    links = told.get("links")
    if links is not None and not _is_texts(links):
        raise _UnusableError("links: not a list of addresses: write them as texts in brackets")
    text = _text(told, "text", null=False)
    return Reading(
        outcome=Outcome.OK if text.strip() else Outcome.EMPTY,
        url=_text(told, "url").strip() or None,
        title=_text(told, "title", null=False).strip(),
        text=text,
        published=_moment(_text(told, "published").strip()),
        outlet=_text(told, "outlet").strip() or None,
        byline=_text(told, "byline").strip() or None,
        language=_language(_text(told, "language").strip()),
    )


def _text(told: Mapping[str, Any], key: str, *, null: bool = True) -> str:
    value = told.get(key)
    if isinstance(value, str):
        return clean(value)
    if value is None and null:
        return ""
    raise _UnusableError(f"{key}: not {_EITHER if null else 'a text'}: write it in double quotes")


def _is_texts(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(each, str) for each in value)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _UnusableError(f"published: {text[:40]} is no time: write it as 2026-03-01T08:00:00Z") from None
    raise _UnusableError(f"published: {text[:40]} has no offset: end it with Z or as in -05:00")


def _language(text: str) -> str | None:
    if len(text) > LONGEST_LANGUAGE:
        raise _UnusableError(f"language: {text[:40]} is no language tag: write one as en or pt-BR")
    return text or None

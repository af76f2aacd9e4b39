"""What a watch would have sent: its query on what the desk read lately, before anyone is told anything.

    lately read ─Matcher→ matched ─known, copies left out→ stories → Trial (how many, samples, overlap)
                └→ how often each part of the query occurs, told where the whole never does

Runs whole on the thread that reads the database; bounded by `trial.MOST` articles.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from watchers.listening import Listening
from watchers.matching.expression import And, Expression, Language, Near, Not, Or, Outlet, Query, Term, is_selective
from watchers.matching.matcher import Document, Matcher
from watchers.models import Decision, Match, Why
from watchers.storage import known
from watchers.storage import trial as rows
from watchers.storage.trial import Heard
from watchers.stories.canonical import canonical_url
from watchers.stories.gathering import Gathering
from watchers.stories.telling import headline, reasons

SAMPLES: Final = 5
_PARTS: Final = 12  # of a query, that are looked for by themselves
_WHOLE: Final = -1  # the number of the whole query among its parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A story that would have been sent: its first article, and why."""

    title: str
    url: str | None
    outlet: str | None
    at: datetime
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a query that has to hold, and in how many articles it does."""

    words: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it."""

    days: int
    looked_at: int  # articles of the sources it listens to
    cut: bool  # there were more: only the newest were looked at
    matched: int  # articles
    known: int  # of them, of known stories
    stories: int
    samples: tuple[Sample, ...] = ()  # the newest first
    overlap: tuple[tuple[str, int], ...] = ()  # other watches, and how many of the stories they bring: most first
    parts: tuple[Part, ...] = ()  # where nothing matched


def attempt(
    connection: Connection,
    listening: Listening,
    desk: int,
    query: Query,
    sources: Sequence[str],
    *,
    watch: str,
    now: datetime,
    days: int,
) -> Trial:
    """Try a query as the watch `watch` of a desk would have it, on the last `days` days.

    `sources` are names or tags; none: all.
    """
    chosen, cut = rows.lately(connection, desk, now - timedelta(days=days))
    parts = _parts(query)
    matcher = Matcher({_WHOLE: query} | {number: Query(text="", root=part) for number, part in enumerate(parts)})
    gathering, times = Gathering(), Counter[int]()
    names = {each.id: each.name for view in listening.told.desks if view.id == desk for each in view.watches}
    looked_at = of_known = stories = 0
    newest: deque[tuple[Heard, Match]] = deque(maxlen=SAMPLES)
    overlap: Counter[str] = Counter()
    for heard in _listened_to(connection, desk, chosen, sources):
        looked_at += 1
        found = {match.watch_id: match for match in matcher.match(_document(heard))}
        times.update(found.keys())
        match = found.get(_WHOLE)
        if match is None:
            continue
        reading = heard.article.reading
        if _is_known(connection, desk, heard):
            of_known += 1
        elif gathering.is_first(reading, _at(heard), heard.story_id):
            stories += 1
            newest.append((heard, match))
            overlap.update(name for name in _bringing(listening, names, desk, heard) if name != watch)
    return Trial(
        days=days,
        looked_at=looked_at,
        cut=cut,
        matched=times[_WHOLE],
        known=of_known,
        stories=stories,
        samples=tuple(_sample(watch, heard, match) for heard, match in reversed(newest)),
        overlap=tuple(overlap.most_common()),
        parts=()
        if times[_WHOLE]
        else tuple(Part(words=_words(part), articles=times[number]) for number, part in enumerate(parts)),
    )


def _listened_to(connection: Connection, desk: int, chosen: Sequence[int], sources: Sequence[str]) -> Iterator[Heard]:
    named = frozenset(sources)
    for heard in rows.articles_of(connection, desk, chosen):
        if not named or any(named & {follow.name, *follow.tags} for follow in heard.follows):
            yield heard


def _document(heard: Heard) -> Document:
    reading = heard.article.reading
    return Document(
        title=reading.title, text=reading.text, outlet=reading.outlet, language=reading.language, url=reading.url
    )


def _is_known(connection: Connection, desk: int, heard: Heard) -> bool:
    """Whether it is of a known story: as it was placed, or by its address or headline where it never was."""
    if heard.decision is not None:
        return heard.decision == Decision.KNOWN
    reading = heard.article.reading
    addresses = {heard.article.identity, *({canonical_url(reading.url)} if reading.url else ())}
    return known.by_address_or_title(connection, desk, sorted(addresses), reading.title) is not None


def _bringing(listening: Listening, names: Mapping[int, str], desk: int, heard: Heard) -> Iterator[str]:
    """The desk's watches, as they listen now, that would have brought an article."""
    for match in listening.hear(heard.article.reading, heard.follows).get(desk, ()):
        yield names[match.watch_id]


def _at(heard: Heard) -> datetime:
    return heard.article.reading.published or heard.article.first_seen


def _sample(watch: str, heard: Heard, match: Match) -> Sample:
    reading = heard.article.reading
    return Sample(
        title=headline(reading),
        url=reading.url,
        outlet=reading.outlet,
        at=_at(heard),
        why=reasons(watch, match, reading),
    )


def _parts(query: Query) -> list[Expression]:
    """Each part of a query that has to hold: how often it does is the nearest hint at what is wrong with the whole."""
    root = query.root
    return [part for part in (root.parts if isinstance(root, And) else (root,)) if is_selective(part)][:_PARTS]


def _words(expression: Expression) -> str:
    """A part of a query, for people: as it was written, near enough."""
    match expression:
        case Term():
            written = f'"{expression.written}"' if " " in expression.written else expression.written
            return f"title:{written}" if expression.title_only else written
        case Near():
            left, right = (" OR ".join(_words(term) for term in side) for side in (expression.left, expression.right))
            return f"({left}) NEAR/{expression.words} ({right})"
        case Outlet():
            return f"outlet:{expression.domain or expression.words.decode().strip()}"
        case Language():
            return f"lang:{expression.subtag}"
        case Not():
            return f"NOT {_words(expression.part)}"
        case And(parts) | Or(parts):
            joint = " AND " if isinstance(expression, And) else " OR "
            return joint.join(_words(part) for part in parts)

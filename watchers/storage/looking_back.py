"""Looking back at what a desk has: its stories by their words, one story whole, what was told in the last hours.

    stories ─search (newest first, bounded)→ Story…        number ─one→ StoryWhole
    deliveries that were sent ─told_since→ Alert…, each once

Everything is asked for one desk: a story of another one is not there. Texts never leave: `search` asks them whether
they answer, and hands on the stories.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, exists, false, func, or_, select

from watchers.errors import ConfigError
from watchers.matching.matcher import Document
from watchers.models import Alert, AlertKind, Teller
from watchers.storage.alerts import Went
from watchers.storage.outbox import SENT
from watchers.storage.outgoing import alert_of, tellers_of
from watchers.storage.schema import (
    alerts,
    article_addresses,
    articles,
    channels,
    deliveries,
    known_addresses,
    known_stories,
    matches,
    placements,
    stories,
    watches,
)

READ: Final = 5_000  # articles of stories that a search reads, at most: about a second
FOUND: Final = 200  # stories that it finds, at most
FOR_ADMINS: Final = (AlertKind.DESK_NOTICE.value, AlertKind.SOURCE_FAILING.value, AlertKind.SOURCE_RECOVERED.value)
_AT_ONCE: Final = 200  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story of the desk: how it was headed, and who told it, the first first."""

    id: int
    title: str
    opened_at: datetime
    tellers: tuple[Teller, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAs:
    """What a desk knows a story as."""

    title: str | None
    origin: str  # seed, added, marked
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryWhole:
    """A story with which watches it answered, where it was told, and whether the desk knows it."""

    story: Story
    watches: tuple[str, ...]
    told: tuple[Went, ...]
    known: KnownAs | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search found, the newest first. `whole`: nothing older was left unread."""

    stories: tuple[Story, ...]
    whole: bool


def search(connection: Connection, desk: int, since: datetime, answers: Callable[[Document], bool]) -> Search:
    """The desk's stories, opened since a moment, of which an article answers."""
    rows: Iterable[Row[Any]] = connection.execute(
        select(stories.c.id, articles.c.title, articles.c.text, articles.c.outlet, articles.c.language, articles.c.url)
        .select_from(stories)
        .join(placements, placements.c.story_id == stories.c.id)
        .join(articles, articles.c.id == placements.c.article_id)
        .where(stories.c.desk_id == desk, stories.c.opened_at >= since)
        .order_by(stories.c.id.desc(), articles.c.id)
        .limit(READ + 1),
        execution_options={"yield_per": _AT_ONCE},
    )
    found: dict[int, None] = {}
    read = 0
    for row in rows:
        read += 1
        if read > READ or len(found) > FOUND:
            break
        if row.id not in found and answers(_document(row)):
            found[row.id] = None
    return Search(stories=tuple(_stories(connection, list(found)[:FOUND])), whole=read <= READ and len(found) <= FOUND)


def _document(row: Row[Any]) -> Document:
    return Document(title=row.title, text=row.text or "", outlet=row.outlet, language=row.language, url=row.url)


def _stories(connection: Connection, ids: list[int]) -> Iterator[Story]:
    tellers = tellers_of(connection, ids)
    rows = connection.execute(select(stories).where(stories.c.id.in_(ids)).order_by(stories.c.id.desc()))
    for row in rows:
        yield Story(id=row.id, title=row.title, opened_at=row.opened_at, tellers=tuple(tellers.get(row.id, ())))


def one(connection: Connection, desk: int, story_id: int) -> StoryWhole:
    """A story of the desk. Raises ConfigError where the desk has none of this number."""
    row = connection.execute(select(stories).where(stories.c.id == story_id, stories.c.desk_id == desk)).first()
    if row is None:
        raise ConfigError("this story is not there any more: find it by /story search")
    (story,) = _stories(connection, [story_id])
    answered = (
        select(watches.c.name)
        .join(matches, matches.c.watch_id == watches.c.id)
        .join(placements, placements.c.article_id == matches.c.article_id)
        .where(placements.c.story_id == story_id, placements.c.desk_id == desk, watches.c.desk_id == desk)
        .distinct()
        .order_by(watches.c.name)
    )
    return StoryWhole(
        story=story,
        watches=tuple(connection.execute(answered).scalars()),
        told=tuple(_went(connection, desk, story_id)),
        known=_known(connection, desk, row.article_id),
    )


def _went(connection: Connection, desk: int, story_id: int) -> Iterator[Went]:
    """Where a story is told; what went with a digest, by the digest's post."""
    digests = deliveries.alias("digests")
    rows = connection.execute(
        select(
            channels.c.name,
            channels.c.settings,
            func.coalesce(deliveries.c.message_id, digests.c.message_id).label("message_id"),
            deliveries.c.state,
            deliveries.c.changed_at,
        )
        .select_from(deliveries)
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .outerjoin(digests, digests.c.id == deliveries.c.digest_id)
        .where(alerts.c.story_id == story_id, alerts.c.desk_id == desk, channels.c.desk_id == desk)
        .order_by(deliveries.c.id)
    )
    for row in rows:
        yield Went(
            channel=row.name,
            chat_id=row.settings.get("id"),
            message_id=row.message_id,
            state=row.state,
            at=row.changed_at,
        )


def _known(connection: Connection, desk: int, article_id: int) -> KnownAs | None:
    """What the desk knows an article as: by its addresses, its headline or its text."""
    row = connection.execute(select(articles.c.title_key, articles.c.fingerprint_id).filter_by(id=article_id)).one()
    same_address = exists().where(
        known_addresses.c.known_id == known_stories.c.id,
        known_addresses.c.identity == article_addresses.c.address,
        article_addresses.c.article_id == article_id,
    )
    same = or_(
        same_address,
        known_stories.c.title_key == row.title_key if row.title_key else false(),
        known_stories.c.fingerprint_id == row.fingerprint_id if row.fingerprint_id else false(),
    )
    found = connection.execute(
        select(known_stories).where(known_stories.c.desk_id == desk, same).order_by(known_stories.c.id).limit(1)
    ).first()
    return None if found is None else KnownAs(title=found.title, origin=found.origin, since=found.added_at)


def told_since(connection: Connection, desk: int, moment: datetime, *, limit: int) -> list[Alert]:
    """What the desk's channels were told since a moment, each once with its copies: the newest `limit`, in order.

    Not what is for the admins: notices, and sources that fail or recover.
    """
    sent = (
        select(func.max(deliveries.c.alert_id).label("alert_id"))
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .where(
            channels.c.desk_id == desk,
            deliveries.c.state == SENT,
            deliveries.c.changed_at >= moment,
            deliveries.c.alert_key.not_like(f"{AlertKind.DIGEST.value}:%"),
        )
        .group_by(deliveries.c.alert_key)
        .subquery()
    )
    rows = connection.execute(
        select(alerts.c.story_id, alerts.c.payload)
        .join(sent, sent.c.alert_id == alerts.c.id)
        .where(alerts.c.desk_id == desk, alerts.c.kind.not_in(FOR_ADMINS))
        .order_by(alerts.c.id.desc())
        .limit(limit)
    ).all()
    tellers = tellers_of(connection, {row.story_id for row in rows if row.story_id is not None})
    return [alert_of(row.payload, tellers.get(row.story_id, ())) for row in reversed(rows)]

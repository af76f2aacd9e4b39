"""An alert looked up again: by its row, as buttons name it, or by the message that told it; and what it came from.

    row, or message ─find, of_message→ Kept (the alert as it was told)
    Kept ─article_of, readings→ its text        ─also_matched→ other watches
         ─sources→ where it came from           ─sent→ where it went

Everything is asked for one desk: an alert of another one is not there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, select

from watchers.errors import ConfigError
from watchers.models import Alert, AlertKind, Outcome, Reading
from watchers.storage import articles as article_rows
from watchers.storage.articles import StoredArticle
from watchers.storage.outbox import ALERT
from watchers.storage.schema import (
    alerts,
    articles,
    channels,
    deliveries,
    follows,
    items,
    matches,
    placements,
    stories,
    versions,
    watches,
)
from watchers.storage.schema import sources as source_rows

_CHAT: Final = ("discord", "webhook")  # channels whose messages are Discord's, numbered by it


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An alert of the desk as it was told."""

    id: int
    desk: int
    story_id: int | None
    made_at: datetime
    alert: Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A source of the desk that showed what an alert tells."""

    source_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Went:
    """A channel that an alert was told to, or is to be."""

    channel: str
    chat_id: str | None
    message_id: str | None
    state: str
    at: datetime


def find(connection: Connection, desk: int, alert_id: int) -> Kept:
    """An alert by its row. Raises ConfigError where the desk has none such: it is gone, or another desk's."""
    row = connection.execute(select(alerts).where(alerts.c.id == alert_id, alerts.c.desk_id == desk)).first()
    if row is None:
        raise ConfigError("this alert is not there any more: find its story by /story search")
    return _kept(row)


def of_message(connection: Connection, desk: int, message_id: str) -> Kept | None:
    """The alert that a message told at one of the desk's channels; None: the message is none of ours there."""
    row = connection.execute(
        select(alerts)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .where(
            deliveries.c.message_id == message_id,
            channels.c.desk_id == desk,
            channels.c.kind.in_(_CHAT),
            alerts.c.desk_id == desk,
        )
        .order_by(alerts.c.id.desc())
    ).first()
    return None if row is None else _kept(row)


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        id=row.id,
        desk=row.desk_id,
        story_id=row.story_id,
        made_at=row.created_at,
        alert=ALERT.validate_python(row.payload),
    )


def article_of(connection: Connection, kept: Kept) -> StoredArticle | None:
    """The article that an alert tells: of the story's, the one at its address, else the one that opened the story."""
    if kept.story_id is None:
        return None
    of_story = (
        select(articles)
        .join(placements, placements.c.article_id == articles.c.id)
        .where(placements.c.desk_id == kept.desk, placements.c.story_id == kept.story_id)
    )
    row = connection.execute(of_story.where(articles.c.url == kept.alert.url).order_by(articles.c.id)).first()
    if row is None:
        opened = select(articles).join(stories, stories.c.article_id == articles.c.id)
        row = connection.execute(opened.where(stories.c.id == kept.story_id)).one()
    return article_rows.stored(row)


def readings(connection: Connection, kept: Kept) -> tuple[Reading, ...]:
    """The texts that an alert came from, as they are kept now: an article's, or a page's after and before it changed.

    None where they are kept no more.
    """
    page = _page(kept.alert)
    if page is None:
        article = article_of(connection, kept)
        return () if article is None or not article.reading.text else (article.reading,)
    source_id, number = page
    rows = connection.execute(
        select(versions.c.title, versions.c.text, source_rows.c.url, source_rows.c.language)
        .join(source_rows, source_rows.c.id == versions.c.source_id)
        .where(versions.c.source_id == source_id, versions.c.number.in_((number, number - 1)))
        .order_by(versions.c.number.desc())
    )
    return tuple(
        Reading(
            outcome=Outcome.OK,
            url=row.url,
            title=row.title,
            text=row.text,
            outlet=urlsplit(row.url).hostname,
            language=row.language,
        )
        for row in rows
    )


def also_matched(connection: Connection, kept: Kept) -> tuple[str, ...]:
    """The desk's watches that the alert's article answers, beyond those that it was told for."""
    article = article_of(connection, kept)
    if article is None:
        return ()
    names = connection.execute(
        select(watches.c.name)
        .join(matches, matches.c.watch_id == watches.c.id)
        .where(matches.c.article_id == article.id, matches.c.desk_id == kept.desk)
        .order_by(watches.c.name)
    ).scalars()
    return tuple(name for name in names if name not in kept.alert.watches)


def sources(connection: Connection, kept: Kept) -> tuple[Origin, ...]:
    """Every source that the desk follows and that showed what the alert tells, in the order of their names."""
    page = _page(kept.alert)
    if page is not None:
        showed = {page[0]}
    elif (article := article_of(connection, kept)) is not None:
        first = select(articles.c.source_id).where(articles.c.id == article.id)
        shown = select(items.c.source_id).where(items.c.article_id == article.id)
        showed = set(connection.execute(first.union(shown)).scalars()) - {None}
    else:
        showed = set()
    rows = connection.execute(
        select(follows.c.source_id, follows.c.name)
        .where(follows.c.desk_id == kept.desk, follows.c.source_id.in_(showed))
        .order_by(follows.c.name)
    )
    return tuple(Origin(source_id=row.source_id, name=row.name) for row in rows)


def sent(connection: Connection, kept: Kept) -> tuple[Went, ...]:
    """Every channel of the desk that is told of the same, the first first."""
    rows = connection.execute(
        select(
            channels.c.name,
            channels.c.settings,
            deliveries.c.message_id,
            deliveries.c.state,
            deliveries.c.changed_at,
        )
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .where(deliveries.c.alert_key == kept.alert.key, channels.c.desk_id == kept.desk)
        .order_by(deliveries.c.id)
    )
    return tuple(
        Went(
            channel=row.name,
            chat_id=row.settings.get("id"),
            message_id=row.message_id,
            state=row.state,
            at=row.changed_at,
        )
        for row in rows
    )


def _page(alert: Alert) -> tuple[int, int] | None:
    """The page and the version of it that an alert tells: its key holds both."""
    if alert.kind is not AlertKind.POLICY_CHANGED:
        return None
    _, source_id, number = alert.key.split(":")
    return int(source_id), int(number)

"""Retention, and the note on what a desk listens to: watches that say nothing or too much, sources that fell silent."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, select, update

from watchers.storage import notices
from watchers.storage.desks import ACTIVE
from watchers.storage.schema import articles, desks, follows, matches, placements, revisions, sources, watches

SILENT_WATCH = timedelta(days=30)
NOISY_WEEK = 70  # matches in a week: ten a day is more than anyone reads
SILENT_SOURCE = timedelta(days=14)


def forget_texts(connection: Connection, before: datetime) -> int:
    """Drop the texts of articles that no desk placed in a story and that were first seen before a moment.

    Those of their earlier revisions go too. Their addresses and hashes stay for ever. Returns how many articles.
    """
    told = select(placements.c.article_id).where(placements.c.story_id.is_not(None))
    past = and_(articles.c.first_seen < before, articles.c.id.not_in(told))
    connection.execute(
        update(revisions)
        .where(revisions.c.text.is_not(None), revisions.c.article_id.in_(select(articles.c.id).where(past)))
        .values(text=None)
    )
    return connection.execute(update(articles).where(past, articles.c.text.is_not(None)).values(text=None)).rowcount


def tell(connection: Connection, *, demo: bool, now: datetime) -> None:
    """Give each desk's admins one note a week, if there is anything to say."""
    for desk in connection.execute(select(desks)).all():
        lines = [*_watches(connection, desk.id, now), *_sources(connection, desk.id, now)]
        if lines:
            notices.notice(connection, desk.id, f"hygiene:{desk.id}:{now:%G-W%V}", "\n".join(lines), demo=demo, now=now)


def _watches(connection: Connection, desk_id: int, now: datetime) -> list[str]:
    lines = []
    week, month = now - timedelta(days=7), now - SILENT_WATCH
    rows = connection.execute(
        select(
            watches.c.name,
            watches.c.created_at,
            func.max(matches.c.at).label("last"),
            func.count(matches.c.id).filter(matches.c.at >= week).label("in_week"),
        )
        .outerjoin(matches, matches.c.watch_id == watches.c.id)
        .where(watches.c.desk_id == desk_id, watches.c.state == ACTIVE)
        .group_by(watches.c.id, watches.c.name, watches.c.created_at)
        .order_by(watches.c.name)
    )
    for row in rows:
        if row.in_week > NOISY_WEEK:
            lines.append(f"Watch {row.name} matched {row.in_week} articles this week: narrow its query.")
        elif row.created_at < month and (row.last is None or row.last < month):
            lines.append(f"Watch {row.name} has matched nothing for 30 days: test its query, or remove it.")
    return lines


def _sources(connection: Connection, desk_id: int, now: datetime) -> list[str]:
    rows = connection.execute(
        select(follows.c.name, sources.c.last_ok_at, sources.c.last_new_at)
        .join(sources, sources.c.id == follows.c.source_id)
        .where(
            follows.c.desk_id == desk_id,
            follows.c.state == ACTIVE,
            sources.c.found_kind != "page",
            sources.c.last_new_at < now - SILENT_SOURCE,
        )
        .order_by(follows.c.name)
    )
    return [f"Source {row.name} has shown nothing new since {row.last_new_at:%-d %B}." for row in rows]

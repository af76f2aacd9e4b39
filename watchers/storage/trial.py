"""What a desk read lately, for trying a query on it: the articles of the sources that it follows, and no others.

desk, moment ─lately→ rows, at most so many, the newest ─articles_of→ Heard, in the order in which they came
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from watchers.storage import articles
from watchers.storage.articles import StoredArticle
from watchers.storage.schema import articles as article_rows
from watchers.storage.schema import follows, items, placements
from watchers.storage.sources import FollowView

MOST: Final = 20_000  # articles that a trial looks at
_AT_ONCE: Final = 500  # texts in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An article that a desk could have heard of: from whom, and what it made of it then."""

    article: StoredArticle
    follows: tuple[FollowView, ...]  # the desk's own that led to it
    decision: str | None  # None: the desk wasn't asked, as it came before the desk followed its source
    story_id: int | None


def lately(connection: Connection, desk: int, since: datetime, *, most: int = MOST) -> tuple[list[int], bool]:
    """The articles that are of the time since a moment, oldest first, and whether there were more than `most`.

    Of that time is what was first seen in it, unless it says itself that it is older.
    """
    mine = select(follows.c.source_id).where(follows.c.desk_id == desk)
    shown = select(items.c.id).where(items.c.article_id == article_rows.c.id, items.c.source_id.in_(mine))
    newest = (
        select(article_rows.c.id)
        .where(
            article_rows.c.first_seen >= since,
            or_(article_rows.c.published.is_(None), article_rows.c.published >= since),
            article_rows.c.text.is_not(None),
            or_(article_rows.c.source_id.in_(mine), shown.exists()),
        )
        .order_by(article_rows.c.id.desc())
        .limit(most + 1)
    )
    found = list(connection.execute(newest).scalars())
    return found[:most][::-1], len(found) > most


def articles_of(connection: Connection, desk: int, chosen: Sequence[int]) -> Iterator[Heard]:
    """These articles with the desk's view of each. Without those of no date that were old when they were first seen."""
    following: dict[int, list[FollowView]] = defaultdict(list)
    for row in connection.execute(select(follows).where(follows.c.desk_id == desk).order_by(follows.c.id)):
        view = FollowView(desk_id=desk, name=row.name, tags=frozenset(row.tags))
        following[row.source_id].append(view)
    for start in range(0, len(chosen), _AT_ONCE):
        yield from _batch(connection, desk, chosen[start : start + _AT_ONCE], following)


def _batch(
    connection: Connection, desk: int, batch: Sequence[int], following: dict[int, list[FollowView]]
) -> Iterator[Heard]:
    led: dict[int, dict[int, bool]] = defaultdict(dict)
    for row in connection.execute(
        select(items.c.article_id, items.c.source_id, items.c.silent).where(items.c.article_id.in_(batch))
    ):
        if row.source_id in following:
            led[row.article_id][row.source_id] = bool(row.silent)
    placed = {
        row.article_id: row
        for row in connection.execute(
            select(placements).where(placements.c.desk_id == desk, placements.c.article_id.in_(batch))
        )
    }
    rows: Sequence[Any] = connection.execute(
        select(article_rows).where(article_rows.c.id.in_(batch)).order_by(article_rows.c.id)
    ).all()
    for row in rows:
        by_source = led[row.id]
        if row.published is None and by_source and all(by_source.values()):
            continue
        sources = dict.fromkeys((*((row.source_id,) if row.source_id in following else ()), *by_source))
        here = placed.get(row.id)
        yield Heard(
            article=articles.stored(row),
            follows=tuple(follow for source in sources for follow in following[source]),
            decision=None if here is None else here.decision,
            story_id=None if here is None else here.story_id,
        )

"""What became of each article at a desk: told or held back, and why."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from watchers.models import Decision
from watchers.storage.schema import articles, known_stories, placements, stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article's fate. `because` is the story it copies, or the known story that it is."""

    title: str
    outlet: str | None
    decision: Decision
    because: str | None


def entries(connection: Connection, desk_id: int) -> list[Entry]:
    """Every article that was placed at a desk, in order of arrival."""
    rows = connection.execute(
        select(
            articles.c.title,
            articles.c.outlet,
            placements.c.decision,
            stories.c.title.label("story"),
            known_stories.c.title.label("known"),
        )
        .join(placements, placements.c.article_id == articles.c.id)
        .outerjoin(stories, stories.c.id == placements.c.story_id)
        .outerjoin(known_stories, known_stories.c.id == placements.c.known_id)
        .where(placements.c.desk_id == desk_id)
        .order_by(articles.c.id)
    )
    return [
        Entry(title=row.title, outlet=row.outlet, decision=Decision(row.decision), because=row.known or row.story)
        for row in rows
    ]

"""The desk that a replay asks: watches without routes, kept beside the desks of people and heard by none of them.

watches and entities to try ─own_desk→ rows of the desk `replay` → Told (that one desk)
the desk that people told ─its_desk→ Told (that desk, without its routes)
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from watchers.storage import articles, desks, known, meta
from watchers.storage.desks import PAUSED, DeskView, Told, WatchView
from watchers.storage.schema import desks as desk_rows
from watchers.storage.schema import watches as watch_rows
from watchers.stories.place import Placement

NAME = "replay"
REASON = "heard by replays only"
_NOBODYS = {"timezone": "UTC", "digest_at": "08:00"}  # nothing is ever sent from it


def own_desk(
    connection: Connection, watches: Mapping[str, str], entities: Mapping[str, tuple[str, ...]], *, now: datetime
) -> Told:
    """The replay's own desk with these queries by name; made, or given other watches than the last time."""
    desk_id = connection.execute(select(desk_rows.c.id).where(desk_rows.c.name == NAME)).scalar()
    if desk_id is None:
        desk_id = connection.execute(
            insert(desk_rows).values(name=NAME, origin="desk", created_at=now, **_NOBODYS).returning(desk_rows.c.id)
        ).scalar_one()
    have = {
        row.name: row.id
        for row in connection.execute(select(watch_rows.c.name, watch_rows.c.id).where(watch_rows.c.desk_id == desk_id))
    }
    for name, query in watches.items():
        if name in have:
            connection.execute(update(watch_rows).where(watch_rows.c.id == have[name]).values(query=query))
        else:
            have[name] = _add_watch(connection, desk_id, name, query, now)
    view = DeskView(
        id=desk_id,
        name=NAME,
        timezone=_NOBODYS["timezone"],
        digest_at=_NOBODYS["digest_at"],
        admin_channel=None,
        entities=dict(entities),
        watches=tuple(
            WatchView(id=have[name], desk_id=desk_id, name=name, query=query, sources=None, routes=())
            for name, query in watches.items()
        ),
    )
    return Told(generation=meta.generation(connection), desks=(view,))


def _add_watch(connection: Connection, desk_id: int, name: str, query: str, now: datetime) -> int:
    # Paused, so that no running desk listens for it.
    row = {"name": name, "query": query, "tags": [], "origin": "desk", "state": PAUSED, "reason": REASON}
    added: int = connection.execute(
        insert(watch_rows).values(desk_id=desk_id, created_at=now, **row).returning(watch_rows.c.id)
    ).scalar_one()
    return added


def its_desk(connection: Connection, desk_id: int) -> Told:
    """A desk as people told it, without its routes: a replay tells nobody."""
    told = desks.load(connection)
    (view,) = (desk for desk in told.desks if desk.id == desk_id)
    silent = tuple(replace(watch, routes=()) for watch in view.watches)
    return Told(generation=told.generation, desks=(replace(view, watches=silent),))


def recognised_by(connection: Connection, placement: Placement) -> str | None:
    """The known story's or the nearest member's address, or title without one; None where there is neither."""
    if placement.known_id is not None:
        return known.label(connection, placement.known_id)
    if placement.of_article_id is not None:
        return articles.label(connection, placement.of_article_id)
    return None

"""What people are about to add, between its preview and their yes: kept here, so that a restart loses no button.

By + content ─keep→ a number, for the buttons       number ─of→ Draft, for whoever made it       ─done→ gone
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from watchers.errors import ConfigError
from watchers.storage.audit import By
from watchers.storage.schema import drafts

KEPT: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An addition that waits for its maker's yes. `act` is what it becomes: "watch add"."""

    id: int
    act: str
    name: str
    content: Mapping[str, Any]


def keep(connection: Connection, by: By, name: str, content: Mapping[str, Any]) -> int:
    """Keep a draft; returns its number."""
    draft_id: int = connection.execute(
        insert(drafts)
        .values(desk_id=by.desk, actor=by.actor.id, what=by.act, name=name, content=dict(content), made_at=by.now)
        .returning(drafts.c.id)
    ).scalar_one()
    return draft_id


def of(connection: Connection, desk: int, actor: str, draft_id: int) -> Draft:
    """A draft of the desk by its number, for who made it. Raises ConfigError where it is gone, or another's."""
    row = connection.execute(
        select(drafts).where(drafts.c.id == draft_id, drafts.c.desk_id == desk, drafts.c.actor == actor)
    ).first()
    if row is None:
        raise ConfigError("this preview is done with, or too old: give the command again")
    return Draft(id=row.id, act=row.what, name=row.name, content=row.content)


def done(connection: Connection, by: By, draft_id: int) -> None:
    """Forget a draft that its maker saved or discarded."""
    own = (drafts.c.desk_id == by.desk) & (drafts.c.actor == by.actor.id)
    connection.execute(delete(drafts).where(drafts.c.id == draft_id, own))


def forget(connection: Connection, now: datetime) -> None:
    """Forget the drafts that nobody decided on."""
    connection.execute(delete(drafts).where(drafts.c.made_at < now - KEPT))

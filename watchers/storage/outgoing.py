"""A delivery's row as what goes out: its alert with everyone who has told the story since, under its reference.

row of deliveries and alerts + the story's tellers ─outgoing_of→ Outgoing
"""

import hashlib
from base64 import b32encode
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from watchers.models import Alert, Outgoing, Teller
from watchers.storage.among import among
from watchers.storage.outbox import ALERT
from watchers.storage.schema import articles, placements

TELLING = ("new", "copy")  # the decisions by which an article is one more that tells the story


def outgoing_of(row: Row[Any], tellers: Sequence[Teller], *, instance: str) -> Outgoing:
    """A delivery, its row joined with its alert's."""
    return Outgoing(
        reference=reference(instance, row.id, row.created_at),
        alert=alert_of(row.payload, tellers),
        mentions=tuple(row.mentions),
        resent=row.resent,
        alert_id=row.alert_id,
        made_at=row.created_at,
    )


def reference(instance: str, delivery_id: int, made_at: datetime) -> str:
    """A delivery's name towards the world.

    What was posted outlives the database: its number may come again, in another database, after a restore, or after
    the newest rows were deleted with their channel. So five letters tell one delivery of that number from another.
    """
    made = hashlib.sha256(f"{instance} {delivery_id} {made_at.isoformat()}".encode()).digest()
    return f"WD-{b32encode(made)[:5].decode()}-{delivery_id}"


def alert_of(payload: Any, tellers: Sequence[Teller]) -> Alert:
    """An alert from its row, with the copies that have arrived since it was made."""
    alert = ALERT.validate_python(payload)
    copies = tuple(teller for teller in tellers if teller.url != alert.url)
    return replace(alert, copies=copies) if copies else alert


def tellers_of(connection: Connection, story_ids: Collection[int]) -> dict[int, list[Teller]]:
    """Who told these stories, by story, in the order in which they came."""
    if not story_ids:
        return {}
    rows = connection.execute(
        select(placements.c.story_id, articles.c.outlet, articles.c.url, articles.c.published)
        .join(articles, placements.c.article_id == articles.c.id)
        .where(among(placements.c.story_id, "stories"), placements.c.decision.in_(TELLING))
        .order_by(articles.c.id),
        {"stories": story_ids},
    )
    told: dict[int, list[Teller]] = defaultdict(list)
    for row in rows:
        told[row.story_id].append(Teller(outlet=row.outlet, url=row.url, published=row.published))
    return told

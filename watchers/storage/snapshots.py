"""Rows as the audit keeps them: their own columns as JSON, a watch with its routes; secrets redacted."""

from collections import defaultdict
from typing import Any, Final

from sqlalchemy import Connection, select

from watchers.fetch.redact import redact_url
from watchers.storage.schema import channels, follows, routes, sources, watches
from watchers.storage.uses import Noun
from watchers.storage.watchlist import NOUNS

_NOT_KEPT: Final = frozenset(("id", "desk_id", "name", "created_at", "source_id"))


def snapshots(connection: Connection, desk: int, noun: Noun, name: str | None = None) -> dict[str, dict[str, Any]]:
    """A desk's rows of a noun by their names; or the one of a name, if it is there."""
    table = NOUNS[noun]
    chosen = select(table).where(table.c.desk_id == desk)
    if noun == "source":
        chosen = chosen.join(sources, sources.c.id == follows.c.source_id).add_columns(sources.c.url)
    rows = connection.execute(chosen if name is None else chosen.where(table.c.name == name)).mappings().all()
    found = {row["name"]: {key: value for key, value in row.items() if key not in _NOT_KEPT} for row in rows}
    if noun == "source":
        for kept in found.values():
            kept["url"] = redact_url(kept["url"])
    if noun == "watch":
        led = _routes(connection, desk, name)
        for row in rows:
            until = row["paused_until"]
            found[row["name"]] |= {
                "paused_until": None if until is None else until.isoformat(),
                "routes": led[row["id"]],
            }
    return found


def _routes(connection: Connection, desk: int, watch: str | None) -> dict[int, list[dict[str, Any]]]:
    chosen = (
        select(routes.c.watch_id, channels.c.name.label("channel"), routes.c.when, routes.c.mention, routes.c.quiet)
        .join(watches, watches.c.id == routes.c.watch_id)
        .join(channels, channels.c.id == routes.c.channel_id)
        .where(watches.c.desk_id == desk)
        .order_by(routes.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(chosen if watch is None else chosen.where(watches.c.name == watch)).mappings():
        found[row["watch_id"]].append({key: value for key, value in row.items() if key != "watch_id"})
    return found

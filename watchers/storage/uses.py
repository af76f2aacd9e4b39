"""Who needs what: the watches, and the desk itself, that would be left without an entity, a channel or a source.

    rows that are to go, all at once ─users→ row → who would miss it

Both ways of taking something away ask here first: the command that removes a row, and the file that drops some.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Connection, select

from watchers.matching.query import entities_in
from watchers.storage.schema import channels, desks, follows, routes, tag_routes, watches

Noun = Literal["entity", "channel", "source", "watch"]


def users(
    connection: Connection, desk: int, noun: Noun, leaving: Mapping[int, str], *, origin: str | None = None
) -> Mapping[int, list[str]]:
    """Who would be left without some rows (id → name) if they all went; with `origin`, of those watches only."""
    chosen = select(watches).where(watches.c.desk_id == desk).order_by(watches.c.id)
    told = connection.execute(chosen if origin is None else chosen.where(watches.c.origin == origin)).all()
    found: dict[int, list[str]] = defaultdict(list)
    match noun:
        case "entity":
            needs = _entities(leaving, told)
        case "source":
            needs = _sources(connection, desk, leaving, told)
        case "channel":
            needs = _channels(connection, desk, leaving, told)
        case "watch":
            return {}
    for row, who in needs:
        found[row].append(who)
    return found


def source_words(connection: Connection, desk: int) -> dict[int, frozenset[str]]:
    """The words by which watches may name each source that a desk follows: its name and its tags."""
    rows = connection.execute(select(follows.c.id, follows.c.name, follows.c.tags).where(follows.c.desk_id == desk))
    return {row.id: frozenset((row.name, *row.tags)) for row in rows}


def _entities(leaving: Mapping[int, str], told: Sequence[Any]) -> Iterator[tuple[int, str]]:
    rows = {name.casefold(): row for row, name in leaving.items()}
    for watch in told:
        for key in rows.keys() & entities_in(watch.query):
            yield rows[key], f"watch {watch.name}"


def _sources(
    connection: Connection, desk: int, leaving: Mapping[int, str], told: Sequence[Any]
) -> Iterator[tuple[int, str]]:
    words = source_words(connection, desk)
    staying = frozenset[str]().union(*(said for row, said in words.items() if row not in leaving))
    for watch in told:
        if lost := frozenset(watch.sources or ()) - staying:
            for row in leaving:
                if lost & words[row]:
                    yield row, f"watch {watch.name}"


def _channels(
    connection: Connection, desk: int, leaving: Mapping[int, str], told: Sequence[Any]
) -> Iterator[tuple[int, str]]:
    routed = {(row.watch_id, row.channel_id) for row in connection.execute(select(routes))}
    for of_tag in connection.execute(select(tag_routes).where(tag_routes.c.desk_id == desk)):
        if of_tag.channel_id in leaving:
            yield of_tag.channel_id, f"tag {of_tag.tag}"
    for watch in told:
        for row in leaving:
            if (watch.id, row) in routed:
                yield row, f"watch {watch.name}"
    admin = connection.execute(
        select(channels.c.id)
        .join(desks, desks.c.id == channels.c.desk_id)
        .where(desks.c.id == desk, channels.c.name == desks.c.admin_channel)
    ).scalar()
    if admin is not None and admin in leaving:
        yield admin, "the desk's notices"

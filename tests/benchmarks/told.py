"""What the people of a busy newsroom told their desk: watches, entities, routes, sources, and a record of their acts.

outlets' addresses, a chat server → set_up → Desk
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, Table, insert

from tests.benchmarks import press, texts
from watchers.storage import guilds, schema
from watchers.storage.audit import Actor
from watchers.storage.guilds import Setup

SOURCES: Final = 2_000
WATCHES: Final = 500
ENTITIES: Final = 100
TAGS: Final = tuple(f"beat-{number:02}" for number in range(20))
MONTH: Final = timedelta(days=30)
ACTS: Final = 3_000
_QUERIES: Final = (
    '"{name}"',
    '"{name}" OR ({rare} AND {other} AND {third})',
    '("{name}" OR @{entity}) AND NOT {rare}',
    '"{name}" OR {rare} NEAR/5 {other}',
    'title:"{other} {third}" OR ("{name}" AND lang:en) OR {rare}*',
)

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The chat server that the desk is."""

    guild: str
    role: str  # the editors'
    channels: tuple[tuple[str, str], ...]  # id and name, the admins' first


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk's row, those of its channels, and the addresses of what it follows."""

    id: int
    channels: tuple[int, ...]
    outlets: Sequence[str]
    began: datetime  # of the benchmark, and so the end of the month


def watch_name(number: int) -> str:
    """What a watch is called."""
    return f"watch-{number:03}"


def set_up(connection: Connection, place: Place, outlets: Sequence[str], began: datetime) -> Desk:
    """Write it all, as people's own. `outlets` are at least as many as the sources."""
    random = Random("told")
    chat_id, name = place.channels[0]
    asked = Setup(label="The Daily", chat_id=chat_id, channel=name, editors_role=place.role, timezone="UTC")
    start = began - MONTH
    desk = guilds.set_up(connection, place.guild, Actor("1", "bo"), asked, now=start).desk
    channels = _channels(connection, desk, place)
    _told(connection, desk, channels, random, start)
    _sources(connection, desk, outlets, random, began)
    _acts(connection, desk, random, start)
    return Desk(id=desk, channels=tuple(channels), outlets=outlets, began=began)


def put(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows in one statement, if there are any."""
    if given := list(rows):
        connection.execute(insert(table), given)


def _channels(connection: Connection, desk: int, place: Place) -> list[int]:
    for chat_id, name in place.channels:
        guilds.chat_channel(connection, desk, chat_id, name)
    return list(connection.execute(schema.channels.select().where(schema.channels.c.desk_id == desk)).scalars())


def _told(connection: Connection, desk: int, channels: Sequence[int], random: Random, start: datetime) -> None:
    told = {"desk_id": desk, "origin": "desk", "state": "active", "reason": None}
    entities = [
        told
        | {"name": f"someone-{number:02}", "label": texts.name(random).title()}
        | {"aliases": [texts.name(random).title() for _ in range(3)]}
        for number in range(ENTITIES)
    ]
    put(connection, schema.entities, entities)
    rare = texts.VOCABULARY[len(texts.VOCABULARY) // 2 :]
    watches: Rows = []
    routes: Rows = []
    for number in range(WATCHES):
        listened = press.names()[number]
        query = _QUERIES[number % len(_QUERIES)].format(
            name=listened,
            entity=f"someone-{number % ENTITIES:02}",
            rare=random.choice(rare),
            other=random.choice(rare),
            third=random.choice(rare),
        )
        if number % 5 == 0:  # two watches answer the next one's name
            query = f'({query}) OR "{press.names()[number + 1]}"'
        watches.append(
            told
            | {"id": number + 1, "name": watch_name(number), "query": query, "created_at": start}
            | {"state": "paused" if number % 25 == 24 else "active"}
            | {"tags": random.sample(TAGS, 2), "sources": random.sample(TAGS, 5) if number % 5 == 4 else None}
        )
        for channel in random.sample(channels, 2 if number % 10 == 0 else 1):
            when = "now" if number % 10 < 8 else ("hourly", "daily")[number % 2]
            routes.append({"watch_id": number + 1, "channel_id": channel, "when": when, "mention": None, "quiet": None})
    put(connection, schema.watches, watches)
    put(connection, schema.routes, routes)
    led = {"desk_id": desk, "when": "daily", "mention": None, "quiet": "22:00-07:00"}
    put(connection, schema.tag_routes, [led | {"tag": tag, "channel_id": channels[0]} for tag in TAGS[:5]])


def _sources(connection: Connection, desk: int, outlets: Sequence[str], random: Random, began: datetime) -> None:
    followed = {"desk_id": desk, "every": None, "read": "all", "trust": "normal", "origin": "desk", "state": "active"}
    put(connection, schema.sources, [_source(number, outlets[number], began) for number in range(SOURCES)])
    names = (f"{'-'.join(texts.words(random, 2))}-{number:04}" for number in range(SOURCES))
    follows = [
        followed | {"source_id": number + 1, "name": name, "tags": random.sample(TAGS, 2)}
        for number, name in enumerate(names)
    ]
    put(connection, schema.follows, follows)


def _source(number: int, outlet: str, began: datetime) -> dict[str, Any]:
    failing = number % 50 == 49
    return {
        "id": number + 1,
        "url": f"{outlet}/feed",
        "kind": "auto",
        "found_kind": "feed",
        "title": f"Outlet {number}",
        "outlet": f"Outlet {number}",
        "last_outcome": "failed" if failing else "ok",
        "last_error": "no answer within 30 s" if failing else None,
        "failures": 7 if failing else 0,
        "failing_since": began - timedelta(days=2) if failing else None,
        "told_failing": failing,
        "first_ok_at": began - MONTH,
        "last_polled_at": began - timedelta(minutes=5),
        "last_ok_at": began - timedelta(days=2 if failing else 0, minutes=5),
        "last_new_at": began - timedelta(days=2 if failing else 0, minutes=30),
        "next_at": began,
    }


def _acts(connection: Connection, desk: int, random: Random, start: datetime) -> None:
    acts = [
        {
            "desk_id": desk,
            "at": start + MONTH * number / ACTS,
            "actor": "2",
            "actor_name": "ann",
            "act": "watch edit",
            "noun": "watch",
            "name": watch_name(random.randrange(WATCHES)),
            "before": {"query": texts.name(random), "tags": list(TAGS[:2])},
            "after": {"query": texts.name(random), "tags": list(TAGS[:2])},
        }
        for number in range(ACTS)
    ]
    put(connection, schema.audit, acts)

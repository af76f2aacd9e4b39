"""A month of a busy newsroom, put into its database in bulk: what chat has to find its way in.

    outlets' addresses, chat ids → fill → a desk: sources, watches, routes, articles, stories, alerts, what people did

The rows are those that a month of running would leave, the texts invented. Everything is told by people (origin
`desk`), so that everything may be edited. The newest alerts wait to be sent: they are posted when the desk starts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, Table, insert

from tests.benchmarks import press, texts
from watchers.models import Alert, AlertKind, Item, SourceMemory, Why
from watchers.sources.feed import parse_feed
from watchers.sources.recognise import keys_of
from watchers.storage import guilds, schema
from watchers.storage.audit import Actor
from watchers.storage.guilds import Setup
from watchers.storage.outbox import ALERT, PENDING, SENT
from watchers.stories.canonical import title_key
from watchers.stories.telling import story_key

SOURCES: Final = 2_000
WATCHES: Final = 500
ARTICLES: Final = 100_000
ENTITIES: Final = 100
TAGS: Final = tuple(f"beat-{number:02}" for number in range(20))
MONTH: Final = timedelta(days=30)
WAITING: Final = 40  # alerts that are still to be posted
COPIED: Final = 0.2  # share of the matched articles that are copies
SHINGLES: Final = 80  # of a story's text
ACTS: Final = 3_000
_KEYS: Final = {"entry_key": None, "link_key": None, "story_key": None}  # of entries that no feed shows any more
_AT_ONCE: Final = 5_000  # rows in memory
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


def watch_name(number: int) -> str:
    """What a watch is called."""
    return f"watch-{number:03}"


def fill(connection: Connection, place: Place, outlets: Sequence[str], began: datetime) -> None:
    """Write it all. `outlets` are at least as many as the sources; the month ends at `began`."""
    random = Random("month")
    first = Setup(
        label="The Daily",
        chat_id=place.channels[0][0],
        channel=place.channels[0][1],
        editors_role=place.role,
        timezone="UTC",
    )
    start = began - MONTH
    desk = guilds.set_up(connection, place.guild, Actor("1", "bo"), first, now=start).desk
    channels = _channels(connection, desk, place)
    _told(connection, desk, channels, random, start)
    _sources(connection, desk, outlets, random, began)
    _read(connection, _Month(desk, channels, outlets, began))
    _acts(connection, desk, random, start)


def _put(connection: Connection, table: Table, rows: Rows) -> None:
    if rows:
        connection.execute(insert(table), rows)


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
    _put(connection, schema.entities, entities)
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
    _put(connection, schema.watches, watches)
    _put(connection, schema.routes, routes)
    led = {"desk_id": desk, "when": "daily", "mention": None, "quiet": "22:00-07:00"}
    _put(connection, schema.tag_routes, [led | {"tag": tag, "channel_id": channels[0]} for tag in TAGS[:5]])


def _sources(connection: Connection, desk: int, outlets: Sequence[str], random: Random, began: datetime) -> None:
    followed = {"desk_id": desk, "every": None, "read": "all", "trust": "normal", "origin": "desk", "state": "active"}
    _put(connection, schema.sources, [_source(number, outlets[number], began) for number in range(SOURCES)])
    names = (f"{'-'.join(texts.words(random, 2))}-{number:04}" for number in range(SOURCES))
    follows = [
        followed | {"source_id": number + 1, "name": name, "tags": random.sample(TAGS, 2)}
        for number, name in enumerate(names)
    ]
    _put(connection, schema.follows, follows)


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


@dataclass(frozen=True, slots=True)
class _Month:
    desk: int
    channels: Sequence[int]
    outlets: Sequence[str]
    began: datetime


@dataclass(slots=True)
class _Batch:
    """Rows that are written together, in the order in which they refer to each other."""

    rows: dict[Table, Rows]

    @classmethod
    def empty(cls) -> "_Batch":
        order = ("fingerprints", "articles", "article_addresses", "items", "matches", "stories", "placements")
        return cls({getattr(schema, name): [] for name in (*order, "alerts", "deliveries", "posts", "dismissals")})

    def add(self, table: Table, **columns: Any) -> None:
        self.rows[table].append(columns)


def _read(connection: Connection, month: _Month) -> None:
    """The articles with all that became of them."""
    random = Random("read")
    batch = _Batch.empty()
    shingles: list[tuple[int, int]] = []
    last_told: dict[int, tuple[int, int]] = {}  # name → story and its first article
    shown = _shown(month)
    for number in range(ARTICLES):
        article_id = number + 1
        outlet, position = number % SOURCES, number // SOURCES
        seen = month.began - MONTH * (1 - number / ARTICLES)
        item, seed = (
            next(shown) if position >= ARTICLES // SOURCES - press.KNOWN else (None, f"{outlet}:old:{position}")
        )
        title, text, name = press.article(Random(seed))
        url = item.url if item is not None else f"{month.outlets[outlet]}/old/{position}"
        keys = asdict(keys_of(item)) if item is not None else _KEYS | {"content_key": f"{article_id:032}"}
        spoken = press.names().index(name) if name is not None else WATCHES
        watches = [spoken] if spoken < WATCHES else []
        watches += [spoken - 1] if spoken % 5 == 1 and watches else []
        batch.add(
            schema.articles,
            id=article_id,
            identity=url,
            source_id=outlet + 1,
            url=url,
            title=title,
            title_key=title_key(title),
            text=text,
            text_hash=f"{article_id:064}",
            fingerprint_id=article_id if watches else None,
            outlet=f"Outlet {outlet}",
            published=seen,
            language="en",
            outcome="ok",
            partial=False,
            first_seen=seen,
        )
        batch.add(schema.article_addresses, address=url, article_id=article_id)
        batch.add(
            schema.items,
            source_id=outlet + 1,
            **keys,
            state="read",
            silent=False,
            shown={"title": title, "url": url, "summary": text[:300]},
            url=url,
            title=title,
            published=seen,
            first_seen=seen,
            article_id=article_id,
        )
        if not watches:
            batch.add(
                schema.placements,
                desk_id=month.desk,
                article_id=article_id,
                decision="unmatched",
                story_id=None,
                at=seen,
            )
        else:
            assert name is not None
            batch.add(
                schema.fingerprints,
                id=article_id,
                text_hash=f"{article_id:064}",
                words=500,
                stored=SHINGLES,
                sampled=True,
            )
            shingles += ((random.getrandbits(63), article_id) for _ in range(SHINGLES))
            for watch in watches:
                start = text.index(name)
                found = {"field": "text", "paragraph": 1, "start": start, "end": start + len(name), "text": name}
                evidence = [{"term": name, **found}]
                batch.add(
                    schema.matches,
                    desk_id=month.desk,
                    watch_id=watch + 1,
                    article_id=article_id,
                    evidence=evidence,
                    at=seen,
                )
            if spoken in last_told and random.random() < COPIED:
                story, of_article = last_told[spoken]
                batch.add(
                    schema.placements,
                    desk_id=month.desk,
                    article_id=article_id,
                    decision="copy",
                    story_id=story,
                    of_article_id=of_article,
                    score=1.0,
                    at=seen,
                )
            else:
                last_told[spoken] = article_id, article_id  # a story has the number of its first article
                _open(batch, month, article_id, (title, text, name, url), watches, seen)
        if len(batch.rows[schema.articles]) == _AT_ONCE:
            _write(connection, batch)
            batch = _Batch.empty()
    _write(connection, batch)
    connection.exec_driver_sql("INSERT INTO shingles (shingle, fingerprint_id) VALUES (?, ?)", sorted(shingles))
    newest = schema.deliveries.select().order_by(schema.deliveries.c.id.desc()).limit(WAITING)
    waiting = [row.id for row in connection.execute(newest)]
    of_waiting = schema.posts.c.delivery_id.in_(waiting)
    connection.execute(schema.posts.delete().where(of_waiting))
    to_send = {"state": PENDING, "message_id": None, "attempts": 0, "first_tried_at": None}
    connection.execute(schema.deliveries.update().where(schema.deliveries.c.id.in_(waiting)).values(**to_send))


def _shown(month: _Month) -> Iterator[tuple[Item, str]]:
    """What the outlets' feeds show already, as the desk reads it, in the order of the articles."""
    feeds = []
    for outlet in range(SOURCES):
        base = month.outlets[outlet]
        body = press.feed(outlet, press.KNOWN, base=base, began=month.began)
        feeds.append(parse_feed(body, None, f"{base}/feed", SourceMemory()).items)
    for number in range(1, press.KNOWN + 1):
        for outlet, items in enumerate(feeds):
            yield items[press.KNOWN - number], f"{outlet}:{number}"


def _open(
    batch: _Batch,
    month: _Month,
    article_id: int,
    told: tuple[str, str, str, str | None],
    watches: Sequence[int],
    seen: datetime,
) -> None:
    """A story with its alert, sent to a channel."""
    title, text, name, url = told
    batch.add(
        schema.placements, desk_id=month.desk, article_id=article_id, decision="new", story_id=article_id, at=seen
    )
    batch.add(schema.stories, id=article_id, desk_id=month.desk, title=title, article_id=article_id, opened_at=seen)
    sentence = text[: text.index("\n")].rpartition("That is")[2]
    alert = Alert(
        key=story_key(article_id),
        kind=AlertKind.STORY_NEW,
        title=title,
        url=url,
        outlet="Outlet",
        published=seen,
        story=str(article_id),
        watches=tuple(watch_name(watch) for watch in watches),
        summary=tuple(f"{part}." for part in text[:400].split(". ")[:3]),
        why=tuple(
            Why(watch=watch_name(watch), term=name, field="text", paragraph=1, text=name, sentence=f"That is{sentence}")
            for watch in watches
        ),
        language="en",
    )
    batch.add(
        schema.alerts,
        id=article_id,
        desk_id=month.desk,
        key=alert.key,
        kind=alert.kind.value,
        story_id=article_id,
        payload=ALERT.dump_python(alert, mode="json"),
        created_at=seen,
    )
    channel = month.channels[article_id % len(month.channels)]
    batch.add(
        schema.deliveries,
        id=article_id,
        alert_id=article_id,
        channel_id=channel,
        alert_key=alert.key,
        state=SENT,
        due_at=seen,
        mentions=[],
        attempts=1,
        first_tried_at=seen,
        message_id=str(article_id),
        created_at=seen,
        changed_at=seen,
    )
    batch.add(
        schema.posts,
        delivery_id=article_id,
        channel_id=channel,
        story_id=article_id,
        message_id=str(article_id),
        shown_rev=1,
        wanted_rev=1,
        posted_at=seen,
        next_at=seen,
    )
    if article_id % 10 == 0:
        batch.add(
            schema.dismissals,
            desk_id=month.desk,
            alert_id=article_id,
            watch=alert.watches[0],
            term=name,
            reason="off topic",
            actor="2",
            at=seen,
        )


def _write(connection: Connection, batch: _Batch) -> None:
    for table, rows in batch.rows.items():
        _put(connection, table, rows)


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
    _put(connection, schema.audit, acts)

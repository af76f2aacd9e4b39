"""A month of a busy newsroom, put into its database in bulk: what chat has to find its way in.

    told.set_up → the desk ─fill→ what its sources showed, articles, matches, stories, alerts, what was sent

The rows are those that a month of running would leave, the texts invented. The newest alerts wait to be sent: they are
posted when the desk starts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, Table

from tests.benchmarks import press
from tests.benchmarks.told import MONTH, SOURCES, WATCHES, Desk, Rows, put, watch_name
from watchers.models import Alert, AlertKind, Item, SourceMemory, Why
from watchers.sources.feed import parse_feed
from watchers.sources.recognise import keys_of
from watchers.storage import schema
from watchers.storage.outbox import ALERT, PENDING, SENT
from watchers.stories.canonical import title_key
from watchers.stories.telling import story_key

ARTICLES: Final = 100_000
WAITING: Final = 40  # alerts that are still to be posted
COPIED: Final = 0.2  # share of the matched articles that are copies
SHINGLES: Final = 80  # of a story's text
_KEYS: Final = {"entry_key": None, "link_key": None, "story_key": None}  # of entries that no feed shows any more
_AT_ONCE: Final = 5_000  # rows in memory


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


def fill(connection: Connection, desk: Desk) -> None:
    """Write the articles with all that became of them."""
    random = Random("read")
    batch = _Batch.empty()
    shingles: list[tuple[int, int]] = []
    last_told: dict[int, tuple[int, int]] = {}  # name → story and its first article
    shown = _shown(desk)
    for number in range(ARTICLES):
        article_id = number + 1
        outlet, position = number % SOURCES, number // SOURCES
        seen = desk.began - MONTH * (1 - number / ARTICLES)
        item, seed = (
            next(shown) if position >= ARTICLES // SOURCES - press.KNOWN else (None, f"{outlet}:old:{position}")
        )
        title, text, name = press.article(Random(seed))
        url = item.url if item is not None else f"{desk.outlets[outlet]}/old/{position}"
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
                desk_id=desk.id,
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
                    desk_id=desk.id,
                    watch_id=watch + 1,
                    article_id=article_id,
                    evidence=evidence,
                    at=seen,
                )
            if spoken in last_told and random.random() < COPIED:
                story, of_article = last_told[spoken]
                batch.add(
                    schema.placements,
                    desk_id=desk.id,
                    article_id=article_id,
                    decision="copy",
                    story_id=story,
                    of_article_id=of_article,
                    score=1.0,
                    at=seen,
                )
            else:
                last_told[spoken] = article_id, article_id  # a story has the number of its first article
                _open(batch, desk, article_id, (title, text, name, url), watches, seen)
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


def _shown(desk: Desk) -> Iterator[tuple[Item, str]]:
    """What the outlets' feeds show already, as the desk reads it, in the order of the articles."""
    feeds = []
    for outlet in range(SOURCES):
        base = desk.outlets[outlet]
        body = press.feed(outlet, press.KNOWN, base=base, began=desk.began)
        feeds.append(parse_feed(body, None, f"{base}/feed", SourceMemory()).items)
    for number in range(1, press.KNOWN + 1):
        for outlet, items in enumerate(feeds):
            yield items[press.KNOWN - number], f"{outlet}:{number}"


def _open(
    batch: _Batch,
    desk: Desk,
    article_id: int,
    told: tuple[str, str, str, str | None],
    watches: Sequence[int],
    seen: datetime,
) -> None:
    """A story with its alert, sent to a channel."""
    title, text, name, url = told
    batch.add(schema.placements, desk_id=desk.id, article_id=article_id, decision="new", story_id=article_id, at=seen)
    batch.add(schema.stories, id=article_id, desk_id=desk.id, title=title, article_id=article_id, opened_at=seen)
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
        desk_id=desk.id,
        key=alert.key,
        kind=alert.kind.value,
        story_id=article_id,
        payload=ALERT.dump_python(alert, mode="json"),
        created_at=seen,
    )
    channel = desk.channels[article_id % len(desk.channels)]
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
            desk_id=desk.id,
            alert_id=article_id,
            watch=alert.watches[0],
            term=name,
            reason="off topic",
            actor="2",
            at=seen,
        )


def _write(connection: Connection, batch: _Batch) -> None:
    for table, rows in batch.rows.items():
        put(connection, table, rows)

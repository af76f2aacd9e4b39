"""A desk in a database, and articles to bring to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, select, text

from config.watchlist import Watchlist
from tests.storage.furnishing import furnish
from watchers.listening import listen
from watchers.models import Alert, AlertKind, Item, Outcome, Reading
from watchers.slots import Due
from watchers.sources.recognise import keys_of
from watchers.storage import desks, items, outbox, watchlist
from watchers.storage import sources as source_rows
from watchers.storage.database import Database
from watchers.storage.items import StoredItem
from watchers.storage.outbox import Address
from watchers.storage.placing import Arrival, Manner
from watchers.storage.recording import Recorded, record
from watchers.storage.schema import channels, follows
from watchers.storage.sources import SourceState
from watchers.stories.fingerprint import fingerprint
from watchers.stories.identity import addresses, article_hash

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

LEAD = (
    "The harbor commission voted on Monday to switch off the harbor cameras along the eastern quay, after residents "
    "had complained for a year that the devices followed them to their doors."
)
PARAGRAPHS = (
    LEAD,
    (
        "Commissioner Odile Farrant, who wrote the motion, said that nobody had ever explained to her what the "
        "recordings were used for, or who had looked at them during the winter of the great storms."
    ),
    (
        "A spokesman for the port police answered that the cameras had helped to find two stolen boats and a lost dog, "
        "and that the officers would now have to walk the quay at night, as they did in earlier times."
    ),
    (
        "Residents greeted the vote with a small brass band, which played until the street lamps came on and the "
        "commissioners had gone home by the back stairs, one after the other, without saying a word to the press."
    ),
)
STORY = "\n\n".join(PARAGRAPHS)

WATCHLIST: dict[str, Any] = {
    "version": 1,
    "desk": {"timezone": "America/New_York", "digest_at": "08:00", "admin_channel": "newsroom"},
    "entities": {"port": {"name": "Port Police", "aliases": ["harbor police"]}},
    "watches": {"cameras": {"query": '"harbor cameras"', "routes": ["newsroom"]}},
    "sources": {"courier": {"url": "https://courier.example/feed", "tags": ["local"]}},
    "channels": {"newsroom": {"kind": "terminal"}, "team": {"kind": "webhook", "url_env": "TEAM_WEBHOOK"}},
}


FURNITURE = Watchlist.model_validate(WATCHLIST)


def watch_list(**changes: Any) -> Watchlist:
    """The watch list above, with whole sections replaced."""
    return Watchlist.model_validate(WATCHLIST | changes)


def reading(title: str = "Quay goes dark", body: str = STORY, **more: Any) -> Reading:
    given: dict[str, Any] = {
        "outcome": Outcome.OK,
        "url": "https://courier.example/quay",
        "outlet": "Courier",
        "published": NOW,
        **more,
    }
    return Reading(title=title, text=body, **given)


def alert(key: str = "story.new:1", title: str = "Quay goes dark", **more: Any) -> Alert:
    return Alert(key=key, kind=AlertKind.STORY_NEW, title=title, **more)


@dataclass(slots=True)
class Desk:
    """A desk at work on a database, without a network: what it is told, what reaches it, what it would send."""

    database: Database
    now: datetime = NOW
    manner: Manner = field(default_factory=Manner)

    def __post_init__(self) -> None:
        self.write(furnish, FURNITURE, self.now)

    def apply(self, entries: Watchlist, **options: Any) -> watchlist.Changes:
        return self.write(watchlist.apply, entries, now=self.now, **options)

    def write(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        with self.database.writing() as connection:
            return function(connection, *args, **kwargs)

    def read(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        with self.database.reading() as connection:
            return function(connection, *args, **kwargs)

    @property
    def id(self) -> int:
        found = self.read(watchlist.desk_id)
        assert found is not None
        return found

    @property
    def told(self) -> desks.Told:
        return self.read(desks.load)

    def channel(self, name: str = "newsroom") -> int:
        def find(connection: Connection) -> int:
            return int(connection.execute(select(channels.c.id).where(channels.c.name == name)).scalar_one())

        return self.read(find)

    def source(self, name: str = "courier") -> SourceState:
        def find(connection: Connection) -> SourceState | None:
            row = connection.execute(select(follows.c.source_id).where(follows.c.name == name)).scalar_one()
            return source_rows.load(connection, row)

        found = self.read(find)
        assert found is not None
        return found

    def show(self, *entries: Item, silent: bool = False, held: str | None = None, name: str = "courier") -> None:
        """Have a source show entries that nobody has seen."""
        shown = [(item, keys_of(item), silent) for item in entries]
        self.write(items.add, self.source(name).id, shown, now=self.now, held=held)

    def unread(self, name: str = "courier") -> list[StoredItem]:
        return self.read(items.unread, self.source(name).id, now=None)

    def arrival(self, article: Reading, *, told: desks.Told | None = None, **more: Any) -> Arrival:
        listening = listen(told or self.told)
        return Arrival(
            names=addresses(article.url) or (f"item:{article.title}",),
            source_id=self.source().id,
            reading=article,
            text_hash=article_hash(article),
            fingerprint=fingerprint(article.text) if article.text else None,
            matches=listening.hear(article, None),
            **more,
        )

    def bring(self, article: Reading, **more: Any) -> Recorded:
        told = self.told
        return self.write(record, self.arrival(article, told=told, **more), told, self.manner, self.now)

    def tell(
        self, one: Alert, *, channel: str = "newsroom", at: datetime | None = None, slot: str | None = None
    ) -> bool:
        address = Address(channel_id=self.channel(channel), due=Due(at or self.now, slot), mentions=())
        return self.write(outbox.tell, self.id, one, [address], now=self.now)

    def outbox(self) -> list[tuple[str, str, str]]:
        """(alert, channel, state) of every delivery, in order."""
        return [(each.alert, each.channel, each.state) for each in self.read(outbox.listed)]

    def number(self, table: str) -> int:
        return int(self.read(lambda connection: connection.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one()))

"""A small world with a seed: outlets on loopback, their stories, and two chat services; each breaks now and then.

The chat services are webhooks, or (`bot`) channels of one Discord, to which the desk's bot posts. Every poll and every
post counts; `World.arm` has something happen at the n-th from now.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Self
from urllib.parse import parse_qs, urlsplit

from tests.fakes.discord import Channel as Room
from tests.fakes.discord import FakeDiscord
from tests.fakes.web import Asked, Web, WebThread
from tests.fakes.web import Reply as Page
from tests.fakes.webhook import Accept, Answer, Cut, FakeWebhook, Post, RateLimited, Reply
from tests.soak.moods import Mood, discord_moods, outlet_moods
from tests.soak.skew import Skew

WORD = "lighthouse"  # what the watch listens for
NAMES = ("alpha", "beta")  # of the channels
FEEDS = 3
STORIES = 5
STORIES_BY_BOT = 4  # within Discord's pace of a channel: a trial need not wait for it
_FAILURES: tuple[Answer, ...] = (Reply(503, accepts=True), Reply(500), Cut(accepts=True), Cut())
SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "vo")


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, told by one outlet or by several in the same words. `told` is whether the watch names it."""

    headline: str
    text: str
    outlets: tuple[int, ...]
    told: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """A post that reached a chat service, in which life of the desk, and what it was answered."""

    life: int
    post: Post
    answer: Answer

    @property
    def accepted(self) -> bool:
        return isinstance(self.answer, Accept) or (isinstance(self.answer, Reply | Cut) and self.answer.accepts)

    @property
    def answered(self) -> bool:
        return isinstance(self.answer, Accept)


class Chat(FakeWebhook):
    """A chat service that keeps a protocol."""

    def __init__(self, world: "World", answers: Iterable[Answer]) -> None:
        super().__init__(answers)
        self._world = world
        self._chance = Random(world.seed)
        self.attempts: list[Attempt] = []

    def judge(self, post: Post) -> tuple[Answer, str]:
        answer: Answer = Cut()
        message_id = ""
        # A post in whose moment the desk dies is taken, or gets lost on the way.
        if not self._world.count() or self._chance.random() < 0.5:
            answer, message_id = super().judge(post)
        if post.edits is None:
            # As the desk says itself: on a busy machine a dead one's last post comes to be judged in its next life.
            (life,) = parse_qs(urlsplit(post.path).query)["life"]
            self.attempts.append(Attempt(int(life), post, answer))
        return answer, message_id


@dataclass(slots=True)
class World:
    """Use as a context manager: the servers run inside."""

    seed: int
    folder: Path
    data: Path | None = None  # the desk's data folder; None: in `folder`
    burst: int = 1000
    number: int = STORIES  # of stories that are to be told
    troubles: int = 0  # with which each service, and the outlets, may answer, before they are kind
    published: int | None = None  # how many of the stories are out; None: all
    database: str = ""  # its URL; empty: SQLite in the data folder
    bot: bool = False  # it posts to Discord
    life: int = 0
    well_ended: set[int] = field(default_factory=set)  # lives whose desk ended with 0
    requests: int = 0
    stories: tuple[Story, ...] = ()
    chats: dict[str, Chat] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    discord: FakeDiscord | None = None
    _web: Web | None = None
    _stack: ExitStack = field(default_factory=ExitStack)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _armed: list[tuple[int, Callable[[], object]]] = field(default_factory=list)
    _last: float = 0.0
    _outlets: Iterator[Mood] = field(default_factory=lambda: iter(()))

    def __enter__(self) -> Self:
        random = Random(self.seed)
        self.stories = tuple(_stories(random, self.number))
        self._outlets = outlet_moods(Random(self.seed), self.troubles)
        self._web = self._stack.enter_context(WebThread())
        self._web.serve("*", self._page)
        if self.bot:
            self._open_discord(random)
        else:
            for name in NAMES:
                moods = _moods(Random(random.random()), self.troubles)
                self.chats[name] = self._stack.enter_context(Chat(self, moods))
        (self.folder / "watchlist.yaml").write_text(json.dumps(self._watchlist()))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _open_discord(self, random: Random) -> None:
        """In half of the worlds Discord has forgotten each nonce by the time it comes again."""
        self.discord = FakeDiscord().start()
        self._stack.callback(self.discord.stop)
        self.discord.nonce_window = random.choice((0.0, 120.0))
        guild = self.discord.guild("The Daily")
        self.rooms = {name: guild.channel(name) for name in NAMES}
        self.discord.trouble(discord_moods(Random(random.random()), len(NAMES) * self.troubles, self.count))

    @property
    def environment(self) -> dict[str, str]:
        return {
            "WIREDESK_DATA": str(self.data or self.folder / "data"),
            "WIREDESK_DATABASE_URL": self.database,
            "WIREDESK_WATCHLIST": str(self.folder / "watchlist.yaml"),
            "WIREDESK_ALLOW_HOSTS": "127.0.0.1",
            "WIREDESK_FIRST_LOOK": "all",
            "WIREDESK_BURST": str(self.burst),
            **({"DISCORD_TOKEN": self.discord.token, "WIREDESK_DISCORD_API": self.discord.api} if self.discord else {}),
            **{f"{name.upper()}_WEBHOOK": f"{chat.url}?life={self.life}" for name, chat in self.chats.items()},
        }

    @property
    def shown(self) -> int:
        """How many entries the feeds show in all."""
        return sum(len(story.outlets) for story in self.stories)

    @property
    def quiet(self) -> float:
        """Seconds since somebody asked for something."""
        return time.monotonic() - self._last

    @property
    def clock(self) -> Path:
        """The file of the desk's clock (`tests.soak.skew`)."""
        return self.folder / "clock"

    @property
    def skew(self) -> Skew:
        return Skew(self.clock)

    def arm(self, after: int, action: Callable[[], object]) -> None:
        """Have `action` happen at the `after`-th request from now, before it is answered; once.

        It says True if it ends the desk: whether the request was understood is then a matter of chance.
        """
        with self._lock:
            self._armed.append((self.requests + after, action))

    def disarm(self) -> None:
        """What has not happened yet does not happen any more."""
        with self._lock:
            self._armed.clear()

    def count(self) -> bool:
        """Count a request. True: the desk has just been ended."""
        with self._lock:
            self.requests += 1
            self._last = time.monotonic()
            due = [action for at, action in self._armed if at == self.requests]
        said = [action() for action in due]
        return True in said

    def _page(self, asked: Asked) -> Page:
        self.count()
        kind, _, number = asked.path.strip("/").partition("/")
        if kind == "feed":
            feed = Page(body=self._feed(int(number)), headers={"Content-Type": "application/rss+xml"})
            return next(self._outlets)(feed)
        if kind == "story":
            outlet, _, position = number.partition("/")
            return Page(body=_article(self.stories[int(position)], int(outlet)))
        return Page(404)

    def _feed(self, outlet: int) -> bytes:
        assert self._web is not None
        entries = "".join(
            f"<item><title>{story.headline}</title><link>{self._web.url(f'/story/{outlet}/{position}')}</link>"
            f"<guid isPermaLink='false'>{outlet}-{position}</guid>"
            f"<pubDate>Mon, 02 Mar 2026 10:{position:02}:00 GMT</pubDate>"
            f"<description>{story.headline}</description></item>"
            for position, story in enumerate(self.stories[: self.published])
            if outlet in story.outlets
        )
        return f"<rss version='2.0'><channel><title>Outlet {outlet}</title>{entries}</channel></rss>".encode()

    def _watchlist(self) -> dict[str, object]:
        assert self._web is not None
        return {
            "version": 1,
            "watches": {"beat": {"query": WORD, "routes": list(NAMES)}},
            "sources": {
                f"outlet-{number}": {"url": self._web.url(f"/feed/{number}"), "every": "10s"} for number in range(FEEDS)
            },
            "channels": {name: {"kind": "webhook", "url_env": f"{name.upper()}_WEBHOOK"} for name in self.chats}
            | {name: {"kind": "discord", "id": room.id} for name, room in self.rooms.items()},
        }


def _stories(random: Random, wanted: int) -> Iterator[Story]:
    for number in range(wanted + 2):
        told = number < wanted
        outlets = tuple(sorted(random.sample(range(FEEDS), 2 if random.random() < 0.4 else 1)))
        headline = f"{_words(random, 4).capitalize()} no {random.randrange(10**6):06}"
        about = WORD if told else "harbour wall"
        text = f"The {about} {_words(random, 40)}.</p><p>{_words(random, 40).capitalize()}."
        yield Story(headline, text, outlets, told)


def _words(random: Random, number: int) -> str:
    return " ".join("".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(number))


def _article(story: Story, outlet: int) -> bytes:
    return (
        f"<!doctype html><html lang=en><head><title>{story.headline}</title></head><body><article>"
        f"<h1>{story.headline}</h1><p>{story.text}</p></article><footer>Outlet {outlet}</footer></body></html>"
    ).encode()


def _moods(random: Random, troubles: int) -> Iterator[Answer]:
    """Kind, but for so many rate limits and failures; each failure costs a retry's wait."""
    while True:
        if troubles and random.random() < 0.3:
            troubles -= 1
            limited = RateLimited(round(random.uniform(0.05, 0.3), 2))
            yield random.choice((limited, limited, *_FAILURES))
        else:
            yield Accept()

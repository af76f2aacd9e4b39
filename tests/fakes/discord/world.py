"""What the fake knows: clock, ids, users, guilds, channels, messages, and what it found wrong.

Everything is under one lock, `World.changed`, a condition that is notified after each request and each change, so
that a test waits without polling. A change that Discord would tell the bot of goes out through `World.emit`, which
the gateway sets. Handles (`Guild`, `Channel`, `Role`, `Member`, `Post`) are the state itself; tests hold them.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.discord.channels import Channel
    from tests.fakes.discord.guilds import Guild
    from tests.fakes.discord.posts import Attachment, Post

Json = dict[str, Any]

_EPOCH = 1_420_070_400  # Discord's, the first second of 2015


@dataclass
class Request:
    """One request of the log. `status` is None while it is unanswered, 0 where the connection was cut."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    files: tuple[str, ...]
    at: float
    status: int | None = None

    def __str__(self) -> str:
        body = str(self.body)
        return f"{self.method} {self.path} → {self.status} {body if len(body) < 300 else body[:300] + '…'}"


@dataclass(frozen=True)
class Event:
    """A dispatch for the bot; `guild` and `channel` decide whether it may see it, `author` whose message it is."""

    name: str
    data: Json
    guild: "Guild | None" = None
    channel: "Channel | None" = None
    author: str | None = None


@dataclass(eq=False)
class User:
    """An account, the same in every guild."""

    id: str
    name: str
    bot: bool = False

    def json(self) -> Json:
        shown: Json = {
            "id": self.id,
            "username": self.name,
            "global_name": None if self.bot else self.name.title(),
            "avatar": None,
            "discriminator": "0",
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }
        return shown | {"bot": True} if self.bot else shown


def _unheard(event: Event) -> None:
    """Before the gateway listens there is nobody to tell."""


@dataclass(eq=False, repr=False)
class World:
    changed: threading.Condition = field(default_factory=lambda: threading.Condition(threading.RLock()))
    guilds: dict[str, "Guild"] = field(default_factory=dict)
    channels: dict[str, "Channel"] = field(default_factory=dict)
    messages: dict[str, "Post"] = field(default_factory=dict)
    files: dict[str, "Attachment"] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    emit: Callable[[Event], None] = _unheard
    offset: float = 0.0
    nonce_window: float = 120.0
    timeout: float = 10.0
    base: str = ""
    last_id: int = 0

    def __post_init__(self) -> None:
        self.bot = User(self.new_id(), "wiredesk", bot=True)

    def now(self) -> float:
        """Seconds since 1970 by the fake's own clock, which tests may put forward."""
        return time.time() + self.offset

    def new_id(self) -> str:
        """A snowflake: milliseconds since Discord's epoch, and then a counter. Always above the one before."""
        self.last_id = max(self.last_id + 1, int((self.now() - _EPOCH) * 1000) << 22)
        return str(self.last_id)

    def violate(self, what: str) -> None:
        """Record something that neither Discord nor a good client would do."""
        with self.changed:
            self.violations.append(what)
            self.changed.notify_all()

    def until(self, holds: Callable[[], object], what: str, seconds: float | None = None) -> None:
        """Wait until `holds()`; an AssertionError that tells the last requests when it takes too long."""
        limit = self.timeout if seconds is None else seconds
        with self.changed:
            if not self.changed.wait_for(holds, limit):
                raise AssertionError(f"waited {limit:g} s for {what}\n{self.transcript()}")

    def transcript(self) -> str:
        last = "\n".join(f"  {request}" for request in self.requests[-15:])
        found = "".join(f"\n  wrong: {violation}" for violation in self.violations[-5:])
        return f"the last requests:\n{last or '  none'}{found}"


def iso(seconds: float) -> str:
    """A moment as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()

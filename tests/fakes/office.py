"""A desk with two channels that answer as a test wants it, and a drain over it, on a loop whose time leaps."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from tests.fakes.leaping import leap
from tests.storage.building import NOW, Desk, alert
from watchers.delivery import Channel, Delivered, Drain
from watchers.models import Outgoing, Retry, SendResult, Sent


def passed() -> float:
    """Seconds of the loop's own time, which leaps over every wait."""
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class FakeChannel:
    """Takes everything, or answers as told, in order; each answer may be a function that is awaited."""

    name: str
    answers: list[SendResult] = field(default_factory=list)
    service: str = "somewhere"
    pace: tuple[tuple[int, float], ...] = ()
    ready: bool = True
    held: asyncio.Event | None = None  # what a post waits for
    posts: list[tuple[float, Outgoing]] = field(default_factory=list)
    reached: asyncio.Event | None = None
    poison: str | None = None  # an alert at which the service breaks down

    async def send(self, outgoing: Outgoing) -> SendResult:
        self.posts.append((passed(), outgoing))
        if self.reached is not None:
            self.reached.set()
        if self.held is not None:
            await self.held.wait()
        if outgoing.alert.key == self.poison:
            return Retry("500", maybe_taken=True)
        return self.answers.pop(0) if self.answers else Sent("77")

    @property
    def keys(self) -> list[str]:
        return [outgoing.alert.key for _, outgoing in self.posts]

    @property
    def at(self) -> list[float]:
        return [at for at, _ in self.posts]


@dataclass(slots=True)
class Office:
    """A desk with two channels, and a drain over it."""

    desk: Desk
    newsroom: FakeChannel = field(default_factory=lambda: FakeChannel("newsroom"))
    team: FakeChannel = field(default_factory=lambda: FakeChannel("team"))
    told: list[Delivered] = field(default_factory=list)
    burst: int = 10
    begin: datetime = NOW

    def drain(self, *, without_team: bool = False) -> Drain:
        live: Mapping[int, Channel] = {self.desk.channel("newsroom"): self.newsroom}
        if not without_team:
            live = {**live, self.desk.channel("team"): self.team}
        return Drain(
            database=self.desk.database,
            channels=lambda: live,
            clock=lambda: self.begin + timedelta(seconds=passed()),
            random=Random(1),
            burst=self.burst,
            on_delivered=self.told.append,
        )

    def once(self, *, patience: float = 0.0) -> int:
        return leap(self.drain().once(patience=patience))

    def tell(self, *keys: str, channel: str = "newsroom") -> None:
        for key in keys:
            self.desk.tell(alert(key), channel=channel)

    @property
    def states(self) -> dict[str, str]:
        return {key: state for key, _, state in self.desk.outbox()}

"""The drain: what the outbox holds, to each channel in order, each alert once.

    due deliveries ─collect→ digests ─take→ sending ─Channel.send→ Sent | Retry | Refused ─settle→ the outbox

Channels are drained side by side; within one, a delivery that must wait holds back those behind it. `sending` is
committed before the post goes out and `sent` after it came back, so a crash in between leaves a `sending` row, which
the next start sends again, marked.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

import structlog

from watchers.models import Alert, Outgoing, Refused, Retry, SendResult, Sent
from watchers.storage import outbox
from watchers.storage.database import Database
from watchers.storage.outbox import Taken
from watchers.storage.refusals import bury

log = structlog.get_logger(__name__)

FIRST_RETRY = 2.0  # seconds; doubled at each further attempt
LONGEST_RETRY = 900.0
GIVE_UP = timedelta(days=7)  # of attempts at one delivery, then it is a dead letter


class Channel(Protocol):
    """A destination. What the service does wrong is its answer, never an exception."""

    name: str
    pace: tuple[tuple[int, float], ...]  # at most so many posts within so many seconds, each

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Post one delivery, once."""

    async def aclose(self) -> None:
        """Let go of what the channel holds."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """An alert that a channel has taken."""

    channel: str
    alert: Alert
    reference: str


@dataclass(slots=True)
class Pacer:
    """Keeps a channel's posts within its limits, by the monotonic clock."""

    limits: tuple[tuple[int, float], ...]
    _posted: list[float] = field(default_factory=list)

    async def wait(self) -> None:
        """Wait until one more post is within every limit."""
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            waits = [
                self._posted[-many] + seconds - now
                for many, seconds in self.limits
                if len(self._posted) >= many and self._posted[-many] + seconds > now
            ]
            if not waits:
                break
            await asyncio.sleep(max(waits))
        self._posted.append(loop.time())
        del self._posted[: -max((many for many, _ in self.limits), default=1)]


@dataclass(slots=True, kw_only=True)
class Drain:
    """Drains the outbox. `channels` gives the live channels by their row's id; `on_delivered` hears of each post."""

    database: Database
    channels: Callable[[], Mapping[int, Channel]]
    clock: Callable[[], datetime]
    random: Random
    burst: int
    on_delivered: Callable[[Delivered], None]
    demo: bool = False
    _pacers: dict[int, Pacer] = field(default_factory=dict)

    async def once(self, *, patience: float = 0.0) -> int:
        """Send everything that is due; what fails is waited for up to `patience` seconds. Returns how many went."""
        give_up_at = asyncio.get_running_loop().time() + patience
        live = self.channels()
        waiting = await self.database.read(outbox.channels_with_work, self.clock())
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._drain_channel(channel_id, live[channel_id], give_up_at))
                for channel_id in waiting
                if channel_id in live
            ]
        return sum(task.result() for task in tasks)

    async def _drain_channel(self, channel_id: int, channel: Channel, give_up_at: float) -> int:
        sent = 0
        pacer = self._pacers.setdefault(channel_id, Pacer(channel.pace))
        await self.database.write(outbox.collect, channel_id, now=self.clock(), burst=self.burst)
        while True:
            taken = await self.database.write(outbox.take, channel_id, self.clock())
            if taken is None:
                return sent
            if isinstance(taken, datetime):
                left = give_up_at - asyncio.get_running_loop().time()
                wait = (taken - self.clock()).total_seconds()
                if wait > left:
                    return sent
                await asyncio.sleep(max(wait, 0.05))
                continue
            await pacer.wait()
            result = await channel.send(taken.outgoing)
            if not await self._settle(channel_id, channel, taken, result):
                return sent
            sent += isinstance(result, Sent)

    async def _settle(self, channel_id: int, channel: Channel, taken: Taken, result: SendResult) -> bool:
        """Write what became of a post. False: nothing more goes to this channel now."""
        now = self.clock()
        if isinstance(result, Sent):
            await self.database.write(outbox.mark_sent, taken.id, message_id=result.message_id, now=now)
            self.on_delivered(Delivered(channel.name, taken.outgoing.alert, taken.outgoing.reference))
            return True
        if isinstance(result, Retry) and now - taken.created_at < GIVE_UP:
            after = min(FIRST_RETRY * 2 ** (taken.attempts - 1), LONGEST_RETRY) * self.random.uniform(0.8, 1.2)
            if result.after is not None:
                after = max(after, result.after) if taken.attempts > 1 else result.after
            at = now + timedelta(seconds=after)
            await self.database.write(outbox.mark_later, taken.id, error=result.error, at=at, now=now)
            log.warning("delivery waits", channel=channel.name, error=result.error, seconds=round(after, 1))
            return True
        pause = isinstance(result, Refused) and result.pause
        await self.database.write(bury, channel_id, taken, result.error, pause=pause, demo=self.demo, now=now)
        return not pause

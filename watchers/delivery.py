"""The drain: what the outbox holds, to each channel in order, each alert once.

    due deliveries ─collect→ digests ─take→ sending ─Channel.send→ Sent | Retry | Refused ─settle→ the outbox

Channels are drained side by side, so that a slow one holds up no other; within one, a delivery that must wait holds
back those behind it, for as long as it may be the channel that fails and not the post. `sending` is committed before
the post goes out and `sent` after it came back, so a crash in between leaves a `sending` row, which the next start
sends again, marked. So is what ended without a definite answer. A limit that a service sets for all that goes to it
holds back each of its channels.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol, runtime_checkable

import structlog

from watchers.models import Alert, Outgoing, Retry, SendResult, Sent
from watchers.pacing import Traffic
from watchers.storage import sending
from watchers.storage.database import Database
from watchers.storage.refusals import bury, postpone
from watchers.storage.sending import Taken

log = structlog.get_logger(__name__)

FIRST_RETRY = 2.0  # seconds; doubled at each further attempt
LONGEST_RETRY = 900.0
GIVE_UP = timedelta(days=7)  # of attempts at one delivery, then it is a dead letter
FEWEST_ATTEMPTS = 10  # in that time: a desk that was switched off for a week has not tried


class Channel(Protocol):
    """A destination. What the service does wrong is its answer, never an exception."""

    name: str
    service: str  # the same for all channels that one global limit stops
    pace: tuple[tuple[int, float], ...]  # at most so many posts and edits within so many seconds, each

    @property
    def ready(self) -> bool:
        """False: its service is not connected to. What waits is not tried."""

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Post one delivery, once."""


@runtime_checkable
class EditingChannel(Channel, Protocol):
    """A destination whose posts can be changed."""

    async def edit(self, outgoing: Outgoing, message_id: str) -> SendResult:
        """Make a post show a delivery as it is now, and call nobody. Refused: it is gone, or can't be changed."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """An alert that a channel has taken."""

    channel: str
    alert: Alert
    reference: str


@dataclass(slots=True, kw_only=True)
class Drain:
    """Drains the outbox. `channels` gives the live channels by their row's id; `on_delivered` hears of each post."""

    database: Database
    channels: Callable[[], Mapping[int, Channel]]
    clock: Callable[[], datetime]
    random: Random
    burst: int
    on_delivered: Callable[[Delivered], None]
    traffic: Traffic = field(default_factory=Traffic)
    demo: bool = False
    _draining: set[int] = field(default_factory=set)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def once(self, *, patience: float = 0.0) -> int:
        """Send everything that is due; what fails is waited for up to `patience` seconds. Returns how many went.

        A channel that is being drained already, by an earlier call, is left to that one.
        """
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + patience
        sent = 0
        # Again and again: what becomes of one channel's posts may be told at another one.
        while idle := await self._idle_with_work(max(give_up_at - loop.time(), 0.0)):
            self._draining.update(idle)
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._drain_channel(channel_id, channel, give_up_at))
                    for channel_id, channel in idle.items()
                ]
            sent += sum(task.result() for task in tasks)
        return sent

    async def _idle_with_work(self, patience: float) -> dict[int, Channel]:
        if self._stopping.is_set():
            return {}
        # Asked only about those that could take something: what can't costs nothing, however much waits for it.
        able = {
            channel_id: channel
            for channel_id, channel in self.channels().items()
            if channel_id not in self._draining and channel.ready and self.traffic.held(channel.service) <= patience
        }
        if not able:
            return {}
        waiting = await self.database.read(
            sending.channels_with_work, self.clock(), patience=patience, among=able.keys()
        )
        return {channel_id: able[channel_id] for channel_id in waiting if channel_id not in self._draining}

    def stop(self) -> None:
        """Let each channel's post under way end, and begin no other."""
        self._stopping.set()

    async def _drain_channel(self, channel_id: int, channel: Channel, give_up_at: float) -> int:
        sent = 0
        try:
            while not self._stopping.is_set() and await self._may_post(channel_id, channel, give_up_at):
                # Taken only when it can go at once: what is being sent at a crash is sent again.
                taken = await self.database.write(sending.take, channel_id, now=self.clock(), burst=self.burst)
                if taken is None:
                    break
                result = await channel.send(taken.outgoing)
                if not await self._settle(channel_id, channel, taken, result):
                    break
                sent += isinstance(result, Sent)
        finally:
            self._draining.discard(channel_id)
        return sent

    async def _may_post(self, channel_id: int, channel: Channel, give_up_at: float) -> bool:
        """Wait until the channel's next delivery is due and within its pace. False: nothing is, in time."""
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set() and channel.ready:
            next_at = await self.database.read(sending.next_at, channel_id, self.clock())
            if next_at is None:
                return False
            early = max((next_at - self.clock()).total_seconds(), self.traffic.held(channel.service))
            if early > max(give_up_at - loop.time(), 0.0):
                return False
            wait = early if early > 0 else self.traffic.enter(channel_id, channel.pace)
            if wait <= 0:
                return True
            await self._rest(wait)
        return False

    async def _rest(self, seconds: float) -> None:
        """Wait, but not beyond a stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _settle(self, channel_id: int, channel: Channel, taken: Taken, result: SendResult) -> bool:
        """Write what became of a post. False: nothing more goes to this channel now."""
        now = self.clock()
        if isinstance(result, Sent):
            await self.database.write(sending.mark_sent, taken, message_id=result.message_id, now=now)
            self.on_delivered(Delivered(channel.name, taken.outgoing.alert, taken.outgoing.reference))
            return True
        given_up = now - taken.first_tried_at >= GIVE_UP and taken.attempts >= FEWEST_ATTEMPTS
        if isinstance(result, Retry) and not given_up:
            after = min(FIRST_RETRY * 2 ** (taken.attempts - 1), LONGEST_RETRY) * self.random.uniform(0.8, 1.2)
            if result.after is not None:
                after = max(after, result.after) if taken.attempts > 1 else result.after
            if result.everywhere:
                self.traffic.hold(channel.service, after)
            at = now + timedelta(seconds=after)
            await self.database.write(postpone, channel_id, taken, result, at=at, demo=self.demo, now=now)
            log.warning("delivery waits", channel=channel.name, error=result.error, seconds=round(after, 1))
            return True
        return not await self.database.write(bury, channel_id, taken, result, demo=self.demo, now=now)

"""The keeper: posts that are behind their story are edited until they show everyone who tells it.

    posts behind ─next_behind→ Outgoing ─EditingChannel.edit→ Sent | Retry | Refused ─→ shown, later, or forgotten

Beside the drain and at the same pace, channel by channel. Nothing here must happen exactly once: an edit that is
repeated shows the same. So nothing is kept but how many tellers a post shows, and when it may be edited again.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from watchers.delivery import Channel, EditingChannel
from watchers.models import Refused, Retry, SendResult
from watchers.pacing import Traffic
from watchers.storage import posts
from watchers.storage.database import Database
from watchers.storage.posts import Post

log = structlog.get_logger(__name__)

RETRY = 60.0  # seconds until an edit that failed is tried again
CLOSED = timedelta(hours=1)  # that a channel which lets nobody in is left alone


@dataclass(slots=True, kw_only=True)
class Keeper:
    """Edits posts. `channels` gives the live channels by their row's id."""

    database: Database
    channels: Callable[[], Mapping[int, Channel]]
    clock: Callable[[], datetime]
    traffic: Traffic
    _busy: set[int] = field(default_factory=set)

    async def once(self) -> int:
        """Edit every post that may be edited now. Returns how many were.

        A channel that an earlier call is busy with is left to that one.
        """
        live = self.channels()
        idle = {
            channel_id: channel
            for channel_id in await self.database.read(posts.channels_behind, self.clock())
            if channel_id not in self._busy
            and isinstance(channel := live.get(channel_id), EditingChannel)
            and self._is_open(channel)
        }
        self._busy.update(idle)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._keep(channel_id, channel)) for channel_id, channel in idle.items()]
        return sum(task.result() for task in tasks)

    def _is_open(self, channel: Channel) -> bool:
        return channel.ready and not self.traffic.held(channel.service)

    async def _keep(self, channel_id: int, channel: EditingChannel) -> int:
        edited = 0
        try:
            while self._is_open(channel):
                post = await self.database.read(posts.next_behind, channel_id, self.clock())
                if post is None:
                    break
                if wait := self.traffic.enter(channel_id, channel.pace):
                    await asyncio.sleep(wait)
                    continue  # it may show more by now
                result = await channel.edit(post.outgoing, post.message_id)
                await self._settle(channel_id, channel, post, result)
                if isinstance(result, Retry):
                    break
                edited += not isinstance(result, Refused)
        finally:
            self._busy.discard(channel_id)
        return edited

    async def _settle(self, channel_id: int, channel: Channel, post: Post, result: SendResult) -> None:
        now = self.clock()
        match result:
            case Retry(error, after, everywhere=everywhere):
                wait = max(after or 0.0, RETRY)
                if everywhere:
                    self.traffic.hold(channel.service, wait if after is None else after)
                await self.database.write(posts.put_off, post, now + timedelta(seconds=wait))
                log.warning("an edit waits", channel=channel.name, error=error, seconds=round(wait, 1))
            case Refused(error, pause):
                await self.database.write(posts.forget, post)
                if pause:
                    await self.database.write(posts.put_off_channel, channel_id, now + CLOSED)
                log.warning("a post is edited no more", channel=channel.name, error=error)
            case _:
                await self.database.write(posts.mark_shown, post, now)

"""A bot's line to the fake Discord, for tests of what is posted over it: an ordinary client, signed in.

`opened` gives a channel at the end of it, where Discord remembers no nonce: what keeps a post from standing twice is
the look into the history alone.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
import yarl

from bot.channels.discord import DiscordChannel, Poster
from bot.channels.wire import trace
from tests.bot.alerts import STORY, outgoing
from tests.fakes.discord import Channel, FakeDiscord, Guild
from watchers.models import Alert, Outgoing, SendResult


@dataclass
class TestLine:
    """What the product's own line is to channels."""

    __test__ = False
    client: discord.Client | None = None


def _unheard(_: float) -> None:
    """Nobody asks for global limits."""


@asynccontextmanager
async def signed_in(
    fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch, on_global: Callable[[float], None] = _unheard
) -> AsyncIterator[TestLine]:
    monkeypatch.setattr(discord.http.Route, "BASE", fake.api)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(fake.gateway_url))
    client = discord.Client(
        intents=discord.Intents(guilds=True),
        http_trace=trace(on_global),
        max_messages=None,
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
        guild_ready_timeout=0.05,  # seconds; the fake tells of all its servers at once
    )
    running = asyncio.create_task(client.start(fake.token))
    ready = asyncio.create_task(client.wait_until_ready())
    try:
        await asyncio.wait({running, ready}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
        assert client.is_ready(), running
        yield TestLine(client)
    finally:
        await client.close()
        with suppress(asyncio.CancelledError):
            await running


def delivery(number: int = 1, alert: Alert = STORY, **more: Any) -> Outgoing:
    made = replace(outgoing(alert), reference=f"WD-ABCDE-{number}", made_at=datetime.now(UTC))
    return replace(made, **more)


@dataclass
class Desk:
    """A channel of a server, the bot's way to it, and what it takes there."""

    fake: FakeDiscord
    guild: Guild
    room: Channel
    line: TestLine
    channel: DiscordChannel
    limits: list[float] = field(default_factory=list)

    async def send(self, number: int = 1, **more: Any) -> SendResult:
        return await self.channel.send(delivery(number, **more))

    @property
    def references(self) -> list[str]:
        return [post.text.rpartition("ref ")[2].split()[0] for post in self.room.messages]

    def another(self) -> DiscordChannel:
        """The same channel to another process: it knows of nothing that is under way."""
        return DiscordChannel("desk", channel_id=self.room.id, poster=Poster(self.line, lambda _: None))


@asynccontextmanager
async def opened(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    limits: list[float] = []
    with FakeDiscord() as fake:
        fake.nonce_window = 0.0
        guild = fake.guild("The Harbour Ledger")
        room = guild.channel("desk")
        async with signed_in(fake, monkeypatch, limits.append) as line:
            channel = DiscordChannel("desk", channel_id=room.id, poster=Poster(line, lambda _: None))
            yield Desk(fake, guild, room, line, channel, limits)

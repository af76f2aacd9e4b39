"""A bot's line to the fake Discord, for tests of what is posted over it: an ordinary client, signed in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import discord
import pytest
import yarl

from bot.channels.wire import trace
from tests.fakes.discord import FakeDiscord


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

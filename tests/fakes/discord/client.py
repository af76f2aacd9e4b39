"""An unmodified discord.py client at the fake: where it has to be pointed, and a run of it from login to goodbye."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import yarl
from discord import Client
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord.server import FakeDiscord


@contextmanager
def pointed_at(discord: FakeDiscord) -> Iterator[None]:
    """discord.py speaks to the fake inside the block, and to Discord again after it."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = discord.api, yarl.URL(discord.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@asynccontextmanager
async def running(discord: FakeDiscord, client: Client) -> AsyncIterator[asyncio.Task[None]]:
    """The client logged in, connected and ready; closed after the block. Yields the task of its connection."""
    with pointed_at(discord):
        async with client:
            await client.login(discord.token)
            connection = asyncio.create_task(client.connect())
            await asyncio.to_thread(discord.wait_ready)
            # an event of no meaning, after the guilds: once it was heard, so were they
            heard = client.wait_for("socket_event_type", check=lambda name: name == "ALL_SENT")
            discord.dispatch("ALL_SENT", {})
            await heard
            await client.wait_until_ready()
            yield connection
        await asyncio.wait((connection,))

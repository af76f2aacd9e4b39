"""Clients of the fake: an unmodified discord.py one, from login to goodbye, and a careless one that sends anything."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
import yarl
from discord import Client, Intents
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord.channels import Channel
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


def new_client() -> Client:
    """A client with the product's intents."""
    return Client(intents=Intents(guilds=True, guild_messages=True), guild_ready_timeout=0.05)


def channel_of(client: Client, room: Channel) -> Any:
    """The room as the client knows it."""
    return client.get_channel(int(room.id))


async def posted(discord: FakeDiscord, path: str, body: Any, *, method: str = "POST") -> tuple[int, Any]:
    """A request by a careless client: the status and the JSON of its reply."""
    headers = {"Authorization": f"Bot {discord.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, discord.api + path, json=body) as reply,
    ):
        return reply.status, await reply.json(content_type=None)

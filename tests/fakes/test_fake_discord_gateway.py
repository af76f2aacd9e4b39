"""The fake Discord's gateway, listened to by an unmodified discord.py client: sessions, what is heard, trouble."""

import asyncio
from typing import Any

import aiohttp
import discord as dpy
import pytest

from tests.fakes.discord import Channel, FakeDiscord, Guild
from tests.fakes.discord.client import running


class Listener(dpy.Client):
    """Keeps what it hears, each kind in a queue of its own."""

    def __init__(self) -> None:
        super().__init__(intents=dpy.Intents(guilds=True, guild_messages=True), guild_ready_timeout=0.05)
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Without the 5 seconds that discord.py waits before it identifies again."""

    async def on_message(self, message: dpy.Message) -> None:
        self.heard.put_nowait(f"message {message.content}")

    async def on_raw_message_edit(self, event: dpy.RawMessageUpdateEvent) -> None:
        self.heard.put_nowait(f"edit {event.message.content}")

    async def on_raw_message_delete(self, event: dpy.RawMessageDeleteEvent) -> None:
        self.heard.put_nowait("deletion")

    async def on_guild_join(self, guild: dpy.Guild) -> None:
        self.heard.put_nowait(f"join {guild.name}")

    async def on_guild_remove(self, guild: dpy.Guild) -> None:
        self.heard.put_nowait(f"remove {guild.name}")

    async def on_guild_unavailable(self, _: dpy.Guild) -> None:
        self.heard.put_nowait("outage")

    async def on_guild_available(self, _: dpy.Guild) -> None:
        if self.is_ready():
            self.heard.put_nowait("back")

    async def on_guild_channel_create(self, channel: dpy.abc.GuildChannel) -> None:
        self.heard.put_nowait(f"channel {channel.name}")

    async def on_guild_channel_delete(self, channel: dpy.abc.GuildChannel) -> None:
        self.heard.put_nowait(f"channel {channel.name} gone")

    async def on_guild_role_update(self, _: dpy.Role, role: dpy.Role) -> None:
        self.heard.put_nowait(f"role {role.name}")

    async def hear(self, *expected: str) -> None:
        for one in expected:
            assert await asyncio.wait_for(self.heard.get(), 10) == one


async def test_messages_edits_and_deletions_are_heard(discord: FakeDiscord, room: Channel) -> None:
    client = Listener()
    async with running(discord, client):
        channel: Any = client.get_channel(int(room.id))
        sent = await channel.send("one")
        await client.hear("message one")
        await sent.edit(content="two")
        await client.hear("edit two")
        await sent.delete()
        await client.hear("deletion")


async def test_what_people_write_has_no_content_without_the_intent_unless_the_bot_is_named(
    discord: FakeDiscord, guild: Guild, room: Channel
) -> None:
    client = Listener()
    async with running(discord, client):
        room.say(guild.member("ann"), "private")
        await client.hear("message ")


async def test_a_channel_that_the_bot_cannot_see_is_silent(discord: FakeDiscord, guild: Guild, room: Channel) -> None:
    client = Listener()
    hidden = guild.channel("hidden")
    hidden.deny("view_channel")
    async with running(discord, client):
        hidden.say(guild.owner, "unheard")
        guild.channel("last")
        await client.hear("channel last")


async def test_changes_of_a_server_are_heard(discord: FakeDiscord, guild: Guild, room: Channel) -> None:
    client = Listener()
    async with running(discord, client):
        guild.role("editors").allow("manage_guild")
        room.delete()
        guild.remove_bot()
        guild.add_bot()
        await client.hear("role editors", "channel newsroom gone", "remove The Daily", "join The Daily")
        discord.guild("The Weekly")
        await client.hear("join The Weekly")
        await client.get_guild(int(guild.id)).leave()  # type: ignore[union-attr]  # it has just joined
        await client.hear("remove The Daily")
    assert not guild.has_bot


async def test_an_outage_of_a_server_is_no_removal(discord: FakeDiscord, guild: Guild, room: Channel) -> None:
    client = Listener()
    async with running(discord, client):
        guild.outage()
        guild.outage(over=True)
        guild.channel("after")
        await client.hear("outage", "back", "channel after")
        assert client.get_guild(int(guild.id)) is not None


async def test_a_cut_connection_is_resumed_and_what_was_missed_is_replayed(
    discord: FakeDiscord, guild: Guild, room: Channel
) -> None:
    client = Listener()
    async with running(discord, client):
        discord.cut_gateway()
        guild.channel("missed")
        await client.hear("channel missed")
        await asyncio.to_thread(discord.wait_ready)
        guild.channel("after")
        await client.hear("channel after")
    assert (discord.identified, discord.resumed) == (1, 1)


async def test_a_request_to_reconnect_is_followed(discord: FakeDiscord, room: Channel) -> None:
    client = Listener()
    async with running(discord, client):
        discord.reconnect_gateway()
        await asyncio.to_thread(discord.wait_ready)
    assert (discord.identified, discord.resumed) == (1, 1)


@pytest.mark.parametrize(("resumable", "identified", "resumed"), [(False, 2, 0), (True, 1, 1)])
async def test_an_invalid_session_is_begun_anew_unless_it_can_be_resumed(
    discord: FakeDiscord, room: Channel, resumable: bool, identified: int, resumed: int
) -> None:
    client = Listener()
    async with running(discord, client):
        discord.invalidate(resumable=resumable)
        await asyncio.to_thread(discord.wait_ready)
    assert (discord.identified, discord.resumed) == (identified, resumed)


async def test_an_unknown_session_cannot_be_resumed(discord: FakeDiscord, room: Channel) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(discord.gateway_url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 6, "d": {"token": discord.token, "session_id": "unknown", "seq": 3}})
        assert await socket.receive_json() == {"op": 9, "d": False}


async def test_heartbeats_are_answered(discord: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(discord.gateway_url) as socket:
        await socket.receive_json()
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json())["op"] == 11


async def test_a_wrong_token_closes_the_connection_for_good(discord: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(discord.gateway_url) as socket:
        await socket.receive_json()
        await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}})
        await socket.receive()
        assert socket.close_code == 4004


async def test_while_the_gateway_is_down_rest_still_answers_and_the_client_comes_back(
    discord: FakeDiscord, room: Channel
) -> None:
    client = Listener()
    async with running(discord, client):
        discord.refuse_gateway(True)
        await (await client.fetch_channel(int(room.id))).send("told")  # type: ignore[union-attr]  # a text channel
        discord.refuse_gateway(False)
        await asyncio.to_thread(discord.wait_ready)
    assert [post.content for post in room.messages] == ["told"]


async def test_a_malformed_event_ends_the_connection_of_an_unsupervised_client(discord: FakeDiscord) -> None:
    async with running(discord, Listener()) as connection:
        discord.dispatch("GUILD_CREATE", {"name": "no id"})
        await asyncio.wait((connection,), timeout=10)
        assert isinstance(connection.exception(), KeyError)


async def test_a_privileged_intent_is_held_against_the_client(discord: FakeDiscord) -> None:
    async with running(
        discord, dpy.Client(intents=dpy.Intents(guilds=True, message_content=True), guild_ready_timeout=0.05)
    ):
        pass
    assert discord.violations == ["gateway: the privileged intent for message content is asked for"]
    discord.violations.clear()


async def test_a_client_that_is_gone_without_a_goodbye_can_still_resume(discord: FakeDiscord, guild: Guild) -> None:
    identify = {"op": 2, "d": {"token": discord.token, "intents": 1, "properties": {}}}
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(discord.gateway_url)
        await socket.receive_json()
        await socket.send_json(identify)
        ready = await socket.receive_json()
        await asyncio.to_thread(discord.wait_ready)
        await socket.close(code=4000)
        await asyncio.to_thread(discord.wait_gone)
        channel = guild.channel("missed")
        socket = await session.ws_connect(discord.gateway_url)
        await socket.receive_json()
        seen = {"token": discord.token, "session_id": ready["d"]["session_id"], "seq": 2}
        await socket.send_json({"op": 6, "d": seen})
        missed, resumed = await socket.receive_json(), await socket.receive_json()
        await socket.close()
    assert (missed["t"], missed["s"], missed["d"]["id"]) == ("CHANNEL_CREATE", 3, channel.id)
    assert (resumed["t"], resumed["s"]) == ("RESUMED", 4)


async def test_a_goodbye_ends_the_session_and_a_new_client_begins_one(discord: FakeDiscord, guild: Guild) -> None:
    for _ in range(2):
        async with running(discord, Listener()):
            pass
    assert (discord.identified, discord.resumed) == (2, 0)

"""What goes wrong at the fake Discord on purpose, and what it and its referee find wrong with others."""

import asyncio
import logging

import aiohttp
import discord as dpy
import pytest

from tests.fakes.discord import Accept, Channel, Cut, FakeDiscord, Hang, Post, RateLimited, Status
from tests.fakes.discord.client import channel_of, new_client, posted, running


def refereed(discord: FakeDiscord) -> None:
    if discord.referee_absent:
        pytest.skip(discord.referee_absent)


async def test_a_limit_of_a_route_is_waited_for(discord: FakeDiscord, room: Channel) -> None:
    discord.trouble([RateLimited(0.2), Accept(), RateLimited(0.2, scope="shared")])
    client = new_client()
    async with running(discord, client):
        for text in ("one", "two"):
            await channel_of(client, room).send(text)
    statuses = [one.status for one in discord.requests if one.method == "POST"]
    assert statuses == [429, 200, 429, 200]
    assert [post.content for post in room.messages] == ["one", "two"]


class Noticed(logging.Handler):
    """Knows when the client has understood that the limit is global."""

    def __init__(self) -> None:
        super().__init__()
        self.event = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if "Global rate limit has been hit" in record.msg:
            self.event.set()


async def test_a_global_limit_stops_every_request_of_an_obedient_client(
    discord: FakeDiscord, room: Channel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    discord.trouble([RateLimited(0.6, scope="global")])
    client = new_client()
    noticed = Noticed()
    caplog.set_level(logging.WARNING, "discord.http")  # a command that was tested before may have quietened it
    monkeypatch.setattr(logging.getLogger("discord.http"), "handlers", [noticed])
    async with running(discord, client):
        sending = asyncio.create_task(channel_of(client, room).send("one"))
        await noticed.event.wait()
        await asyncio.gather(sending, channel_of(client, room).send("two"))
    assert [one.status for one in discord.requests if one.method == "POST"] == [429, 200, 200]
    assert {post.content for post in room.messages} == {"one", "two"}


async def test_whoever_sends_during_a_global_limit_is_found_out(discord: FakeDiscord, room: Channel) -> None:
    discord._front.grace = 0
    discord.trouble([RateLimited(5, scope="global")])
    where = f"/channels/{room.id}/messages"
    assert (await posted(discord, where, {"content": "x"}))[1]["global"] is True
    assert (await posted(discord, where, {"content": "x"}))[0] == 429
    assert "sent during a global limit" in discord.violations.pop()


async def test_a_limit_by_the_proxy_has_neither_json_nor_via(discord: FakeDiscord, room: Channel) -> None:
    discord.trouble([RateLimited(1, via=False)])
    client = new_client()
    async with running(discord, client):
        with pytest.raises(dpy.HTTPException) as refused:
            await channel_of(client, room).send("x")
    assert (refused.value.status, refused.value.text) == (429, "error code: 1015")


async def test_the_limits_by_route_can_be_felt(discord: FakeDiscord, room: Channel) -> None:
    discord.buckets.limit, discord.buckets.seconds = 2, 60
    where = f"/channels/{room.id}/messages"
    statuses = [(await posted(discord, where, {"content": "x"}))[0] for _ in range(3)]
    assert statuses == [200, 200, 429]
    other = room.guild and room.guild.channel("other")
    assert other is not None
    assert (await posted(discord, f"/channels/{other.id}/messages", {"content": "x"}))[0] == 200


@pytest.mark.parametrize(("accepts", "posts"), [(False, 0), (True, 1)])
async def test_a_503_comes_before_or_after_the_message_was_taken(
    discord: FakeDiscord, room: Channel, accepts: bool, posts: int
) -> None:
    discord.trouble([Status(503, accepts=accepts)])
    client = new_client()
    async with running(discord, client):
        with pytest.raises(dpy.DiscordServerError):
            await channel_of(client, room).send("x", nonce="d1")
        assert len(room.messages) == posts
        await channel_of(client, room).send("x", nonce="d1")
    assert len(room.messages) == 1


@pytest.mark.parametrize(("accepts", "posts"), [(False, 0), (True, 1)])
async def test_a_connection_is_cut_before_or_after_the_message_was_taken(
    discord: FakeDiscord, room: Channel, accepts: bool, posts: int
) -> None:
    discord.trouble([Cut(accepts=accepts)])
    client = new_client()
    async with running(discord, client):
        with pytest.raises((aiohttp.ClientError, OSError)):
            await channel_of(client, room).send("x")
    assert len(room.messages) == posts


async def test_a_request_hangs_until_its_client_gives_up(discord: FakeDiscord, room: Channel) -> None:
    discord.trouble([Hang()])
    sending = asyncio.create_task(posted(discord, f"/channels/{room.id}/messages", {"content": "x"}))
    await asyncio.to_thread(discord.until, lambda: discord.requests, "the request")
    sending.cancel()
    await asyncio.wait((sending,))
    assert discord.requests[-1].status is None
    assert room.messages == []


async def test_an_unknown_route_is_held_against_the_fake(discord: FakeDiscord) -> None:
    assert (await posted(discord, "/guilds/1/bans", None, method="GET"))[0] == 404
    assert discord.violations.pop() == "GET /guilds/1/bans: the fake has no such route"


async def test_the_referee_finds_a_wrong_request(discord: FakeDiscord, room: Channel) -> None:
    refereed(discord)
    await posted(discord, f"/channels/{room.id}/messages", {"content": "x", "embeds": [{"title": 5}]})
    assert "embeds/0/title" in discord.violations[0]
    discord.violations.clear()


async def test_the_referee_finds_a_wrong_reply_and_the_block_ends_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async def provoke() -> None:
        with FakeDiscord() as discord:
            refereed(discord)
            guild = discord.guild("The Daily")
            room = guild.channel("newsroom")
            whole = room.say(guild.owner, "x").json()
            monkeypatch.setattr(Post, "json", lambda _: whole | {"author": None})
            await posted(discord, f"/channels/{room.id}/messages", {"content": "x"})

    with pytest.raises(AssertionError, match=r"the fake's reply POST .*author"):
        await provoke()


async def test_waiting_too_long_tells_what_for_and_what_was_asked_last(discord: FakeDiscord, room: Channel) -> None:
    await posted(discord, f"/channels/{room.id}/messages", {"content": "the only request"})
    discord.timeout = 0.05
    with pytest.raises(AssertionError, match=r"waited 0.05 s for the bot(?s:.)*the only request"):
        await asyncio.to_thread(discord.wait_ready)

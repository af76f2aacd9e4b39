"""The fake Discord's REST side, spoken to by an unmodified discord.py client: messages, permissions, places."""

import io
from typing import Any

import aiohttp
import discord as dpy
import pytest

from tests.fakes.discord import Channel, FakeDiscord, Guild
from tests.fakes.discord.client import channel_of, new_client, posted, running
from tests.fakes.discord.mentions import mentioned

SILENT = dpy.AllowedMentions.none()


async def test_a_client_logs_in_and_hears_of_its_servers(discord: FakeDiscord, guild: Guild, room: Channel) -> None:
    role = guild.role("editors", mentionable=True)
    client = new_client()
    async with running(discord, client):
        seen = client.get_guild(int(guild.id))
        assert client.application_id == int(discord.application_id)
        assert seen is not None
        assert (seen.name, seen.me.id) == ("The Daily", int(discord.world.bot.id))
        assert [one.name for one in seen.text_channels] == ["newsroom"]
        assert seen.get_role(int(role.id)) in seen.roles
        assert channel_of(client, room).permissions_for(seen.me).send_messages
    assert discord.intents == dpy.Intents(guilds=True, guild_messages=True).value


async def test_a_wrong_token_is_refused(discord: FakeDiscord) -> None:
    client = new_client()
    discord.token = "wrong"
    with pytest.raises(dpy.LoginFailure):
        await running(discord, client).__aenter__()
    assert discord.requests[-1].status == 401


async def test_a_message_stands_as_it_was_sent(discord: FakeDiscord, room: Channel) -> None:
    client = new_client()
    embed = dpy.Embed(title="Wind", url="https://a.example/1", description="Calm.").add_field(name="Why", value="wind")
    embed.set_footer(text="WD-1").set_thumbnail(url="https://a.example/1.png")
    view = dpy.ui.View(timeout=None)
    view.add_item(dpy.ui.Button(label="Why?", custom_id="why:1"))
    view.add_item(dpy.ui.Select(custom_id="mute", options=[dpy.SelectOption(label="a day")]))
    async with running(discord, client):
        file = dpy.File(io.BytesIO(b"- old\n+ new"), "redline.txt", description="the change")
        sent = await channel_of(client, room).send(
            "**Wind**", embed=embed, view=view, file=file, allowed_mentions=SILENT
        )
        assert await sent.attachments[0].read() == b"- old\n+ new"
    (post,) = room.messages
    assert (post.id, post.content, post.labels) == (str(sent.id), "**Wind**", ["Why?"])
    assert post.embeds[0]["footer"]["text"] == "WD-1"
    assert (post.attachments[0].filename, post.attachments[0].content) == ("redline.txt", b"- old\n+ new")
    assert post.author.bot
    assert post.pinged == frozenset()


async def test_the_same_nonce_gives_the_first_message_until_its_window_is_over(
    discord: FakeDiscord, room: Channel
) -> None:
    client = new_client()
    async with running(discord, client):
        channel = channel_of(client, room)
        first = await channel.send("one", nonce="d1")
        assert (await channel.send("one", nonce="d1")).id == first.id
        discord.leap(121)
        assert (await channel.send("one", nonce="d1")).id != first.id
        discord.nonce_window = 0
        await channel.send("one", nonce="d1")
    assert [post.nonce for post in room.messages] == ["d1"] * 3


async def test_an_edit_changes_the_message_and_leaves_out_what_it_leaves_out(
    discord: FakeDiscord, room: Channel
) -> None:
    client = new_client()
    async with running(discord, client):
        sent = await channel_of(client, room).send(
            "one", embed=dpy.Embed(title="kept"), file=dpy.File(io.BytesIO(b"x"), "x")
        )
        await sent.edit(content="two")
        (post,) = room.messages
        assert (post.content, post.embeds[0]["title"], post.edits) == ("two", "kept", 1)
        await sent.edit(attachments=[dpy.File(io.BytesIO(b"y"), "y")])
        assert [one.content for one in post.attachments] == [b"y"]
        await sent.delete()
    assert room.messages == []


async def test_only_its_own_messages_can_be_edited(discord: FakeDiscord, guild: Guild, room: Channel) -> None:
    said = room.say(guild.member("ann"), "hello")
    client = new_client()
    async with running(discord, client):
        message = await channel_of(client, room).fetch_message(int(said.id))
        assert message.content == "hello"
        with pytest.raises(dpy.Forbidden) as refused:
            await message.edit(content="bye")
    assert refused.value.code == 50005


async def test_edits_of_messages_older_than_an_hour_run_out(discord: FakeDiscord, room: Channel) -> None:
    discord.old_edits = 1
    _, message = await posted(discord, f"/channels/{room.id}/messages", {"content": "one"})
    where = f"/channels/{room.id}/messages/{message['id']}"
    assert (await posted(discord, where, {"content": "fresh"}, method="PATCH"))[0] == 200
    discord.leap(3601)
    assert (await posted(discord, where, {"content": "old"}, method="PATCH"))[0] == 200
    status, body = await posted(discord, where, {"content": "older"}, method="PATCH")
    assert (status, body["code"]) == (429, 30046)


@pytest.mark.parametrize(
    ("denied", "request_of", "code"),
    [
        ("view_channel", "fetch", 50001),
        ("view_channel", "send", 50001),
        ("send_messages", "send", 50013),
        ("attach_files", "send a file", 50013),
        ("embed_links", "send an embed alone", 50013),
        ("read_message_history", "fetch one", 50013),
    ],
)
async def test_what_the_bot_may_not_do_is_refused(
    discord: FakeDiscord, room: Channel, denied: str, request_of: str, code: int
) -> None:
    client = new_client()
    async with running(discord, client):
        channel = channel_of(client, room)
        kept = await channel.send("before")
        room.deny(denied)
        does: dict[str, Any] = {
            "fetch": lambda: client.fetch_channel(int(room.id)),
            "send": lambda: channel.send("x"),
            "send a file": lambda: channel.send("x", file=dpy.File(io.BytesIO(b"x"), "x")),
            "send an embed alone": lambda: channel.send(embed=dpy.Embed(title="x")),
            "fetch one": lambda: channel.fetch_message(kept.id),
        }
        with pytest.raises(dpy.Forbidden) as refused:
            await does[request_of]()
        assert refused.value.code == code
        room.allow(denied)
        await does[request_of]()


async def test_embeds_are_dropped_and_history_is_empty_without_the_permission(
    discord: FakeDiscord, guild: Guild, room: Channel
) -> None:
    client = new_client()
    guild.deny("embed_links", "read_message_history")
    async with running(discord, client):
        channel = channel_of(client, room)
        await channel.send("told", embed=dpy.Embed(title="x"))
        assert [message async for message in channel.history()] == []
    assert [(post.content, post.embeds) for post in room.messages] == [("told", [])]


async def test_permissions_follow_roles_and_overwrites(guild: Guild, room: Channel) -> None:
    editors = guild.role("editors")
    ann, boss = guild.member("ann", roles=[editors]), guild.member("boss", administrator=True)
    room.deny("view_channel", target=guild.everyone)
    assert not ann.may("send_messages", room)
    room.allow("view_channel", target=editors)
    assert ann.may("send_messages", room)
    room.deny("send_messages", target=ann)
    assert (ann.may("send_messages", room), ann.may("attach_files", room)) == (False, False)
    assert ann.may("read_message_history", room)
    assert boss.may("manage_guild", room)
    assert guild.owner.may("mention_everyone", room)
    guild.revoke(ann, editors)
    assert not ann.may("view_channel", room)
    assert guild.member("sub", manage_guild=True).may("manage_guild")


async def test_a_deleted_channel_and_a_server_left_are_unknown(
    discord: FakeDiscord, guild: Guild, room: Channel
) -> None:
    other = guild.channel("other")
    client = new_client()
    async with running(discord, client):
        channel, elsewhere = channel_of(client, room), channel_of(client, other)
        room.delete()
        with pytest.raises(dpy.NotFound) as unknown:
            await channel.send("x")
        guild.remove_bot()
        with pytest.raises(dpy.Forbidden) as left:
            await elsewhere.send("x")
        with pytest.raises(dpy.NotFound):
            await client.fetch_guild(int(guild.id))
    assert (unknown.value.code, left.value.code) == (10003, 50001)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"content": "x" * 2001}, 50035),
        ({"content": "  "}, 50006),
        ({}, 50006),
        ({"embeds": [{"description": "x" * 3001}, {"description": "x" * 3000}]}, 50035),
        ({"embeds": [{"title": "x" * 257}]}, 50035),
        ({"embeds": [{"fields": [{"name": "x", "value": ""}]}]}, 50035),
        ({"content": "x", "components": [{"type": 2, "style": 2, "label": "x", "custom_id": "x"}]}, 50035),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, 50035),
        ({"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "x"}]}, 50035),
    ],
)
async def test_a_message_outside_the_limits_is_refused_and_held_against_the_client(
    discord: FakeDiscord, room: Channel, body: dict[str, Any], code: int
) -> None:
    status, told = await posted(discord, f"/channels/{room.id}/messages", body)
    assert (status, told["code"]) == (400, code)
    assert room.messages == []
    assert discord.violations
    discord.violations.clear()


async def test_buttons_are_five_a_row_with_ids_of_their_own(discord: FakeDiscord, room: Channel) -> None:
    def buttons(*names: str) -> dict[str, Any]:
        return {"type": 1, "components": [{"type": 2, "style": 2, "label": "x", "custom_id": name} for name in names]}

    where = f"/channels/{room.id}/messages"
    assert (await posted(discord, where, {"content": "x", "components": [buttons(*"abcde"), buttons("f")]}))[0] == 200
    for rows in ([buttons(*"abcdef")], [buttons("a"), buttons("a")], [buttons("a" * 101)]):
        assert (await posted(discord, where, {"content": "x", "components": rows}))[1]["code"] == 50035
    discord.violations.clear()


@pytest.mark.parametrize(
    ("content", "allowed", "pinged"),
    [
        ("@everyone and @here", None, {"everyone"}),
        ("@everyone <@1> <@&9>", {"parse": []}, set()),
        ("@everyone <@1> <@&9>", {"parse": ["everyone", "users"]}, {"everyone", "1"}),
        ("<@1> <@!2> <@3>", {"parse": [], "users": [2, "3"]}, {"2"}),
        ("<@&9> <@&8>", {"parse": [], "roles": ["8", "9"]}, {"9"}),
        ("`@everyone` \\<@1>", None, {"everyone", "1"}),
        ("someone@everyones.example", None, set()),
    ],
)
def test_who_is_pinged_follows_content_and_allowed_mentions(content: str, allowed: Any, pinged: set[str]) -> None:
    found = mentioned(content, allowed, users={"1", "2"}, mentionable={"9"}, may_mention_everyone=True)
    assert found.pinged == pinged


async def test_only_a_mentionable_role_is_pinged_unless_the_bot_may_mention_everyone(
    discord: FakeDiscord, guild: Guild, room: Channel
) -> None:
    closed, public = guild.role("closed"), guild.role("public", mentionable=True)
    text = f"{closed.mention} {public.mention} @everyone"
    client = new_client()
    async with running(discord, client):
        first = await channel_of(client, room).send(text)
        guild.allow("mention_everyone")
        await channel_of(client, room).send(text)
        await first.edit(content=f"{closed.mention} again")
    assert [post.pinged for post in room.messages] == [{public.id}, {public.id, closed.id, "everyone"}]


async def test_history_is_paged_both_ways(discord: FakeDiscord, room: Channel) -> None:
    client = new_client()
    async with running(discord, client):
        channel = channel_of(client, room)
        sent = [await channel.send(str(number)) for number in range(5)]
        assert [one.content async for one in channel.history(limit=2)] == ["4", "3"]
        assert [one.content async for one in channel.history(before=sent[2])] == ["1", "0"]
        assert [one.content async for one in channel.history(after=sent[2])] == ["3", "4"]
        assert {one.content async for one in channel.history(around=sent[2], limit=3)} == {"1", "2", "3"}


async def test_an_incoming_webhook_posts_and_edits_without_a_token(discord: FakeDiscord, room: Channel) -> None:
    client = new_client()
    async with running(discord, client), aiohttp.ClientSession() as session:
        address = room.webhook("Feed").url.replace(discord.api, "https://discord.com/api")
        hook = dpy.Webhook.from_url(address, session=session)
        sent = await hook.send("one", wait=True, username="Wire")
        await hook.edit_message(sent.id, content="two")
        await hook.send("three")
    assert [(post.author.name, post.content) for post in room.messages] == [("Wire", "two"), ("Feed", "three")]


async def test_a_forum_takes_threads_with_a_first_message(discord: FakeDiscord, guild: Guild) -> None:
    forum = guild.channel("stories", "forum")
    client = new_client()
    async with running(discord, client):
        made = await channel_of(client, forum).create_thread(name="Wind", content="begins")
        await made.thread.send("goes on")
    (thread,) = forum.threads
    assert [post.content for post in thread.messages] == ["begins", "goes on"]
    status, told = await posted(discord, f"/channels/{forum.id}/messages", {"content": "x"})
    assert (status, told["code"]) == (400, 50008)
    discord.violations.clear()


async def test_a_message_gets_one_thread_of_its_own(discord: FakeDiscord, room: Channel) -> None:
    client = new_client()
    async with running(discord, client):
        sent = await channel_of(client, room).send("Wind")
        thread = await sent.create_thread(name="Wind")
        await thread.send("more")
        with pytest.raises(dpy.HTTPException) as refused:
            await sent.create_thread(name="again")
    assert refused.value.code == 160004
    assert [post.content for one in room.threads for post in one.messages] == ["more"]
    discord.violations.clear()


async def test_components_of_the_second_version_stand_without_content(discord: FakeDiscord, room: Channel) -> None:
    view = dpy.ui.LayoutView(timeout=None)
    button: dpy.ui.Button[dpy.ui.LayoutView] = dpy.ui.Button(label="Show", custom_id="show:1")
    box: Any = dpy.ui.Container(
        dpy.ui.Section(dpy.ui.TextDisplay("**Wind**"), accessory=button),
        dpy.ui.Separator(),
        dpy.ui.MediaGallery(dpy.MediaGalleryItem("https://a.example/1.png")),
        dpy.ui.ActionRow(dpy.ui.Button(label="Next", custom_id="next")),
    )
    view.add_item(box)
    client = new_client()
    async with running(discord, client):
        await channel_of(client, room).send(view=view)
    (post,) = room.messages
    assert (post.text, post.labels) == ("**Wind**", ["Show", "Next"])


async def test_the_names_of_files_are_made_safe(discord: FakeDiscord, room: Channel) -> None:
    client = new_client()
    async with running(discord, client):
        sent = await channel_of(client, room).send(file=dpy.File(io.BytesIO(b"x"), "new list #1.yaml"))
        assert await sent.attachments[0].read() == b"x"
    assert room.messages[0].attachments[0].filename == "new_list__1.yaml"


async def test_a_place_is_read_as_discord_tells_it(discord: FakeDiscord, guild: Guild, room: Channel) -> None:
    thread = room.thread("Wind")
    client = new_client()
    async with running(discord, client):
        fetched = await client.fetch_guild(int(guild.id))
        assert [channel.name for channel in await fetched.fetch_channels()] == ["newsroom"]
        assert {role.name for role in await fetched.fetch_roles()} == {"@everyone", "Wiredesk"}
        assert (await fetched.fetch_member(int(guild.bot.id))).roles[1].name == "Wiredesk"
        assert [one.id for one in await fetched.active_threads()] == [int(thread.id)]
        assert [one.name async for one in client.fetch_guilds()] == ["The Daily"]
        assert (await client.application_info()).bot_public
        async with channel_of(client, room).typing():
            pass
        with pytest.raises(dpy.NotFound):
            await fetched.fetch_member(1)

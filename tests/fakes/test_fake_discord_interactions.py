"""Interactions with the fake Discord: what people do, and what an unmodified discord.py client answers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import Answer, Channel, FakeDiscord, Guild, Member, Upload
from tests.fakes.discord.client import running
from tests.fakes.discord.sample import Desk


@pytest.fixture
def ann(guild: Guild) -> Member:
    return guild.member("ann", roles=[guild.role("editors")])


@pytest.fixture
async def desk(discord: FakeDiscord, room: Channel) -> AsyncIterator[Desk]:
    desk = Desk()
    async with running(discord, desk):
        yield desk
        assert desk.failed.empty()


async def does(act: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    return await asyncio.to_thread(act, *arguments, **options)


async def test_commands_are_listed_as_synced(discord: FakeDiscord, guild: Guild, desk: Desk) -> None:
    names = {command["name"] for command in discord.commands()}
    assert {"watch", "form", "Why this alert?"} <= names
    assert discord.commands(guild) == []
    assert discord.syncs == 1
    before = {command["name"]: command["id"] for command in discord.commands()}
    await desk.tree.sync()
    assert {command["name"]: command["id"] for command in discord.commands()} == before
    assert {command.name for command in await desk.tree.fetch_commands()} == names


async def test_a_slash_command_is_answered(discord: FakeDiscord, room: Channel, ann: Member, desk: Desk) -> None:
    answer: Answer = await does(discord.slash, ann, room, "watch add", name="wind")
    assert (answer.type, answer.deferred, answer.ephemeral, answer.content) == (4, False, False, "**wind** @everyone")
    assert answer.embeds[0]["title"] == "kept"
    assert answer.labels == ["Why?", "Mute", "Slow", "Edit", "Closed"]
    assert room.messages == [answer.message]
    assert answer.pinged == {"everyone"}
    assert list(discord.latencies) == ["watch add"]


async def test_options_are_typed_by_the_synced_definition(
    discord: FakeDiscord, guild: Guild, room: Channel, ann: Member, desk: Desk
) -> None:
    given: dict[str, Any] = {
        "channel": room,
        "role": ann.roles[0],
        "user": ann,
        "days": 3,
        "share": 0.5,
        "quiet": True,
        "when": "At once",
        "file": Upload("a.yaml", b"rows: []"),
    }
    answer = await does(discord.slash, ann, room, "watch typed", **given)
    assert answer.content == "newsroom editors ann 3 0.5 True now rows: []"
    elsewhere = discord.guild("Elsewhere").channel("secret")
    for wrong in ({"days": 8}, {"days": "3"}, {"when": "later"}, {"channel": elsewhere}, {"quiet": 1}, {"new": "x"}):
        with pytest.raises(AssertionError):
            await does(discord.slash, ann, room, "watch typed", **given | wrong)
    with pytest.raises(AssertionError, match="required"):
        await does(discord.slash, ann, room, "watch typed", channel=room)
    with pytest.raises(AssertionError, match="no command 'unwatch' is synced"):
        await does(discord.slash, ann, room, "unwatch")


async def test_autocomplete_sends_what_is_filled_in_so_far(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    offered = await does(discord.autocomplete, ann, room, "watch show", "name", "wi", tag="energy")
    assert offered == [{"name": "wi of energy", "value": "7"}]
    with pytest.raises(AssertionError, match="no autocomplete"):
        await does(discord.autocomplete, ann, room, "watch show", "tag", "e")


async def test_a_deferred_answer_is_waited_for(discord: FakeDiscord, room: Channel, ann: Member, desk: Desk) -> None:
    answer = await does(discord.slash, ann, room, "watch think")
    assert (answer.type, answer.deferred, answer.ephemeral) == (5, True, True)
    final = await does(answer.final)
    assert (final.content, final.ephemeral, final.attachments[0].content) == ("thought", True, b"all")
    assert room.messages == []
    await does((await does(discord.slash, ann, room, "watch think", public=True)).final)
    assert [post.content for post in room.messages] == ["thought"]


async def test_the_first_follow_up_fills_a_deferred_answer(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    answer = await does(discord.slash, ann, room, "watch followed")
    assert (await does(answer.final)).content == "first"
    await does(discord.until, lambda: answer.followups, "the second follow-up")
    assert [(post.content, post.ephemeral) for post in answer.followups] == [("second", True)]


async def test_buttons_answer_update_and_defer(discord: FakeDiscord, room: Channel, ann: Member, desk: Desk) -> None:
    shown = await does(discord.slash, ann, room, "watch add", name="wind")
    why = await does(discord.press, ann, shown, "Why?")
    assert (why.type, why.content, why.ephemeral) == (4, "because", True)
    slow = await does(discord.press, ann, room.messages[0], custom_id="slow")
    assert (slow.type, (await does(slow.final)).content) == (6, "slowly")
    muted = await does(discord.press, ann, shown, label="Mute")
    assert (muted.type, shown.content, shown.labels, shown.embeds[0]["title"]) == (7, "muted", [], "kept")
    with pytest.raises(AssertionError, match="0 buttons are 'Mute'"):
        await does(discord.press, ann, shown, "Mute")


async def test_what_cannot_be_pressed_is_not_pressed(
    discord: FakeDiscord, guild: Guild, room: Channel, ann: Member, desk: Desk
) -> None:
    shown = await does(discord.slash, ann, room, "watch add", name="wind")
    with pytest.raises(AssertionError, match="disabled"):
        await does(discord.press, ann, shown, "Closed")
    private = await does(discord.press, ann, shown, "Why?")
    with pytest.raises(AssertionError, match="bob doesn't see"):
        await does(discord.press, guild.member("bob"), private, "Why?")
    with pytest.raises(AssertionError, match="not in the server"):
        await does(discord.press, discord.guild("Elsewhere").member("eve"), shown, "Why?")
    room.deny("view_channel", target=ann)
    with pytest.raises(AssertionError, match="can't see #newsroom"):
        await does(discord.press, ann, shown, "Why?")
    shown.message.delete()
    with pytest.raises(AssertionError, match="deleted"):
        await does(discord.press, guild.owner, shown, "Why?")


async def test_selects_send_values_and_what_they_refer_to(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    shown = await does(discord.slash, ann, room, "watch add", name="wind")
    assert (await does(discord.choose, ann, shown, "Why not?", "Old")).content == "reason o"
    assert (await does(discord.choose, ann, shown, "role", [ann.roles[0]])).content == "role editors"
    with pytest.raises(AssertionError, match="the select offers"):
        await does(discord.choose, ann, shown, "reason", "New")


async def test_a_modal_is_filled_in_by_label(discord: FakeDiscord, room: Channel, ann: Member, desk: Desk) -> None:
    opened = await does(discord.slash, ann, room, "form")
    assert (opened.type, opened.modal.title, opened.modal.field("Query").value) == (9, "New watch", "wind")
    assert (await does(discord.submit, ann, opened, {"Note": "n"})).content == "wind/n"
    again = await does(discord.slash, ann, room, "form")
    with pytest.raises(AssertionError, match="Query"):
        await does(discord.submit, ann, again, {"Query": "x" * 21})
    with pytest.raises(AssertionError, match="no field 'Name'"):
        await does(discord.submit, ann, again, {"Name": "x"})


async def test_a_modal_of_a_button_can_change_its_message(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    shown = await does(discord.slash, ann, room, "watch add", name="wind")
    opened = await does(discord.press, ann, shown, "Edit")
    submitted = await does(discord.submit, ann, opened, {"Query": "tide"})
    assert (submitted.type, shown.content) == (7, "tide, edited")


async def test_a_modal_with_labels_and_selects(discord: FakeDiscord, room: Channel, ann: Member, desk: Desk) -> None:
    opened = await does(discord.slash, ann, room, "labelled")
    sent = await does(discord.submit, ann, opened, {"Name": "wind", "Channel": [room]})
    assert sent.content == f"wind to {room.mention} now"


async def test_a_message_menu_carries_the_whole_message(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    said = room.say(ann, "https://a.example")
    answer = await does(discord.menu, ann, room, "Why this alert?", said)
    assert (answer.content, answer.ephemeral) == ("because https://a.example", True)


async def test_each_interaction_carries_the_roles_and_permissions_of_the_moment(
    discord: FakeDiscord, guild: Guild, room: Channel, ann: Member, desk: Desk
) -> None:
    async def told() -> str:
        return str((await does(discord.slash, ann, room, "only_here")).content)

    assert await told() == "editors False"
    chiefs = guild.role("chiefs", "manage_guild")
    discord.grant(ann, chiefs)
    assert await told() == "editors chiefs True"
    discord.revoke(ann, chiefs)
    assert await told() == "editors False"


async def test_in_direct_messages_only_what_is_offered_there(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    answer = await does(discord.direct, ann, "watch show", name="wind")
    assert (answer.content, answer.message.channel.guild) == ("wind", None)
    with pytest.raises(AssertionError, match="not offered in direct messages"):
        await does(discord.direct, ann, "only_here")


async def test_a_first_answer_after_the_deadline_is_none(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    discord.deadline = 0.05
    with pytest.raises(AssertionError, match=r"waited 0.05 s for the first answer to 'slow'"):
        await does(discord.slash, ann, room, "slow")
    await does(discord.until, lambda: discord.requests[-1].path.endswith("/callback"), "the late answer")
    await does(discord.until, lambda: discord.requests[-1].status == 404, "its refusal")
    assert "10062" in str(await desk.failed.get())


async def test_an_answer_has_to_fit_and_comes_once(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    answer = await does(discord.slash, ann, room, "wrong")
    await does(discord.until, lambda: answer.followups, "what was refused")
    assert answer.followups[0].content == "[50035, 0, 40060]"
    assert "does not fit an interaction of type 2" in discord.violations.pop(0)
    discord.violations.clear()


async def test_the_token_of_an_interaction_ends_after_a_quarter_of_an_hour(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    answer = await does(discord.slash, ann, room, "watch show", name="x")
    discord.leap(901)
    where = f"{discord.api}/webhooks/{discord.application_id}/{answer.exchange.token}"
    async with aiohttp.ClientSession() as session, session.post(where, json={"content": "late"}) as reply:
        assert (reply.status, (await reply.json())["code"]) == (401, 50027)

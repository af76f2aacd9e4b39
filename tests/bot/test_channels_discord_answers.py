"""The bot's channel: what each of Discord's answers comes to; edits; buttons."""

import gc
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.channels.discord import DiscordChannel, Poster
from tests.bot.alerts import STORY
from tests.bot.lines import Desk, delivery, opened
from tests.fakes.discord import FakeDiscord, RateLimited
from watchers.errors import ConfigError
from watchers.models import Outgoing, Refused, Retry, Sent


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with opened(monkeypatch) as made:
        yield made


# ── what comes back ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_limit_of_the_route_is_waited_out_where_it_is_told(desk: Desk) -> None:
    desk.fake.trouble([RateLimited(0.05)])
    assert isinstance(await desk.send(), Sent)
    assert desk.limits == []


async def test_hard_case_85_a_global_limit_is_heard_of_at_once(desk: Desk) -> None:
    desk.fake.trouble([RateLimited(0.05, "global")])
    assert isinstance(await desk.send(), Sent)
    assert desk.limits == [1.0]  # the header's whole seconds


async def test_a_limit_before_discord_itself_is_put_off(desk: Desk) -> None:
    desk.fake.trouble([RateLimited(7, via=False)])
    assert await desk.send() == Retry("discord: 429: error code: 1015", after=7.0)


async def test_hard_case_86_a_permission_lost_or_a_channel_deleted_pauses_the_channel(desk: Desk) -> None:
    desk.room.deny("send_messages")
    assert await desk.send() == Refused("discord: 403: Missing Permissions (50013)", pause=True)
    desk.room.delete()
    assert await desk.send() == Refused("discord: 404: Unknown Channel (10003)", pause=True)


async def test_what_discord_finds_wrong_with_a_post_is_refused_alone(desk: Desk) -> None:
    forum = desk.guild.channel("forum", "forum")
    channel = DiscordChannel("forum", channel_id=forum.id, poster=Poster(desk.line, lambda _: None))
    result = await channel.send(delivery())
    assert isinstance(result, Refused)
    assert not result.pause
    assert "(50008)" in result.error
    desk.fake.violations.clear()


async def test_a_token_that_is_not_accepted_costs_no_alert(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.fake._front, "token", "another")
    result = await desk.send()
    assert isinstance(result, Retry)
    assert "set DISCORD_TOKEN" in result.error


async def test_a_discord_that_can_not_be_reached_has_taken_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeDiscord() as gone:
        pass
    monkeypatch.setattr(discord.http.Route, "BASE", gone.api)
    result = await desk.send()
    assert isinstance(result, Retry)
    assert not result.maybe_taken


async def test_without_a_line_the_channel_is_not_ready_and_takes_nothing(desk: Desk) -> None:
    desk.line.client = None
    assert not desk.channel.ready
    assert await desk.send() == Retry("discord: not connected", after=5.0)


async def test_a_line_that_is_cut_in_the_middle_is_data(desk: Desk) -> None:
    assert desk.line.client is not None
    await desk.line.client.close()
    result = await desk.send()
    assert isinstance(result, Retry)


@pytest.mark.parametrize("answer", [b"[]", b"null", b"{", b'{"id": 5}', b'"ok"'])
async def test_an_answer_that_is_none_of_discord_s_is_data(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    from aiohttp import web

    def odd(*_: object) -> web.Response:
        return web.Response(body=answer, content_type="application/json")

    monkeypatch.setattr(desk.fake._front, "_reply", odd)
    result = await desk.send()
    assert isinstance(result, Retry)
    assert result.maybe_taken


async def test_an_id_that_is_none_says_where_to_find_one(desk: Desk) -> None:
    for wrong in ("", "desk", "0", "-5", "٣", "9" * 30):
        with pytest.raises(ConfigError, match="is no channel's id: copy it in Discord"):
            DiscordChannel("desk", channel_id=wrong, poster=Poster(desk.line, lambda _: None))


# ── edits and buttons ────────────────────────────────────────────────────────────────────────────────────


class Why(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"test:why:(?P<alert>\d+)"):
    def __init__(self, alert: int | None) -> None:
        super().__init__(discord.ui.Button(label="Why?", custom_id=f"test:why:{alert}"))


def _buttons(shown: Outgoing) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(Why(shown.alert_id))
    return view


async def test_an_edit_keeps_the_buttons_calls_nobody_and_takes_any_mark_away(desk: Desk) -> None:
    channel = DiscordChannel("desk", channel_id=desk.room.id, poster=Poster(desk.line, _buttons))
    alone = replace(STORY, copies=())
    sent = await channel.send(delivery(alert=alone, alert_id=7, mentions=("1234",)))
    assert isinstance(sent, Sent)
    assert sent.message_id is not None
    assert await channel.edit(delivery(alert_id=7, mentions=("1234",), resent=True), sent.message_id) == sent
    (post,) = desk.room.messages
    assert [button["custom_id"] for button in post.buttons] == ["test:why:7"]
    assert "Coastal Wire 1" in post.text
    assert "<@&1234>" not in post.text
    assert "resent" not in post.text


async def test_buttons_of_posts_do_not_pile_up_in_memory(desk: Desk) -> None:
    channel = DiscordChannel("desk", channel_id=desk.room.id, poster=Poster(desk.line, _buttons))
    for number in range(5):
        assert isinstance(await channel.send(delivery(number, alert_id=number)), Sent)
    gc.collect()
    assert not [each for each in gc.get_objects() if isinstance(each, discord.ui.View)]


async def test_an_edit_of_a_post_that_is_gone_or_another_s_is_refused_alone(desk: Desk) -> None:
    ann = desk.room.say(desk.guild.member("ann"), "hello")
    unknown = await desk.channel.edit(delivery(), "77")
    anothers = await desk.channel.edit(delivery(), ann.id)
    assert unknown == Refused("discord: 404: Unknown Message (10008)")
    assert isinstance(anothers, Refused)
    assert not anothers.pause


async def test_an_old_post_edited_too_often_waits_for_an_hour(desk: Desk) -> None:
    await desk.send()
    (post,) = desk.room.messages
    desk.fake.leap(3700)
    desk.fake.old_edits = 0
    desk.fake._messages.old_edit_wait = 0.01
    result = await desk.channel.edit(delivery(), post.id)
    assert isinstance(result, Retry)
    assert result.after == 3600.0


async def test_an_edit_shows_what_it_was_given_last(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.send(alert=replace(STORY, copies=()))
    (post,) = desk.room.messages
    monkeypatch.setattr("bot.channels.discord._PATIENCE", 0.05)
    desk.fake.trouble([RateLimited(0.4)])
    assert isinstance(await desk.channel.edit(delivery(alert=replace(STORY, copies=STORY.copies[:1])), post.id), Retry)
    monkeypatch.setattr("bot.channels.discord._PATIENCE", 30.0)
    assert isinstance(await desk.channel.edit(delivery(), post.id), Sent)
    assert "Copies (9)" in post.text

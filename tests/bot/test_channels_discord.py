"""The bot's channel against a Discord over real HTTP, good and bad: each alert stands once."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from hypothesis import HealthCheck, given, settings

from bot.channels.discord import DiscordChannel, Poster
from tests.bot.alerts import POLICY, STORY, hostile_alerts, outgoing
from tests.bot.lines import TestLine, signed_in
from tests.fakes.discord import Accept, Channel, Cut, FakeDiscord, Guild, Hang, RateLimited, Status, Trouble
from watchers.errors import ConfigError
from watchers.models import Alert, Change, Outgoing, Piece, Refused, Retry, SendResult, Sent

LOST: list[Trouble] = [Status(500, accepts=True), Status(503, accepts=True), Cut(accepts=True)]
UNSENT: list[Trouble] = [Status(500), Status(503), Cut()]


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
async def _opened(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    limits: list[float] = []
    with FakeDiscord() as fake:
        fake.nonce_window = 0.0
        guild = fake.guild("The Harbour Ledger")
        room = guild.channel("desk")
        async with signed_in(fake, monkeypatch, limits.append) as line:
            channel = DiscordChannel("desk", channel_id=room.id, poster=Poster(line, lambda _: None))
            yield Desk(fake, guild, room, line, channel, limits)


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with _opened(monkeypatch) as opened:
        yield opened


# ── what is posted ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_card_is_posted_with_its_reference_as_nonce_and_the_message_s_id_comes_back(desk: Desk) -> None:
    result = await desk.send()
    (post,) = desk.room.messages
    assert result == Sent(post.id)
    assert post.nonce == "WD-ABCDE-1"
    assert post.content == f"**{STORY.title}** · The Harbour Ledger · <{STORY.url}>"
    assert post.embeds[0]["footer"]["text"] == "ref WD-ABCDE-1"


async def test_hard_case_75_nobody_is_called_but_the_routed_role(desk: Desk) -> None:
    role, other = (desk.guild.role(name, mentionable=True) for name in ("desk", "other"))
    ann = desk.guild.member("ann")
    hostile = replace(STORY, title=f"@everyone @here <@{ann.id}> {other.mention} {role.mention}")
    for room_may in (False, True):
        if room_may:
            desk.room.allow("mention_everyone")
        await desk.send(room_may, alert=hostile, mentions=(role.id,))
        await desk.send(2 + room_may, alert=hostile)
    assert [post.pinged for post in desk.room.messages] == [{role.id}, set(), {role.id}, set()]
    sent = [request.body["allowed_mentions"] for request in desk.fake.requests if request.method == "POST"]
    assert sent == [{"parse": [], "roles": [int(role.id)]}, {"parse": []}] * 2


async def test_what_does_not_fit_is_posted_as_a_file(desk: Desk) -> None:
    text = " ".join(f"wörd{number}" for number in range(2000))
    long = replace(POLICY, changes=(Change(heading="1", pieces=(Piece(op="added", text=text),)),))
    await desk.send(alert=long)
    (file,) = desk.room.messages[0].attachments
    assert (file.filename, file.content.decode()) == ("change.txt", f"1\n**{text}**\n")


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(alert=hostile_alerts)
def test_hostile_text_keeps_discord_s_rules(monkeypatch: pytest.MonkeyPatch, alert: Alert) -> None:
    async def send() -> None:
        async with _opened(monkeypatch) as desk:  # which ends in an error if the referee found anything
            assert isinstance(await desk.send(alert=alert), Sent)
            (post,) = desk.room.messages
            assert isinstance(await desk.channel.edit(delivery(alert=alert), post.id), Sent)

    asyncio.run(send())


# ── once ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("trouble", LOST)
async def test_hard_case_84_what_was_taken_though_the_answer_got_lost_is_found_and_stands_once(
    desk: Desk, trouble: Trouble
) -> None:
    desk.fake.trouble([trouble])
    first = await desk.send()
    assert isinstance(first, Retry)
    assert first.maybe_taken
    again = await desk.send(resent=True)
    (post,) = desk.room.messages
    assert again == Sent(post.id)
    assert "resent" not in post.text


@pytest.mark.parametrize("trouble", UNSENT)
async def test_what_may_have_been_taken_and_was_not_is_posted_without_a_mark(desk: Desk, trouble: Trouble) -> None:
    desk.fake.trouble([trouble])
    await desk.send()
    assert isinstance(await desk.send(resent=True), Sent)
    (post,) = desk.room.messages
    assert "resent" not in post.text


async def test_hard_case_83_what_was_being_sent_at_a_crash_is_looked_up_among_much_else(desk: Desk) -> None:
    ann = desk.guild.member("ann")
    for number in range(120):
        desk.room.say(ann, f"ref WD-ABCDE-1 {number}")
    await desk.send(11)
    await desk.send(1)
    for number in range(120):
        desk.room.say(ann, f"{number}")
    before = len(desk.room.messages)
    found = await desk.another().send(delivery(resent=True))
    assert found == Sent(desk.room.messages[121].id)
    assert len(desk.room.messages) == before


async def test_while_discord_knows_the_nonce_the_first_message_comes_back(desk: Desk) -> None:
    desk.fake.nonce_window = 120.0
    first = await desk.send()
    assert await desk.another().send(delivery()) == first
    assert len(desk.room.messages) == 1


@pytest.mark.parametrize("failing", [True, False])
async def test_a_look_that_fails_is_never_a_blind_resend(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, failing: bool
) -> None:
    client = desk.line.client
    assert client is not None

    def history(*_: object, **__: object) -> Any:
        raise (OSError("reset") if failing else TimeoutError)

    monkeypatch.setattr(discord.PartialMessageable, "history", history)
    result = await desk.send(resent=True)
    assert isinstance(result, Retry)
    assert not result.maybe_taken
    assert not [request for request in desk.fake.requests if request.method == "POST"]


async def test_where_the_bot_may_not_read_the_history_a_second_post_is_marked(desk: Desk) -> None:
    desk.room.deny("read_message_history")
    assert isinstance(await desk.another().send(delivery(resent=True)), Sent)
    assert "resent" in desk.room.messages[0].text


async def test_an_attempt_without_an_end_is_left_to_end_and_never_repeated_beside_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.discord._PATIENCE", 0.05)
    desk.fake.trouble([RateLimited(0.6)])
    first = await desk.send()
    assert first == Retry("discord: no answer within 0 s", maybe_taken=True)
    monkeypatch.setattr("bot.channels.discord._PATIENCE", 30.0)
    again = await desk.send(resent=True)
    assert again == Sent(desk.room.messages[0].id)
    assert len([request for request in desk.fake.requests if request.method == "POST"]) == 2  # the second: discord.py's


async def test_who_stops_waiting_breaks_no_post_off(desk: Desk) -> None:
    desk.fake.trouble([RateLimited(0.3, "global")])
    waiting = asyncio.create_task(desk.send())
    await asyncio.to_thread(desk.fake.until, lambda: len(desk.fake.requests) > 3, "the post")
    waiting.cancel()
    await asyncio.wait([waiting])
    assert isinstance(await desk.send(2), Sent)
    assert desk.references == ["WD-ABCDE-1", "WD-ABCDE-2"]


async def test_a_request_that_hangs_is_given_up_on_the_wire(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.wire.LONGEST", 0.1)
    desk.fake.trouble([Hang()])
    assert await desk.send() == Retry("discord: no answer in time", maybe_taken=True)
    assert isinstance(await desk.send(resent=True), Sent)


async def test_a_post_that_people_deleted_at_once_is_not_posted_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deleted(*_: object, **__: object) -> None:
        response: Any = type("Response", (), {"status": 404, "reason": "Not Found", "headers": {}})()
        raise discord.NotFound(response, {"code": 10008, "message": "Unknown Message"})

    monkeypatch.setattr(discord.PartialMessageable, "send", deleted)
    assert await desk.send(resent=True) == Sent()


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


# ── many ─────────────────────────────────────────────────────────────────────────────────────────────────


def _troubles() -> Iterator[Trouble]:
    while True:
        yield from (*LOST, Accept(), *UNSENT, Accept())


async def test_alerts_in_a_row_through_every_trouble_stand_once_and_in_order(desk: Desk) -> None:
    desk.fake.trouble(_troubles())
    for number in range(12):
        made = delivery(number)
        while not isinstance(result := await desk.channel.send(made), Sent):
            assert isinstance(result, Retry)
            made = replace(made, resent=made.resent or result.maybe_taken)
    assert desk.references == [f"WD-ABCDE-{number}" for number in range(12)]

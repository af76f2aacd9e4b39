"""The bot's channel against a Discord over real HTTP, good and bad: each alert stands once."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from hypothesis import HealthCheck, given, settings

from tests.bot.alerts import POLICY, STORY, hostile_alerts
from tests.bot.lines import Desk, delivery, opened
from tests.fakes.discord import Accept, Cut, Hang, RateLimited, Status, Trouble
from watchers.models import Alert, Change, Piece, Retry, Sent

LOST: list[Trouble] = [Status(500, accepts=True), Status(503, accepts=True), Cut(accepts=True)]
UNSENT: list[Trouble] = [Status(500), Status(503), Cut()]


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with opened(monkeypatch) as made:
        yield made


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
    assert file.filename == "change.txt"
    assert text in file.content.decode()


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(alert=hostile_alerts)
def test_hostile_text_keeps_discord_s_rules(monkeypatch: pytest.MonkeyPatch, alert: Alert) -> None:
    async def send() -> None:
        async with opened(monkeypatch) as desk:  # which ends in an error if the referee found anything
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


async def test_hard_case_60_what_was_taken_is_found_also_by_a_clock_that_is_days_ahead(desk: Desk) -> None:
    first = await desk.send()
    made = delivery(resent=True)
    assert made.made_at is not None
    ahead = replace(made, made_at=made.made_at + timedelta(days=3))
    assert await desk.another().send(ahead) == first
    assert len(desk.room.messages) == 1


async def test_a_look_into_a_long_history_ends_where_the_post_can_t_be(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.discord._LATEST", 100)
    ann = desk.guild.member("ann")
    for number in range(250):
        desk.room.say(ann, f"{number}")
    late = replace(delivery(resent=True), made_at=datetime.now(UTC) + timedelta(days=1))
    assert isinstance(await desk.another().send(late), Sent)
    looks = [request for request in desk.fake.requests if request.method == "GET" and "messages" in request.path]
    assert len(looks) == 1


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

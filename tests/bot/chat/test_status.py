"""`/status`: what is in trouble, and what waits."""

from datetime import timedelta
from typing import Any

import pytest

from bot.answers.status import in_bytes
from tests.bot.chat import posted
from tests.bot.chat.newsroom import NOW, Room, shown, words
from watchers.models import Refused
from watchers.storage import guilds, refusals, sending, sources
from watchers.storage.audit import Actor, By
from watchers.storage.schema import channels, follows


async def state(room: Room, name: str, **columns: Any) -> None:
    def save(connection: Any) -> None:
        source = connection.execute(follows.select().where(follows.c.name == name)).one().source_id
        sources.save(connection, source, {"last_polled_at": NOW} | columns)

    await room.database.write(save)


FAILING = {"failures": 3, "failing_since": NOW, "last_outcome": "failed", "last_error": "no answer"}
SILENT = {"told_failing": True, "told_silent": True, "first_ok_at": NOW, "last_new_at": NOW - timedelta(days=9)}


async def test_a_desk_without_trouble_says_what_it_has(room: Room) -> None:
    await posted.follow(room, room.first)
    await state(room, "courier", first_ok_at=NOW)
    post = await posted.post_story(room, room.first)
    answer = await room.cy.slash(room.channel, "status")
    said = words(answer)
    assert shown(answer).title == "The Daily Gull: all is well"
    assert f"**Watches** 1 · **Sources** 1, last asked <t:{int(NOW.timestamp())}:R>" in said
    assert f"in <#{room.channel.id}> · [post](https://discord.com/channels/" in said
    assert str(post.message.id) in said
    assert "**Waiting to be posted** nothing" in said
    assert "Wiredesk 0" in said


async def test_failing_and_silent_sources_are_told_apart_five_of_each(room: Room) -> None:
    names = [f"s{number}" for number in range(8)]
    await posted.follow(room, room.first, sources=names)
    for name in names[:7]:
        await state(room, name, **FAILING)
    await state(room, "s7", **SILENT)
    answer = await room.cy.slash(room.channel, "status")
    said = words(answer)
    assert "something needs you" in said
    assert "Failing sources (7): 🔴 **s0** · failing since" in said
    assert "… and 2 more" in said
    assert "Silent sources (1): 🔴 **s7** · silent: nothing new since" in said


async def test_what_waits_says_since_when(room: Room) -> None:
    await posted.follow(room, room.first)
    await posted.bring(room, room.first, posted.story())
    said = words(await room.cy.slash(room.channel, "status"))
    assert f"**Waiting to be posted** 1 alert, the oldest <t:{int(NOW.timestamp())}:R>" in said


async def test_paused_posting_says_how_to_go_on(room: Room) -> None:
    by = By(desk=room.desk, actor=Actor("1", "Bo"), act="desk pause-all", now=NOW)
    await room.database.write(guilds.set_posting, by, active=False)
    await room.office.refresh()
    said = words(await room.cy.slash(room.channel, "status"))
    assert "Posting is paused" in said
    assert "`/desk resume-all`" in said


async def test_a_refused_alert_and_the_channel_that_it_paused_are_named_with_the_reason(room: Room) -> None:
    await posted.follow(room, room.first)
    await posted.bring(room, room.first, posted.story())

    def refuse(connection: Any) -> None:
        channel = connection.execute(channels.select()).first().id
        taken = sending.take(connection, channel, now=NOW, burst=5)
        assert taken is not None
        refusals.bury(connection, channel, taken, Refused("403: Missing Access", pause=True), demo=False, now=NOW)

    await room.database.write(refuse)
    await room.office.refresh()
    said = words(await room.cy.slash(room.channel, "status"))
    assert "**Refused for good** 1 alert" in said
    assert f"Paused channels (1): ⏸️ <#{room.channel.id}> · 403: Missing Access" in said


async def test_another_server_sees_its_own_only(room: Room) -> None:
    await posted.follow(room, room.first)
    await state(room, "courier", **FAILING)
    await posted.post_story(room, room.first)
    other = await room.server("The Other")
    said = words(await other.cy.slash(other.channel, "status"))
    assert "The Other: all is well" in said
    assert "courier" not in said
    assert "none yet: follow one by `/source add`" in said
    assert "**Last alert** none yet" in said


@pytest.mark.parametrize(
    ("number", "shown_as"), [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KB"), (5 * 1024**5, "5120.0 TB")]
)
def test_a_size_is_told_in_its_largest_unit(number: int, shown_as: str) -> None:
    assert in_bytes(number) == shown_as

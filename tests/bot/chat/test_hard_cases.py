"""Hard cases 94, 96, 97, 98 and 99 in chat, beyond what each command's own tests ask."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from tests.bot.chat.anyone import VERBS, Asker, completed, numbers, values
from tests.bot.chat.asking_anything import Raw, commands_of, forged, menus_of
from tests.bot.chat.newsroom import Room, message, newsroom, words
from tests.bot.chat.two_desks import Both, two_desks
from tests.fakes.web import Reply, Web
from watchers.storage import audit

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Gull Metro</title><link>http://gull.example/</link>
<item><title>Harbor cameras stay on</title><link>http://gull.example/1</link></item></channel></rss>"""


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web() as server:
        server.serve("/feed", FEED)
        server.serve("/broken", Reply(500))
        yield server


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    async with two_desks(tmp_path) as opened:
        yield opened


async def test_hard_case_94_a_role_of_another_server_is_refused_and_on_record(room: Room) -> None:
    herald = await room.server("Herald")
    command = commands_of(room.env.bot)["route set"]
    given = {"channel": room.channel, "tag": "local", "role": herald.editors}
    answer = await Raw(room.env).slash(room.bo, room.channel, command, given)
    assert "is not this server's: choose one of this server's roles" in words(answer)
    with room.database.reading() as connection:
        (refused, *_) = audit.entries(connection, room.desk, limit=1)
    assert (refused.act, refused.noun, refused.name) == ("route set", "role", str(herald.editors.id))


async def test_hard_case_96_in_a_direct_message_nothing_is_done_whatever_is_asked(both: Both) -> None:
    asker, side = Asker(both, both.left, "bo", directly=True), both.left
    commands = commands_of(both.room.env.bot)
    for command in commands.values():
        given = {option.name: values(both, side, option)[0] for option in command.parameters if option.required}
        await asker.ask(asker.raw.slash(asker.actor, asker.room, command, given))
    for name, option in completed(commands):
        offered = await asker.ask(asker.raw.autocomplete(asker.actor, asker.room, commands[name], option, ""))
        assert offered.autocomplete_choices == []
    for menu in menus_of(both.room.env.bot):
        said = asker.say()
        await asker.ask(asker.raw.menu(asker.actor, asker.room, menu, said, said.id))
    for what in forged({table: found[:1] for table, found in numbers(both, side).items()}, VERBS):
        await asker.ask(asker.raw.press(asker.actor, asker.room, asker.say(under=what), what))


@pytest.mark.parametrize("path", ["/feed", "/broken", "/nothing"])
async def test_hard_case_97_no_log_holds_a_secret(
    tmp_path: Path, web: Web, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.INFO), structlog.testing.capture_logs() as logged:
        async with newsroom(tmp_path, allow_hosts=web.place) as room:
            preview = await room.ann.slash(room.channel, "source add", url=web.url(f"{path}?token=hush"), name="metro")
            await room.ann.click(message(preview), label="Save")
            await room.ann.slash(room.channel, "source test", name="metro")
            await room.ann.slash(room.channel, "story known", url=web.url(f"{path}?token=hush"))
    assert logged, "the desk says what it does"
    assert "hush" not in repr(logged) + caplog.text


async def test_hard_case_98_a_server_that_removed_the_bot_has_a_desk_that_rests(room: Room) -> None:
    herald = await room.server("Herald")
    room.env.backend.remove_guild(herald.guild.id)
    await room.env.settle()
    left = {desk.id: desk.left_at for desk in room.office.directory.all()}
    assert left == {room.desk: None, herald.desk: room.now[0]}


async def test_hard_case_98_a_server_that_is_gone_at_the_start_has_a_desk_that_rests(room: Room) -> None:
    herald = await room.server("Herald")
    guild = room.env.backend.guilds.pop(herald.guild.id)
    await room.restart()
    left = {desk.id: desk.left_at for desk in room.office.directory.all()}
    assert left == {room.desk: None, herald.desk: room.now[0]}
    room.env.backend.guilds[guild.id] = guild
    await room.restart()
    assert [desk.left_at for desk in room.office.directory.all()] == [None, None]


async def test_hard_case_99_a_desk_follows_no_more_sources_than_its_quota(tmp_path: Path, web: Web) -> None:
    async with newsroom(tmp_path, allow_hosts=web.place) as room:
        for number in range(51):
            web.serve(f"/feed{number}", FEED)
        opml = "".join(f'<outline text="s{number}" xmlUrl="{web.url(f"/feed{number}")}"/>' for number in range(50))
        whole = f'<opml version="2.0"><body>{opml}</body></opml>'.encode()
        await room.ann.slash(room.channel, "desk import", file=("all.opml", whole), mode="merge")
        assert len(room.office.directory.all()[0].sources) == 50
        preview = await room.ann.slash(room.channel, "source add", url=web.url("/feed50"), name="one-more")
        await room.ann.click(message(preview), label="Save")
        assert "This desk may have 50 sources, and has no room for 51" in words(preview)
        assert len(room.office.directory.all()[0].sources) == 50

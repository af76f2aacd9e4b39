"""`/desk setup`, pausing, export and audit, from Discord."""

from contextlib import suppress
from typing import Any

import discord
import pytest
from simcord import interactions
from simcord.backend.errors import SetupError
from simcord.interactions import resolve_handle

from bot.client import DeskClient
from config.watchlist import Watchlist
from tests.bot.chat.newsroom import NOW, Room, Server, message, shown, words
from watchers.storage import audit, guilds, watchlist
from watchers.storage.audit import Entry


async def _set_up(server: Server, **more: object) -> str:
    options = {"channel": server.channel, "editors_role": server.editors} | more
    return words(await server.bo.slash(server.channel, "desk setup", **options))


def _acts(room: Room, desk: int | None = None) -> list[Entry]:
    with room.database.reading() as connection:
        return audit.entries(connection, desk or room.desk, limit=50)


def _resolve_what_is_there(actor: Any, value: Any, resolved: Any, *, channel_id: int) -> None:
    """Discord describes only what the server has; a client of somebody's own may name any id beside that."""
    with suppress(SetupError):
        resolve_handle(actor, value, resolved, channel_id=channel_id)


async def _apply(room: Room, **desk: object) -> None:
    """Have the watch-list file say this of its desk."""
    told = Watchlist.model_validate({"desk": desk, "channels": {"terminal": {"kind": "terminal"}}})
    await room.database.write(watchlist.apply, told, now=NOW)
    await room.office.refresh()


# ── setup ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_server_becomes_a_desk_that_says_what_to_do_next(room: Room) -> None:
    herald = await room.server("Herald", set_up=False)
    told = await _set_up(herald, timezone="America/New_York")
    assert "This server is a desk now" in told
    assert f"<#{herald.channel.id}>" in told
    assert "America/New_York" in told
    assert "/source add" in told
    assert "Not ready" not in told
    assert "None yet" in words(await herald.ann.slash(herald.channel, "entity list"))


async def test_a_second_setup_changes_the_desk_and_is_on_record(room: Room) -> None:
    quiet = room.first.guild.create_text_channel("quiet")
    told = await _set_up(room.first, channel=quiet, timezone="Europe/London")
    assert "settings are changed" in told
    (last, *_) = _acts(room)
    assert last.before is not None
    assert last.after is not None
    assert (last.act, last.before["admin_channel"], last.after["admin_channel"]) == ("desk setup", "newsroom", "quiet")
    assert last.after["timezone"] == "Europe/London"


async def test_without_a_time_zone_the_desk_keeps_its_own(room: Room) -> None:
    await _set_up(room.first, timezone="Europe/London")
    assert "Europe/London" in await _set_up(room.first)


async def test_what_the_bot_lacks_in_the_channel_is_named(room: Room) -> None:
    nobody = discord.PermissionOverwrite(attach_files=False, read_message_history=False)
    mute = room.first.guild.create_text_channel("mute", overwrites={room.first.guild.default_role: nobody})
    told = await _set_up(room.first, channel=mute)
    assert "lacks **Attach Files**, **Read Message History**" in told


async def test_hard_case_94_a_channel_of_another_server_is_refused_and_on_record(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    herald = await room.server("Herald")
    monkeypatch.setattr(interactions, "resolve_handle", _resolve_what_is_there)
    answer = await room.bo.slash(room.channel, "desk setup", channel=herald.channel, editors_role=room.first.editors)
    assert "is not this server's" in words(answer)
    refused = _acts(room)[0]
    assert (refused.act, refused.noun, refused.name) == ("desk setup", "channel", str(herald.channel.id))
    assert refused.refused is not None
    assert _acts(room, herald.desk)[0].refused is None


async def test_everyone_can_t_be_the_editors(room: Room) -> None:
    told = await _set_up(room.first, editors_role=room.first.guild.default_role)
    assert "this role is everyone's" in told


async def test_a_time_zone_that_is_none_is_refused_with_the_one_that_may_be_meant(room: Room) -> None:
    assert "did you mean Europe/London?" in await _set_up(room.first, timezone="Europe/Londn")


@pytest.mark.parametrize(("typed", "first"), [("New York", "America/New_York"), ("tokyo", "Asia/Tokyo")])
async def test_time_zones_are_found_by_their_city(room: Room, typed: str, first: str) -> None:
    herald = await room.server("Herald", set_up=False)
    found = await herald.bo.autocomplete(herald.channel, "desk setup", "timezone", typed)
    assert found[0]["value"] == first


async def test_an_editor_can_t_set_the_desk_up(room: Room) -> None:
    answer = await room.ann.slash(room.channel, "desk setup", channel=room.channel, editors_role=room.first.editors)
    assert "needs the permission Manage Server" in words(answer)


async def test_what_the_watch_list_file_states_of_its_desk_stays_the_file_s(room: Room) -> None:
    herald = await room.server("Herald", set_up=False)
    await _apply(room, guild=str(herald.guild.id), timezone="America/New_York", admin_channel="terminal")
    told = await _set_up(herald, timezone="Europe/London")
    assert "The channel and time zone: the watch-list file states it" in told
    assert "`terminal`" in told
    assert "America/New_York" in told
    assert "None yet" in words(await herald.ann.slash(herald.channel, "entity list"))


async def test_what_the_file_doesn_t_state_of_its_desk_is_set_in_chat(room: Room) -> None:
    herald = await room.server("Herald", set_up=False)
    await _apply(room, guild=str(herald.guild.id))
    assert "Kept" not in await _set_up(herald, timezone="Europe/London")
    await _apply(room, guild=str(herald.guild.id), digest_at="07:00")
    desk = room.office.directory.of_guild(str(herald.guild.id))
    assert desk is not None
    assert (desk.timezone, desk.admin_channel) == ("Europe/London", "newsroom")


async def test_hard_case_96_in_a_direct_message_no_command_is_even_offered(room: Room) -> None:
    assert room.bo.user.available_commands() == ()
    with pytest.raises(SetupError, match="context"):
        await room.bo.user.slash("desk export")


# ── pausing, export ──────────────────────────────────────────────────────────────────────────────────────


async def test_alerts_wait_until_they_may_go_again(room: Room) -> None:
    assert "nothing is lost" in words(await room.ann.slash(room.channel, "desk pause-all"))
    assert room.office.directory.all()[0].posting == "paused"
    assert "go out again" in words(await room.ann.slash(room.channel, "desk resume-all"))
    assert room.office.directory.all()[0].posting == "active"


async def test_the_watch_list_is_exported_as_a_file(room: Room) -> None:
    await room.ann.slash(room.channel, "entity add", name="nypd", full_name="New York Police")
    answer = await room.ann.slash(room.channel, "desk export")
    (file,) = message(answer).attachments
    assert file.filename == "watchlist.yaml"
    assert "1 entity" in words(answer)


# ── audit ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_audit_tells_who_did_what_newest_first(room: Room) -> None:
    await room.ann.slash(room.channel, "entity add", name="nypd", full_name="New York Police")
    await room.bo.slash(room.channel, "desk pause-all")
    answer = await room.ann.slash(room.channel, "desk audit")
    lines = (shown(answer).description or "").splitlines()
    assert "desk pause-all" in lines[0]
    assert "posting: active → paused" in lines[0]
    assert "entity add" in lines[1]
    assert "added" in lines[1]


async def test_an_act_is_opened_with_what_was_before_and_after(room: Room) -> None:
    await room.bo.slash(room.channel, "desk pause-all")
    answer = await room.ann.slash(room.channel, "desk audit")
    opened = await room.ann.select(message(answer), values=[str(_acts(room)[0].id)])
    assert "**Posting** active → paused" in words(opened)


async def test_who_only_reads_sees_no_audit(room: Room) -> None:
    assert "is for editors" in words(await room.cy.slash(room.channel, "desk audit"))


async def test_an_audit_of_many_pages_is_turned(room: Room) -> None:
    for number in range(10):
        await room.ann.slash(room.channel, "entity add", name=f"e{number}", full_name=f"Entity {number}")
    answer = await room.ann.slash(room.channel, "desk audit")
    await room.ann.click(message(answer), label="More ›")
    assert "Page 2 of 2" in words(answer)


async def test_a_server_in_an_outage_keeps_its_name_until_it_is_there_again(room: Room) -> None:
    client = room.env.bot
    assert isinstance(client, DeskClient)
    guild = client.get_guild(room.first.guild.id)
    assert guild is not None
    guild.unavailable, guild.name = True, ""  # as Discord tells of it while it is away
    await client.on_ready()
    assert _label(room) == "The Daily Gull"
    guild.unavailable, guild.name = False, "The Nightly Gull"
    await client.on_guild_available(guild)
    assert _label(room) == "The Nightly Gull"


def _label(room: Room) -> str | None:
    with room.database.reading() as connection:
        return next(desk.label for desk in guilds.listed(connection) if desk.id == room.desk)

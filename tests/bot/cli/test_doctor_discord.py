"""`wiredesk doctor` with a bot: its token, its invitation, and each channel that it is to post to."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.bot.cli.commanding import Commands
from tests.bot.cli.test_doctor import findings
from tests.fakes.discord import Channel, FakeDiscord, Guild
from watchers.storage import guilds
from watchers.storage.audit import Actor
from watchers.storage.database import Database
from watchers.storage.guilds import Setup
from watchers.storage.location import database_url


@pytest.fixture
def discord() -> Iterator[FakeDiscord]:
    with FakeDiscord() as served:
        yield served


@pytest.fixture
def guild(discord: FakeDiscord) -> Guild:
    return discord.guild("The Daily")


def told(wiredesk: Commands, room: Channel, **route: str) -> None:
    wiredesk.channels["room"] = {"kind": "discord", "id": room.id}
    wiredesk.watches["cameras"]["routes"] = [{"channel": "room", **route}]


def looked(wiredesk: Commands, discord: FakeDiscord, **environment: str) -> dict[tuple[str, str], dict[str, Any]]:
    return findings(wiredesk, **({"DISCORD_TOKEN": discord.token, "WIREDESK_DISCORD_API": discord.api} | environment))


def test_a_bot_that_may_all_it_needs_is_well(fresh: Commands, discord: FakeDiscord, guild: Guild) -> None:
    told(fresh, guild.channel("newsroom"))
    found = looked(fresh, discord)
    assert found["discord", "token"]["ok"]
    assert found["channel", "room"]["ok"], found["channel", "room"]


def test_the_invitation_asks_for_exactly_what_is_used(fresh: Commands, discord: FakeDiscord) -> None:
    link = looked(fresh, discord)["discord", "invitation"]["detail"]
    assert f"client_id={discord.application_id}" in link
    assert "scope=bot+applications.commands" in link
    assert f"permissions={1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16}" in link


def test_a_wrong_token_is_told_in_clear_words(fresh: Commands, discord: FakeDiscord) -> None:
    found = looked(fresh, discord, DISCORD_TOKEN="wrong")
    assert not found["discord", "token"]["ok"]
    assert "copy the bot's token anew" in found["discord", "token"]["detail"]
    assert ("discord", "invitation") not in found


def test_missing_permissions_are_named_as_discord_names_them(
    fresh: Commands, discord: FakeDiscord, guild: Guild
) -> None:
    told(fresh, guild.channel("newsroom"))
    guild.deny("embed_links", "read_message_history")
    found = looked(fresh, discord)["channel", "room"]
    assert not found["ok"]
    assert "lacks Embed Links, Read Message History" in found["detail"]


def test_a_channel_that_is_not_there_is_told(fresh: Commands, discord: FakeDiscord, guild: Guild) -> None:
    room = guild.channel("newsroom")
    told(fresh, room)
    room.delete()
    assert "no such channel" in looked(fresh, discord)["channel", "room"]["detail"]


def test_a_channel_that_the_bot_can_t_see_is_told(fresh: Commands, discord: FakeDiscord, guild: Guild) -> None:
    told(fresh, guild.channel("newsroom"))
    guild.deny("view_channel")
    assert "View Channel" in looked(fresh, discord)["channel", "room"]["detail"]


def test_a_role_that_can_t_be_mentioned_is_told(fresh: Commands, discord: FakeDiscord, guild: Guild) -> None:
    told(fresh, guild.channel("newsroom"), mention=guild.role("night desk").id)
    found = looked(fresh, discord)["channel", "room"]
    assert "the role night desk can't be mentioned" in found["detail"]


def test_a_role_that_anyone_may_mention_is_well(fresh: Commands, discord: FakeDiscord, guild: Guild) -> None:
    told(fresh, guild.channel("newsroom"), mention=guild.role("night desk", mentionable=True).id)
    assert looked(fresh, discord)["channel", "room"]["ok"]


def test_without_a_bot_a_discord_channel_says_what_it_needs(fresh: Commands) -> None:
    fresh.channels["room"] = {"kind": "discord", "id": "1"}
    assert "set DISCORD_TOKEN" in findings(fresh)["channel", "room"]["detail"]


def test_a_channel_of_another_server_than_its_desk_s_is_told(
    wiredesk: Commands, discord: FakeDiscord, guild: Guild
) -> None:
    wiredesk("apply")
    wanted = Setup(
        label="Herald", chat_id=guild.channel("newsroom").id, channel="newsroom", editors_role="1", timezone=None
    )
    with Database(database_url("", wiredesk.data)) as database, database.writing() as connection:
        guilds.set_up(connection, "4711", Actor("1", "Bo"), wanted, now=datetime(2026, 3, 2, tzinfo=UTC))
    found = looked(wiredesk, discord)["channel", "newsroom of server-4711"]
    assert "of another server than its desk (4711)" in found["detail"]

"""`/route …`: where alerts go, from Discord."""

import discord
import pytest

from config.watchlist import Entity, Watch
from tests.bot.chat.newsroom import NOW, Room, message, words
from watchers.models import AlertKind
from watchers.storage import desks, outbox, sending, tag_routes, told
from watchers.storage.desks import RouteView


@pytest.fixture
async def watched(room: Room) -> Room:
    """The newsroom with two watches that lead nowhere; both are of the quay."""
    for name in ("cameras", "ferries"):
        await room.database.write(told.add_watch, room.desk, name, Watch(query=name, tags=("quay",)), now=NOW)
    await room.office.refresh()
    return room


def _routes(room: Room, name: str) -> tuple[RouteView, ...]:
    with room.database.reading() as connection:
        (desk,) = desks.load(connection).desks
    return next(watch.routes for watch in desk.watches if watch.name == name)


# ── set ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_watch_is_led_to_a_channel_with_a_role_and_quiet_hours(watched: Room) -> None:
    role = watched.first.guild.create_role("night desk", mentionable=True)
    answer = await watched.bo.slash(
        watched.channel,
        "route set",
        channel=watched.channel,
        watch="cameras",
        role=role,
        when="hourly",
        quiet="22:00-07:00",
    )
    assert f"<#{watched.channel.id}> once an hour, calls <@&{role.id}>, quiet 22:00-07:00" in words(answer)
    assert "Mind" not in words(answer)
    (route,) = _routes(watched, "cameras")
    assert (route.when, route.mention, route.quiet) == ("hourly", str(role.id), "22:00-07:00")


async def test_a_tag_is_led_to_a_channel_with_all_watches_that_have_it(watched: Room) -> None:
    answer = await watched.bo.slash(watched.channel, "route set", channel=watched.channel, tag="quay")
    assert "Watches that have it: cameras, ferries" in words(answer)
    assert [len(_routes(watched, name)) for name in ("cameras", "ferries")] == [1, 1]


async def test_a_tag_that_no_watch_has_yet_is_led_with_a_word_on_it(watched: Room) -> None:
    answer = await watched.bo.slash(watched.channel, "route set", channel=watched.channel, tag="night")
    assert "Watches that have it: none yet" in words(answer)


async def test_a_new_channel_becomes_the_desks(watched: Room) -> None:
    quiet = watched.first.guild.create_text_channel("quiet")
    await watched.bo.slash(watched.channel, "route set", channel=quiet, watch="cameras")
    desk = watched.office.directory.of_guild(str(watched.first.guild.id))
    assert desk is not None
    assert [channel.chat_id for channel in desk.channels] == [str(watched.channel.id), str(quiet.id)]


@pytest.mark.parametrize("options", [{}, {"watch": "cameras", "tag": "quay"}])
async def test_one_target_has_to_be_chosen(watched: Room, options: dict[str, str]) -> None:
    answer = await watched.bo.slash(watched.channel, "route set", channel=watched.channel, **options)
    assert "watch, tag: choose one of the two" in words(answer)


async def test_everyone_is_never_called(watched: Room) -> None:
    everyone = watched.first.guild.default_role
    answer = await watched.bo.slash(
        watched.channel, "route set", channel=watched.channel, watch="cameras", role=everyone
    )
    assert "this role is everyone's" in words(answer)
    assert _routes(watched, "cameras") == ()


async def test_quiet_hours_that_are_none_are_explained(watched: Room) -> None:
    answer = await watched.bo.slash(
        watched.channel, "route set", channel=watched.channel, watch="cameras", quiet="at night"
    )
    assert "Quiet at night: not quiet hours: write two times of day" in words(answer)


async def test_what_the_bot_lacks_in_the_channel_is_named(watched: Room) -> None:
    guild = watched.first.guild
    nobody = discord.PermissionOverwrite(send_messages=False, embed_links=False)
    mute = guild.create_text_channel("mute", overwrites={guild.default_role: nobody})
    answer = await watched.bo.slash(watched.channel, "route set", channel=mute, watch="cameras")
    assert "Wiredesk lacks" in words(answer)
    assert "Send Messages, Embed Links" in words(answer)


async def test_a_role_that_the_bot_may_not_call_is_named(watched: Room) -> None:
    guild = watched.first.guild
    nobody = discord.PermissionOverwrite(mention_everyone=False)
    channel = guild.create_text_channel("team", overwrites={guild.default_role: nobody})
    role = guild.create_role("night desk")
    answer = await watched.bo.slash(watched.channel, "route set", channel=channel, watch="cameras", role=role)
    assert "will be named but not called" in words(answer)


# ── list and clear ───────────────────────────────────────────────────────────────────────────────────────


async def test_the_list_says_what_comes_to_each_channel(watched: Room) -> None:
    await watched.bo.slash(watched.channel, "route set", channel=watched.channel, watch="cameras")
    await watched.bo.slash(watched.channel, "route set", channel=watched.channel, tag="quay", when="daily")
    listed = words(await watched.cy.slash(watched.channel, "route list"))
    assert f"- <#{watched.channel.id}>" in listed
    assert "**cameras**: at once" in listed
    assert "tag **quay**: once a day" in listed
    assert "notices of the desk" in listed


async def test_a_route_is_cleared_and_the_others_stay(watched: Room) -> None:
    quiet = watched.first.guild.create_text_channel("quiet")
    for channel in (watched.channel, quiet):
        await watched.bo.slash(watched.channel, "route set", channel=channel, watch="cameras")
    answer = await watched.bo.slash(watched.channel, "route clear", watch="cameras", channel="quiet")
    assert f"<#{quiet.id}>" not in words(answer)
    assert f"<#{watched.channel.id}>" in words(answer)
    await watched.bo.slash(watched.channel, "route clear", watch="cameras")
    assert _routes(watched, "cameras") == ()


async def test_a_tags_routes_are_cleared(watched: Room) -> None:
    await watched.bo.slash(watched.channel, "route set", channel=watched.channel, tag="quay")
    await watched.bo.slash(watched.channel, "route clear", tag="quay")
    with watched.database.reading() as connection:
        assert tag_routes.of(connection, watched.desk) == []
    answer = await watched.bo.slash(watched.channel, "route clear", tag="quay")
    assert "this tag has no such route" in words(answer)


async def test_what_isn_t_led_there_can_t_be_cleared(watched: Room) -> None:
    answer = await watched.bo.slash(watched.channel, "route clear", watch="cameras")
    assert "no such route of its own" in words(answer)


# ── test ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_test_alert_takes_the_way_that_alerts_take_and_calls_nobody(watched: Room) -> None:
    answer = await watched.bo.slash(watched.channel, "route test", channel=watched.channel)
    assert f"A test alert is on its way to <#{watched.channel.id}>" in words(answer)
    with watched.database.writing() as connection:
        (channel_id,) = sending.channels_with_work(connection, NOW)
        taken = sending.take(connection, channel_id, now=NOW, burst=10)
    assert taken is not None
    assert taken.outgoing.alert.kind is AlertKind.DESK_NOTICE
    assert "This is a test" in taken.outgoing.alert.title
    assert taken.outgoing.mentions == ()


async def test_a_paused_channel_is_tried_again(watched: Room) -> None:
    with watched.database.writing() as connection:
        (channel,) = desks.all_channels(connection)
        desks.pause_channel(connection, channel.id, "HTTP 403")
    await watched.office.refresh()
    listed = await watched.bo.slash(watched.channel, "route list")
    assert "⏸️ (HTTP 403)" in words(listed)
    opened = await watched.bo.select(message(listed), values=[str(channel.id)])
    await watched.bo.click(message(opened), label="Test")
    with watched.database.reading() as connection:
        assert [each.state for each in desks.all_channels(connection)] == ["active"]
        assert len(outbox.listed(connection)) == 1


async def test_a_channel_that_nothing_is_led_to_can_t_be_tested(watched: Room) -> None:
    quiet = watched.first.guild.create_text_channel("quiet")
    answer = await watched.bo.slash(watched.channel, "route test", channel=quiet)
    assert "nothing is led to this channel yet" in words(answer)


async def test_names_are_offered_as_they_are_typed(watched: Room) -> None:
    await watched.database.write(told.add_entity, watched.desk, "port", Entity(name="Port"))
    offered = await watched.bo.autocomplete(watched.channel, "route set", "watch", "cam", channel=watched.channel)
    assert [choice["name"] for choice in offered] == ["cameras"]
    offered = await watched.bo.autocomplete(watched.channel, "route clear", "channel", "news")
    assert [choice["name"] for choice in offered] == ["newsroom"]

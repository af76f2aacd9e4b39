"""What `/watch` and `/route` refuse: whom, and what is another server's."""

import pytest
from simcord.actors import MemberActor

from tests.bot.chat.forging import any_id
from tests.bot.chat.newsroom import Room, fill, message, words
from watchers.storage import audit, listing

QUERY = '"harbor cameras"'


def _take_roles(room: Room, member: MemberActor) -> None:
    room.env.backend.get_guild(room.first.guild.id).members[member.id].role_ids.clear()


def _watches(room: Room) -> list[str]:
    with room.database.reading() as connection:
        return [watch.name for watch in listing.watches_of(connection, room.desk)]


async def test_hard_case_93_who_is_no_editor_any_more_can_t_save_what_they_drafted(room: Room) -> None:
    preview = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY)
    _take_roles(room, room.ann)
    pressed = await room.ann.click(message(preview), label="Save")
    assert "is for editors" in words(pressed)
    assert _watches(room) == []


async def test_hard_case_93_who_is_no_editor_any_more_can_t_send_a_form_that_is_open(room: Room) -> None:
    opened = await room.ann.slash(room.channel, "watch add", name="cameras")
    _take_roles(room, room.ann)
    assert "is for editors" in words(await fill(room.ann, opened, {"Query": QUERY}))


async def test_hard_case_93_who_doesn_t_manage_the_server_any_more_opens_no_new_channel(room: Room) -> None:
    quiet = room.first.guild.create_text_channel("quiet")
    preview = await room.bo.slash(room.channel, "watch add", name="cameras", query=QUERY, channel=quiet)
    room.env.backend.get_guild(room.first.guild.id).members[room.bo.id].role_ids[:] = [room.first.editors.id]
    await room.bo.click(message(preview), label="Save")
    assert "no alerts are led to this channel yet" in words(preview)
    assert _watches(room) == []


async def test_hard_case_93_an_old_cards_buttons_ask_again(room: Room) -> None:
    preview = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY)
    await room.ann.click(message(preview), label="Save")
    _take_roles(room, room.ann)
    assert "is for editors" in words(await room.ann.click(message(preview), label="Pause"))
    assert "is for editors" in words(await room.ann.click(message(preview), label="Remove"))


@pytest.mark.parametrize("command", ["watch add", "route set", "route test"])
async def test_hard_case_94_a_channel_of_another_server_is_refused_and_on_record(
    room: Room, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    herald = await room.server("Herald")
    any_id(monkeypatch)
    options = {"watch add": {"name": "cameras", "query": QUERY}, "route set": {"tag": "quay"}}.get(command, {})
    answer = await room.bo.slash(room.channel, command, channel=herald.channel, **options)
    assert "is not this server's" in words(answer)
    with room.database.reading() as connection:
        refused = audit.entries(connection, room.desk, limit=1)[0]
    assert (refused.act, refused.noun, refused.name) == (command, "channel", str(herald.channel.id))
    assert refused.refused is not None


async def test_another_servers_watch_is_not_there(room: Room) -> None:
    herald = await room.server("Herald")
    preview = await herald.ann.slash(herald.channel, "watch add", name="secret", query=QUERY)
    await herald.ann.click(message(preview), label="Save")
    for name in ("secret", "row:1"):
        answer = words(await room.ann.slash(room.channel, "watch show", name=name))
        assert "No watch is called secret" in answer or "not there any more" in answer
        assert "harbor" not in answer
    assert await room.ann.autocomplete(room.channel, "watch show", "name", "") == []


async def test_who_only_reads_sees_watches_and_changes_none(room: Room) -> None:
    assert "is for editors" in words(await room.cy.slash(room.channel, "watch add", name="cameras", query=QUERY))
    assert "None yet" in words(await room.cy.slash(room.channel, "watch list"))
    assert "needs the permission Manage Server" in words(
        await room.ann.slash(room.channel, "route set", channel=room.channel, tag="quay")
    )

"""The menu of a message: Why this alert? · Add to known stories · Watch this link."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.answers.reply import when
from bot.commands.links import links_in
from tests.bot.chat.newsroom import Room, message, newsroom, shown, words
from tests.bot.chat.posted import bring, follow, post, post_story, story, tell
from tests.fakes.web import Web
from watchers.models import Alert, AlertKind
from watchers.storage import audit, known

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Gull Metro</title><link>http://gull.example/</link>
<item><title>Harbor cameras stay on</title><link>http://gull.example/1</link></item></channel></rss>"""
PAGE = b"""<html><head><title>The night shift of the harbor</title></head><body><main><article>
<h1>The night shift of the harbor</h1><p>Nobody sleeps on the eastern quay when the herring come in, and the cooks
of the three canteens have known that for longer than anyone else in the town.</p><p>They begin at ten in the evening
with bread, go on with soup at two, and end with coffee when the first boats are unloaded at five.</p></article>
</main></body></html>"""


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web() as server:
        server.serve("/feed", FEED)
        server.serve("/night-shift", PAGE)
        yield server


@pytest.fixture
async def room(tmp_path: Path, web: Web) -> AsyncIterator[Room]:
    async with newsroom(tmp_path, allow_hosts=web.place) as opened:
        yield opened


def _known(room: Room) -> list[known.KnownStory]:
    with room.database.reading() as connection:
        return known.every(connection, room.desk)


# ── why ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_why_of_an_alert_is_what_its_button_tells(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    by_menu = await room.cy.context_menu(room.channel, "Why this alert?", alert.message)
    assert words(by_menu) == words(await room.cy.click(alert.message, label="Why?"))
    assert "**harbor cameras**" in words(by_menu)


async def test_why_of_any_other_message_says_that_it_is_no_alert(room: Room) -> None:
    said = await room.cy.send(room.channel, "lunch?")
    answer = await room.cy.context_menu(room.channel, "Why this alert?", said)
    assert shown(answer).title == "This message is no alert"


async def test_why_of_a_digest_lists_its_members_with_their_watches(room: Room) -> None:
    await follow(room, room.first, queries={"cameras": '"harbor cameras"', "quays": "quay"})
    await bring(room, room.first, story())
    await bring(room, room.first, story("Dog found", text="harbor cameras saw it", url="https://courier.example/dog"))
    digest = await post(room, room.first, burst=1)
    answer = words(await room.cy.context_menu(room.channel, "Why this alert?", digest.message))
    assert "This digest holds 2 alerts" in answer
    assert (
        f"**[Quay goes dark](https://courier.example/quay)** · Courier · {when(room.now[0])} · for cameras, quays"
        in answer
    )


async def test_why_names_an_outlet_without_a_name_by_its_host(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first, story(outlet=None))
    answer = words(await room.cy.context_menu(room.channel, "Why this alert?", alert.message))
    assert "**[Quay goes dark](https://courier.example/quay)** · courier.example" in answer


async def test_why_of_a_notice_says_that_no_watch_brought_it(room: Room) -> None:
    await tell(room, room.first, Alert(key="desk.notice:x", kind=AlertKind.DESK_NOTICE, title="A disk is full"))
    notice = await post(room, room.first)
    answer = words(await room.cy.context_menu(room.channel, "Why this alert?", notice.message))
    assert "no watch brought it" in answer


async def test_a_message_that_bears_the_number_of_another_desks_alert_is_none(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    other = await room.server("Another")
    said = await other.ann.send(other.channel, f"WD-{alert.outgoing.reference}")
    answer = await other.ann.context_menu(other.channel, "Why this alert?", said)
    assert shown(answer).title == "This message is no alert"


async def test_the_menus_answer_after_a_restart(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    await room.restart()
    answer = await room.cy.context_menu(room.channel, "Why this alert?", alert.message)
    assert shown(answer).title == "Why this alert?"


# ── known ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_alert_is_made_known_as_by_its_button(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    answer = await room.ann.context_menu(room.channel, "Add to known stories", alert.message)
    assert shown(answer).title == "Known from now on"
    assert [each.title for each in _known(room)] == ["Quay goes dark"]


async def test_the_page_that_a_message_links_to_is_made_known(room: Room, web: Web) -> None:
    said = await room.cy.send(room.channel, f"we had this: {web.url('/night-shift')}.")
    await room.ann.context_menu(room.channel, "Add to known stories", said)
    (one,) = _known(room)
    assert (one.title, one.url) == ("The night shift of the harbor", web.url("/night-shift"))


async def test_a_message_without_a_link_has_nothing_to_be_known(room: Room) -> None:
    said = await room.cy.send(room.channel, "we had this")
    assert "holds no link" in words(await room.ann.context_menu(room.channel, "Add to known stories", said))


@pytest.mark.parametrize("menu", ["Add to known stories", "Watch this link"])
async def test_the_menus_that_change_something_are_for_editors(room: Room, web: Web, menu: str) -> None:
    said = await room.cy.send(room.channel, web.url("/feed"))
    assert "is for editors" in words(await room.cy.context_menu(room.channel, menu, said))
    assert _known(room) == []


# ── watch ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_link_is_followed_after_its_preview(room: Room, web: Web) -> None:
    said = await room.cy.send(room.channel, f"<{web.url('/feed')}> looks good")
    preview = await room.ann.context_menu(room.channel, "Watch this link", said)
    assert shown(preview).title == "Follow this as gull-metro?"
    await room.ann.click(message(preview), label="Save")
    desk = room.office.directory.of_guild(str(room.first.guild.id))
    assert desk is not None
    assert [source.name for source in desk.sources] == ["gull-metro"]


async def test_of_several_links_one_is_chosen_even_after_a_restart(room: Room, web: Web) -> None:
    said = await room.cy.send(room.channel, f"{web.url('/night-shift')} or {web.url('/feed')}")
    asked = await room.ann.context_menu(room.channel, "Watch this link", said)
    assert shown(asked).title == "This message has 2 links"
    await room.restart()
    await room.ann.select(message(asked), values=["1"])
    assert shown(asked).title == "Follow this as gull-metro?"


async def test_of_several_links_one_is_made_known(room: Room, web: Web) -> None:
    said = await room.cy.send(room.channel, f"{web.url('/feed')} {web.url('/night-shift')}")
    asked = await room.ann.context_menu(room.channel, "Add to known stories", said)
    await room.ann.select(message(asked), values=["1"])
    assert [each.url for each in _known(room)] == [web.url("/night-shift")]
    with room.database.reading() as connection:
        entry = audit.entries(connection, room.desk, limit=1)[0]
    assert (entry.act, entry.noun) == ("story known", "story")


async def test_hard_case_93_a_role_lost_since_the_links_were_offered_is_lost_for_the_choice(
    room: Room, web: Web
) -> None:
    said = await room.cy.send(room.channel, f"{web.url('/night-shift')} or {web.url('/feed')}")
    asked = await room.ann.context_menu(room.channel, "Add to known stories", said)
    room.env.backend.remove_member_role(room.first.guild.id, room.ann.id, room.first.editors.id)
    assert "is for editors" in words(await room.ann.select(message(asked), values=["0"]))
    assert _known(room) == []


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────


def _message(room: Room, content: str, *embeds: discord.Embed) -> discord.Message:
    channel = room.env.bot.get_channel(room.channel.id)
    assert isinstance(channel, discord.TextChannel)
    data: Any = {
        "id": "1",
        "channel_id": str(channel.id),
        "author": {"id": "2", "username": "cy", "discriminator": "0", "avatar": None, "global_name": None},
        "content": content,
        "embeds": [embed.to_dict() for embed in embeds],
        "timestamp": "2026-03-02T12:00:00+00:00",
        "edited_timestamp": None,
        "attachments": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "tts": False,
        "pinned": False,
        "type": 0,
    }
    return discord.Message(state=room.env.bot._connection, channel=channel, data=data)


@pytest.mark.parametrize(
    ("content", "links"),
    [
        ("see https://a.example/x, or not", ["https://a.example/x"]),
        ("<https://a.example/x>", ["https://a.example/x"]),
        ("[words](https://a.example/x)", ["https://a.example/x"]),
        ("(https://a.example/x).", ["https://a.example/x"]),
        ("https://a.example/wiki/Quay_(port)", ["https://a.example/wiki/Quay_(port)"]),
        ("**https://a.example/x** and HTTP://B.example", ["https://a.example/x", "HTTP://B.example"]),
        ("https://a.example/x https://a.example/x", ["https://a.example/x"]),
        ("||https://a.example/x||", ["https://a.example/x"]),
        ("ftp://a.example javascript:alert(1) a.example", []),
    ],
)
async def test_links_are_found_as_people_write_them(room: Room, content: str, links: list[str]) -> None:
    assert links_in(_message(room, content)) == links


async def test_links_are_found_in_embeds(room: Room) -> None:
    embed = discord.Embed(title="A story", url="https://a.example/x", description="More: https://b.example/y.")
    embed.add_field(name="Read", value="[there](https://c.example/z)")
    found = ["https://a.example/x", "https://b.example/y", "https://c.example/z"]
    assert links_in(_message(room, "", embed)) == found


async def test_no_more_links_are_offered_than_a_menu_holds(room: Room) -> None:
    assert len(links_in(_message(room, " ".join(f"https://a.example/{number}" for number in range(60))))) == 25

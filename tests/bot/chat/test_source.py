"""`/source …`: what is polled, from Discord."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from config.watchlist import Source, Watch
from tests.bot.chat.newsroom import NOW, Room, message, newsroom, shown, words
from tests.fakes.web import Reply, Web
from watchers.storage import audit, health, sources, told
from watchers.storage.health import SourceHealth
from watchers.storage.schema import follows

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Gull Metro</title><link>http://gull.example/</link>
<item><title>Harbor cameras stay on</title><link>http://gull.example/1</link>
<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate>
<description>The board voted for the harbor cameras.</description></item>
<item><title>@everyone [win](http://evil.example)</title><link>http://gull.example/2</link>
<pubDate>Mon, 02 Mar 2026 07:00:00 GMT</pubDate></item></channel></rss>"""
PAGE = b"""<html><head><title>Gull</title><link rel="alternate" type="application/rss+xml" href="/feed">
<link rel="alternate" type="application/rss+xml" href="/other?token=hush"></head>
<body><main><h1>Camera policy</h1><p>Footage of the harbor cameras is kept for thirty days and then deleted, unless a
court asks for it. Nobody else may look at it.</p></main></body></html>"""


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web() as server:
        server.serve("/feed", FEED)
        server.serve("/page", PAGE)
        yield server


@pytest.fixture
async def room(tmp_path: Path, web: Web) -> AsyncIterator[Room]:
    async with newsroom(tmp_path, allow_hosts=web.place) as opened:
        yield opened


async def watch(room: Room, name: str, query: str, **more: Any) -> None:
    entry = Watch.model_validate({"query": query, **more})
    await room.database.write(told.add_watch, room.desk, name, entry, now=NOW)
    await room.office.refresh()


async def follow(room: Room, name: str = "metro", **more: Any) -> None:
    """Have the desk follow a source, without a look at it."""
    entry = Source.model_validate({"url": f"https://{name}.example/feed", **more})
    await room.database.write(told.add_source, room.desk, name, entry)
    await room.office.refresh()


async def state(room: Room, name: str, **columns: Any) -> None:
    """Bring a source into a state, as polls would."""

    def save(connection: Any) -> None:
        source = connection.execute(follows.select().where(follows.c.name == name)).one().source_id
        sources.save(connection, source, columns)

    await room.database.write(save)


def followed(room: Room) -> list[SourceHealth]:
    with room.database.reading() as connection:
        return health.every(connection, room.desk)


FAILING = {"failures": 3, "failing_since": NOW, "last_outcome": "blocked", "last_error": "the server refuses us (403)"}


# ── add ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_address_is_shown_with_what_would_match_before_it_is_followed(room: Room, web: Web) -> None:
    await watch(room, "cameras", '"harbor cameras"')
    preview = await room.ann.slash(room.channel, "source add", url=web.url("/feed"))
    assert shown(preview).title == "Follow this as gull-metro?"
    said = words(preview)
    assert "A feed · “Gull Metro” · 2 items now" in said
    assert "[Harbor cameras stay on](http://gull.example/1) · <t:1772438400:R> → **cameras**" in said
    assert "1 of 2, by cameras" in said
    assert followed(room) == []


async def test_only_watches_that_would_listen_to_it_are_named(room: Room, web: Web) -> None:
    await follow(room, "other", tags=["abroad"])
    await watch(room, "abroad-only", "cameras", sources=["abroad"])
    here = await room.ann.slash(room.channel, "source add", url=web.url("/feed"))
    abroad = await room.ann.slash(room.channel, "source add", url=web.url("/feed"), tag="abroad")
    assert "abroad-only" not in words(here)
    assert "1 of 2, by abroad-only" in words(abroad)


async def test_a_saved_address_is_followed_and_on_record(room: Room, web: Web) -> None:
    preview = await room.ann.slash(
        room.channel, "source add", url=web.url("/feed"), every="15m", read="matched", tag="local, harbor"
    )
    await room.ann.click(message(preview), label="Save")
    assert shown(preview).title == "gull-metro is followed"
    (source,) = followed(room)
    assert (source.name, source.every, source.read, source.tags) == ("gull-metro", 900, "matched", ("local", "harbor"))
    with room.database.reading() as connection:
        (entry,) = [entry for entry in audit.entries(connection, room.desk, limit=5) if entry.noun == "source"]
    assert (entry.act, entry.actor.id, entry.before) == ("source add", str(room.ann.id), None)


async def test_what_is_discarded_is_not_followed(room: Room, web: Web) -> None:
    preview = await room.ann.slash(room.channel, "source add", url=web.url("/feed"))
    await room.ann.click(message(preview), label="Discard")
    assert "Nothing was saved" in words(preview)
    assert followed(room) == []


async def test_a_preview_is_saved_once_and_by_a_new_client_too(room: Room, web: Web) -> None:
    preview = await room.ann.slash(room.channel, "source add", url=web.url("/feed"))
    await room.restart()
    await room.ann.click(message(preview), label="Save")
    assert [source.name for source in followed(room)] == ["gull-metro"]
    again = await room.ann.slash(room.channel, "source add", url=web.url("/feed"), name="twice")
    await room.ann.click(message(again), label="Save")
    assert "follows this address already, as gull-metro" in words(again)


async def test_of_a_web_page_its_feeds_are_offered(room: Room, web: Web) -> None:
    offer = await room.ann.slash(room.channel, "source add", url=web.url("/page"), name="metro", tag="local")
    assert "It links to 2 feeds" in words(offer)
    await room.ann.select(message(offer), values=["0"])
    assert shown(offer).title == "Follow this as metro?"
    await room.ann.click(message(offer), label="Save")
    (source,) = followed(room)
    assert (source.name, source.url, source.tags) == ("metro", web.url("/feed"), ("local",))


async def test_of_a_web_page_its_own_text_can_be_followed(room: Room, web: Web) -> None:
    await watch(room, "cameras", '"harbor cameras"')
    offer = await room.ann.slash(room.channel, "source add", url=web.url("/page"))
    await room.ann.select(message(offer), values=["page"])
    assert "Camera policy" in words(offer)
    assert "Its changes would be told by cameras" in words(offer)
    await room.ann.click(message(offer), label="Save")
    assert [(source.kind, source.url) for source in followed(room)] == [("page", web.url("/page"))]


async def test_another_ones_preview_is_not_decided_on(room: Room, web: Web) -> None:
    await room.ann.slash(room.channel, "source add", url=web.url("/page"))
    answer = await room.bo.select(await a_menu(room, "wd:choose:1"), values=["0"])
    assert "done with, or too old" in words(answer)
    answer = await room.cy.select(await a_menu(room, "wd:choose:1"), values=["0"])
    assert "for editors" in words(answer)
    assert followed(room) == []


async def a_menu(room: Room, custom_id: str) -> discord.Message:
    """A message of the bot's own with a menu of that name, as nobody could make it."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Select(custom_id=custom_id, options=[discord.SelectOption(label="0")]))
    channel = room.env.bot.get_channel(room.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return await channel.send("forged", view=view)


async def test_an_address_that_fails_now_may_be_followed_all_the_same(room: Room, web: Web) -> None:
    web.serve("/feed", Reply(404))
    preview = await room.ann.slash(room.channel, "source add", url=web.url("/feed"), name="metro")
    assert "🔴 It fails now: there is nothing at this address (404)" in words(preview)
    await room.ann.click(message(preview), label="Save")
    assert [source.name for source in followed(room)] == ["metro"]


@pytest.mark.parametrize("url", ["http://10.0.0.1/feed", "http://169.254.169.254/", "http://user:pw@gull.example/"])
async def test_an_address_that_the_guard_refuses_is_answered_with_what_to_do(room: Room, url: str) -> None:
    answer = await room.ann.slash(room.channel, "source add", url=url)
    assert "address refused" in words(answer)
    assert "have its host named in WIREDESK" in words(answer)
    assert "pw@" not in words(answer)


@pytest.mark.parametrize(
    ("option", "value", "advice"),
    [
        ("url", "gull.example/feed", "write it whole, from http"),
        ("every", "often", "write a whole number and s, m, h or d"),
        ("every", "1s", "write from 10s to 30d"),
        ("name", "two words", "use letters, digits"),
        ("tag", "a b", "use letters, digits"),
    ],
)
async def test_what_is_wrong_is_said_with_what_to_do(
    room: Room, web: Web, option: str, value: str, advice: str
) -> None:
    given = {"url": web.url("/feed"), option: value}
    answer = await room.ann.slash(room.channel, "source add", **given)
    assert advice in words(answer)
    assert web.requests == []


# ── list, show, test, and what can be done with a row ────────────────────────────────────────────────────


async def test_the_list_begins_with_what_is_in_trouble_and_says_since_when(room: Room) -> None:
    await follow(room, "metro")
    await follow(room, "courier")
    await state(room, "courier", **FAILING)
    said = words(await room.cy.slash(room.channel, "source list"))
    assert said.index("courier") < said.index("metro")
    assert f"🔴 **courier** · failing since <t:{int(NOW.timestamp())}:R>: the server refuses us (403)" in said
    assert "🔴 1 failing · ⚪ 1 new" in said


async def test_the_list_may_be_of_one_state(room: Room) -> None:
    await follow(room, "metro")
    await follow(room, "courier")
    await state(room, "courier", **FAILING)
    said = words(await room.cy.slash(room.channel, "source list", state="failing"))
    assert "courier" in said
    assert "metro" not in said
    assert "No source is paused" in words(await room.cy.slash(room.channel, "source list", state="paused"))


async def test_an_empty_list_says_how_to_begin(room: Room) -> None:
    assert "`/source add`" in words(await room.cy.slash(room.channel, "source list"))


async def test_a_source_tells_who_listens_to_it(room: Room) -> None:
    await follow(room, "metro", tags=["local"])
    await follow(room, "courier")
    for name, chosen in (("all", []), ("by-tag", ["local"]), ("by-name", ["metro"]), ("elsewhere", ["courier"])):
        await watch(room, name, "cameras", sources=chosen)
    said = words(await room.cy.slash(room.channel, "source show", name="metro"))
    assert "**Heard by** all, by-tag, by-name" in said
    assert "elsewhere" not in said


async def test_a_source_is_looked_at_once_and_nothing_is_stored(room: Room, web: Web) -> None:
    await follow(room, "metro", url=web.url("/feed"))
    answer = await room.ann.slash(room.channel, "source test", name="metro")
    assert "A feed · “Gull Metro” · 2 items now" in words(answer)
    assert len(web.asked("/feed")) == 1
    with room.database.reading() as connection:
        assert health.latest(connection, room.desk, followed(room)[0].id, 5) == (0, [])


async def test_a_source_is_paused_and_resumed_by_the_buttons_under_it(room: Room) -> None:
    await follow(room, "metro")
    opened = await room.ann.slash(room.channel, "source show", name="metro")
    paused = await room.ann.click(message(opened), label="Pause")
    assert "⏸️ paused by command" in words(paused)
    resumed = await room.ann.click(message(paused), label="Resume")
    assert "⏸️" not in words(resumed)
    assert [source.state for source in followed(room)] == ["new"]


async def test_a_source_tells_when_it_is_asked_next(room: Room) -> None:
    await follow(room, "metro")
    assert "next now" in words(await room.cy.slash(room.channel, "source show", name="metro"))
    await state(room, "metro", next_at=NOW + timedelta(minutes=20))
    assert f"next <t:{int(NOW.timestamp()) + 1200}:R>" in words(
        await room.cy.slash(room.channel, "source show", name="metro")
    )
    await room.ann.slash(room.channel, "source pause", name="metro")
    assert "next" not in words(await room.cy.slash(room.channel, "source show", name="metro"))


async def test_a_source_is_removed_only_after_it_was_asked_twice(room: Room) -> None:
    await follow(room, "metro")
    asked = await room.ann.slash(room.channel, "source remove", name="metro")
    assert "Remove this source?" in words(asked)
    assert len(followed(room)) == 1
    await room.ann.click(message(asked), label="Yes, remove it")
    assert followed(room) == []


async def test_a_source_that_a_watch_names_is_not_removed(room: Room) -> None:
    await follow(room, "metro")
    await watch(room, "cameras", "cameras", sources=["metro"])
    asked = await room.ann.slash(room.channel, "source remove", name="metro")
    await room.ann.click(message(asked), label="Yes, remove it")
    assert "in use by" in words(asked).lower()

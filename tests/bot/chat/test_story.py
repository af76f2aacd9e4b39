"""`/story …`: what the desk found, from Discord."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.story import asked_for
from tests.bot.chat import posted
from tests.bot.chat.newsroom import Room, message, newsroom, shown, words
from tests.fakes.web import Reply, Web
from watchers.errors import ConfigError
from watchers.matching.matcher import Document
from watchers.storage import audit, guilds, known
from watchers.storage.looking_back import READ

ARTICLE = f"""<html><head><title>Quay goes dark after a vote - Courier</title>
<meta property="og:site_name" content="Courier"></head><body><article><h1>Quay goes dark after a vote</h1>
{"".join(f"<p>{paragraph}</p>" for paragraph in posted.BODY.split(chr(10) * 2))}</article></body></html>"""


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web() as server:
        server.serve("/quay", ARTICLE.encode())
        server.serve("/walled", Reply(403))
        yield server


@pytest.fixture
async def room(tmp_path: Path, web: Web) -> AsyncIterator[Room]:
    async with newsroom(tmp_path, allow_hosts=web.place) as opened:
        await posted.follow(opened, opened.first)
        yield opened


def document(title: str = "", text: str = "") -> Document:
    return Document(title=title, text=text)


@pytest.mark.parametrize(
    ("asked", "title", "text"),
    [
        ("harbor cameras", "", "The cameras of the harbor."),
        ("PENA", "Peña wins", ""),
        ("peña's", "Pena wins", ""),
        ('"harbor cameras"', "", "The harbor cameras are off."),
        ("harbor OR quay", "Quay goes dark", ""),
        ('"harbor', "The harbor", ""),
        ("title:quay", "Quay goes dark", ""),
    ],
)
def test_words_must_all_stand_in_it_and_a_query_is_a_query(asked: str, title: str, text: str) -> None:
    answers = asked_for(asked, {})
    assert answers(document(title, text))
    assert not answers(document("Corrections", "We regret."))


def test_what_holds_no_word_is_refused_with_what_to_do() -> None:
    with pytest.raises(ConfigError, match="write a word or two"):
        asked_for("?!", {})


async def test_a_story_is_found_by_its_text_and_opened(room: Room) -> None:
    await posted.post_story(room, room.first)
    found = await room.cy.slash(room.channel, "story search", text="commissioner farrant")
    assert "**Quay goes dark** · <t:1772452800:R> · Courier" in words(found)
    opened = await room.cy.select(message(found), values=["1"])
    said = words(opened)
    assert shown(opened).title == "Quay goes dark"
    assert "**Watches** cameras" in said
    assert "**Known** no" in said


async def test_a_story_says_where_it_was_told_with_a_link_to_the_post(room: Room) -> None:
    post = await posted.post_story(room, room.first)
    said = words(await room.cy.slash(room.channel, "story show", story="#1"))
    link = f"https://discord.com/channels/{room.first.guild.id}/{room.channel.id}/{post.message.id}"
    assert f"<#{room.channel.id}> · [post]({link})" in said


async def test_the_outlets_that_carry_a_story_are_named(room: Room) -> None:
    await posted.post_story(room, room.first)
    await posted.bring(room, room.first, posted.story(url="https://bay.example/1", outlet="Bay *News*"))
    said = words(await room.cy.slash(room.channel, "story show", story="#1"))
    assert "**First** Courier" in said
    assert "**Copies (1)**\n- [Bay \\*News\\*](https://bay.example/1)" in said
    assert "1 copy" in words(await room.cy.slash(room.channel, "story search", text="quay"))


async def test_a_search_goes_back_as_many_days_as_asked(room: Room) -> None:
    await posted.post_story(room, room.first)
    room.now[0] += timedelta(days=3)
    assert "None in these days" in words(await room.cy.slash(room.channel, "story search", text="quay", days=2))
    assert "Quay goes dark" in words(await room.cy.slash(room.channel, "story search", text="quay", days=4))


async def test_the_pages_of_a_search_turn(room: Room) -> None:
    for number in range(9):
        body = posted.BODY.replace("eastern", f"{number}th") + "".join(f" w{number}x{each}" for each in range(300))
        article = posted.story(f"Quay {number} goes dark", url=f"https://courier.example/{number}", text=body)
        await posted.bring(room, room.first, article)
    found = await room.cy.slash(room.channel, "story search", text="quay: goes", days=7)
    assert "Quay 8 goes dark" in words(found)
    await room.cy.click(message(found), label="More ›")
    assert "Page 2 of 2 · 9 in all" in words(found)
    assert "Quay 0 goes dark" in words(found)


async def test_hard_case_81_a_long_headline_is_cut_at_a_word_wherever_it_is_offered(room: Room) -> None:
    headline = "Quay goes dark as the council counts its lamps " * 5
    await posted.post_story(room, room.first, posted.story(headline))
    await room.office.directory.refresh_stories()
    (choice,) = await room.cy.autocomplete(room.channel, "story show", "story", "quay")
    assert (
        choice["name"] == "Quay goes dark as the council counts its lamps Quay goes dark as the council counts its… #1"
    )
    found = await room.cy.slash(room.channel, "story search", text="quay")
    (option,) = message(found).components[0]["components"][0]["options"]
    assert option["label"].endswith(" counts its lamps Quay…")
    assert len(option["label"]) <= 100


async def test_a_story_of_another_server_is_neither_found_nor_shown(room: Room) -> None:
    await posted.post_story(room, room.first)
    other = await room.server("The Other")
    await room.office.directory.refresh_stories()
    assert "None in these days" in words(await other.cy.slash(other.channel, "story search", text="quay"))
    assert "not there any more" in words(await other.cy.slash(other.channel, "story show", story="#1"))
    assert await other.cy.autocomplete(other.channel, "story show", "story", "quay") == []
    offered = await room.cy.autocomplete(room.channel, "story show", "story", "quay")
    assert [choice["name"] for choice in offered] == ["Quay goes dark #1"]


async def test_a_page_that_was_made_known_is_not_told_when_its_copy_comes(room: Room, web: Web) -> None:
    answer = await room.ann.slash(room.channel, "story known", url=web.url("/quay"))
    assert shown(answer).title == "Known from now on"
    assert "words, by which copies are recognised" in words(answer)
    recorded = await posted.bring(room, room.first, posted.story("Lights out", url="https://elsewhere.example/1"))
    assert [(placed.placement.decision, placed.alerted) for placed in recorded.placed] == [("known", False)]


async def test_making_known_is_on_record_and_done_once(room: Room, web: Web) -> None:
    await room.ann.slash(room.channel, "story known", url=web.url("/quay"))
    again = await room.ann.slash(room.channel, "story known", url=web.url("/quay"))
    assert shown(again).title == "This story was known already"
    with room.database.reading() as connection:
        entries = [entry for entry in audit.entries(connection, room.desk, limit=5) if entry.act == "story known"]
    assert [(entry.actor.id, entry.noun, entry.before) for entry in entries] == [(str(room.ann.id), "story", None)]


async def test_a_page_that_can_not_be_read_is_known_by_its_address(room: Room, web: Web) -> None:
    answer = await room.ann.slash(room.channel, "story known", url=web.url("/walled"))
    assert "it is known by its address alone" in words(answer)
    with room.database.reading() as connection:
        (story,) = known.every(connection, room.desk)
    assert (story.title, story.url) == (None, web.url("/walled"))


async def test_a_private_address_is_not_asked(room: Room) -> None:
    answer = await room.ann.slash(room.channel, "story known", url="http://169.254.169.254/latest")
    assert "address refused" in words(answer)
    with room.database.reading() as connection:
        assert known.every(connection, room.desk) == []


async def test_who_only_reads_makes_nothing_known(room: Room, web: Web) -> None:
    assert "is for editors" in words(await room.cy.slash(room.channel, "story known", url=web.url("/quay")))
    assert web.requests == []


async def test_a_story_that_the_desk_knows_says_so(room: Room, web: Web) -> None:
    await posted.post_story(room, room.first)
    await room.ann.slash(room.channel, "story known", url=web.url("/quay"))
    said = words(await room.cy.slash(room.channel, "story show", story="#1"))
    assert "**Known** yes as “Quay goes dark after a vote”, marked by an editor" in said


async def test_a_search_that_left_something_unread_says_so(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    await posted.post_story(room, room.first)
    monkeypatch.setattr("watchers.storage.looking_back.READ", 0)
    said = words(await room.cy.slash(room.channel, "story search", text="quay"))
    assert f"at most {READ:,} articles are read" in said


async def test_a_new_desk_is_offered_no_story_of_one_that_was_deleted(room: Room) -> None:
    herald = await room.server("Herald")
    await posted.follow(room, herald)
    await posted.bring(room, herald, posted.story())
    await room.office.directory.refresh_stories()
    await room.database.write(guilds.remove, posted.desk_of(herald))
    gazette = await room.server("Gazette")
    await room.office.directory.refresh_stories()
    assert gazette.desk == herald.desk, "SQLite gives the numbers of what was deleted again"
    assert await gazette.cy.autocomplete(gazette.channel, "story show", "story", "") == []
    await posted.follow(room, gazette)
    await posted.bring(room, gazette, posted.story("Band plays at night", url="https://courier.example/band"))
    await room.office.directory.refresh_stories()
    (offered,) = await gazette.cy.autocomplete(gazette.channel, "story show", "story", "")
    assert "Band plays at night" in offered["name"]

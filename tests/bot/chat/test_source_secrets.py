"""What nobody may see of sources: secrets in addresses, names of another desk, names that who asks may not use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.watchlist import Source
from tests.bot.chat.newsroom import Room, message, newsroom, words
from tests.fakes.web import Reply, Web
from watchers.storage import audit, sources, told

FEED = b"""<rss version="2.0"><channel><title>Metro</title><item><title>Quay goes dark</title>
<link>http://gull.example/1?token=hush</link></item></channel></rss>"""
PAGE = b'<title>Gull</title><link rel="alternate" type="application/rss+xml" href="/feed?token=hush"><p>Read us.</p>'


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


async def test_hard_case_97_a_secret_in_an_address_is_never_shown(room: Room, web: Web) -> None:
    url = web.url("/feed?token=hush")
    preview = await room.ann.slash(room.channel, "source add", url=url, name="metro")
    said = [words(preview)]
    await room.ann.click(message(preview), label="Save")
    said.append(words(preview))
    listed = await room.ann.slash(room.channel, "source list")
    said.append(words(listed))
    said.append(str(message(listed).components))
    said.append(words(await room.ann.slash(room.channel, "source show", name="metro")))
    said.append(words(await room.ann.slash(room.channel, "source test", name="metro")))
    with room.database.reading() as connection:
        said.append(repr(audit.entries(connection, room.desk, limit=10)))
        source = sources.every_active(connection, room.now[0])[0]
    await room.database.write(sources.save, source, {"failures": 1, "last_error": f"no answer of {url}"})
    said.append(words(await room.ann.slash(room.channel, "source list")))
    said.append(words(await room.ann.slash(room.channel, "status")))
    assert [each for each in said if "hush" in each] == []
    assert "token=\\*\\*\\*" in said[0] or "token=***" in said[0]
    assert [asked.target for asked in web.asked("/feed")] == ["/feed?token=hush"] * 2


async def test_hard_case_97_nor_in_a_feed_that_a_page_links_to(room: Room, web: Web) -> None:
    offer = await room.ann.slash(room.channel, "source add", url=web.url("/page"))
    assert "It links to 1 feed" in words(offer)
    assert "hush" not in words(offer) + str(message(offer).components)
    await room.ann.select(message(offer), values=["0"])
    await room.ann.click(message(offer), label="Save")
    assert "hush" not in words(offer)
    assert [asked.target for asked in web.asked("/feed")] == ["/feed?token=hush"]


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hush@gull.example/feed",
        "http://10.0.0.1/?token=hush",
        "ftp://gull.example/?token=hush",
        "gull.example/?token=hush",
    ],
)
async def test_hard_case_97_nor_in_what_is_wrong_with_an_address(room: Room, url: str) -> None:
    for command in ("source add", "story known"):
        assert "hush" not in words(await room.ann.slash(room.channel, command, url=url))


async def test_hard_case_97_nor_when_a_page_that_can_not_be_read_is_made_known(room: Room, web: Web) -> None:
    web.serve("/gone", Reply(404))
    answer = await room.ann.slash(room.channel, "story known", url=web.url("/gone?token=hush"))
    assert "Known from now on" in words(answer)
    with room.database.reading() as connection:
        assert "hush" not in words(answer) + repr(audit.entries(connection, room.desk, limit=5))


# ── autocomplete ─────────────────────────────────────────────────────────────────────────────────────────


async def follow(room: Room, desk: int | None, name: str) -> None:
    assert desk is not None
    await room.database.write(told.add_source, desk, name, Source(url=f"https://{name}.example/feed"))
    await room.office.refresh()


async def test_hard_case_95_autocomplete_offers_the_desks_own_only(room: Room) -> None:
    other = await room.server("The Other")
    await follow(room, room.desk, "courier")
    await follow(room, other.desk, "corsair")
    ours = await room.ann.autocomplete(room.channel, "source show", "name", "co")
    theirs = await other.ann.autocomplete(other.channel, "source show", "name", "co")
    assert ([choice["name"] for choice in ours], [choice["name"] for choice in theirs]) == (["courier"], ["corsair"])


async def test_hard_case_95_a_row_of_another_desk_is_not_there_even_by_its_number(room: Room) -> None:
    other = await room.server("The Other")
    await follow(room, room.desk, "courier")
    (choice,) = await room.ann.autocomplete(room.channel, "source show", "name", "")
    for command in ("source show", "source test", "source pause", "source resume", "source remove"):
        answer = await other.ann.slash(other.channel, command, name=choice["value"])
        assert "not there any more" in words(answer)


@pytest.mark.parametrize("command", ["source test", "source pause", "source resume", "source remove"])
async def test_hard_case_95_who_may_not_edit_is_offered_nothing_to_edit(room: Room, command: str) -> None:
    await follow(room, room.desk, "courier")
    assert await room.cy.autocomplete(room.channel, command, "name", "") == []
    assert await room.ann.autocomplete(room.channel, command, "name", "") != []


async def test_hard_case_95_a_server_without_a_desk_is_offered_nothing(room: Room) -> None:
    await follow(room, room.desk, "courier")
    other = await room.server("The Other", set_up=False)
    assert await other.bo.autocomplete(other.channel, "source show", "name", "") == []

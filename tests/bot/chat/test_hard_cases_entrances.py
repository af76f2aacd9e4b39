"""Hard cases 1 to 9 and 14 to 16 at the doors of chat: a forbidden address is refused, and nothing is dialled.

As in `tests.desk.test_hard_cases_entrances`. The chat's own connection is simulated, and no socket.
"""

import re
from collections.abc import AsyncIterator
from html import escape
from pathlib import Path

import pytest

from tests.bot.chat.newsroom import Room, message, newsroom, words
from tests.fakes.web import Web
from tests.fetch.forbidden import ALLOWED_URL, FEWEST, PUBLIC, is_taken
from tests.fetch.trap import Watched, trap

DIALLED = {(PUBLIC, 80)}


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web() as server:
        yield server


@pytest.fixture
async def watched(web: Web, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    with trap(monkeypatch, web) as watching:
        yield watching


@pytest.fixture
async def room(tmp_path: Path, watched: Watched) -> AsyncIterator[Room]:
    async with newsroom(tmp_path, allow_hosts=watched.allow_hosts(), most_sources=500) as opened:
        yield opened


@pytest.mark.parametrize(("command", "first"), [("source add", 0), ("story known", 1)])
async def test_hard_case_01_to_09_14_to_16_at_an_address_that_is_typed(
    room: Room, watched: Watched, command: str, first: int
) -> None:
    urls = [url for url in watched.every_third(first) if url == url.strip()]  # chat takes no notice of blanks around it
    answers = {url: words(await room.ann.slash(room.channel, command, url=url)) for url in urls}
    assert (watched.dialled, watched.caught) == (set(), 0)
    await room.ann.slash(room.channel, command, url=ALLOWED_URL)
    assert (watched.dialled, len(answers) > FEWEST) == (DIALLED, True)
    assert {url: said for url, said in answers.items() if not _says_why(said)} == {}


def _says_why(said: str) -> bool:
    return "address refused: " in said or "not an address of the web" in said


async def test_hard_case_01_to_09_14_to_16_at_a_feed_that_a_page_links_to(
    room: Room, watched: Watched, web: Web
) -> None:
    # A page's links lose their blanks, as in browsers, and what is relative leads to the page's own site.
    whole = [url for url in watched.spellings if re.fullmatch(r"https?://[^\s\x00\u200b]+", url)]
    feeds = {f"/page/{number}": url for number, url in enumerate((*whole[::2], ALLOWED_URL))}
    for path, feed in feeds.items():
        link = f'<link rel="alternate" type="application/rss+xml" href="{escape(feed)}">'
        web.serve(path, f"{link}<title>Gull</title><p>Read us.</p>".encode())
    said: dict[str, str] = {}
    for path, feed in feeds.items():
        answer = await room.ann.slash(room.channel, "source add", url=watched.url(path))
        if "It links to 1 feed" in words(answer):
            await room.ann.select(message(answer), values=["0"])
            said[feed] = words(answer)
    assert (watched.dialled, watched.caught, len(said) > FEWEST) == (DIALLED, 0, True)
    assert {feed for feed, why in said.items() if not _says_why(why)} == {ALLOWED_URL}


async def test_hard_case_01_to_09_14_to_16_at_a_link_in_a_message(room: Room, watched: Watched) -> None:
    answers = {}
    for url in (*watched.every_third(2), ALLOWED_URL):
        said = await room.cy.send(room.channel, f"Look: <{url}>")
        answers[url] = words(await room.ann.context_menu(room.channel, "Watch this link", said))
    assert (watched.dialled, watched.caught) == (DIALLED, 0)
    assert len([said for said in answers.values() if _says_why(said)]) > FEWEST


async def test_hard_case_01_to_09_14_to_16_at_an_import(room: Room, watched: Watched) -> None:
    urls = {f"s{number}": url for number, url in enumerate((*filter(is_taken, watched.spellings[::2]), ALLOWED_URL))}
    outlines = "".join(f'<outline text="{name}" xmlUrl="{escape(url)}"/>' for name, url in urls.items())
    opml = f'<opml version="2.0"><body>{outlines}</body></opml>'.encode()
    await room.ann.slash(room.channel, "desk import", file=("all.opml", opml), mode="merge")
    assert (watched.dialled, watched.caught) == (set(), 0)
    imported = [source.name for source in room.office.directory.all()[0].sources]
    answers = {name: words(await room.ann.slash(room.channel, "source test", name=name)) for name in imported}
    assert (watched.dialled, watched.caught, len(answers) > FEWEST) == (DIALLED, 0, True)
    assert {urls[name] for name, said in answers.items() if not _says_why(said)} == {ALLOWED_URL}

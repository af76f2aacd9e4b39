"""Hard cases 1 to 9 and 14 to 16 at the doors of a desk: whatever leads it to a forbidden address, it opens no socket.

Each test leads the whole program to the spellings of `tests.fetch.forbidden` by one entrance (to all, or to a third
where each costs more), and to one public address besides, which is dialled: so the test would see if another were.
"""

import re
from collections.abc import Iterator

import pytest

from config.watchlist import Source
from tests.desk.conftest import Desk
from tests.desk.press import Entry, rss
from tests.fakes.web import Asked, Reply, Web, redirect
from tests.fetch.forbidden import ALLOWED_URL, FEWEST, PUBLIC
from tests.fetch.trap import SITE, Watched, trap
from watchers.storage import told
from watchers.storage.database import Database
from watchers.storage.location import database_url

NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@pytest.fixture
def watched(desk: Desk, web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    with trap(monkeypatch, web) as watching:
        desk.environment["WIREDESK_ALLOW_HOSTS"] = watching.allow_hosts()
        yield watching


def follow(desk: Desk, urls: dict[str, str]) -> None:
    """Put sources into the database as they stand, past the check of their spelling."""
    desk.run()
    with Database(database_url("", desk.folder / "data"), durable=False) as database, database.writing() as connection:
        for name, url in urls.items():
            told.add_source(connection, 1, name, Source.model_construct(url=url))


def errors(desk: Desk) -> dict[str, str]:
    """Each source's last error, by its name."""
    return {line["name"]: line["last_error"] or "" for line in desk.command("source", "list", "--json")}


def feed_of(links: dict[str, str]) -> bytes:
    """A feed with an entry for each link, under its name."""
    return rss(Entry(title=name, link=link, guid=name) for name, link in links.items() if not NO_XML.search(link))


def test_hard_case_01_to_09_14_to_16_when_sources_are_polled(desk: Desk, watched: Watched) -> None:
    urls = {f"s{number}": url for number, url in enumerate(watched.spellings)}
    follow(desk, {**urls, "public": ALLOWED_URL})
    desk.run()
    assert (watched.dialled, watched.caught) == ({(PUBLIC, 80)}, 0)
    found = errors(desk)
    assert "Connection refused" in found.pop("public"), "by the test, not by the guard"
    assert {urls[name]: why for name, why in found.items() if "address refused: " not in why} == {}


def test_hard_case_01_to_09_14_to_16_when_articles_are_read(desk: Desk, watched: Watched, web: Web) -> None:
    links = {f"story {number}": url for number, url in enumerate(watched.spellings)}
    web.serve("/feed", feed_of({**links, "public": ALLOWED_URL}))
    follow(desk, {"courier": watched.url("/feed")})
    desk.run(first_look="all")
    assert (watched.dialled, watched.caught) == ({(PUBLIC, 80)}, 0)
    assert len(desk.command("source", "items", "courier", "--json")) > FEWEST


def test_hard_case_11_12_when_a_source_redirects(desk: Desk, watched: Watched, web: Web) -> None:
    targets = dict(enumerate((*watched.every_third(0), ALLOWED_URL)))

    def onwards(asked: Asked) -> Reply:
        _, hop, number = asked.path.split("/")
        if hop == "first":
            return redirect(f"/second/{number}", 301)
        return redirect(targets[int(number)].encode("utf-8", "surrogateescape").decode("latin-1"), 308)

    web.serve("*", onwards)
    follow(desk, {f"s{number}": watched.url(f"/first/{number}") for number in targets})
    desk.run()
    assert (watched.dialled, watched.caught) == ({(PUBLIC, 80)}, 0)
    assert len(web.requests) >= 2 * len(targets) > 2 * FEWEST
    assert {targets[int(name[1:])] for name, why in errors(desk).items() if not why} == set()


def test_hard_case_11_when_robots_txt_redirects(desk: Desk, watched: Watched, web: Web) -> None:
    targets = [url for url in (*watched.every_third(1), ALLOWED_URL) if url.isprintable()]
    hosts = {f"n{number}.{SITE}": url for number, url in enumerate(targets)}

    def site(asked: Asked) -> Reply:
        host = asked.headers["host"].partition(":")[0]
        # Some spellings, put after the site's own name, are paths on it: those break down.
        return redirect(hosts[host].encode().decode("latin-1")) if asked.path == "/robots.txt" else Reply(500)

    web.serve("*", site)
    web.serve("/feed", feed_of({host: watched.url("/story", host=host) for host in hosts}))
    desk.environment["WIREDESK_ALLOW_HOSTS"] = watched.allow_hosts(*hosts)
    follow(desk, {"courier": watched.url("/feed")})
    desk.run(first_look="all")
    assert (watched.dialled, watched.caught) == ({(PUBLIC, 80)}, 0)
    assert len(web.asked("/robots.txt")) > FEWEST
    assert web.asked("/story") == []

"""From an entry to its article: every event once, whatever pages, redirects and edits make of it."""

from typing import Any

import pytest

from tests.desk.conftest import NOW, Desk
from tests.desk.press import PARAGRAPHS, Entry, article, rss
from tests.fakes.web import Reply, Web, redirect
from watchers.sources import parse_source

HTML = {"Content-Type": "text/html; charset=utf-8"}
LATER = "2026-03-02T13:00:00Z"


def entry(web: Web, **changes: Any) -> Entry:
    given = {"title": "Quay goes dark", "link": web.url("/story"), "guid": "1", "summary": PARAGRAPHS[0]}
    return Entry(**(given | changes))


def page(title: str = "Quay goes dark", **more: Any) -> Reply:
    return Reply(body=article(title, PARAGRAPHS, **more), headers=HTML)


@pytest.mark.parametrize("read", ["matched", "never"])
def test_what_a_page_leaves_open_its_feed_says_at_the_first_look_too(desk: Desk, web: Web, read: str) -> None:
    desk.source("courier", "/feed", read=read)
    web.serve("/feed", rss([entry(web)], title="Quay Gazette"))
    bare = f"<html><body><p>{'</p><p>'.join(PARAGRAPHS)}</p></body></html>"
    web.serve("/story", Reply(body=bare.encode(), headers=HTML))
    assert [line["outlet"] for line in desk.run().told()] == ["Quay Gazette"]


def test_what_neither_says_is_told_as_it_was_seen(desk: Desk, web: Web) -> None:
    desk.source("courier", "/feed", read="never")
    old = Entry(title="Of old", guid="0", link=web.url("/old"), summary="A lighthouse was painted.")
    web.serve("/feed", rss([old], title=""))
    desk.run()
    web.serve("/feed", rss([entry(web, published=None), old], title=""))
    shown = desk.cards(at=LATER)
    assert "127.0.0.1 · no date; first seen 2 Mar 2026, 08:00 EST (just now)" in shown


def test_told_from_the_feeds_words_and_read_whole_after_an_edit_is_told_once(desk: Desk, web: Web) -> None:
    desk.source("courier", "/feed")
    web.serve("/feed", rss([entry(web)]))
    web.serve("/story", Reply(403))
    assert len(desk.run().told()) == 1
    web.serve("/feed", rss([entry(web, title="Quay goes dark, commission says")]))
    web.serve("/story", redirect("/2026/03/quay-goes-dark"))
    web.serve("/2026/03/quay-goes-dark", page())
    assert desk.run(at=LATER).told() == []


def test_a_copy_of_the_whole_text_is_known_again_after_the_summary_was_told(desk: Desk, web: Web) -> None:
    desk.source("courier", "/feed")
    web.serve("/feed", rss([entry(web)]))
    web.serve("/story", Reply(403))
    desk.run()
    web.serve("/feed", rss([entry(web, summary=PARAGRAPHS[0] + " It was late.")]))
    web.serve("/story", page())
    desk.run(at=LATER)
    web.serve("/other", rss([entry(web, title="A brass band at night", link=web.url("/copy"), guid="2", summary="x")]))
    web.serve("/copy", Reply(body=article("A brass band at night", PARAGRAPHS[2:]), headers=HTML))
    desk.query = '"harbor cameras" OR band'
    desk.source("other", "/other")
    assert desk.run(at="2026-03-02T14:00:00Z").told() == []


def test_an_article_listed_twice_is_read_from_its_page(desk: Desk, web: Web) -> None:
    desk.source("courier", "/feed")
    web.serve("/feed", rss([entry(web, summary="Read on."), entry(web, guid="2", summary="Read on.")]))
    web.serve("/story", page())
    assert len(desk.run().told("story.new")) == 1


def test_a_server_that_asks_for_an_hour_is_given_it(desk: Desk, web: Web) -> None:
    desk.source("courier", "/feed")
    web.serve("/feed", rss([entry(web, title="A vote", summary="The commission met.")]))
    web.serve("/story", Reply(503, headers={"Retry-After": "3600"}))
    for minutes in (0, 10, 30, 45):
        assert desk.run(at=f"2026-03-02T12:{minutes:02}:00Z").told() == []
    web.serve("/story", page("A vote"))
    assert len(desk.run(at=LATER).told("story.new")) == 1


def test_hard_case_55_a_counter_in_the_id_and_another_headline_are_an_edit(desk: Desk, web: Web) -> None:
    desk.source("courier", "/feed", read="never")
    link = "https://quay.example/story"
    web.serve("/feed", rss([entry(web, link=link, guid=f"{link}#0")]))
    assert len(desk.run().told()) == 1
    web.serve("/feed", rss([entry(web, link=link, guid=f"{link}#1", title="Harbor cameras: residents rejoice")]))
    assert desk.run(at=LATER).told() == []


def test_stories_that_are_all_led_to_one_welcome_page_are_each_told(desk: Desk, web: Web) -> None:
    desk.source("courier", "/feed")
    second = "The harbor cameras at the fish market were stolen on Sunday, and the guard heard nothing of it at all."
    web.serve(
        "/feed",
        rss([
            entry(web, link=web.url("/one")),
            entry(web, link=web.url("/two"), guid="2", title="Thieves at the fish market", summary=second),
        ]),
    )  # fmt: skip
    for path in ("/one", "/two"):
        web.serve(path, redirect("/welcome"))
    greeting = [
        "Welcome to the Courier, the paper of the quay since the days of sail and lamp oil.",
        "Enjoy your stay.",
    ]
    web.serve("/welcome", Reply(body=article("Welcome to the Courier", greeting), headers=HTML))
    assert {line["title"] for line in desk.run().told()} == {"Quay goes dark", "Thieves at the fish market"}


def test_a_bug_in_one_source_fails_it_alone(desk: Desk, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(fetched: Any, memory: Any, worker: Any) -> Any:
        if fetched.url.endswith("/broken"):
            raise ZeroDivisionError
        return await parse_source(fetched, memory, worker)

    monkeypatch.setattr("watchers.pipeline.parse_source", breaks)
    for name in ("broken", "whole"):
        web.serve(f"/{name}", rss([entry(web, link=f"https://{name}.example/story")]))
        desk.source(name, f"/{name}", read="never")
    ran = desk.run(at=NOW)
    assert len(ran.told("story.new")) == 1
    assert ran.summary["failed"] == 1
    (broken, _) = desk.command("source", "list", "--json")
    assert "defect" in broken["last_error"]


def test_a_very_long_address_and_language_are_taken(desk: Desk, web: Web) -> None:
    desk.source("courier", "/feed", read="never")
    link = f"https://quay.example/story?articleId={'7' * 3500}"
    web.serve("/feed", rss([entry(web, link=link)], extra="<language>sr-Cyrl-RS-u-ca-gregory</language>"))
    assert len(desk.run().told("story.new")) == 1

"""What commands list. On both databases."""

from typing import Any

import pytest

from tests.storage.building import NOW, Desk, alert, reading, watch_list
from watchers.models import Item
from watchers.storage import listing, sources, versions
from watchers.storage.listing import SourceView
from watchers.storage.versions import Version


def courier(desk: Desk) -> SourceView:
    (view,) = desk.read(listing.sources_of, desk.id)
    return view


OK = {"last_outcome": "ok", "first_ok_at": NOW, "last_ok_at": NOW, "last_new_at": NOW, "next_at": NOW}
FAILED = {"last_outcome": "failed", "last_error": "no answer", "failures": 1}


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({}, "new"),
        (OK, "ok"),
        (FAILED, "failing"),
        (OK | FAILED, "failing"),
        (OK | {"last_outcome": "not_modified"}, "ok"),
        (OK | {"told_failing": True}, "failing"),
        (OK | FAILED | {"gone": True}, "paused"),
    ],
)
def test_a_source_is_paused_else_failing_else_ok_else_new(desk: Desk, columns: dict[str, Any], state: str) -> None:
    if columns:
        desk.write(sources.save, desk.source().id, columns)
    assert courier(desk).state == state


def test_a_source_that_answers_and_has_fallen_silent_says_since_when(desk: Desk) -> None:
    desk.write(sources.save, desk.source().id, OK | {"told_failing": True})
    assert courier(desk).last_error == "it answers, but has shown nothing new since 2026-03-02 12:00 UTC"


def test_secrets_are_left_out_of_addresses_and_errors(desk: Desk) -> None:
    desk.apply(watch_list(sources={"courier": {"url": "https://courier.example/feed?key=hush"}}))
    desk.write(sources.save, desk.source().id, FAILED | {"last_error": "no answer of https://a.example/?token=hush"})
    assert "hush" not in repr(courier(desk))


def test_the_kind_is_the_one_found(desk: Desk) -> None:
    told = courier(desk).kind
    desk.write(sources.save, desk.source().id, {"found_kind": "sitemap"})
    assert (told, courier(desk).kind) == ("auto", "sitemap")


def test_items_are_counted_and_shown_in_the_sources_order(desk: Desk) -> None:
    desk.show(Item(url="https://courier.example/2", title="Second", published=NOW), Item(entry_id="1", title="First"))
    shown = desk.read(listing.items_of, 1)
    assert courier(desk).items == 2
    assert [(item.title, item.url, item.published) for item in shown] == [
        ("Second", "https://courier.example/2", NOW), ("First", None, None),
    ]  # fmt: skip
    assert {item.first_seen for item in shown} == {NOW}


def test_the_versions_of_a_page_are_its_items_the_newest_first(desk: Desk) -> None:
    for number, text in ((1, "thirty days"), (2, "ninety days")):
        version = Version(number=number, title="Policy", text=text, text_hash=text, extractor="page-1", snapshot=None)
        desk.write(versions.add, desk.source().id, version, NOW)
    assert courier(desk).items == 2
    assert [item.summary for item in desk.read(listing.items_of, 1)] == ["ninety days", "thirty days"]


def test_a_channel_tells_what_waits_for_it(desk: Desk) -> None:
    desk.tell(alert("story.new:1"))
    desk.tell(alert("story.new:2"))
    assert {view.name: view.waiting for view in desk.read(listing.channels_of, desk.id)} == {"newsroom": 2, "team": 0}


def test_a_watch_tells_how_many_articles_it_matched(desk: Desk) -> None:
    desk.bring(reading())
    (view,) = desk.read(listing.watches_of, desk.id)
    assert (view.name, view.matches, view.sources) == ("cameras", 1, None)
    assert desk.read(listing.read_since, NOW) == 1

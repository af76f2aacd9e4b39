"""Rows that people tell by command: made, paused, resumed, adopted, removed. On both databases."""

from typing import Any

import pytest

from config.watchlist import Entity, Route, Source, Watch
from tests.storage.building import Desk, watch_list
from watchers.errors import ConfigError
from watchers.storage import health, listing, meta, sources, told
from watchers.storage.desks import PAUSED
from watchers.storage.told import Row
from watchers.storage.uses import Noun
from watchers.storage.watchlist import export, follow_columns

FEED = Source(url="https://herald.example/feed", tags=("city",))
WATCH = Watch(
    query="band AND @port", routes=(Route(channel="team", when="daily", mention="42"), Route(channel="newsroom"))
)


def row(desk: Desk, noun: Noun, name: str) -> Row:
    return desk.read(told.find, desk.id, noun, name)


def names(desk: Desk, noun: Noun) -> list[str]:
    views: dict[Noun, Any] = {
        "source": listing.sources_of,
        "watch": listing.watches_of,
        "entity": listing.entities_of,
        "channel": listing.channels_of,
    }
    return [view.name for view in desk.read(views[noun], desk.id)]


def test_what_people_make_is_their_own_and_survives_the_file(desk: Desk) -> None:
    desk.write(told.add_source, desk.id, "herald", FEED)
    desk.write(told.add_watch, desk.id, "music", WATCH, now=desk.now)
    desk.write(told.add_entity, desk.id, "quay", Entity(name="Eastern Quay"))
    desk.apply(watch_list(), prune=True)
    made: list[tuple[Noun, str]] = [("source", "herald"), ("watch", "music"), ("entity", "quay")]
    assert [row(desk, noun, name).origin for noun, name in made] == ["desk", "desk", "desk"]
    assert names(desk, "source") == ["courier", "herald"]


def test_hard_case_31_a_source_that_moved_is_found_by_either_address_and_shown_by_the_new_one(desk: Desk) -> None:
    new = FEED.model_copy(update={"url": "https://herald.example/new?token=hunter2"})
    desk.write(told.add_source, desk.id, "herald", FEED)
    source_id = desk.write(follow_columns, FEED, desk.id)["source_id"]
    desk.write(sources.save, source_id, {"address": new.url})
    for again in (FEED, new):
        with pytest.raises(ConfigError, match="again: the desk follows this address already, as herald"):
            desk.write(told.add_source, desk.id, "again", again)
    desk.write(told.add_source, desk.id, "page", new.model_copy(update={"kind": "page"}))
    shown = {view.name: view.url for view in desk.read(listing.sources_of, desk.id)}
    assert shown["herald"] == "https://herald.example/new?token=***"
    assert [view.url for view in desk.read(health.every, desk.id) if view.name == "herald"] == [shown["herald"]]
    assert desk.read(health.address_of, desk.id, row(desk, "source", "herald").id)[0] == new.url
    assert desk.read(export, desk.id).sources["herald"].url == FEED.url
    assert names(desk, "source") == ["courier", "herald", "page"]


def test_a_watch_keeps_its_routes_in_order(desk: Desk) -> None:
    desk.write(told.add_watch, desk.id, "music", WATCH, now=desk.now)
    (view,) = (view for view in desk.read(listing.watches_of, desk.id) if view.name == "music")
    assert [(route.channel, route.when, route.mention) for route in view.routes] == [
        ("team", "daily", "42"), ("newsroom", "now", None),
    ]  # fmt: skip


def test_every_change_is_a_new_generation(desk: Desk) -> None:
    seen = [desk.read(meta.generation)]

    def changed(function: Any, *args: Any, **kwargs: Any) -> None:
        desk.write(function, *args, **kwargs)
        seen.append(desk.read(meta.generation))

    changed(told.add_source, desk.id, "herald", FEED)
    changed(told.add_entity, desk.id, "quay", Entity(name="Eastern Quay"))
    changed(told.add_watch, desk.id, "music", WATCH, now=desk.now)
    changed(told.pause, row(desk, "source", "herald"))
    changed(told.resume, row(desk, "source", "herald"))
    changed(told.adopt, row(desk, "channel", "team"))
    changed(told.remove, desk.id, row(desk, "watch", "music"))
    assert sorted(set(seen)) == seen


def test_nothing_is_written_where_nothing_changes(desk: Desk) -> None:
    desk.write(told.pause, row(desk, "watch", "cameras"))
    before = desk.read(meta.generation)
    assert not desk.write(told.pause, row(desk, "watch", "cameras"))
    assert not desk.write(told.resume, row(desk, "source", "courier"))
    assert desk.read(meta.generation) == before


def test_what_was_paused_by_command_stays_paused_when_the_file_changes(desk: Desk) -> None:
    desk.write(told.pause, row(desk, "watch", "cameras"))
    desk.apply(watch_list(watches={"cameras": {"query": "camera*", "routes": ["newsroom"]}}))
    assert row(desk, "watch", "cameras").state == PAUSED


def test_what_the_file_left_out_works_again_once_adopted(desk: Desk) -> None:
    desk.apply(watch_list(watches={}))
    left_out = row(desk, "watch", "cameras").state
    desk.write(told.adopt, row(desk, "watch", "cameras"))
    desk.apply(watch_list(watches={}))
    assert (left_out, row(desk, "watch", "cameras").state) == (PAUSED, "active")


def test_a_gone_source_is_polled_again_once_resumed(desk: Desk) -> None:
    source_id = desk.source().id
    desk.write(sources.pause_gone, source_id, "410")
    gone = desk.read(sources.every_active, desk.now)
    desk.write(told.resume, row(desk, "source", "courier"))
    assert (gone, desk.read(sources.every_active, desk.now)) == ([], [source_id])


def test_a_removed_source_that_is_followed_again_is_the_same_source(desk: Desk) -> None:
    desk.write(told.add_source, desk.id, "herald", FEED)
    before = desk.source("herald").id
    desk.write(told.remove, desk.id, row(desk, "source", "herald"))
    desk.write(told.add_source, desk.id, "city-herald", FEED)
    assert desk.source("city-herald").id == before


def test_a_row_of_the_file_is_not_removed(desk: Desk) -> None:
    of_the_file: list[tuple[Noun, str]] = [
        ("source", "courier"), ("watch", "cameras"), ("entity", "port"), ("channel", "team"),
    ]  # fmt: skip
    for noun, name in of_the_file:
        with pytest.raises(ConfigError, match="watch-list file"):
            desk.write(told.remove, desk.id, row(desk, noun, name))


def test_what_a_watch_names_is_not_removed(desk: Desk) -> None:
    desk.write(told.add_source, desk.id, "herald", FEED)
    desk.write(told.add_watch, desk.id, "music", WATCH.model_copy(update={"sources": ("city",)}), now=desk.now)
    named: list[tuple[Noun, str]] = [("entity", "port"), ("channel", "team"), ("source", "herald")]
    for noun, name in named:
        desk.write(told.adopt, row(desk, noun, name))
        with pytest.raises(ConfigError, match="in use by watch music"):
            desk.write(told.remove, desk.id, row(desk, noun, name))


def test_a_source_is_removed_while_another_one_has_its_tag(desk: Desk) -> None:
    desk.write(told.add_source, desk.id, "herald", FEED)
    desk.write(told.add_source, desk.id, "post", FEED.model_copy(update={"url": "https://post.example/feed"}))
    desk.write(told.add_watch, desk.id, "music", WATCH.model_copy(update={"sources": ("city",)}), now=desk.now)
    desk.write(told.remove, desk.id, row(desk, "source", "herald"))
    assert names(desk, "source") == ["courier", "post"]


def test_the_desks_own_channel_of_notices_is_not_removed(desk: Desk) -> None:
    desk.apply(watch_list(watches={}), prune=True)
    desk.write(told.adopt, row(desk, "channel", "newsroom"))
    with pytest.raises(ConfigError, match="notices"):
        desk.write(told.remove, desk.id, row(desk, "channel", "newsroom"))


def test_all_unknown_channels_and_sources_of_a_watch_are_told_at_once(desk: Desk) -> None:
    watch = Watch(query="band", sources=("couriers",), routes=(Route(channel="teem"), Route(channel="newsroom")))
    with pytest.raises(ConfigError) as refused:
        desk.write(told.add_watch, desk.id, "music", watch, now=desk.now)
    assert len(refused.value.problems) == 2
    assert "did you mean courier?" in str(refused.value)
    assert names(desk, "watch") == ["cameras"]


def test_an_unknown_name_names_what_there_is(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="there is newsroom, team"):
        desk.read(told.find, desk.id, "channel", "zzz")

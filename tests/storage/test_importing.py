"""Imports: what is added, changed, removed and kept; each row on record, in one transaction."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from config.watchlist import Watchlist
from tests.storage.building import NOW, Desk
from watchers.errors import ConfigError
from watchers.importing import Plan, Scope, plan
from watchers.storage import audit, editing, exporting, guilds, importing, sources, watchlist
from watchers.storage import told as editing_told
from watchers.storage.audit import Actor, By
from watchers.storage.guilds import Setup
from watchers.storage.schema import follows

ANN = Actor("1", "Ann")
SCOPE = Scope(manages=True, channels=frozenset({"11", "12"}), roles=frozenset({"7"}), most_sources=9, most_watches=9)
EDITOR = Scope(manages=False, channels=SCOPE.channels, roles=SCOPE.roles, most_sources=9, most_watches=9)
TOKEN = "0123456789abcdef0123456789abcdef"
WHOLE: dict[str, Any] = {
    "entities": {"port": {"name": "Port Police", "aliases": ["PPD"]}},
    "watches": {"cameras": {"query": "camera* AND @port", "tags": ["policing"], "sources": ["local"]}},
    "sources": {"herald": {"url": "https://herald.example/feed", "every": "15m", "tags": ["local"]}},
}


@pytest.fixture
def herald(desk: Desk) -> int:
    """A server's desk, beside the file's."""
    wanted = Setup(label="Herald", chat_id="11", channel="newsroom", editors_role="7", timezone=None)
    return desk.write(guilds.set_up, "4711", ANN, wanted, now=NOW).desk


def by(herald: int) -> By:
    return By(desk=herald, actor=ANN, act="desk import", now=NOW)


def bring(at: Desk, herald: int, mode: Any = "merge", scope: Scope = SCOPE, **sections: Any) -> Plan:
    wanted = Watchlist.model_validate(sections)
    return at.write(importing.carry_out, by(herald), wanted, scope, mode)


def told(desk: Desk, herald: int) -> Watchlist:
    return desk.read(watchlist.export, herald)


def test_everything_of_a_file_is_added_active_and_people_s_own(desk: Desk, herald: int) -> None:
    found = bring(desk, herald, **WHOLE)
    assert found.added == ["entity port", "source herald", "watch cameras"]
    now = told(desk, herald)
    assert now.sources == Watchlist.model_validate(WHOLE).sources
    assert [route.channel for route in now.watches["cameras"].routes] == ["newsroom"]
    assert len(desk.read(sources.every_active, NOW)) == 2


def test_each_row_is_on_record_as_it_was_and_is(desk: Desk, herald: int) -> None:
    bring(desk, herald, **WHOLE)
    bring(desk, herald, entities={"port": {"name": "Harbour Police"}})
    last = desk.read(audit.entries, herald, limit=1)[0]
    assert last.before is not None
    assert last.after is not None
    assert (last.act, last.name, last.before["label"], last.after["label"]) == (
        "desk import", "port", "Port Police", "Harbour Police",
    )  # fmt: skip


def test_the_same_again_changes_nothing(desk: Desk, herald: int) -> None:
    bring(desk, herald, **WHOLE)
    acts = desk.read(audit.count, herald)
    assert not bring(desk, herald, **WHOLE)
    assert not bring(desk, herald, "replace", **WHOLE)
    assert desk.read(audit.count, herald) == acts


def test_merging_keeps_what_the_file_doesn_t_say(desk: Desk, herald: int) -> None:
    bring(desk, herald, **WHOLE)
    bring(desk, herald, sources={"herald": {"url": "https://herald.example/feed", "tags": ["city", "local"]}})
    source = told(desk, herald).sources["herald"]
    assert (source.tags, source.every is not None) == (("city", "local"), True)


def test_replacing_makes_rows_as_the_file_has_them(desk: Desk, herald: int) -> None:
    bring(desk, herald, **WHOLE)
    found = bring(desk, herald, "replace", sources={"herald": {"url": "https://herald.example/feed"}})
    assert found.removed == [("watch", "cameras"), ("entity", "port")]
    source = told(desk, herald).sources["herald"]
    assert (source.tags, source.every) == ((), None)


def test_replacing_removes_no_source_whose_address_holds_a_secret(desk: Desk, herald: int) -> None:
    bring(desk, herald, sources={"paper": {"url": f"https://paper.example/feed?token={TOKEN}"}})
    bring(desk, herald, watches={"only": {"query": "quay", "sources": []}})
    bring(desk, herald, "replace", **WHOLE)
    assert set(told(desk, herald).sources) == {"paper", "herald"}


def test_what_was_exported_without_a_secret_source_loses_no_watch_of_it(desk: Desk, herald: int) -> None:
    secret = {"url": f"https://paper.example/feed?token={TOKEN}", "tags": ["paid"]}
    open_too = {"url": "https://herald.example/feed"}
    bring(
        desk,
        herald,
        sources={"paper": secret, "herald": open_too},
        watches={
            "only": {"query": "quay", "sources": ["paid"]},
            "both": {"query": "quay", "sources": ["herald", "paper"]},
        },
    )
    shared = desk.read(exporting.share, herald)
    assert (shared.secret_sources, shared.lost_watches) == (1, ("only",))
    desk.write(importing.carry_out, by(herald), shared.watchlist, SCOPE, "replace")
    now = told(desk, herald).watches
    assert (now["only"].sources, now["both"].sources) == (("paid",), ("herald", "paper"))


def test_replacing_leaves_what_the_desk_still_needs(desk: Desk, herald: int) -> None:
    bring(desk, herald, "merge", channels={"there": {"kind": "discord", "id": "12"}}, **WHOLE)
    found = bring(desk, herald, "replace", EDITOR, watches={"other": {"query": "quay"}})
    assert {name for noun, name in found.removed if noun == "channel"} == set()
    assert "newsroom" in told(desk, herald).channels


def test_people_s_channels_that_nothing_needs_are_replaced_by_who_manages(desk: Desk, herald: int) -> None:
    bring(desk, herald, channels={"there": {"kind": "discord", "id": "12"}})
    bring(desk, herald, "replace", **WHOLE)
    assert set(told(desk, herald).channels) == {"newsroom"}


def test_rows_of_the_file_are_kept_as_they_are(desk: Desk) -> None:
    before = told(desk, desk.id)
    found = bring(desk, desk.id, "replace", **{**WHOLE, "sources": {"courier": {"url": "https://other.example/"}}})
    assert {"entity port", "watch cameras", "source courier"} == set(found.kept)
    assert told(desk, desk.id) == before


def test_a_source_that_is_followed_by_another_name_keeps_it(desk: Desk, herald: int) -> None:
    bring(desk, herald, **WHOLE)
    renamed = {"feed": {"url": "https://herald.example/feed", "tags": ["new"]}}
    bring(desk, herald, sources=renamed, watches={"quay": {"query": "quay", "sources": ["feed"]}})
    now = told(desk, herald)
    assert (set(now.sources), now.sources["herald"].tags) == ({"herald"}, ("new",))
    assert now.watches["quay"].sources == ("herald",)


def test_a_watch_that_asks_for_what_is_not_there_is_left_out(desk: Desk, herald: int) -> None:
    found = bring(
        desk,
        herald,
        watches={"a": {"query": "@nobody"}, "b": {"query": "quay", "sources": ["none"]}, "c": {"query": "quay"}},
    )
    assert found.added == ["watch c"]
    assert [line.partition(":")[0] for line in found.left_out] == ["watch a", "watch b"]


def test_an_entity_that_differs_only_in_case_is_left_out(desk: Desk, herald: int) -> None:
    bring(desk, herald, **WHOLE)
    found = bring(desk, herald, entities={"Port": {"name": "Another"}})
    assert found.left_out == ["entity Port: there is an entity port"]


def test_a_paused_row_of_the_file_rests_and_works_again_when_the_file_says_so(desk: Desk, herald: int) -> None:
    resting = {"url": "https://herald.example/feed", "paused": True}
    bring(desk, herald, sources={"herald": resting})
    polled = len(desk.read(sources.every_active, NOW))
    bring(desk, herald, sources={"herald": resting | {"paused": False}})
    assert (polled, len(desk.read(sources.every_active, NOW))) == (1, 2)


def test_more_than_the_desk_may_have_is_refused_as_a_whole(desk: Desk, herald: int) -> None:
    many = {f"s{number}": {"url": f"https://s{number}.example/feed"} for number in range(10)}
    with pytest.raises(ConfigError, match="10 sources, and may have 9"):
        bring(desk, herald, sources=many)
    assert told(desk, herald).sources == {}


def test_an_editor_s_import_sets_no_channel_route_or_setting(desk: Desk, herald: int) -> None:
    found = bring(
        desk,
        herald,
        scope=EDITOR,
        desk={"timezone": "Europe/London"},
        channels={"there": {"kind": "discord", "id": "12"}},
        watches={"quay": {"query": "quay", "routes": ["there"]}},
    )
    now = told(desk, herald)
    assert (now.desk.timezone, set(now.channels)) == ("UTC", {"newsroom"})
    assert [route.channel for route in now.watches["quay"].routes] == ["newsroom"]
    assert found.left_out == ["channels, routes and the desk's settings: they need the permission Manage Server"]


def test_who_manages_sets_them_and_a_channel_the_desk_has_keeps_its_name(desk: Desk, herald: int) -> None:
    bring(
        desk,
        herald,
        desk={"timezone": "Europe/London", "digest_at": "07:30", "admin_channel": "there"},
        channels={"there": {"kind": "discord", "id": "12"}, "mine": {"kind": "discord", "id": "11"}},
        watches={"quay": {"query": "quay", "routes": ["there", {"channel": "mine", "when": "daily", "mention": "7"}]}},
    )
    now = told(desk, herald)
    assert (now.desk.timezone, f"{now.desk.digest_at:%H:%M}", now.desk.admin_channel) == (
        "Europe/London", "07:30", "there",
    )  # fmt: skip
    assert [(route.channel, route.when, route.mention) for route in now.watches["quay"].routes] == [
        ("there", "now", None), ("newsroom", "daily", "7"),
    ]  # fmt: skip


def test_hard_case_94_a_channel_of_another_server_is_planned_as_foreign_whoever_imports(
    desk: Desk, herald: int
) -> None:
    wanted = Watchlist.model_validate({"channels": {"theirs": {"kind": "discord", "id": "99"}}})
    present = desk.read(importing.present, herald)
    for scope in (SCOPE, EDITOR):
        found = plan(present, wanted, scope, "merge")
        assert (found.foreign, found.channels) == ([("theirs", "99")], {})


def test_another_desk_is_as_it_was(desk: Desk, herald: int) -> None:
    before = told(desk, desk.id)
    bring(desk, herald, **WHOLE)
    bring(desk, herald, "replace", entities={"x": {"name": "X"}})
    assert told(desk, desk.id) == before


def test_an_import_is_taken_over_by_a_running_desk(desk: Desk, herald: int) -> None:
    generation = desk.told.generation
    bring(desk, herald, **WHOLE)
    assert desk.told.generation > generation


def test_known_sources_are_named_by_their_addresses(desk: Desk, herald: int) -> None:
    bring(desk, herald, **WHOLE)
    assert desk.read(importing.known, herald) == {"https://herald.example/feed": "herald"}


def test_two_watches_of_an_import_are_undone_one_by_one(desk: Desk, herald: int) -> None:
    bring(desk, herald, **WHOLE)
    desk.write(editing.undo, by(herald))
    assert told(desk, herald).watches == {}
    assert desk.read(lambda connection: connection.execute(select(follows.c.name)).scalars().all()) == [
        "courier", "herald",
    ]  # fmt: skip


def test_a_watch_that_rests_until_a_moment_goes_on_resting_until_then(desk: Desk, herald: int) -> None:
    bring(desk, herald, **WHOLE)
    watch = desk.read(editing_told.find, herald, "watch", "cameras")
    desk.write(editing.pause, by(herald), "watch", watch.id, until=NOW + timedelta(hours=2))
    bring(desk, herald, watches={"cameras": {"query": "camera"}})
    assert desk.write(editing_told.wake, NOW + timedelta(hours=2)) == 1
    assert told(desk, herald).watches["cameras"].query == "camera"
    assert not told(desk, herald).watches["cameras"].paused

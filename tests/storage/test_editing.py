"""Edits from chat: each on record, undone as they were, refused with what to do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from config.watchlist import Entity, Source, Watch
from tests.storage.building import NOW, Desk, watch_list
from watchers.errors import ConfigError
from watchers.storage import audit, drafts, editing, told
from watchers.storage.audit import Actor, By
from watchers.storage.editing import FileRow
from watchers.storage.leading import Lead

ANN = Actor("7", "Ann")
ENTRY = Watch(query="quay", tags=("harbor",), sources=("local",))
TEAM = Lead(chat_id=None, name="team", when="daily", mention="9", quiet="22:00-07:00")
QUIET = Lead(chat_id="55", name="quiet room")


def _by(desk: Desk, act: str = "watch edit") -> By:
    return By(desk=desk.id, actor=ANN, act=act, now=desk.now)


def _row(desk: Desk, name: str = "quay") -> int:
    return desk.read(told.find, desk.id, "watch", name).id


def _as_it_is(desk: Desk, name: str = "quay") -> dict[str, Any] | None:
    return desk.read(editing.snapshot, desk.id, "watch", name)


@pytest.fixture
def edited(desk: Desk) -> Desk:
    """The desk with a watch of people's own, called quay."""
    desk.write(editing.add_watch, _by(desk, "watch add"), "quay", ENTRY, quota=10, lead=TEAM)
    return desk


# ── adding ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_watch_is_made_with_its_route_and_put_on_record(edited: Desk) -> None:
    assert _as_it_is(edited) == {
        "query": "quay",
        "tags": ["harbor"],
        "sources": ["local"],
        "origin": "desk",
        "state": "active",
        "reason": None,
        "paused_until": None,
        "routes": [{"channel": "team", "when": "daily", "mention": "9", "quiet": "22:00-07:00"}],
    }
    (entry,) = edited.read(audit.entries, edited.id, limit=5)
    assert (entry.act, entry.noun, entry.name, entry.actor) == ("watch add", "watch", "quay", ANN)
    assert (entry.before, entry.after) == (None, _as_it_is(edited))


def test_a_chat_channel_that_is_new_becomes_the_desks(desk: Desk) -> None:
    desk.write(editing.add_watch, _by(desk), "quay", ENTRY, quota=10, lead=QUIET)
    found = _as_it_is(desk)
    assert found is not None
    assert [route["channel"] for route in found["routes"]] == ["quiet-room"]


def test_what_can_t_be_added_leaves_nothing_behind(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="no source or tag of one is called gull"):
        desk.write(editing.add_watch, _by(desk), "quay", Watch(query="quay", sources=("gull",)), quota=10, lead=QUIET)
    with pytest.raises(ConfigError, match="no channel is called quiet-room"):
        desk.read(told.find, desk.id, "channel", "quiet-room")
    assert desk.read(audit.count, desk.id) == 0


def test_hard_case_99_a_desk_has_no_more_watches_than_its_quota(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="WIREDESK_MAX_WATCHES"):
        desk.write(editing.add_watch, _by(desk), "quay", ENTRY, quota=1)
    assert _as_it_is(desk) is None


def test_hard_case_99_a_desk_has_no_more_sources_than_its_quota(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="WIREDESK_MAX_SOURCES"):
        desk.write(editing.add_source, _by(desk), "gull", Source(url="https://gull.example/feed"), quota=1)


# ── changing ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_watch_keeps_its_routes_when_its_query_changes(edited: Desk) -> None:
    before = _as_it_is(edited)
    edited.write(editing.change_watch, _by(edited), _row(edited), Watch(query="pier"), seen="quay")
    assert before is not None
    assert _as_it_is(edited) == before | {"query": "pier", "tags": [], "sources": None}


def test_a_query_that_changed_meanwhile_is_not_overwritten(edited: Desk) -> None:
    with pytest.raises(ConfigError, match="someone changed its query meanwhile"):
        edited.write(editing.change_watch, _by(edited), _row(edited), Watch(query="pier"), seen="older")


def test_a_source_that_isn_t_there_is_refused(edited: Desk) -> None:
    with pytest.raises(ConfigError, match="no source or tag of one is called gull"):
        edited.write(editing.change_watch, _by(edited), _row(edited), Watch(query="quay", sources=("gull",)))


def test_what_changes_nothing_is_no_act(edited: Desk) -> None:
    edited.write(editing.resume, _by(edited), "watch", _row(edited))
    assert edited.read(audit.count, edited.id) == 1


def test_a_row_of_the_file_is_the_files(desk: Desk) -> None:
    row = _row(desk, "cameras")
    for change in (editing.pause, editing.resume, editing.remove):
        with pytest.raises(FileRow, match="adopt it first"):
            desk.write(change, _by(desk), "watch", row)
    desk.write(editing.adopt, _by(desk, "watch adopt"), "watch", row)
    desk.write(editing.pause, _by(desk), "watch", row)


def test_a_row_of_another_desk_is_not_there(edited: Desk) -> None:
    stranger = By(desk=edited.id + 1, actor=ANN, act="watch remove", now=NOW)
    with pytest.raises(ConfigError, match="not there any more"):
        edited.write(editing.remove, stranger, "watch", _row(edited))


def test_a_route_that_isn_t_there_can_t_be_cleared(edited: Desk) -> None:
    with pytest.raises(ConfigError, match="no such route of its own"):
        edited.write(editing.clear_route, _by(edited), _row(edited), "newsroom")


# ── undo ─────────────────────────────────────────────────────────────────────────────────────────────────

Change = Callable[[Desk, int], object]
CHANGES: dict[str, Change] = {
    "edit": lambda desk, row: desk.write(editing.change_watch, _by(desk), row, Watch(query="pier")),
    "pause": lambda desk, row: desk.write(editing.pause, _by(desk), "watch", row, until=NOW + timedelta(hours=6)),
    "remove": lambda desk, row: desk.write(editing.remove, _by(desk), "watch", row),
    "set route": lambda desk, row: desk.write(editing.set_route, _by(desk), row, QUIET),
    "change route": lambda desk, row: desk.write(editing.set_route, _by(desk), row, Lead(chat_id=None, name="team")),
    "clear route": lambda desk, row: desk.write(editing.clear_route, _by(desk), row, None),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_undone(edited: Desk, change: Change) -> None:
    before = _as_it_is(edited)
    change(edited, _row(edited))
    assert _as_it_is(edited) != before
    taken = edited.write(editing.undo, _by(edited, "watch undo"))
    assert taken.before == _as_it_is(edited) == before
    assert edited.told.desks[0].watches[-1].name == "quay"


def test_an_addition_and_a_resumption_are_undone(edited: Desk) -> None:
    row = _row(edited)
    edited.write(editing.pause, _by(edited), "watch", row, until=NOW + timedelta(hours=6))
    paused = _as_it_is(edited)
    edited.write(editing.resume, _by(edited), "watch", row)
    edited.write(editing.undo, _by(edited))
    assert _as_it_is(edited) == paused
    edited.write(editing.undo, _by(edited))
    edited.write(editing.undo, _by(edited))
    assert _as_it_is(edited) is None
    with pytest.raises(ConfigError, match="no change of a watch"):
        edited.write(editing.undo, _by(edited))


def test_an_adoption_is_undone(desk: Desk) -> None:
    before = _as_it_is(desk, "cameras")
    desk.write(editing.adopt, _by(desk), "watch", _row(desk, "cameras"))
    desk.write(editing.undo, _by(desk))
    assert _as_it_is(desk, "cameras") == before


def test_what_changed_otherwise_since_is_not_undone(edited: Desk) -> None:
    edited.write(editing.pause, _by(edited), "watch", _row(edited), until=NOW + timedelta(hours=1))
    edited.write(told.wake, NOW + timedelta(hours=1))
    with pytest.raises(ConfigError, match="changed otherwise since"):
        edited.write(editing.undo, _by(edited))


def test_a_watch_doesn_t_come_back_without_what_it_asks_for(desk: Desk) -> None:
    desk.write(editing.add_entity, _by(desk), "mole", Entity(name="The Mole"))
    desk.write(editing.add_watch, _by(desk), "quay", Watch(query="@mole", sources=("courier",)), quota=10)
    desk.write(editing.remove, _by(desk), "watch", _row(desk))
    desk.write(editing.remove, _by(desk), "entity", desk.read(told.find, desk.id, "entity", "mole").id)
    desk.apply(watch_list(sources={}), prune=True)
    with pytest.raises(ConfigError, match="it needs the entity @mole, the source courier"):
        desk.write(editing.undo, _by(desk))
    assert _as_it_is(desk) is None


def test_a_watch_comes_back_without_the_channels_that_are_gone(edited: Desk) -> None:
    edited.write(editing.remove, _by(edited), "watch", _row(edited))
    edited.apply(watch_list(channels={"newsroom": {"kind": "terminal"}}), prune=True)
    edited.write(editing.undo, _by(edited))
    found = _as_it_is(edited)
    assert found is not None
    assert found["routes"] == []


# ── pauses and drafts ────────────────────────────────────────────────────────────────────────────────────


def test_a_pause_ends_when_it_is_over_and_not_before(edited: Desk) -> None:
    edited.write(editing.pause, _by(edited), "watch", _row(edited), until=NOW + timedelta(hours=6))
    assert edited.write(told.wake, NOW + timedelta(hours=5)) == 0
    assert [watch.name for watch in edited.told.desks[0].watches] == ["cameras"]
    assert edited.write(told.wake, NOW + timedelta(hours=6)) == 1
    assert [watch.name for watch in edited.told.desks[0].watches] == ["cameras", "quay"]


def test_a_draft_is_its_makers_until_it_is_done_with_or_too_old(desk: Desk) -> None:
    draft = desk.write(drafts.keep, _by(desk, "watch add"), "quay", {"query": "quay"})
    assert desk.read(drafts.of, desk.id, ANN.id, draft).content == {"query": "quay"}
    for who, where in (("8", desk.id), (ANN.id, desk.id + 1)):
        with pytest.raises(ConfigError, match="give the command again"):
            desk.read(drafts.of, where, who, draft)
    desk.write(drafts.forget, NOW + drafts.KEPT + timedelta(minutes=1))
    with pytest.raises(ConfigError, match="too old"):
        desk.read(drafts.of, desk.id, ANN.id, draft)

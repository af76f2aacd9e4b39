"""Routes of tags: every watch that has the tag is led there, with its own routes before."""

import pytest

from config.watchlist import Route, Watch
from tests.storage.building import NOW, Desk, reading
from watchers.errors import ConfigError
from watchers.storage import audit, brought, leading, sending, tag_routes, told
from watchers.storage.audit import Actor, By
from watchers.storage.leading import Lead
from watchers.storage.tag_routes import TagRoute

TEAM = Lead(chat_id=None, name="team", when="daily")


def _by(desk: Desk, act: str = "route set") -> By:
    return By(desk=desk.id, actor=Actor("8", "Bo"), act=act, now=NOW)


@pytest.fixture
def tagged(desk: Desk) -> Desk:
    """The desk with a watch that has the tag quay and leads nowhere by itself."""
    desk.write(told.add_watch, desk.id, "ferries", Watch(query="ferry", tags=("quay",)), now=NOW)
    return desk


def _led(desk: Desk, name: str) -> list[tuple[int, str]]:
    return [
        (route.channel_id, route.when)
        for watch in desk.told.desks[0].watches
        if watch.name == name
        for route in watch.routes
    ]


def test_a_tags_watches_are_led_where_the_tag_is(tagged: Desk) -> None:
    tagged.write(tag_routes.put, _by(tagged), "quay", TEAM)
    assert _led(tagged, "ferries") == [(tagged.channel("team"), "daily")]
    assert _led(tagged, "cameras") == [(tagged.channel("newsroom"), "now")]


def test_a_watchs_own_route_goes_before_its_tags(tagged: Desk) -> None:
    tagged.write(tag_routes.put, _by(tagged), "quay", TEAM)
    tagged.write(tag_routes.put, _by(tagged), "quay", Lead(chat_id=None, name="newsroom"))
    entry = Watch(query="boat", tags=("quay",), routes=(Route(channel="team", when="hourly"),))
    tagged.write(told.add_watch, tagged.id, "boats", entry, now=NOW)
    assert _led(tagged, "boats") == [(tagged.channel("team"), "hourly"), (tagged.channel("newsroom"), "now")]


def test_a_route_of_a_tag_is_changed_cleared_and_on_record(tagged: Desk) -> None:
    tagged.write(tag_routes.put, _by(tagged), "quay", TEAM)
    tagged.write(tag_routes.put, _by(tagged), "quay", Lead(chat_id=None, name="team", mention="9", quiet="22:00-07:00"))
    assert tagged.read(tag_routes.of, tagged.id) == [
        TagRoute(tag="quay", channel="team", when="now", mention="9", quiet="22:00-07:00")
    ]
    tagged.write(tag_routes.clear, _by(tagged, "route clear"), "quay", "team")
    assert tagged.read(tag_routes.of, tagged.id) == []
    acts = tagged.read(audit.entries, tagged.id, limit=5)
    assert [(entry.act, entry.noun, entry.name) for entry in acts] == [
        ("route clear", "tag", "quay"),
        ("route set", "tag", "quay"),
        ("route set", "tag", "quay"),
    ]
    assert (acts[0].after, acts[2].before) == (None, None)


def test_a_route_that_isn_t_there_can_t_be_cleared(tagged: Desk) -> None:
    with pytest.raises(ConfigError, match="this tag has no such route"):
        tagged.write(tag_routes.clear, _by(tagged), "quay", None)


def test_all_ways_of_a_desk_are_told_by_channel(tagged: Desk) -> None:
    tagged.write(tag_routes.put, _by(tagged), "quay", TEAM)
    found = tagged.read(brought.leads, tagged.id)
    assert [(each.watch, each.tag, each.channel_id) for each in found] == [
        ("cameras", None, tagged.channel("newsroom")),
        (None, "quay", tagged.channel("team")),
    ]
    assert tagged.read(brought.leads, tagged.id + 1) == []


# ── what a watch brought ─────────────────────────────────────────────────────────────────────────────────


def test_what_went_out_of_a_watch_is_counted_once_an_alert(desk: Desk) -> None:
    row = desk.read(told.find, desk.id, "watch", "cameras").id
    desk.bring(reading())
    assert desk.read(brought.of, desk.id, row, now=NOW).week == 0
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=10)
    assert taken is not None
    desk.write(sending.mark_sent, taken, message_id="1", now=NOW)
    found = desk.read(brought.of, desk.id, row, now=NOW)
    assert (found.matches, found.week, found.month, found.last) == (1, 1, 1, NOW)
    later = desk.read(brought.of, desk.id, row, now=NOW + brought.WEEK + brought.WEEK)
    assert (later.week, later.month) == (0, 1)


# ── a channel's test ─────────────────────────────────────────────────────────────────────────────────────


def test_a_channel_that_isn_t_of_the_chat_can_t_be_tested(desk: Desk) -> None:
    for channel in (desk.channel("newsroom"), 999):
        with pytest.raises(ConfigError, match="not there any more"):
            desk.write(leading.send_test, _by(desk, "route test"), channel)
    assert desk.outbox() == []


def test_what_a_removed_watch_brought_is_not_asked_for(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="not there any more"):
        desk.read(brought.of, desk.id, 10_000, now=NOW)

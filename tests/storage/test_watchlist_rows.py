"""The watch-list file and its rows: applied, left out, taken back, kept, and exported again."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from config.watchlist import Entity, Route, Watch
from tests.storage.building import MINUTE, NOW, WATCHLIST, Desk, alert, watch_list
from watchers.errors import ConfigError
from watchers.storage import desks, guilds, names, sending, sources, told, watchlist
from watchers.storage.audit import Actor
from watchers.storage.schema import meta as meta_rows
from watchers.storage.schema import sources as source_rows
from watchers.storage.schema import watches
from watchers.storage.uses import Noun

NEEDED: tuple[tuple[Noun, str], ...] = (
    ("source", "courier"),
    ("source", "herald"),
    ("entity", "port"),
    ("channel", "team"),
)


def _watches(**entries: Any) -> dict[str, Any]:
    return {"watches": entries}


def _row(desk: Desk, noun: Noun, name: str) -> told.Row:
    return desk.read(told.find, desk.id, noun, name)


def test_a_file_makes_its_rows_and_says_which(desk: Desk) -> None:
    desk.write(lambda connection: [connection.execute(table.delete()) for table in (watches,)])
    changes = desk.apply(watch_list())
    assert changes.added == ["watch cameras"]
    row = _row(desk, "watch", "cameras")
    assert (row.origin, row.state, row.reason) == ("file", "active", None)


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    assert not desk.apply(watch_list())


def test_a_changed_entry_changes_its_row(desk: Desk) -> None:
    changes = desk.apply(watch_list(**_watches(cameras={"query": "cameras", "routes": ["newsroom"]})))
    assert (changes.changed, changes.added) == (["watch cameras"], [])
    assert desk.told.desks[0].watches[0].query == "cameras"


def test_changed_routes_are_a_changed_watch(desk: Desk) -> None:
    route = {"channel": "team", "when": "hourly", "mention": "11", "quiet": "22:00-07:00"}
    changes = desk.apply(watch_list(**_watches(cameras={"query": '"harbor cameras"', "routes": [route]})))
    assert changes.changed == ["watch cameras"]
    (found,) = desk.told.desks[0].watches[0].routes
    assert (found.channel_id, found.when, found.mention, found.quiet) == (
        desk.channel("team"), "hourly", "11", "22:00-07:00",
    )  # fmt: skip


def test_the_desk_s_own_settings_follow_the_file(desk: Desk) -> None:
    changes = desk.apply(watch_list(desk={"timezone": "UTC", "digest_at": "06:30", "admin_channel": "team"}))
    assert changes.changed == ["desk"]
    (view,) = desk.told.desks
    assert (view.timezone, view.digest_at, view.admin_channel) == ("UTC", "06:30", desk.channel("team"))


def test_what_the_file_leaves_out_is_paused_and_comes_back_with_it(desk: Desk) -> None:
    assert desk.apply(watch_list(watches={}, sources={})).paused == ["watch cameras", "source courier"]
    assert desk.told.desks[0].watches == ()
    assert _row(desk, "source", "courier").reason == "no longer in the file"
    assert desk.apply(watch_list()).changed == ["source courier", "watch cameras"]
    assert len(desk.told.desks[0].watches) == 1


def test_pruning_deletes_what_the_file_leaves_out(desk: Desk) -> None:
    changes = desk.apply(watch_list(watches={}, sources={}), prune=True)
    assert changes.removed == ["watch cameras", "source courier"]
    assert (desk.number("watches"), desk.number("follows"), desk.number("routes")) == (0, 0, 0)


def test_pruning_a_channel_takes_its_deliveries_and_digests_along(desk: Desk) -> None:
    for key in ("a", "b"):
        desk.tell(alert(key), channel="team", slot="daily:2026-03-02")
    desk.write(sending.collect, desk.channel("team"), now=NOW, burst=10)
    desk.apply(watch_list(channels={"newsroom": WATCHLIST["channels"]["newsroom"]}), prune=True)
    assert desk.outbox() == []


def test_rows_of_people_are_never_touched(desk: Desk) -> None:
    desk.write(told.add_watch, desk.id, "ours", Watch(query="quay"), now=NOW)
    desk.write(told.add_entity, desk.id, "quay", Entity(name="The Quay"))
    for prune in (False, True):
        desk.apply(watch_list(), prune=prune)
        assert _row(desk, "watch", "ours").state == "active"
        assert _row(desk, "entity", "quay").origin == "desk"


def test_where_the_file_uses_the_name_of_people_s_row_theirs_stays(desk: Desk) -> None:
    desk.write(told.add_watch, desk.id, "ours", Watch(query="quay"), now=NOW)
    changes = desk.apply(watch_list(**_watches(cameras=WATCHLIST["watches"]["cameras"], ours={"query": "boats"})))
    assert changes.kept == ["watch ours"]
    assert not changes
    assert {watch.name: watch.query for watch in desk.told.desks[0].watches}["ours"] == "quay"


def test_a_row_that_is_adopted_is_people_s_own_from_then_on(desk: Desk) -> None:
    assert desk.write(told.adopt, _row(desk, "watch", "cameras"))
    changes = desk.apply(watch_list(watches={}))
    assert changes.paused == []
    assert _row(desk, "watch", "cameras").state == "active"


@pytest.mark.parametrize("prune", [False, True])
def test_what_people_s_own_watch_needs_stays_when_the_file_drops_it(desk: Desk, *, prune: bool) -> None:
    tagged = {name: {"url": f"https://{name}.example/feed", "tags": ["local"]} for name in ("courier", "herald")}
    desk.apply(watch_list(sources=tagged | {"gazette": {"url": "https://gazette.example/feed"}}))
    route = Route(channel="team")
    desk.write(
        told.add_watch, desk.id, "ours", Watch(query="quay AND @port", sources=("local",), routes=(route,)), now=NOW
    )
    newsroom = {"newsroom": WATCHLIST["channels"]["newsroom"]}
    changes = desk.apply(watch_list(entities={}, watches={}, sources={}, channels=newsroom), prune=prune)
    assert changes.kept == ["source courier", "source herald", "channel team", "entity port"]
    assert (changes.removed or changes.paused) == ["watch cameras", "source gazette"]
    for noun, name in NEEDED:
        assert _row(desk, noun, name).state == "active"
    (view,) = desk.told.desks[0].watches
    assert [each.channel_id for each in view.routes] == [desk.channel("team")]


def test_what_only_the_file_s_own_watch_needed_goes_with_it(desk: Desk) -> None:
    changes = desk.apply(watch_list(entities={}, watches={}))
    assert (changes.paused, changes.kept) == (["watch cameras", "entity port"], [])


def test_a_row_that_people_paused_stays_paused_when_the_file_changes(desk: Desk) -> None:
    desk.write(told.pause, _row(desk, "watch", "cameras"))
    desk.apply(watch_list(**_watches(cameras={"query": "cameras", "routes": ["newsroom"]})))
    row = _row(desk, "watch", "cameras")
    assert (row.state, row.reason) == ("paused", "paused by command")


def test_hard_case_30_a_source_that_was_gone_is_followed_again_at_the_address_that_the_file_corrects(
    desk: Desk,
) -> None:
    for path in ("moved", "feed"):  # and back again
        gone = desk.source().id
        desk.write(sources.pause_gone, gone, "gone for good (410)")
        desk.apply(watch_list(sources={"courier": {"url": f"https://courier.example/{path}", "tags": ["local"]}}))
        assert _row(desk, "source", "courier").state == "active"
        assert desk.read(sources.due, NOW, 10) == [desk.source().id] != [gone]


def test_a_source_that_is_gone_stays_paused_while_its_address_is_the_same(desk: Desk) -> None:
    desk.write(sources.pause_gone, desk.source().id, "gone for good (410)")
    desk.apply(watch_list(sources={"courier": WATCHLIST["sources"]["courier"] | {"tags": ["other"]}}))
    assert _row(desk, "source", "courier").reason == "gone for good (410)"


@pytest.mark.parametrize(("reason", "state"), [("404 Not Found", "active"), ("paused by command", "paused")])
def test_a_channel_works_again_once_its_secret_is_another_unless_somebody_paused_it(
    desk: Desk, reason: str, state: str
) -> None:
    desk.write(desks.pause_channel, desk.channel("team"), reason)
    desk.apply(watch_list())
    assert _row(desk, "channel", "team").state == "paused"
    other = {"team": {"kind": "webhook", "url_env": "OTHER_WEBHOOK"}}
    desk.apply(watch_list(channels=WATCHLIST["channels"] | other))
    assert _row(desk, "channel", "team").state == state


@pytest.mark.parametrize(("asked", "due"), [(None, True), (NOW + MINUTE, False)])
def test_a_new_interval_holds_at_once_unless_the_server_asked_us_to_wait(
    desk: Desk, asked: datetime | None, *, due: bool
) -> None:
    source, courier = desk.source().id, WATCHLIST["sources"]["courier"]
    desk.write(sources.save, source, {"next_at": NOW + timedelta(days=1), "retry_at": asked})
    desk.apply(watch_list(sources={"courier": courier | {"tags": ["other"]}}))
    assert desk.read(sources.due, NOW, 10) == []
    desk.apply(watch_list(sources={"courier": courier | {"every": "5m"}}))
    assert desk.read(sources.due, NOW, 10) == ([source] if due else [])


def test_a_row_that_the_file_pauses_follows_the_file(desk: Desk) -> None:
    paused = {"courier": WATCHLIST["sources"]["courier"] | {"paused": True}}
    assert desk.apply(watch_list(sources=paused)).changed == ["source courier"]
    assert _row(desk, "source", "courier").reason == "the file says so"
    desk.apply(watch_list())
    assert _row(desk, "source", "courier").state == "active"


def test_a_source_is_one_row_however_many_follow_it(desk: Desk) -> None:
    twice = {"courier": WATCHLIST["sources"]["courier"], "again": {"url": "https://courier.example/feed"}}
    desk.apply(watch_list(sources=twice))
    assert (desk.number("sources"), desk.number("follows")) == (1, 2)


def test_hard_case_97_a_source_whose_address_holds_a_secret_is_the_desk_s_own(desk: Desk) -> None:
    desk.apply(watch_list(sources={"private": {"url": "https://courier.example/feed?token=s3cr3tS3cr3t"}}))
    query = select(source_rows.c.private_to).where(source_rows.c.id == desk.source("private").id)
    owners = desk.read(lambda connection: connection.execute(query).scalars().all())
    assert owners == [desk.id]


def test_an_export_is_the_watch_list_that_was_applied(desk: Desk) -> None:
    given = watch_list(
        watches={
            "cameras": {
                "query": '"harbor cameras" AND @port', "tags": ["quay"], "sources": ["local"],
                "routes": ["newsroom", {"channel": "team", "when": "daily", "mention": "11", "quiet": "22:00-07:00"}],
            },
            "resting": {"query": "boats", "paused": True},
        },
        sources={
            "courier": {
                "url": "https://courier.example/feed", "every": "15m", "read": "never", "tags": ["local"],
                "trust": "low",
            },
            "policy": {
                "url": "https://city.example/policy", "kind": "page", "select": "main", "ignore": ".date",
                "paused": True,
            },
        },
        channels={**WATCHLIST["channels"], "chat": {"kind": "discord", "id": "234567890123456789"}},
    )  # fmt: skip
    desk.apply(given)
    assert desk.read(watchlist.export, desk.id) == given


def test_an_export_has_people_s_rows_too_and_applies_to_an_empty_desk_alike(desk: Desk) -> None:
    desk.write(told.add_watch, desk.id, "ours", Watch(query="quay"), now=NOW)
    exported = desk.read(watchlist.export, desk.id)
    assert set(exported.watches) == {"cameras", "ours"}
    desk.write(lambda connection: connection.execute(update(watches).values(origin="file")))
    assert not desk.apply(exported)


# ── the desk as a server ─────────────────────────────────────────────────────────────────────────────────


def _set_up(desk: Desk, guild: str, timezone: str | None = None) -> guilds.Made:
    wanted = guilds.Setup(label="Herald", chat_id="11", channel="herald", editors_role="7", timezone=timezone)
    return desk.write(guilds.set_up, guild, Actor("1", "Bo"), wanted, now=NOW)


def _settings(desk: Desk) -> tuple[str, str | None]:
    (found,) = (each for each in desk.read(names.load) if each.name == "desk")
    return found.timezone, found.admin_channel


def test_a_file_that_names_a_server_binds_its_desk_to_it(desk: Desk) -> None:
    desk.apply(watch_list(desk={"guild": "4711"}))
    made = _set_up(desk, "4711")
    assert (made.desk, made.new) == (desk.id, False)


def test_what_the_file_never_said_of_its_desk_stays_as_people_set_it(desk: Desk) -> None:
    desk.apply(watch_list(desk={"guild": "4711"}))
    _set_up(desk, "4711", "Europe/London")
    desk.apply(watch_list(desk={"guild": "4711", "digest_at": "07:00"}))
    assert _settings(desk) == ("Europe/London", "herald")


def test_what_the_file_says_of_its_desk_is_not_people_s_to_change(desk: Desk) -> None:
    desk.apply(watch_list(desk={"guild": "4711", "timezone": "America/New_York", "admin_channel": "newsroom"}))
    made = _set_up(desk, "4711", "Europe/London")
    assert made.of_file == {"timezone", "admin_channel"}
    assert _settings(desk) == ("America/New_York", "newsroom")


def test_what_the_file_no_longer_says_of_its_desk_is_as_if_never_said(desk: Desk) -> None:
    desk.apply(watch_list(desk={"guild": "4711", "timezone": "America/New_York"}))
    desk.apply(watch_list(desk={"guild": "4711"}))
    assert _settings(desk) == ("UTC", None)
    assert _set_up(desk, "4711", "Europe/London").of_file == frozenset()


def test_in_a_database_of_before_what_is_not_at_its_default_is_the_file_s(desk: Desk) -> None:
    desk.write(lambda connection: connection.execute(meta_rows.delete().where(meta_rows.c.key == watchlist.STATED)))
    assert desk.read(watchlist.stated) == {"timezone", "admin_channel"}


def test_a_server_that_is_a_desk_already_is_not_bound_by_the_file(desk: Desk) -> None:
    _set_up(desk, "4711")
    with pytest.raises(ConfigError, match="wiredesk desk remove server-4711"):
        desk.apply(watch_list(desk={"guild": "4711"}))


def test_a_desk_that_is_bound_to_another_server_is_there_again(desk: Desk) -> None:
    desk.apply(watch_list(desk={"guild": "4711"}))
    desk.write(guilds.left, "4711", NOW)
    desk.apply(watch_list(desk={"guild": "4712"}))
    assert [each.name for each in desk.told.desks] == ["desk"]

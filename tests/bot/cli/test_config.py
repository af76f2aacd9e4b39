"""`wiredesk check`, `apply` and `export`."""

from pathlib import Path

import pytest

from tests.bot.cli.commanding import Commands

SOURCE = {"url": "https://courier.example/feed"}


def changes(wiredesk: Commands, *options: str) -> set[tuple[str, str, str | None]]:
    *lines, last = wiredesk("apply", *options, "--json").lines
    assert last["event"] == "applied"
    return {(line["change"], line["noun"], line["name"]) for line in lines}


def names(wiredesk: Commands) -> dict[str, str]:
    return {line["name"]: line["state"] for line in wiredesk("watch", "list", "--json").lines}


def test_check_says_what_the_file_holds_and_makes_no_database(fresh: Commands) -> None:
    line = fresh("check", "--json").line
    counts = {noun: line[noun] for noun in ("entities", "watches", "sources", "channels")}
    assert counts == {"entities": 1, "watches": 1, "sources": 0, "channels": 1}
    assert not fresh.data.exists()


def test_check_tells_every_problem_of_settings_and_file_at_once(fresh: Commands) -> None:
    fresh.watches = {"a": {"query": "one two"}, "b": {"query": "@nobody", "routes": ["nowhere"]}}
    said = fresh("check", WIREDESK_BURST="many")
    assert said.code == 2
    assert said.stdout == ""
    assert "WIREDESK_BURST" in said.told
    assert all(word in said.told for word in ("one two", "nobody", "nowhere") if word != "one two")
    assert sum("watchlist.yaml:" in line for line in said.told.splitlines()) == 3


@pytest.mark.parametrize("command", [["check"], ["source", "list"], ["run", "--once"], ["healthy"]])
def test_hosts_that_are_none_are_refused_by_every_command(fresh: Commands, command: list[str]) -> None:
    said = fresh(*command, WIREDESK_ALLOW_HOSTS="http://x/, [::1]:80, y", WIREDESK_BURST="many")
    assert said.code == 2
    assert "WIREDESK_ALLOW_HOSTS: 'http://x/': not a host or host:port: write x" in said.told
    assert "WIREDESK_BURST" in said.told


def test_check_of_a_named_file_looks_at_that_one(fresh: Commands) -> None:
    other = fresh.folder / "other.yaml"
    other.write_text("version: 1\nwatchess: {}\n")
    said = fresh("check", str(other))
    assert (said.code, said.told.split(":")[:2]) == (2, [str(other), "2"])


def test_check_warns_of_a_secret_that_is_missing(fresh: Commands) -> None:
    fresh.channels["team"] = {"kind": "webhook", "url_env": "TEAM_WEBHOOK"}
    said = fresh("check")
    assert said.code == 0
    assert "TEAM_WEBHOOK" in said.told


def test_check_warns_of_a_secret_that_is_no_address_and_of_a_bot_that_is_missing(fresh: Commands) -> None:
    fresh.channels["team"] = {"kind": "webhook", "url_env": "TEAM_WEBHOOK"}
    fresh.channels["desk"] = {"kind": "discord", "id": "234567890123456789"}
    said = fresh("check", TEAM_WEBHOOK="foo")
    assert said.code == 0
    assert "channel team can't be used yet: the webhook's url is no http(s) address" in said.told
    assert "channel desk can't be used yet: the bot posts to it" in said.told
    well = fresh("check", TEAM_WEBHOOK="https://chat.example/hook", DISCORD_TOKEN="a.b.c")
    assert "can't be used" not in well.told


def test_check_warns_of_a_watch_that_tells_nobody(fresh: Commands) -> None:
    assert "tells nobody" not in fresh("check").told
    fresh.watches["cameras"]["routes"] = []
    said = fresh("check")
    assert said.code == 0
    assert "watch cameras tells nobody" in said.told


def test_the_first_apply_adds_everything_and_the_second_nothing(fresh: Commands) -> None:
    assert ("added", "watch", "cameras") in changes(fresh)
    assert changes(fresh) == set()


def test_a_first_apply_also_loads_the_seed_corpus(fresh: Commands) -> None:
    fresh("apply")
    assert fresh("corpus", "list", "--json").lines


def test_what_left_the_file_is_paused_and_with_prune_deleted(wiredesk: Commands) -> None:
    wiredesk.sources = {"courier": SOURCE}
    wiredesk.watches["sheep"] = {"query": "sheep", "routes": ["newsroom"]}
    wiredesk("apply")
    del wiredesk.watches["sheep"], wiredesk.sources["courier"]
    assert changes(wiredesk) == {("paused", "watch", "sheep"), ("paused", "source", "courier")}
    assert names(wiredesk) == {"cameras": "active", "sheep": "paused"}
    assert changes(wiredesk, "--prune") == {("removed", "watch", "sheep"), ("removed", "source", "courier")}
    assert names(wiredesk) == {"cameras": "active"}


def test_a_dry_run_tells_the_same_and_changes_nothing(wiredesk: Commands) -> None:
    wiredesk("apply")
    wiredesk.watches = {"sheep": {"query": "sheep"}}
    dry = changes(wiredesk, "--dry-run", "--prune")
    assert dry == {("added", "watch", "sheep"), ("removed", "watch", "cameras")}
    assert names(wiredesk) == {"cameras": "active"}
    assert changes(wiredesk, "--prune") == dry


def test_a_dry_run_before_there_is_a_database_tells_what_the_first_apply_adds_and_makes_none(fresh: Commands) -> None:
    dry = changes(fresh, "--dry-run")
    assert not fresh.data.exists()
    assert changes(fresh) == dry


def test_a_row_that_people_made_is_kept(wiredesk: Commands) -> None:
    wiredesk("apply")
    wiredesk("watch", "adopt", "cameras")
    wiredesk.watches["cameras"]["query"] = "camera*"
    assert changes(wiredesk) == {("kept", "watch", "cameras")}
    del wiredesk.watches["cameras"]
    assert changes(wiredesk, "--prune") == set()


def test_a_wrong_file_changes_nothing_and_makes_no_database(fresh: Commands) -> None:
    fresh.watches = {"a": {"query": "one two"}}
    assert fresh("apply").code == 2
    assert not fresh.data.exists()


def test_an_export_checks_and_applies_to_an_equal_desk(wiredesk: Commands) -> None:
    wiredesk.sources = {"courier": {**SOURCE, "every": "15m", "tags": ["local"]}}
    wiredesk.channels["team"] = {"kind": "webhook", "url_env": "TEAM_WEBHOOK"}
    wiredesk.watches["cameras"]["routes"] = ["newsroom", {"channel": "team", "when": "daily", "quiet": "22:00-07:00"}]
    wiredesk("apply")
    wiredesk("watch", "add", "sheep", "sheep NOT wool", "--channel", "newsroom")
    exported = wiredesk("export").stdout
    copy = Path(wiredesk.folder / "export.yaml")
    copy.write_text(exported)
    assert wiredesk("check", str(copy)).code == 0
    elsewhere = {"WIREDESK_DATA": str(wiredesk.folder / "other"), "WIREDESK_WATCHLIST": str(copy)}
    wiredesk("apply", **elsewhere)
    assert wiredesk("export", **elsewhere).stdout == exported

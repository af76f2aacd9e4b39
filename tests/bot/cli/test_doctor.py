"""`wiredesk doctor`: what stands in the way of a desk, and what to do about it. It changes nothing."""

from errno import EACCES
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.commanding import Commands, item, rss
from tests.fakes.web import Reply, Web

PAGE = b"<html><title>Camera policy</title><body><main>" + b"<p>The port keeps it for thirty days.</p>" * 9 + b"</main>"


def findings(wiredesk: Commands, **environment: str) -> dict[tuple[str, str], dict[str, Any]]:
    said = wiredesk("doctor", "--json", **environment)
    assert said.code == 0
    assert all(line.keys() == {"check", "subject", "ok", "detail"} for line in said.lines)
    return {(line["check"], line["subject"]): line for line in said.lines}


def of(found: dict[tuple[str, str], dict[str, Any]], check: str) -> dict[str, Any]:
    (line,) = (line for (name, _), line in found.items() if name == check)
    return line


def test_a_fresh_desk_is_well_and_no_database_is_made_by_looking(fresh: Commands) -> None:
    found = findings(fresh)
    assert all(line["ok"] for line in found.values())
    assert {check for check, _ in found} == {
        "settings",
        "watch list",
        "data folder",
        "disk",
        "database",
        "clock",
        "channel",
    }
    assert not fresh.data.exists()


def test_each_source_is_fetched_once_and_what_it_shows_is_said(fresh: Commands, web: Web) -> None:
    web.serve("/feed", Reply(body=rss(item(1, "Quay goes dark"))))
    fresh.sources = {
        "courier": {"url": web.url("/feed")},
        "gone": {"url": web.url("/gone")},
        "resting": {"url": web.url("/resting"), "paused": True},
    }
    found = findings(fresh)
    good, bad = found["source", "courier"], found["source", "gone"]
    assert good["ok"]
    assert "1 entry: Harbor Courier" in good["detail"]
    assert not bad["ok"]
    assert bad["detail"].startswith("missing")
    assert ("source", "resting") not in found
    assert [len(web.asked(path)) for path in ("/feed", "/gone", "/resting")] == [1, 1, 0]


def test_a_source_that_people_added_is_visited_too(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", Reply(body=rss(item(1, "Quay goes dark"))))
    wiredesk("source", "add", web.url("/feed"), "--name", "courier")
    assert findings(wiredesk)["source", "courier"]["ok"]


def test_a_feed_that_has_turned_into_a_page_is_not_well(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", Reply(body=rss(item(1, "Quay goes dark"))))
    web.serve("/policy", Reply(body=PAGE))
    wiredesk.sources = {name: {"url": web.url(f"/{name}")} for name in ("feed", "policy")}
    wiredesk("run", "--once")
    web.serve("/feed", Reply(body=PAGE))
    found = findings(wiredesk)

    assert not found["source", "feed"]["ok"]
    assert "a web page, not a feed" in found["source", "feed"]["detail"]
    assert "the desk knows it as a feed" in found["source", "feed"]["detail"]
    assert found["source", "policy"]["ok"]
    assert "the desk knows" not in found["source", "policy"]["detail"]


def test_a_page_that_has_turned_into_a_feed_is_well_and_that_is_said(wiredesk: Commands, web: Web) -> None:
    web.serve("/news", Reply(body=PAGE))
    wiredesk.sources = {"news": {"url": web.url("/news")}}
    wiredesk("run", "--once")
    web.serve("/news", Reply(body=rss(item(1, "Quay goes dark"))))
    line = findings(wiredesk)["source", "news"]
    assert line["ok"]
    assert line["detail"].endswith("; the desk knows it as a page")


def test_what_an_answer_of_the_web_paused_is_not_well_until_it_is_resumed(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", Reply(410))
    wiredesk.sources = {"courier": {"url": web.url("/feed")}}
    wiredesk("run", "--once")
    web.serve("/feed", Reply(body=rss(item(1, "Quay goes dark"))))
    line = findings(wiredesk)["source", "courier"]
    assert not line["ok"]
    assert "1 entry: Harbor Courier" in line["detail"]
    assert line["detail"].endswith("wiredesk source resume courier")

    wiredesk("source", "resume", "courier")
    assert findings(wiredesk)["source", "courier"]["ok"]


def test_a_source_that_is_gone_and_left_the_file_is_not_spoken_of(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", Reply(410))
    wiredesk.sources = {"courier": {"url": web.url("/feed")}}
    wiredesk("run", "--once")
    wiredesk.sources = {}
    wiredesk("apply")
    assert ("source", "courier") not in findings(wiredesk)


def test_a_source_that_someone_added_and_that_is_gone_is_spoken_of(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", Reply(410))
    wiredesk("source", "add", web.url("/feed"), "--name", "courier")
    wiredesk("run", "--once")
    assert "wiredesk source resume courier" in findings(wiredesk)["source", "courier"]["detail"]


def test_a_source_that_someone_paused_is_left_alone(wiredesk: Commands, web: Web) -> None:
    wiredesk.sources = {"courier": {"url": web.url("/feed")}}
    wiredesk("source", "pause", "courier")
    assert ("source", "courier") not in findings(wiredesk)
    assert web.connections == 0


def test_a_channel_that_refused_and_its_dead_letters_are_not_well(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", Reply(body=rss(item(1, "Cameras off", "By the PPD."))))
    web.serve("/hook", Reply(401))
    wiredesk.sources = {"courier": {"url": web.url("/feed"), "read": "never"}}
    wiredesk.channels["team"] = {"kind": "webhook", "url_env": "TEAM_WEBHOOK"}
    wiredesk.watches["cameras"]["routes"] = ["team"]
    wiredesk.environment["TEAM_WEBHOOK"] = web.url("/hook")
    wiredesk("run", "--once")
    found = findings(wiredesk)
    channel, letters = found["channel", "team"], found["outbox", "dead letters"]
    assert not channel["ok"]
    assert channel["detail"] == "paused: webhook: 401: mend that, then: wiredesk channel resume team"
    assert not letters["ok"]
    assert letters["detail"].startswith("1 delivery: see wiredesk outbox list --state dead")

    web.serve("/hook", Reply(204))
    for command in ("channel resume team", "outbox retry", "run --once"):
        assert wiredesk(*command.split()).code == 0
    found = findings(wiredesk)
    assert found["channel", "team"]["ok"]
    assert found["outbox", "dead letters"]["ok"]


def test_a_channel_that_someone_paused_is_well_and_how_it_goes_on_is_said(wiredesk: Commands) -> None:
    wiredesk("channel", "pause", "newsroom")
    line = findings(wiredesk)["channel", "newsroom"]
    assert line["ok"]
    assert line["detail"] == "paused by command; to let it go on: wiredesk channel resume newsroom"


def test_a_missing_secret_names_its_variable(fresh: Commands) -> None:
    fresh.channels["team"] = {"kind": "webhook", "url_env": "TEAM_WEBHOOK"}
    line = findings(fresh)["channel", "team"]
    assert not line["ok"]
    assert "TEAM_WEBHOOK" in line["detail"]
    assert findings(fresh, TEAM_WEBHOOK="https://chat.example/hook")["channel", "team"]["ok"]


def test_a_secret_that_is_no_address_is_a_finding(fresh: Commands) -> None:
    fresh.channels["team"] = {"kind": "webhook", "url_env": "TEAM_WEBHOOK"}
    line = findings(fresh, TEAM_WEBHOOK="foo")["channel", "team"]
    assert (line["ok"], line["detail"][:43]) == (False, "the webhook's url is no http(s) address: co")


def test_a_damaged_database_is_a_finding_and_the_rest_is_looked_at(wiredesk: Commands) -> None:
    (wiredesk.data / "wiredesk.sqlite3").write_bytes(b"no database at all. " * 500)
    found = findings(wiredesk)
    assert not of(found, "database")["ok"]
    assert "damaged" in of(found, "database")["detail"]
    assert of(found, "channel")["ok"]


def test_a_database_whose_folder_this_user_may_not_enter_is_a_finding(
    wiredesk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Path.exists

    def forbid(path: Path) -> bool:
        if path.name == "wiredesk.sqlite3":
            raise PermissionError(EACCES, "Permission denied", str(path))
        return there(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "exists", forbid)
        line = of(findings(wiredesk), "database")
    assert not line["ok"]
    assert "writable for the user who runs wiredesk" in line["detail"]


def test_a_wrong_watch_list_is_a_finding_with_its_lines(fresh: Commands) -> None:
    fresh.watches = {"a": {"query": "one two"}}
    line = of(findings(fresh), "watch list")
    assert not line["ok"]
    assert "watchlist.yaml:1" in line["detail"]


def test_a_setting_that_is_none_is_pointed_at(fresh: Commands) -> None:
    line = of(findings(fresh, WIREDESK_DATTA="x"), "settings")
    assert not line["ok"]
    assert "WIREDESK_DATA" in line["detail"]


def test_a_setting_that_cannot_be_used_ends_with_2(fresh: Commands) -> None:
    assert fresh("doctor", WIREDESK_BURST="many").code == 2


def test_people_are_told_how_many_need_a_look(fresh: Commands) -> None:
    assert "All 7 are well." in fresh("doctor").stdout

"""`wiredesk run`: what its log and its summary say of how the desk stands."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals

import pytest

from tests.bot.cli.commanding import Commands, item, rss
from tests.fakes.web import Reply, Web
from tests.soak.program import Program, Run

WIDE = {"COLUMNS": "200"}
FEED = rss(item(1, "Cameras off", "The PPD switched them off."))


def until(true: Callable[[], bool], run: Run) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, run.said
        assert run.ended() is None, run.said
        time.sleep(0.02)


# ── on a schedule ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("by", [SIGTERM, SIGINT])
def test_a_log_file_has_how_the_desk_began_and_why_it_ended(
    wiredesk: Commands, web: Web, program: Program, tmp_path: Path, by: Signals
) -> None:
    web.serve("/feed", FEED)
    wiredesk.sources = {"courier": {"url": web.url("/feed")}, "resting": {"url": web.url("/b"), "paused": True}}
    wiredesk.channels["idle"] = {"kind": "terminal"}
    wiredesk("apply")
    wiredesk("channel", "pause", "idle")
    run = program.start("run", environment=wiredesk.variables, folder=tmp_path)
    until(lambda: bool(web.asked("/feed")), run)
    until(lambda: wiredesk("healthy").code == 0, run)
    run.signal(by)

    assert run.wait() == 0, run.said
    assert "no desk runs" in wiredesk("healthy").told
    begins, ends = (line for line in run.said.splitlines() if "the desk " in line)
    assert "the desk runs" in begins
    assert all(each in begins for each in ("sources=1", "watches=1", "channels=1", "wiredesk.sqlite3"))
    assert "the desk has ended" in ends
    assert f"why={by.name}" in ends


# ── once ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_source_that_the_run_paused_for_good_is_in_its_summary_with_what_to_do(wiredesk: Commands, web: Web) -> None:
    web.serve("/gone", Reply(410))
    wiredesk.sources["gone"] = {"url": web.url("/gone")}
    said = wiredesk("run", "--once", **WIDE)
    assert (
        "gone    missing  gone for good (410): it is paused; ask it again: wiredesk source resume gone" in said.stdout
    )
    assert "gone for good" not in wiredesk("run", "--once").stdout

    assert "resumed" in wiredesk("source", "resume", "gone").stdout
    assert "gone for good" in wiredesk("run", "--once", **WIDE).stdout


def test_a_time_before_the_last_run_is_refused_with_the_earliest_that_is_taken(wiredesk: Commands) -> None:
    assert wiredesk("run", "--once", "--at", "2026-03-02T08:00:00Z").code == 0
    said = wiredesk("run", "--once", "--at", "2026-03-02T07:59:59Z")
    assert said.code == 2
    (earliest,) = re.findall(r"give (\S+) or a later time, or take an empty database", said.told)
    assert wiredesk("run", "--once", "--at", earliest).code == 0


def test_dead_letters_are_in_the_summary_until_they_are_sent_or_dropped(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", FEED)
    web.serve("/hook", Reply(401))
    wiredesk.sources["courier"] = {"url": web.url("/feed"), "read": "never"}
    wiredesk.channels["team"] = {"kind": "webhook", "url_env": "TEAM_WEBHOOK"}
    wiredesk.watches["cameras"]["routes"] = ["team"]
    environment = {**WIDE, "TEAM_WEBHOOK": web.url("/hook")}
    first = wiredesk("run", "--once", **environment).stdout
    again = wiredesk("run", "--once", **environment).stdout

    assert "team 1 webhook: 401" in " ".join(first.split())
    assert "wiredesk outbox list --state dead" in first
    assert "wiredesk outbox retry" in first
    assert "webhook: 401" in again

    web.serve("/hook", Reply(204))
    assert "wiredesk channel resume team" in wiredesk("outbox", "retry", **environment).told
    wiredesk("channel", "resume", "team", **environment)
    assert "webhook: 401" not in wiredesk("run", "--once", **environment).stdout


def test_a_log_line_says_only_what_there_is(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", FEED)
    web.serve("/hook", Reply(401))
    wiredesk.sources["courier"] = {"url": web.url("/feed"), "read": "never"}
    wiredesk.channels["newsroom"] = {"kind": "webhook", "url_env": "TEAM_WEBHOOK"}
    logged = wiredesk("run", "--once", TEAM_WEBHOOK=web.url("/hook")).told
    assert "desk.notice subject=" in logged
    assert "None" not in logged


def test_a_run_without_dead_letters_says_nothing_of_them(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", FEED)
    wiredesk.sources["courier"] = {"url": web.url("/feed"), "read": "never"}
    assert "dead" not in wiredesk("run", "--once").stdout

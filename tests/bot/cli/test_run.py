"""`wiredesk run`: what its log and its summary say of how the desk stands."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals

import pytest

from tests.bot.cli.commanding import Commands, item, rss
from tests.fakes.web import Web
from tests.soak.program import Program, Run

FEED = rss(item(1, "Cameras off", "The PPD switched them off."))


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with Program() as started:
        yield started


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
    run.signal(by)

    assert run.wait() == 0, run.said
    begins, ends = (line for line in run.said.splitlines() if "the desk " in line)
    assert "the desk runs" in begins
    assert all(each in begins for each in ("sources=1", "watches=1", "channels=1", "wiredesk.sqlite3"))
    assert "the desk has ended" in ends
    assert f"why={by.name}" in ends

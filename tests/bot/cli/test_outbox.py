"""`wiredesk outbox`: deliveries listed, dead letters sent again, alerts put aside."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest

from bot.cards.words import clock_time
from tests.bot.cli.commanding import Commands
from tests.storage.building import NOW, alert
from watchers.slots import Due
from watchers.storage import outbox, sending, watchlist
from watchers.storage.database import Database
from watchers.storage.desks import all_channels, pause_channel
from watchers.storage.location import database_url
from watchers.storage.outbox import Address

T = TypeVar("T")


def write(wiredesk: Commands, function: Callable[..., T], *args: object, **more: object) -> T:
    with Database(database_url("", wiredesk.data)) as database, database.writing() as connection:
        return function(connection, *args, **more)


def tell(wiredesk: Commands, key: str, *, slot: str | None = None, at: datetime = NOW) -> None:
    address = Address(channel_id=1, due=Due(at, slot), mentions=())
    desk = write(wiredesk, watchlist.desk_id)
    write(wiredesk, outbox.tell, desk, alert(key), [address], now=NOW)


@pytest.fixture
def told(wiredesk: Commands) -> Commands:
    """A desk with a dead letter and a delivery that waits."""
    wiredesk("apply")
    tell(wiredesk, "story.new:1")
    tell(wiredesk, "story.new:2")
    write(wiredesk, sending.take, 1, now=NOW, burst=10)
    write(wiredesk, sending.mark_dead, 1, error="404: it is gone", maybe_taken=False, now=NOW)
    return wiredesk


def states(wiredesk: Commands, *options: str) -> list[tuple[str, str]]:
    return [(line["alert"], line["state"]) for line in wiredesk("outbox", "list", *options, "--json").lines]


def test_a_delivery_is_listed_with_its_state_and_error(told: Commands) -> None:
    dead, waiting = told("outbox", "list", "--json").lines
    assert dead.pop("ref").startswith("WD-")
    assert dead == {
        "alert": "story.new:1",
        "channel": "newsroom",
        "state": "dead",
        "attempts": 1,
        "error": "404: it is gone",
        "at": "2026-03-02T12:00:00Z",
        "title": alert("story.new:1").title,
        "due": None,
        "waits_for": None,
    }
    assert (waiting["state"], waiting["attempts"], waiting["error"]) == ("pending", 0, None)
    assert (waiting["due"], waiting["waits_for"]) == (
        "2026-03-02T12:00:00Z",
        "its turn: the desk sends it next, while it runs",
    )


def test_what_waits_says_for_what_by_the_desk_s_clock(wiredesk: Commands) -> None:
    wiredesk.desk = {"timezone": "America/New_York"}
    wiredesk("apply")
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    for number, slot in enumerate((None, "quiet:2026-03-03T07:00", "hourly:2026-03-03T07", "daily:2026-03-03")):
        tell(wiredesk, f"story.new:{number}", slot=slot, at=later)
    local = clock_time(later, ZoneInfo("America/New_York"))
    lines = wiredesk("outbox", "list", "--json").lines
    assert [line["waits_for"] for line in lines] == [
        f"next try at {local}",
        f"quiet hours until {local}",
        f"digest at {local}",
        f"digest at {local}",
    ]
    assert {line["due"] for line in lines} == {f"{later:%Y-%m-%dT%H:%M:%SZ}"}


def test_what_stands_behind_another_says_so(told: Commands) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    write(told, sending.take, 1, now=NOW, burst=10)
    write(told, sending.mark_later, 2, error="503", maybe_taken=False, at=later, now=NOW)
    tell(told, "story.new:3")
    _, tried, behind = told("outbox", "list", "--json").lines
    assert tried["waits_for"].startswith("next try at ")
    assert behind["waits_for"].startswith(f"{tried['ref']}, which stands before it: next try at ")


def test_what_waits_for_a_paused_channel_says_how_to_let_it_go_on(told: Commands) -> None:
    told("channel", "pause", "newsroom")
    (waiting,) = told("outbox", "list", "--state", "pending", "--json").lines
    assert waiting["waits_for"] == "the channel, which is paused: wiredesk channel resume newsroom"


def test_a_ref_leads_to_its_delivery(told: Commands) -> None:
    dead, waiting = told("outbox", "list", "--json").lines
    assert told("outbox", "list", dead["ref"].lower(), "--json").lines == [dead]
    assert told("outbox", "list", "story.new:2", "--json").lines == [waiting]
    assert told("outbox", "retry", dead["ref"], "--json").line["state"] == "pending"
    assert told("outbox", "drop", waiting["ref"], "--json").line["state"] == "superseded"
    assert states(told) == [("story.new:1", "pending"), ("story.new:2", "superseded")]


@pytest.mark.parametrize("verb", ["list", "retry", "drop"])
@pytest.mark.parametrize("ref", ["WD-AAAAA-1", "WD-AAAAA-99"])
def test_a_ref_of_another_database_is_told_to_be_none(told: Commands, verb: str, ref: str) -> None:
    said = told("outbox", verb, ref)
    assert said.code == 1
    assert f"{ref}: no delivery of this database has this Ref" in said.told


def test_the_ref_of_a_digest_leads_to_what_is_in_it(wiredesk: Commands) -> None:
    wiredesk("apply")
    for key in ("story.new:1", "story.new:2"):
        tell(wiredesk, key, slot="daily:2026-03-02")
    write(wiredesk, sending.take, 1, now=NOW, burst=10)
    digest = wiredesk("outbox", "list", "--json").lines[-1]
    assert [line["alert"] for line in wiredesk("outbox", "list", digest["ref"], "--json").lines] == [
        "story.new:1",
        "story.new:2",
        digest["alert"],
    ]


def test_one_state_can_be_asked_for(told: Commands) -> None:
    assert states(told, "--state", "dead") == [("story.new:1", "dead")]
    assert states(told, "--state", "dead", "--state", "pending") == states(told)


def test_an_unknown_state_is_told_with_those_there_are(told: Commands) -> None:
    said = told("outbox", "list", "--state", "lost")
    assert said.code == 2
    assert "superseded" in said.told


@pytest.mark.parametrize("which", [("story.new:1",), ("--all",), ()])
def test_a_dead_letter_waits_again_after_retry(told: Commands, which: tuple[str, ...]) -> None:
    line = told("outbox", "retry", *which, "--json").line
    assert (line["alert"], line["state"], line["attempts"]) == ("story.new:1", "pending", 0)
    assert states(told, "--state", "dead") == []


def test_retry_says_if_the_channel_is_paused(told: Commands) -> None:
    write(told, pause_channel, write(told, all_channels)[0].id, "404")
    assert "wiredesk channel resume newsroom" in told("outbox", "retry").told


def test_retry_of_what_is_not_dead_could_not_be_done(told: Commands) -> None:
    said = told("outbox", "retry", "story.new:2")
    assert said.code == 1
    assert "story.new:2" in said.told


def test_retry_takes_one_alert_or_all_not_both(told: Commands) -> None:
    assert told("outbox", "retry", "story.new:1", "--all").code == 2


def test_a_dropped_alert_is_never_told(told: Commands) -> None:
    assert told("outbox", "drop", "story.new:2", "--json").line["state"] == "superseded"
    assert states(told) == [("story.new:1", "dead"), ("story.new:2", "superseded")]
    assert told("outbox", "drop", "story.new:2").code == 1


def test_a_dropped_digest_takes_its_members_along(wiredesk: Commands) -> None:
    wiredesk("apply")
    for key in ("story.new:1", "story.new:2"):
        tell(wiredesk, key, slot="daily:2026-03-02")
    write(wiredesk, sending.collect, 1, now=NOW, burst=10)
    digest = states(wiredesk)[-1][0]
    wiredesk("outbox", "drop", digest)
    assert {state for _, state in states(wiredesk)} == {"superseded"}


def test_a_desk_that_told_nothing_says_so(wiredesk: Commands) -> None:
    assert "Nothing was told yet." in wiredesk("outbox", "list").stdout
    assert "There is no dead letter." in wiredesk("outbox", "retry").stdout

"""`wiredesk entity …`."""

import pytest

from tests.bot.cli.commanding import Commands


def test_entities_are_listed_with_all_their_names(wiredesk: Commands) -> None:
    assert wiredesk("entity", "list", "--json").line == {
        "name": "port",
        "full_name": "Port Police",
        "aliases": ["PPD"],
        "state": "active",
        "reason": None,
        "origin": "file",
    }
    assert "@port" in wiredesk("entity", "list").stdout


def test_an_added_entity_can_be_asked_for_at_once(wiredesk: Commands) -> None:
    added = wiredesk("entity", "add", "quay", "Eastern Quay", "--alias", "the quay", "--alias", "EQ", "--json").line
    tried = wiredesk("watch", "test", "@quay", "--file", "-", "--json", stdin="Seen at the EQ.").line
    assert (added["aliases"], added["origin"]) == (["the quay", "EQ"], "desk")
    assert tried["matched"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["two words", "Quay"], "not a name"),
        (["quay", " "], "FULL_NAME"),
        (["quay", "Quay", "--alias", ""], "--alias"),
        (["port", "Another port"], "port"),
        (["PORT", "Another port"], "port"),
    ],
)
def test_what_cant_be_an_entity_is_said(wiredesk: Commands, arguments: list[str], reason: str) -> None:
    said = wiredesk("entity", "add", *arguments)
    assert said.code == 2
    assert reason in said.told


def test_an_entity_that_watches_ask_for_stays(wiredesk: Commands) -> None:
    wiredesk("entity", "add", "quay", "Eastern Quay")
    wiredesk("watch", "add", "dark", "lamp AND @Quay", "--channel", "newsroom")
    refused = wiredesk("entity", "remove", "quay")
    wiredesk("watch", "remove", "dark")
    removed = wiredesk("entity", "remove", "quay", "--json")
    assert refused.code == 2
    assert "watch dark" in refused.told
    assert removed.line["state"] == "removed"
    assert [line["name"] for line in wiredesk("entity", "list", "--json").lines] == ["port"]


def test_an_entity_of_the_file_is_adopted_before_it_is_removed(wiredesk: Commands) -> None:
    wiredesk.watches = {}
    assert wiredesk("entity", "remove", "port").code == 2
    assert wiredesk("entity", "adopt", "port", "--json").line["origin"] == "desk"
    assert wiredesk("entity", "remove", "port").code == 0

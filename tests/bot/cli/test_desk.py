"""`wiredesk desk …`: the desks of Discord servers, for who runs the program."""

from datetime import UTC, datetime

import pytest

from tests.bot.cli.commanding import Commands
from watchers.storage import guilds
from watchers.storage.audit import Actor
from watchers.storage.database import Database
from watchers.storage.guilds import Setup
from watchers.storage.location import database_url

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERALD = Setup(label="Herald", chat_id="11", channel="newsroom", editors_role="7", timezone=None)


@pytest.fixture
def two(wiredesk: Commands) -> Commands:
    """The file's desk and a server's, which was left."""
    wiredesk("apply")
    with Database(database_url("", wiredesk.data)) as database, database.writing() as connection:
        guilds.set_up(connection, "4711", Actor("1", "Bo"), HERALD, now=NOW)
        guilds.left(connection, "4711", NOW)
    return wiredesk


def test_desks_are_listed_with_their_server_and_how_they_stand(two: Commands) -> None:
    of_file, herald = two("desk", "list", "--json").lines
    assert (of_file["name"], of_file["state"], of_file["origin"], of_file["since"]) == ("desk", "active", "file", None)
    assert herald == {
        "name": "server-4711",
        "label": "Herald",
        "guild": "4711",
        "sources": 0,
        "watches": 0,
        "state": "left",
        "since": "2026-03-02T12:00:00Z",
        "origin": "desk",
    }
    assert "Herald" in two("desk", "list").stdout


def test_a_desk_is_removed_once_it_is_confirmed(two: Commands) -> None:
    assert two("desk", "remove", "server-4711", stdin="n\n").code == 1
    assert len(two("desk", "list", "--json").lines) == 2
    assert two("desk", "remove", "server-4711", stdin="y\n").code == 0
    assert len(two("desk", "list", "--json").lines) == 1


def test_a_desk_is_removed_unasked_where_that_is_said(two: Commands) -> None:
    assert two("desk", "remove", "server-4711", "--yes", "--json").line["state"] == "removed"
    assert len(two("desk", "list", "--json").lines) == 1


def test_the_file_s_desk_is_not_removed(two: Commands) -> None:
    said = two("desk", "remove", "desk", "--yes")
    assert said.code == 2
    assert "the watch-list file's" in said.told


def test_a_desk_that_is_not_there_is_said(two: Commands) -> None:
    said = two("desk", "remove", "server-4712", "--yes")
    assert said.code == 2
    assert "did you mean server-4711?" in said.told

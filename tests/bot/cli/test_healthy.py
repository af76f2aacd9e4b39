"""`wiredesk healthy`: the running desk's last sign of life is fresh by this machine's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.bot.cli.commanding import Commands
from watchers.storage import meta
from watchers.storage.database import Database
from watchers.storage.location import database_url


def _beat(wiredesk: Commands, age: timedelta) -> None:
    with Database(database_url("", wiredesk.data)) as database, database.writing() as connection:
        meta.beat(connection, datetime.now(UTC) - age)


def test_a_desk_that_never_ran_is_not_healthy(wiredesk: Commands) -> None:
    said = wiredesk("healthy")
    assert said.code == 1
    assert "no desk runs" in said.told


def test_a_fresh_sign_of_life_is_healthy(wiredesk: Commands) -> None:
    _beat(wiredesk, timedelta(0))
    assert (wiredesk("healthy").code, wiredesk("healthy").stdout) == (0, "healthy\n")


@pytest.mark.parametrize(
    ("age", "why"),
    [
        (timedelta(hours=1), "s old"),
        (timedelta(days=-365), "ahead of this machine's clock"),
    ],
)
def test_hard_case_60_87_an_old_sign_of_life_is_none_nor_is_one_of_a_clock_that_was_ahead(
    wiredesk: Commands, age: timedelta, why: str
) -> None:
    _beat(wiredesk, age)
    said = wiredesk("healthy")
    assert said.code == 1
    assert why in said.told

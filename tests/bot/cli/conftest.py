"""What the tests of the commands share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.cli.commanding import Commands
from tests.fakes.databases import empty_desk_file
from tests.fakes.web import Web, WebThread


@pytest.fixture
def web() -> Iterator[Web]:
    with WebThread() as served:
        yield served


@pytest.fixture
def fresh(tmp_path: Path) -> Commands:
    """Commands of somebody who has just installed Wiredesk."""
    return Commands(tmp_path)


@pytest.fixture
def wiredesk(fresh: Commands) -> Commands:
    """Commands over a database in which the watch list is still to be applied."""
    fresh.data.mkdir()
    empty_desk_file(fresh.data, seeds=False)
    return fresh

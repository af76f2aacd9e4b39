"""What every test starts from: logging as nobody has set it up, and one PostgreSQL for all who ask for it."""

from collections.abc import Iterator

import pytest
import structlog

from tests.fakes.postgres import Postgres
from watchers.storage import migrate


@pytest.fixture(autouse=True)
def logs_of_its_own() -> Iterator[None]:
    """A command under test logs to an output that is captured, and closed after it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with Postgres(migrate.upgrade) as server:
        yield server

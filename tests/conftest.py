"""What every test starts from: logging as nobody has set it up."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def logs_of_its_own() -> Iterator[None]:
    """A command under test logs to an output that is captured, and closed after it."""
    yield
    structlog.reset_defaults()

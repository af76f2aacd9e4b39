"""Here the worker itself is tried: its processes are started as the desk starts them."""

import pytest


@pytest.fixture(autouse=True)
def workers_at_hand() -> None:
    """None."""

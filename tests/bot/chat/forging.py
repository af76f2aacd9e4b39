"""What a client of somebody's own may send, and Discord's never would: ids of what the server doesn't have."""

from contextlib import suppress
from typing import Any

import pytest
from simcord import interactions
from simcord.backend.errors import SetupError
from simcord.interactions import resolve_handle


def any_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the simulated Discord pass on the id of any channel; it describes only those of the server."""

    def describe(actor: Any, value: Any, resolved: Any, *, channel_id: int) -> None:
        with suppress(SetupError):
            resolve_handle(actor, value, resolved, channel_id=channel_id)

    monkeypatch.setattr(interactions, "resolve_handle", describe)

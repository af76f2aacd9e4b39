"""A newsroom's server for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.chat.newsroom import Room, newsroom


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with newsroom(tmp_path) as opened:
        yield opened

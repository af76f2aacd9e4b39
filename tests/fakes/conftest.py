"""A fake Discord with one server and one room, for the fake's own tests."""

from collections.abc import Iterator

import pytest

from tests.fakes.discord import Channel, FakeDiscord, Guild


@pytest.fixture
def discord() -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        yield fake


@pytest.fixture
def guild(discord: FakeDiscord) -> Guild:
    return discord.guild("The Daily")


@pytest.fixture
def room(guild: Guild) -> Channel:
    return guild.channel("newsroom")

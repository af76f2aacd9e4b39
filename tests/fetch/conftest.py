"""What the tests of fetching share: a server, a fetcher that may reach it, and a record of every dialled address."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Protocol

import pytest

from tests.fakes.web import Web
from watchers.fetch.body import FetchLimits
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import AllowHosts, Guard
from watchers.fetch.resolver import system_resolver

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class MakeFetcher(Protocol):
    """`allow` as WIREDESK_ALLOW_HOSTS; `names` answers for the resolver; the rest goes to the Fetcher."""

    def __call__(
        self, allow: str = "", *, names: dict[str, list[str]] | None = None, **settings: object
    ) -> Fetcher: ...


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web() as server:
        yield server


@pytest.fixture
async def make_fetcher() -> AsyncIterator[MakeFetcher]:
    async with AsyncExitStack() as stack:

        def make(allow: str = "", *, names: dict[str, list[str]] | None = None, **settings: object) -> Fetcher:
            resolver = system_resolver if names is None else answering(names)
            given = {"version": "1.0", "random": random.Random(1), "clock": lambda: NOW, "gap": 0.0} | settings
            given = {"guard": Guard(AllowHosts.parse(allow), resolver=resolver)} | given
            fetcher = Fetcher(**given)  # type: ignore[arg-type]  # mixed settings
            stack.push_async_callback(fetcher.aclose)
            return fetcher

        yield make


@pytest.fixture
def fetcher(make_fetcher: MakeFetcher, web: Web) -> Fetcher:
    """May ask the `web` fixture, and gives up on anything within half a second."""
    return make_fetcher(web.place, limits=FetchLimits(deadline=0.5))


@pytest.fixture
def patient(make_fetcher: MakeFetcher, web: Web) -> Fetcher:
    """May ask the `web` fixture, with the limits of the product."""
    return make_fetcher(web.place)


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every address to which a connection is tried. Only loopback is let through."""
    tried: list[tuple[str, int]] = []
    real = asyncio.BaseEventLoop.create_connection

    async def record(
        loop: asyncio.BaseEventLoop, factory: Callable[[], asyncio.Protocol], host: str, port: int, **options: object
    ) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
        tried.append((host, port))
        if host not in {"127.0.0.1", "::1"}:
            raise ConnectionRefusedError(111, "Connection refused")
        return await real(loop, factory, host, port, **options)  # type: ignore[call-overload,no-any-return]  # passed on as it came

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", record)
    return tried


def answering(names: dict[str, list[str]]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """A resolver that knows these names only."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        if host not in names:
            raise OSError(f"unknown name {host}")
        return names[host]

    return resolve

"""The bot's line to Discord with its real client: what goes wrong there keeps no alert from being posted."""

import asyncio
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

import aiohttp
import discord
import pytest
import structlog
from discord import app_commands

from bot import line as bot_line
from bot.client import DeskClient
from bot.directory import Directory
from bot.line import Line, break_off
from bot.looking import Look
from bot.office import Office
from tests.fakes.databases import scratch
from tests.fakes.discord import FakeDiscord
from watchers.errors import CannotRun
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import AllowHosts, Guard
from watchers.listening import Listener
from watchers.reading.worker import Worker

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def fake() -> Iterator[FakeDiscord]:
    with FakeDiscord() as started:
        yield started


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    """A back room with an empty database."""
    guard = Guard(AllowHosts.parse(""))
    with scratch(folder) as database:
        directory, worker = Directory(database), Worker(processes=1)
        async with Fetcher(guard=guard, version="1", random=Random(1), clock=lambda: NOW) as fetcher:
            yield Office(
                database=database,
                directory=directory,
                listener=Listener(database),
                look=Look(guard=guard, fetcher=fetcher, worker=worker),
                clock=lambda: NOW,
                refresh=directory.refresh,
                most_watches=5,
                most_sources=5,
                version="1",
            )
        await worker.aclose()


@asynccontextmanager
async def kept(fake: FakeDiscord, folder: Path, *, ready_after: float = 0.05) -> AsyncIterator[Line]:
    """A line that is kept up."""
    line = Line(fake.token, fake.api)
    async with office(folder) as room:
        keeping = asyncio.create_task(line.keep(partial(DeskClient, room, guild_ready_timeout=ready_after)))
        try:
            yield line
        finally:
            await break_off(keeping)


@pytest.mark.parametrize(
    "trouble",
    [
        discord.RateLimited(600.0),
        app_commands.MissingApplicationID(),
        aiohttp.ServerDisconnectedError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_commands_that_discord_doesn_t_take_keep_no_alert_from_being_posted(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    async def refused(_: object) -> None:
        raise trouble

    monkeypatch.setattr(app_commands.CommandTree, "sync", refused)
    async with kept(fake, tmp_path) as line:
        await asyncio.to_thread(fake.wait_ready)
        assert line.client is not None


async def test_commands_that_were_not_taken_are_told_again_once_discord_is_ready(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = app_commands.CommandTree.sync
    tries = 0

    async def refused_once(tree: app_commands.CommandTree[discord.Client]) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise discord.RateLimited(600.0)
        await sync(tree)

    monkeypatch.setattr(app_commands.CommandTree, "sync", refused_once)
    async with kept(fake, tmp_path):
        await asyncio.to_thread(fake.wait_synced)
    assert tries == 2


async def test_a_line_that_is_hung_up_before_it_is_ready_leaves_nothing_behind(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = asyncio.Event()

    async def on_connect(_: DeskClient) -> None:
        connected.set()

    monkeypatch.setattr(DeskClient, "on_connect", on_connect, raising=False)
    before = asyncio.all_tasks()
    async with kept(fake, tmp_path, ready_after=60.0):
        await connected.wait()
        assert any("_delay_ready" in repr(task) for task in asyncio.all_tasks() - before)
    await asyncio.sleep(0)
    assert {task for task in asyncio.all_tasks() - before if "_delay_ready" in repr(task)} == set()


async def test_a_database_that_cannot_be_reached_is_no_defect_of_the_bot(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    def tell(_: object, level: str, event: MutableMapping[str, object]) -> str:
        told.put_nowait((level, str(event.get("error"))))
        raise structlog.DropEvent

    async def lost(_: DeskClient) -> None:
        raise CannotRun("the database can't be reached: network error")

    monkeypatch.setattr(DeskClient, "setup_hook", lost)
    monkeypatch.setattr(bot_line, "log", structlog.wrap_logger(None, processors=[tell]))
    async with kept(fake, tmp_path):
        assert await told.get() == ("warning", "the database can't be reached: network error")


async def test_a_task_that_overhears_that_it_is_to_end_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot_line, "DEAF", 0.01)
    begun = asyncio.Event()

    async def connect() -> None:
        with suppress(asyncio.CancelledError):
            begun.set()
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = asyncio.create_task(connect())
    await begun.wait()
    await break_off(task)
    assert task.cancelled()

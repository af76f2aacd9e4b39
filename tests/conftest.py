"""What every test starts from: plain logs, SQL that is compiled once, workers at hand, one PostgreSQL for all."""

import gc
import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from discord.gateway import DiscordWebSocket
from discord.http import Route
from hypothesis import settings
from hypothesis.internal.constants_ast import Constants

from tests.fakes.compiled import engine_that_shares, numbered, tables_of
from tests.fakes.parsers import Parsers
from tests.fakes.postgres import Postgres
from tests.fakes.scratch import in_memory
from watchers.storage import backup, database, migrate

if TYPE_CHECKING:
    from tests.soak.program import Program
    from tests.soak.stage import Stage

# The same examples on every run, on a slow machine too; `make soak` looks for others, with the longer profile.
settings.register_profile("short", max_examples=25, derandomize=True, deadline=None)
settings.register_profile("long", max_examples=1_000, deadline=None, print_blob=True)
settings.load_profile("short")


def pytest_configure() -> None:
    in_memory()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for processes and servers."""
    return (os.cpu_count() or 1) + 1


def pytest_sessionstart(session: pytest.Session) -> None:
    """Of a test that passed a worker says so once: that it began, was set up, taken down and ended goes without saying.

    Of all that workers say that is two thirds.
    """
    for plugin in session.config.pluginmanager.get_plugins():
        if hasattr(plugin, "sendevent"):
            plugin.sendevent = partial(_send_news, plugin.sendevent)


def _send_news(send: Callable[..., None], name: str, **event: Any) -> None:
    if name in {"logstart", "logfinish"}:
        return
    report = event["data"] if name == "testreport" else None
    if report and report["when"] != "call" and report["outcome"] == "passed" and not report["sections"]:
        return
    send(name, **event)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Of all tests each worker imports some first: in a new checkout pytest rewrites every module for seconds.

    What one has rewritten the others find. A module that can't be imported is told when it is collected.
    """
    worker: dict[str, Any] | None = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    modules = sorted(Path(__file__).parent.rglob("test_*.py"))
    for path in modules[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        name = ".".join(path.relative_to(session.config.rootpath).with_suffix("").parts)
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(name)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that wait for the real program come first: `make test` checks the types meanwhile, and one worker has them.

    So the program is imported by one starter.
    """
    items.sort(key=lambda item: not isinstance(item, pytest.Function) or "program" not in item.fixturenames)


def pytest_collection_finish() -> None:
    """Thousands of tests were collected, to stay: no search for what can go looks at them again, or comes often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(autouse=True)
def logs_of_its_own() -> Iterator[None]:
    """A command under test logs to an output that is captured, and closed after it.

    A bug is logged with a plain traceback: one with all locals, as nobody has asked for it, takes a second.
    """
    *others, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*others, plain])
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def discord_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk under test may speak to another server; its address is the whole process's, and is put back."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Each test opens databases of its own, and nearly all of them ask the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", engine_that_shares)
        patch.setattr("pg8000.legacy.convert_paramstyle", numbered)
        patch.setattr(backup, "_tables", tables_of)
        yield


@pytest.fixture(scope="session", autouse=True)
def examples_of_its_own() -> Iterator[None]:
    """Hypothesis also tries constants of whatever the process has imported: a test had others alone than among all.

    Where examples are random those constants are welcome.
    """
    with pytest.MonkeyPatch.context() as patch:
        if settings().derandomize:
            patch.setattr("hypothesis.internal.conjecture.providers._get_local_constants", Constants)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with Postgres(migrate.upgrade) as server:
        yield server


@pytest.fixture(scope="session")
def parsers() -> Iterator[Parsers]:
    with Parsers() as forking:
        yield forking


@pytest.fixture(autouse=True)
def workers_at_hand(parsers: Parsers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each desk under test starts worker processes; these are there at once."""
    parsers.stand_in(monkeypatch)


@pytest.fixture(scope="session")
def program() -> Iterator["Program"]:
    """The real program, to be started as a process; imported for the first test that does so."""
    from tests.soak.program import Program

    with Program() as started:
        yield started


@pytest.fixture(scope="session")
def stage(program: "Program") -> "Stage":
    """Where trials are played."""
    from tests.soak.stage import Stage

    return Stage(program=program)

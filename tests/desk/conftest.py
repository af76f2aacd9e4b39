"""A desk under test: a loopback web, a watch list over it, and `wiredesk run --once` in this process."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.fakes.databases import empty_desk_file
from tests.fakes.terminal import give
from tests.fakes.web import Web, WebThread

NOW = "2026-03-02T12:00:00Z"


@pytest.fixture
def web() -> Iterator[Web]:
    with WebThread() as served:
        yield served


@dataclass(frozen=True, slots=True)
class Ran:
    """What one `run --once --json` printed."""

    lines: tuple[dict[str, Any], ...]

    @property
    def summary(self) -> dict[str, Any]:
        return self.lines[-1]

    def told(self, kind: str | None = None) -> list[dict[str, Any]]:
        return [line for line in self.lines[:-1] if kind is None or line["kind"] == kind]


@dataclass(slots=True)
class Desk:
    """Writes the watch list, runs the desk, asks its commands."""

    folder: Path
    web: Web
    query: str = '"harbor cameras"'
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=lambda: {"newsroom": {"kind": "terminal"}})
    routes: list[Any] = field(default_factory=lambda: ["newsroom"])
    desk: dict[str, Any] = field(default_factory=lambda: {"timezone": "America/New_York"})
    environment: dict[str, str] = field(default_factory=dict)

    def source(self, name: str, path: str, **more: Any) -> None:
        self.sources[name] = {"url": self.web.url(path), **more}

    def run(self, *, at: str = NOW, first_look: str = "24h") -> Ran:
        result = self.command("run", "--once", "--json", "--at", at, WIREDESK_FIRST_LOOK=first_look)
        return Ran(tuple(result))

    def cards(self, *, at: str = NOW) -> str:
        """What the terminal shows of a run."""
        return self._given("run", "--once", "--at", at).stdout

    def command(self, *arguments: str, **environment: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._given(*arguments, **environment).stdout.splitlines()]

    def _given(self, *arguments: str, **environment: str) -> Result:
        watchlist = {
            "version": 1,
            "desk": self.desk,
            "watches": {"beat": {"query": self.query, "routes": self.routes}},
            "sources": self.sources,
            "channels": self.channels,
        }
        (self.folder / "watchlist.yaml").write_text(json.dumps(watchlist))
        variables = {
            "WIREDESK_DATA": str(self.folder / "data"),
            "WIREDESK_WATCHLIST": str(self.folder / "watchlist.yaml"),
            "WIREDESK_ALLOW_HOSTS": "127.0.0.1",
            **self.environment,
            **environment,
        }
        result = give(arguments, variables)
        assert result.exit_code == 0, result.output + result.stderr + repr(result.exception)
        return result


@pytest.fixture
def desk(tmp_path: Path, web: Web) -> Desk:
    (tmp_path / "data").mkdir()
    empty_desk_file(tmp_path / "data", seeds=False)
    return Desk(tmp_path, web)

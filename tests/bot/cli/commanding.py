"""`wiredesk …` as a person gives it, in this process: a folder of its own, a watch list, a loopback web."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.terminal import give
from watchers.errors import ConfigError, WiredeskError


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered. `told` is what a person reads beside the answer: warnings, or the error."""

    code: int
    stdout: str
    told: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        assert self.code in {0, 1}, self.told
        return [json.loads(line) for line in self.stdout.splitlines()]

    @property
    def line(self) -> dict[str, Any]:
        (only,) = self.lines
        return only


@dataclass(slots=True)
class Commands:
    """Runs commands. The watch list is written anew for each of them."""

    folder: Path
    entities: dict[str, Any] = field(default_factory=lambda: {"port": {"name": "Port Police", "aliases": ["PPD"]}})
    watches: dict[str, Any] = field(
        default_factory=lambda: {"cameras": {"query": "camera* AND @port", "routes": ["newsroom"]}}
    )
    sources: dict[str, Any] = field(default_factory=dict)
    channels: dict[str, Any] = field(default_factory=lambda: {"newsroom": {"kind": "terminal"}})
    desk: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def __call__(self, *arguments: str, stdin: str | bytes | None = None, **environment: str) -> Said:
        watchlist = {
            "version": 1,
            "desk": self.desk,
            "entities": self.entities,
            "watches": self.watches,
            "sources": self.sources,
            "channels": self.channels,
        }
        (self.folder / "watchlist.yaml").write_text(json.dumps(watchlist))
        result = give(arguments, {**self.variables, **environment}, stdin)
        match result.exception:
            case ConfigError() as error:
                return Said(2, result.stdout, str(error))
            case WiredeskError() as error:
                return Said(1, result.stdout, result.stderr + str(error))
            case None | SystemExit():
                return Said(result.exit_code, result.stdout, result.stderr)
            case bug:
                raise bug

    @property
    def variables(self) -> dict[str, str]:
        return {
            "WIREDESK_DATA": str(self.data),
            "WIREDESK_WATCHLIST": str(self.folder / "watchlist.yaml"),
            "WIREDESK_ALLOW_HOSTS": "127.0.0.1",
            "WIREDESK_FIRST_LOOK": "all",
            **self.environment,
        }


def rss(*items: str, title: str = "Harbor Courier") -> bytes:
    return f"<rss version='2.0'><channel><title>{title}</title>{''.join(items)}</channel></rss>".encode()


def item(number: int, title: str, summary: str = "") -> str:
    return (
        f"<item><guid>{number}</guid><title>{title}</title><link>/a/{number}</link>"
        f"<description>{summary}</description><pubDate>Mon, 02 Mar 2026 1{number}:00:00 GMT</pubDate></item>"
    )

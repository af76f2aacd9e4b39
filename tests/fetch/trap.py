"""Watching that nobody connects: every attempt of this process, beneath all libraries, and a listener on loopback.

    with trap(monkeypatch, site=web) as watched:
        …                                # the program is led to watched.spellings by some entrance
        assert watched.dialled == {…}    # what it tried to connect to, apart from `site`
        assert watched.caught == 0       # what the listener saw

Nothing leaves the machine: a connection to anywhere but `site` is noted and refused, and names are answered from the
tables of `forbidden`. The site is `SITE`, and its subdomains, for a program that is told so by `allow_hosts`.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import pytest

from tests.fakes.web import Web, WebThread
from tests.fetch.forbidden import ANSWERS, spellings
from watchers.fetch.politeness import Politeness

SITE: Final = "site.allowed.test"
_EVENTS: Final = frozenset({"socket.connect", "socket.sendto"})
_LOOKED_UP: Final = socket.getaddrinfo


@dataclass(slots=True)
class Watched:
    """What was tried so far."""

    site: Web
    listener: Web
    dialled: set[tuple[str, int]] = field(default_factory=set)
    asked_for: set[str] = field(default_factory=set)  # host names that were looked up

    @property
    def spellings(self) -> tuple[str, ...]:
        return spellings(self.listener.port)

    def every_third(self, first: int) -> tuple[str, ...]:
        """A third of the spellings, of each group some, for entrances that cost more a time."""
        return self.spellings[first::3]

    @property
    def caught(self) -> int:
        """Connections that reached the listener."""
        return self.listener.connections

    def url(self, path: str, *, host: str = SITE) -> str:
        """An address of the site, by its name."""
        return f"http://{host}:{self.site.port}{path}"

    def allow_hosts(self, *more: str) -> str:
        """The admin's list: the site by its names, and nothing else of this machine."""
        return ",".join(f"{host}:{self.site.port}" for host in (SITE, *more))


_watching: list[Watched] = []


@contextmanager
def trap(monkeypatch: pytest.MonkeyPatch, site: Web) -> Iterator[Watched]:
    """Watch this process until the end of the block."""
    _listen_to_the_interpreter()
    with WebThread() as listener:
        watched = Watched(site, listener)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: _answer(watched, *given, **more))
        # Many spellings are one origin: how long it is left in peace between them is not asked here.
        monkeypatch.setattr("watchers.fetch.client.Politeness", lambda random, **_: Politeness(random, gap=0.0))
        _watching.append(watched)
        try:
            yield watched
        finally:
            _watching.remove(watched)


@cache
def _listen_to_the_interpreter() -> None:
    """An audit hook sees what any library does, and can't be taken out again: once a process."""
    sys.addaudithook(_note)


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching or event not in _EVENTS or arguments[0].family not in {socket.AF_INET, socket.AF_INET6}:
        return
    place = (arguments[1][0], arguments[1][1])
    for watched in _watching:
        if place != (watched.site.host, watched.site.port):
            watched.dialled.add(place)
            raise ConnectionRefusedError(111, "refused by the test")


def _answer(watched: Watched, host: str, port: int, *kinds: int, **more: int) -> list[Any]:
    watched.asked_for.add(host)
    found: list[Any] = []
    addresses = (watched.site.host,) if host.endswith(SITE) else ANSWERS.get(host.lower(), ())
    for address in addresses or (host,):
        plain, percent, zone = address.partition("%")
        rows = _LOOKED_UP(
            plain, port, *kinds[:3], **{**more, "flags": socket.AI_NUMERICHOST}
        )  # EAI_NONAME for any other name
        found += [(*row[:4], (f"{row[4][0]}{percent}{zone}", *row[4][1:])) for row in rows]
    return found

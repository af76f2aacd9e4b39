"""A web of many outlets on loopback that have news whenever they are asked, in a process of its own.

    with press(origins=2_000, began=moment) as addresses:      http://127.0.0.1:PORT, one an outlet
        /feed     FRESH entries more at each request, so that every poll brings something to read
        /N        the page of the entry with that number
        /         a front page that links to /feed and /late

Entries up to `KNOWN` are older than the benchmark: its database has them already. What is written, and which names
stand in it, follows from outlet and number alone.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from random import Random
from typing import Final

from tests.benchmarks import texts

KNOWN: Final = 3  # entries of each feed before the first request, all of which it shows
FRESH: Final = 2  # new ones at each request
NAMES: Final = 600  # that watches may listen for
NAMED: Final = 0.1  # share of the entries that have one
PARAGRAPHS: Final = 8  # about 3 kB


@cache
def names() -> tuple[str, ...]:
    """Names of two words, each of which stands in a few stories a day."""
    random = Random("names")
    return tuple(texts.name(random).title() for _ in range(NAMES))


@cache
def _paragraphs() -> tuple[str, ...]:
    """So many that two articles share none, or one: they are no copies of each other."""
    random = Random("paragraphs")
    return tuple(texts.story(random, size=350) for _ in range(6_000))


def article(random: Random) -> tuple[str, str, str | None]:
    """A headline, a text and the name that stands in its first paragraph, if any does."""
    name = random.choice(names()) if random.random() < NAMED else None
    title = " ".join(texts.words(random, 8)).capitalize()
    paragraphs = random.choices(_paragraphs(), k=PARAGRAPHS)
    if name is not None:
        paragraphs[0] = f"{paragraphs[0]} That is what {name} said on Monday."
    return title, "\n\n".join(paragraphs), name


def feed(outlet: int, last: int, *, base: str, began: datetime) -> bytes:
    """An RSS feed whose newest entry has this number; each came a minute after the one before."""
    shown = []
    for number in range(last, last - KNOWN - FRESH if last > KNOWN else 0, -1):
        title, text, _ = article(Random(f"{outlet}:{number}"))
        at = began - timedelta(hours=1) + timedelta(minutes=number)
        shown.append(
            f"<item><guid>{base}/{number}</guid><title>{title}</title><link>{base}/{number}</link>"
            f"<pubDate>{format_datetime(at)}</pubDate><description>{text[:300]}</description></item>"
        )
    channel = f"<title>Outlet {outlet}</title><link>{base}/</link><description>News</description>{''.join(shown)}"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>{channel}</channel></rss>'.encode()


def page(outlet: int, number: int) -> bytes:
    """An entry's own page."""
    title, text, _ = article(Random(f"{outlet}:{number}"))
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
    head = f"<title>{title}</title><meta property='og:site_name' content='Outlet {outlet}'>"
    return f"<html lang='en'><head>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>".encode()


@contextmanager
def press(*, origins: int, began: datetime) -> Iterator[tuple[str, ...]]:
    """The addresses of the running outlets; they end with the block."""
    command = (sys.executable, "-m", "tests.benchmarks.press", str(origins), began.isoformat())
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield tuple(f"http://127.0.0.1:{port}" for port in json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()


class _Outlet(asyncio.Protocol):
    """One connection to one outlet: requests without bodies, answered in order."""

    last: Final[dict[int, int]] = {}  # outlet → the number of its newest entry

    def __init__(self, outlet: int, began: datetime) -> None:
        self._outlet, self._began = outlet, began
        self._received = b""
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            assert isinstance(self._transport, asyncio.WriteTransport)
            port = self._transport.get_extra_info("sockname")[1]
            self._transport.write(self._answer(head.split(b" ", 2)[1].decode(), f"http://127.0.0.1:{port}"))

    def _answer(self, path: str, base: str) -> bytes:
        if path in {"/feed", "/late"}:
            last = self.last[self._outlet] = self.last.get(self._outlet, KNOWN) + FRESH
            return _ok("application/rss+xml", feed(self._outlet, last, base=base, began=self._began))
        if path[1:].isdecimal():
            return _ok("text/html", page(self._outlet, int(path[1:])))
        if path == "/":
            links = "".join(
                f"<link rel='alternate' type='application/rss+xml' href='/{one}'>" for one in ("feed", "late")
            )
            return _ok("text/html", f"<html><head><title>Front page</title>{links}</head><body></body></html>".encode())
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _ok(kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _serve(origins: int, began: datetime) -> None:
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(lambda outlet=outlet: _Outlet(outlet, began), "127.0.0.1", 0)  # type: ignore[misc]
        for outlet in range(origins)
    ]
    sys.stdout.write(json.dumps([server.sockets[0].getsockname()[1] for server in servers]) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)  # until whoever started us is done, or gone


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), datetime.fromisoformat(sys.argv[2])))

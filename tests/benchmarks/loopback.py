"""A web of many feeds on loopback, in a process of its own: its work is not in anyone's figures.

    with web(origins=100) as served:  served.feeds → addresses;  served.show(1) → every feed has one new entry

Every origin is a port. A feed answers a conditional request for what it shows already with 304.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.request import urlopen

from tests.benchmarks import texts

ENTRIES: Final = 20


@dataclass(frozen=True, slots=True)
class Served:
    """The addresses of the feeds, one an origin."""

    feeds: tuple[str, ...]

    def show(self, edition: int) -> None:
        """From now on each feed shows as many new entries more as the edition's number says."""
        with urlopen(f"{self.feeds[0]}?edition={edition}") as answer:
            assert answer.status == 200


def etag(feed: int, edition: int) -> str:
    """What the server calls a feed as it stands."""
    return f'"{feed}-{edition}"'


@contextmanager
def web(*, origins: int) -> Iterator[Served]:
    """A running server; it ends with the block."""
    command = (sys.executable, "-m", "tests.benchmarks.loopback", str(origins))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            ports = json.loads(process.stdout.readline())
            yield Served(tuple(f"http://127.0.0.1:{port}/feed" for port in ports))
        finally:
            process.stdin.close()


class _Origin(asyncio.Protocol):
    """One connection to one feed: requests without bodies, answered in order."""

    edition = 0  # of all feeds

    def __init__(self, feed: int) -> None:
        self._feed = feed
        self._received = b""
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            assert isinstance(self._transport, asyncio.WriteTransport)
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        target = head.split(b" ", 2)[1]
        if b"?edition=" in target:
            _Origin.edition = int(target.rpartition(b"=")[2])
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        name = etag(self._feed, _Origin.edition)
        if name.encode() in head:
            return b"HTTP/1.1 304 Not Modified\r\nETag: %b\r\n\r\n" % name.encode()
        return _whole(self._feed, _Origin.edition)


@cache
def _whole(feed: int, edition: int) -> bytes:
    body = texts.feed(feed, range(ENTRIES + edition, edition, -1))
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: {etag(feed, edition)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _serve(origins: int) -> None:
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(lambda feed=feed: _Origin(feed), "127.0.0.1", 0, backlog=128)  # type: ignore[misc]
        for feed in range(origins)
    ]
    sys.stdout.write(json.dumps([server.sockets[0].getsockname()[1] for server in servers]) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)  # until whoever started us is done, or gone


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))

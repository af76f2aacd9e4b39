"""A small web server on loopback for tests, as well-behaved or as hostile as a test wants it.

    async with Web() as web:
        web.serve("/feed", Reply(body=b"<rss/>", headers={"ETag": '"1"'}))
        web.serve("/moved", redirect("/feed", 301))
        web.serve("/turns", [Reply(503), Reply(body=b"back")])        # one after the other, the last one for good
        web.serve("/asks", lambda asked: Reply(body=asked.headers["user-agent"].encode()))
        web.raw("/drip", drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x", pause=0.02))
        ... web.url("/feed"), web.asked("/feed"), web.connections

What nobody registered answers 404. Written on plain sockets, so that `raw` handlers can send any bytes at any time.
`WebThread` is the same server in a thread of its own, for tests that start processes or have no event loop.
"""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it came. Header names are in lower case."""

    method: str
    target: str  # path and query
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """An ordinary answer; Content-Length and a content type are added unless given."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self, *, head_only: bool = False) -> bytes:
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(self.body))}
        if self.status in {204, 304}:
            headers = {}
        given = {name.lower() for name in self.headers}
        lines = {name: value for name, value in headers.items() if name.lower() not in given} | dict(self.headers)
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        head = "".join(
            [f"HTTP/1.1 {self.status} {phrase}\r\n", *(f"{name}: {value}\r\n" for name, value in lines.items()), "\r\n"]
        )
        return head.encode("latin-1") + (b"" if head_only or self.status in {204, 304} else self.body)


@dataclass(slots=True)
class Wire:
    """The bare connection, for a handler that misbehaves. It is closed when the handler returns."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        """Break the connection off without a goodbye."""
        self.writer.transport.abort()


Handler = Callable[[Asked], Reply | Awaitable[Reply]]
RawHandler = Callable[[Asked, Wire], Awaitable[None]]


class Web:
    """The server. `requests` holds every request in order, `connections` counts the sockets opened to it."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.host = host
        self.port = port
        self.requests: list[Asked] = []
        self.connections = 0
        self.in_flight = 0
        self.most_in_flight = 0
        self._tls = tls
        self._handlers: dict[str, Handler] = {}
        self._raw: dict[str, RawHandler] = {}
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self.host, self.port, ssl=self._tls, backlog=2_048)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def origin(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.place}"

    @property
    def place(self) -> str:
        """`host:port`, as WIREDESK_ALLOW_HOSTS wants it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def url(self, path: str = "/") -> str:
        return self.origin + path

    def serve(self, path: str, answer: Reply | bytes | Handler | Sequence[Reply]) -> None:
        """Register the answer to a path (with its query, or to any query). `*` answers what nothing else does."""
        self._raw.pop(path, None)
        self._handlers[path] = _handler(answer)

    def raw(self, path: str, handler: RawHandler) -> None:
        """Register a handler that writes the bytes itself; the connection ends with it."""
        self._handlers.pop(path, None)
        self._raw[path] = handler

    def asked(self, path: str) -> list[Asked]:
        """The requests to a path, with any query unless it has one."""
        return [asked for asked in self.requests if path in {asked.target, asked.path}]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                while await self._answer(reader, writer):
                    pass
        except asyncio.CancelledError:
            writer.transport.abort()  # the server stops while a handler is at work
        finally:
            self._talks.discard(talk)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; say whether another may follow."""
        asked = await _read_request(reader)
        if asked is None:
            return False
        self.requests.append(asked)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            raw = self._raw.get(asked.target) or self._raw.get(asked.path)
            if raw is not None:
                await raw(asked, Wire(reader, writer))
                return False
            reply = await self._reply(asked)
        finally:
            self.in_flight -= 1
        writer.write(reply.to_bytes(head_only=asked.method == "HEAD"))
        await writer.drain()
        leaving = {asked.headers.get("connection", "").lower(), reply.headers.get("Connection", "").lower()}
        return "close" not in leaving

    async def _reply(self, asked: Asked) -> Reply:
        for path in (asked.target, asked.path, "*"):
            if handler := self._handlers.get(path):
                answer = handler(asked)
                return answer if isinstance(answer, Reply) else await answer
        return Reply(404, b"<title>Nothing here</title>")


class WebThread:
    """The same server on a thread of its own: `with WebThread() as web: …`. `web` is the Web, to register on."""

    def __init__(self, web: Web | None = None) -> None:
        self.web = web or Web()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="fake web", daemon=True)

    def __enter__(self) -> Web:
        self._thread.start()
        if not self._started.wait(10):
            raise RuntimeError("the fake web server did not start")
        return self.web

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with self.web:
            self._started.set()
            await self._stop.wait()


def redirect(location: str, status: int = 302) -> Reply:
    """An answer that sends the client elsewhere."""
    return Reply(status, headers={"Location": location})


def drip(head: bytes, piece: bytes, *, pause: float) -> RawHandler:
    """A handler that sends `head`, then `piece` again and again for ever, with a pause (seconds) before each."""

    async def handler(asked: Asked, wire: Wire) -> None:
        await wire.send(head)
        while True:
            await asyncio.sleep(pause)
            await wire.send(piece)

    return handler


def flood(head: bytes, piece: bytes) -> RawHandler:
    """A handler that sends `head`, then `piece` for ever as fast as it is taken."""
    return drip(head, piece, pause=0)


def exactly(data: bytes) -> RawHandler:
    """A handler that sends these bytes and closes."""

    async def handler(asked: Asked, wire: Wire) -> None:
        await wire.send(data)

    return handler


def _handler(answer: Reply | bytes | Handler | Sequence[Reply]) -> Handler:
    if isinstance(answer, bytes):
        answer = Reply(body=answer)
    if isinstance(answer, Reply):
        fixed = answer
        return lambda asked: fixed
    if callable(answer):
        return answer
    replies = list(answer)
    return lambda asked: replies.pop(0) if len(replies) > 1 else replies[0]


async def _read_request(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {}
    for line in filter(None, lines):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method=method, target=target, headers=headers, body=body)

"""httpx's transport behind the guard: one request in, one response with an unread body out.

    httpx.Request → a kept or new connection to its origin → httpx.Response

Connections wait on a small shelf by origin, the longest unused is closed first, so that ten thousand origins never
hold ten thousand sockets. (One pool shared by all origins looks at every connection for every request: its cost
grows with the square of their number.) HTTP/1.1 only, no proxies, and certificates are always verified.
"""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import Final

import httpx

from watchers.fetch.guard import Guard, Target
from watchers.fetch.http11 import Connection
from watchers.fetch.network import connect

KEPT_CONNECTIONS: Final = 32
KEPT_FOR: Final = 15.0  # seconds; serves the pages that follow a feed, not the next poll


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends requests over guarded connections. Raises UnsafeAddress as well as httpx.TransportError."""

    def __init__(self, guard: Guard, *, roots: ssl.SSLContext | None = None) -> None:
        """`roots`: the authorities to trust instead of the bundled ones. Raises ValueError if it would not verify."""
        if roots is not None and not (roots.check_hostname and roots.verify_mode is ssl.CERT_REQUIRED):
            raise ValueError("certificates are always verified: give a context that does")
        self._guard = guard
        self._roots = roots
        self._shelf: OrderedDict[Connection, tuple[str, float]] = OrderedDict()  # → origin, when it was put there
        self._by_origin: dict[str, list[Connection]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and return the response, whose body must be read or closed."""
        target = self._guard.check_url(str(request.url))
        if connection := self._take(target.origin):
            try:
                return await self._exchange(connection, target, request)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                # A server may leave a kept connection in the moment in which we use it: that is no answer. What
                # only reads may be asked again.
                if connection.answered or request.method not in {"GET", "HEAD"}:
                    raise
        return await self._exchange(await self._connect(target, request), target, request)

    async def aclose(self) -> None:
        """Close every kept connection."""
        self._by_origin.clear()
        while self._shelf:
            connection, _ = self._shelf.popitem()
            connection.close()

    def give_back(self, origin: str, connection: Connection) -> None:
        """Keep a connection whose response is read to its end, in place of the longest unused one."""
        if not connection.finish():
            return
        self._shelf[connection] = (origin, asyncio.get_running_loop().time())
        self._by_origin.setdefault(origin, []).append(connection)
        if len(self._shelf) > KEPT_CONNECTIONS:
            oldest = next(iter(self._shelf))
            self._forget(oldest)
            oldest.close()

    async def _exchange(self, connection: Connection, target: Target, request: httpx.Request) -> httpx.Response:
        try:
            head = await connection.ask(request)
        except BaseException:
            connection.close()
            raise
        return httpx.Response(
            status_code=head.status_code,
            headers=head.headers.raw_items(),
            stream=_Body(self, target.origin, connection),
            request=request,
        )

    async def _connect(self, target: Target, request: httpx.Request) -> Connection:
        if target.secure and self._roots is None:
            self._roots = httpx.create_ssl_context(trust_env=False)
            self._roots.set_alpn_protocols(["http/1.1"])
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("connect")):
                return Connection(await connect(self._guard, target, self._roots if target.secure else None))
        except TimeoutError:
            raise httpx.ConnectTimeout("no connection in time") from None

    def _take(self, origin: str) -> Connection | None:
        while origin in self._by_origin:
            connection = self._by_origin[origin][-1]
            put_at = self._forget(connection)
            if connection.usable and asyncio.get_running_loop().time() - put_at < KEPT_FOR:
                return connection
            connection.close()
        return None

    def _forget(self, connection: Connection) -> float:
        origin, put_at = self._shelf.pop(connection)
        siblings = self._by_origin[origin]
        siblings.remove(connection)
        if not siblings:
            del self._by_origin[origin]
        return put_at


class _Body(httpx.AsyncByteStream):
    """The body on its way; gives the connection back when it is closed."""

    def __init__(self, transport: GuardedTransport, origin: str, connection: Connection) -> None:
        self._transport = transport
        self._origin = origin
        self._connection: Connection | None = connection

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._connection is not None:
            async for piece in self._connection.body():
                yield piece

    async def aclose(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            self._transport.give_back(self._origin, connection)


def guarded_client(
    guard: Guard, *, timeout: float, headers: dict[str, str] | None = None, roots: ssl.SSLContext | None = None
) -> httpx.AsyncClient:
    """Make an httpx client for a channel that posts: guarded, no proxies, no redirects.

    `timeout` (seconds) holds for each step (connect, write, read); its caller sets the deadline of the whole. Its
    requests raise UnsafeAddress where the guard refuses, else httpx's own exceptions.
    """
    return httpx.AsyncClient(
        transport=GuardedTransport(guard, roots=roots),
        timeout=timeout,
        headers=headers,
        trust_env=False,
        follow_redirects=False,
    )

"""httpx's transport behind the guard: one request in, one response with an unread body out.

    httpx.Request → a kept or new connection to its origin → GuardedNetwork → httpx.Response

Connections wait in a small shelf by origin, the longest unused is closed first, so that ten thousand origins never
hold ten thousand sockets. (One pool shared by all origins looks at every connection for every request: its cost
grows with the square of their number.) HTTP/1.1 only, no proxies, and certificates are always verified.
"""

import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Final, cast

import httpcore
import httpx

from watchers.fetch.guard import Guard
from watchers.fetch.network import GuardedNetwork

KEPT_CONNECTIONS: Final = 32
KEPT_FOR: Final = 15.0  # seconds; serves the pages that follow a feed, not the next poll

ERRORS: Final[dict[type[Exception], type[httpx.TransportError]]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
}

OriginKey = tuple[bytes, bytes, int | None]


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends requests over guarded connections. Raises UnsafeAddress as well as httpx.TransportError."""

    def __init__(self, guard: Guard, *, roots: ssl.SSLContext | None = None) -> None:
        """`roots`: the authorities to trust instead of the bundled ones. Raises ValueError if it would not verify."""
        if roots is not None and not (roots.check_hostname and roots.verify_mode is ssl.CERT_REQUIRED):
            raise ValueError("certificates are always verified: give a context that does")
        self._guard = guard
        self._network = GuardedNetwork(guard)
        self._roots = roots
        self._shelf: OrderedDict[httpcore.AsyncHTTPConnection, OriginKey] = OrderedDict()
        self._by_origin: dict[OriginKey, list[httpcore.AsyncHTTPConnection]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and return the response, whose body must be read or closed."""
        self._guard.check_url(str(request.url))
        url = request.url
        key = (url.raw_scheme, url.raw_host, url.port)
        outgoing = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=key[0], host=key[1], port=key[2], target=url.raw_path),
            headers=request.headers.raw,
            content=cast("httpx.AsyncByteStream", request.stream),
            extensions=request.extensions,
        )
        kept = await self._take(key)
        with _as_httpx(request):
            try:
                connection = kept or self._connect(outgoing.url.origin)
                answer = await connection.handle_async_request(outgoing)
            except (httpcore.RemoteProtocolError, httpcore.ReadError):
                # A server may leave a kept connection in the moment in which we use it: that is no answer. What
                # only reads may be asked again.
                if kept is None or request.method not in {"GET", "HEAD"}:
                    raise
                connection = self._connect(outgoing.url.origin)
                answer = await connection.handle_async_request(outgoing)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(self, key, connection, answer, request),
            extensions=answer.extensions,
            request=request,
        )

    async def aclose(self) -> None:
        """Close every kept connection."""
        self._by_origin.clear()
        while self._shelf:
            connection, _ = self._shelf.popitem()
            await connection.aclose()

    async def give_back(self, key: OriginKey, connection: httpcore.AsyncHTTPConnection) -> None:
        """Keep a connection whose response is read to its end, in place of the longest unused one."""
        if not connection.is_idle():
            return
        self._shelf[connection] = key
        self._by_origin.setdefault(key, []).append(connection)
        if len(self._shelf) > KEPT_CONNECTIONS:
            oldest = next(iter(self._shelf))
            self._forget(oldest)
            await oldest.aclose()

    def _connect(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        if origin.scheme == b"https" and self._roots is None:
            self._roots = httpx.create_ssl_context(trust_env=False)
        return httpcore.AsyncHTTPConnection(
            origin, ssl_context=self._roots, keepalive_expiry=KEPT_FOR, network_backend=self._network
        )

    async def _take(self, key: OriginKey) -> httpcore.AsyncHTTPConnection | None:
        while key in self._by_origin:
            connection = self._by_origin[key][-1]
            self._forget(connection)
            if not connection.has_expired() and connection.is_available():
                return connection
            await connection.aclose()
        return None

    def _forget(self, connection: httpcore.AsyncHTTPConnection) -> None:
        key = self._shelf.pop(connection)
        siblings = self._by_origin[key]
        siblings.remove(connection)
        if not siblings:
            del self._by_origin[key]


class _Body(httpx.AsyncByteStream):
    """The body on its way; gives the connection back when it is closed."""

    def __init__(
        self,
        transport: GuardedTransport,
        key: OriginKey,
        connection: httpcore.AsyncHTTPConnection,
        answer: httpcore.Response,
        request: httpx.Request,
    ) -> None:
        self._transport = transport
        self._key = key
        self._connection = connection
        self._answer = answer
        self._request = request
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx(self._request):
            async for part in self._answer.aiter_stream():
                yield part

    async def aclose(self) -> None:
        if self._closed:
            return
        self._closed = True
        await self._answer.aclose()
        await self._transport.give_back(self._key, self._connection)


@contextmanager
def _as_httpx(request: httpx.Request) -> Iterator[None]:
    try:
        yield
    except tuple(ERRORS) as failure:
        raise ERRORS[type(failure)](str(failure), request=request) from failure


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

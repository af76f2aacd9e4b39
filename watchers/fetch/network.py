"""The road to the outside: dials only addresses that the guard gave, and carries bytes over them.

`GuardedNetwork` is httpcore's network backend: it is asked for a host name, and opens a socket to a checked address
of it. TLS and the Host header keep the name, so nothing changes for the server. Written on asyncio protocols, which
cost about half of the streams that httpcore brings along.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final, cast

import httpcore

from watchers.fetch.addresses import Address
from watchers.fetch.guard import Guard

READ_AHEAD: Final = 256 * 1024  # bytes; beyond this the socket waits for us
TRY_ADDRESS_FOR: Final = 4.0  # seconds, while there is another address to try


class Wire(asyncio.Protocol):
    """Bytes that have arrived and are not yet read. One reader and one writer at a time."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.ended = False
        self.failure: Exception | None = None
        self._transport: asyncio.Transport | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._held = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio, and again when the connection goes on over TLS."""
        self._transport = cast("asyncio.Transport", transport)  # what asyncio gives for a stream of bytes

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        self.buffer += data
        if len(self.buffer) > READ_AHEAD and self._transport is not None:
            self._transport.pause_reading()
            self._held = True
        _wake(self._reader)

    def eof_received(self) -> None:
        """Called by asyncio, which closes the connection thereupon."""
        self.ended = True
        _wake(self._reader)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        self.ended = True
        self.failure = exc
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        """Called by asyncio."""
        self._writer = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """Called by asyncio."""
        _wake(self._writer)
        self._writer = None

    async def take(self, most: int) -> bytes:
        """Up to `most` bytes as soon as there are any, b"" at the end. Raises the connection's failure."""
        while not self.buffer and not self.ended:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        if not self.buffer and self.failure is not None:
            raise self.failure
        taken = bytes(self.buffer[:most])
        del self.buffer[:most]
        if self._held and self._transport is not None and len(self.buffer) < READ_AHEAD // 2:
            self._held = False
            if not self.ended:
                self._transport.resume_reading()
        return taken

    async def drain(self) -> None:
        """Wait until more may be written. Raises the connection's failure."""
        if self._writer is not None:
            await self._writer
        if self.ended and self.failure is not None:
            raise self.failure


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


class GuardedStream(httpcore.AsyncNetworkStream):
    """One open connection, as httpcore wants it."""

    def __init__(self, transport: asyncio.Transport, wire: Wire) -> None:
        self._transport = transport
        self._wire = wire

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 (httpcore's)
        """Up to `max_bytes`, b"" at the end. Raises httpcore.ReadError, httpcore.ReadTimeout."""
        try:
            if timeout is None:
                return await self._wire.take(max_bytes)
            async with asyncio.timeout(timeout):
                return await self._wire.take(max_bytes)
        except TimeoutError:
            raise httpcore.ReadTimeout("no data came") from None
        except OSError as failure:
            raise httpcore.ReadError(_tell(failure)) from failure

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 (httpcore's)
        """Send all of `buffer`. Raises httpcore.WriteError, httpcore.WriteTimeout."""
        if self._transport.is_closing():
            raise httpcore.WriteError("connection closed")
        try:
            self._transport.write(buffer)
            async with asyncio.timeout(timeout):
                await self._wire.drain()
        except TimeoutError:
            raise httpcore.WriteTimeout("nothing could be sent") from None
        except OSError as failure:
            raise httpcore.WriteError(_tell(failure)) from failure

    async def aclose(self) -> None:
        """Close at once: what has not been read by now is not wanted."""
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's)
    ) -> "GuardedStream":
        """Go on over TLS, verified for `server_hostname`. Raises httpcore.ConnectError, httpcore.ConnectTimeout."""
        loop = asyncio.get_running_loop()
        async with _connecting(timeout):
            try:
                transport = await loop.start_tls(
                    self._transport, self._wire, ssl_context, server_hostname=server_hostname
                )
            except BaseException:
                self._transport.abort()
                raise
        if transport is None:
            raise httpcore.ConnectError("connection closed during the TLS handshake")
        self._wire.connection_made(transport)
        return GuardedStream(transport, self._wire)

    def get_extra_info(self, info: str) -> object:
        """What httpcore asks for: `ssl_object`, and `is_readable` to find connections that the server has left."""
        if info == "is_readable":
            return bool(self._wire.buffer) or self._wire.ended
        return self._transport.get_extra_info(info)


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves, checks and dials. Shares nothing between connections but the guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's)
        local_address: str | None = None,  # noqa: ARG002 (httpcore's)
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 (httpcore's)
    ) -> GuardedStream:
        """Open a connection to a checked address of `host`.

        Raises UnsafeAddress before any socket is opened, httpcore.ConnectError, httpcore.ConnectTimeout.
        """
        async with _connecting(timeout):
            addresses = await self._guard.resolve(host, port)
            for address in addresses[:-1]:
                try:
                    async with asyncio.timeout(TRY_ADDRESS_FOR):
                        return await _dial(address, port)
                except OSError:  # TimeoutError is one of them
                    continue
            return await _dial(addresses[-1], port)


async def _dial(address: Address, port: int) -> GuardedStream:
    loop = asyncio.get_running_loop()
    transport, wire = await loop.create_connection(Wire, str(address), port)
    return GuardedStream(transport, wire)


@asynccontextmanager
async def _connecting(seconds: float | None) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise httpcore.ConnectTimeout("no connection in time") from None
    except OSError as failure:
        raise httpcore.ConnectError(_tell(failure)) from failure


def _tell(failure: OSError) -> str:
    return failure.strerror or str(failure) or type(failure).__name__

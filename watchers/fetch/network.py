"""The road to the outside: dials only addresses that the guard gave, and carries bytes over them.

`connect` takes a host name and opens a `Wire` to a checked address of it. TLS and the Host header keep the name, so
nothing changes for the server. Failures come as the exceptions of httpx.
"""

import asyncio
import os
import socket
import ssl
from typing import Final, cast

import httpx

from watchers.fetch.addresses import Address
from watchers.fetch.guard import Guard, Target

READ_AHEAD: Final = 128 * 1024  # bytes; beyond this the socket waits for us
PIECE: Final = 16 * 1024  # bytes handed on at a time
TRY_ADDRESS_FOR: Final = 4.0  # seconds, while there is another address to try


class Wire(asyncio.Protocol):
    """An open connection: bytes that have arrived and are not yet read. One reader and one writer at a time."""

    def __init__(self) -> None:
        self.ended = False
        self._buffer = bytearray()
        self._failure: Exception | None = None
        self._transport: asyncio.Transport | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._held = False

    @property
    def quiet(self) -> bool:
        """Open, with nothing to read: what a connection between two requests should be."""
        return not self.ended and not self._buffer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        self._transport = cast("asyncio.Transport", transport)  # what asyncio gives for a stream of bytes

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        self._buffer += data
        if len(self._buffer) > READ_AHEAD and self._transport is not None:
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
        self._failure = exc
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        """Called by asyncio."""
        self._writer = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """Called by asyncio."""
        _wake(self._writer)
        self._writer = None

    async def read(self) -> bytes:
        """Some of what has arrived, as soon as there is something; b"" at the end. Raises httpx.ReadError."""
        if self._buffer:
            await asyncio.sleep(0)  # one who sends faster than we read must not keep everyone else waiting
        while not self._buffer and not self.ended:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        if not self._buffer and self._failure is not None:
            raise httpx.ReadError(tell(self._failure)) from self._failure
        taken = bytes(self._buffer[:PIECE])
        del self._buffer[:PIECE]
        if self._held and self._transport is not None and not self._buffer:
            self._held = False
            if not self.ended:
                self._transport.resume_reading()
        return taken

    async def write(self, data: bytes) -> None:
        """Send `data`; comes back when more may be sent. Raises httpx.WriteError."""
        if self._transport is None or self._transport.is_closing():
            raise httpx.WriteError("connection closed")
        self._transport.write(data)
        if self._writer is not None:
            await self._writer
        if self._failure is not None:
            raise httpx.WriteError(tell(self._failure)) from self._failure

    def close(self) -> None:
        """Close at once: what has not been read by now is not wanted."""
        if self._transport is not None:
            self._transport.abort()


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


async def connect(guard: Guard, target: Target, roots: ssl.SSLContext | None) -> Wire:
    """Open a connection to a checked address of `target`, over TLS if `roots` are given.

    Raises UnsafeAddress before any socket is opened, httpx.ConnectError, httpx.ConnectTimeout.
    """
    try:
        addresses = await guard.resolve(target.host, target.port)
        for address in addresses[:-1]:
            try:
                async with asyncio.timeout(TRY_ADDRESS_FOR):
                    return await _dial(address, target, roots)
            except ssl.SSLError:
                raise
            except OSError:  # TimeoutError is one of them
                continue
        return await _dial(addresses[-1], target, roots)
    except TimeoutError:
        raise httpx.ConnectTimeout("no connection in time") from None
    except OSError as failure:
        raise httpx.ConnectError(tell(failure)) from failure


async def _dial(address: Address, target: Target, roots: ssl.SSLContext | None) -> Wire:
    name = target.host.removesuffix(".") if roots else None
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(Wire, str(address), target.port, ssl=roots, server_hostname=name)
    return wire


def tell(failure: Exception) -> str:
    """Why a connection failed, in the system's own words: asyncio puts the address in place of the reason."""
    if not isinstance(failure, OSError):
        return str(failure) or type(failure).__name__
    if failure.errno is not None and not isinstance(failure, ssl.SSLError | socket.gaierror):
        return os.strerror(failure.errno)
    return failure.strerror or str(failure) or type(failure).__name__

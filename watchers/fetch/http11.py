"""One connection that speaks HTTP/1.1: an httpx request out, a status, headers and pieces of a body in.

h11 keeps the protocol; this feeds it from a `Wire`. It costs about a third of httpcore's connection, which counts
where ten thousand sources are polled and most have nothing new.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Final, TypeVar, cast

import h11
import httpx

from watchers.fetch.network import Wire

LARGEST_HEAD: Final = 100 * 1024  # bytes of status line and headers
MOST_INTERIM: Final = 10  # answers of the kind "100 Continue" before the real one
STRIDE: Final = 64  # events in one go: what has come may be thousands of chunks of a byte, and others wait

Result = TypeVar("Result")


class Connection:
    """Asks and answers in turn, as long as both sides keep to it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)
        self._patience: float | None = None
        self._events = 0
        self.answered = False  # whether anything came back on the request in hand

    @property
    def usable(self) -> bool:
        """Whether another request may be sent, as far as we can see."""
        return self._protocol.our_state is h11.IDLE and self._wire.quiet

    async def ask(self, request: httpx.Request) -> h11.Response:
        """Send `request` and return the head of its answer.

        httpx's own timeouts are kept, for each wait, where the request has them. Raises httpx.TransportError.
        """
        timeout = request.extensions.get("timeout", {})
        self._patience = timeout.get("read")
        self.answered = False
        await _within(timeout.get("write"), self._send(request), httpx.WriteTimeout)
        for _ in range(MOST_INTERIM):
            event = await self._event()
            if isinstance(event, h11.Response):
                return event
            if event is h11.PAUSED:
                break
        raise httpx.RemoteProtocolError("no answer that belongs to the question")

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the pieces of the body as they come. Raises httpx.TransportError, also where it breaks off."""
        while isinstance(event := await self._event(), h11.Data):
            yield bytes(event.data)

    def finish(self) -> bool:
        """End this exchange; say whether the connection can be kept. If not, it is closed."""
        try:
            for _ in range(STRIDE):  # the end of the body may have come already, and need not be waited for
                if self._protocol.their_state is not h11.SEND_BODY or self._protocol.next_event() is h11.NEED_DATA:
                    break
            done = self._protocol.our_state is h11.DONE and self._protocol.their_state is h11.DONE
            # A server that sends more than it announced would have the rest taken for the next answer.
            if done and self._wire.quiet and not self._protocol.trailing_data[0]:
                self._protocol.start_next_cycle()
                return True
        except h11.RemoteProtocolError:
            pass  # nobody waits for this body any more: closing is the answer
        self.close()
        return False

    def close(self) -> None:
        """Close at once."""
        self._wire.close()

    async def _send(self, request: httpx.Request) -> None:
        try:
            sent = bytearray(
                self._protocol.send(
                    h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
                )
                or b""
            )
            async for piece in cast("httpx.AsyncByteStream", request.stream):
                sent += self._protocol.send(h11.Data(data=piece)) or b""
            sent += self._protocol.send(h11.EndOfMessage()) or b""
        except h11.LocalProtocolError as wrong:
            raise httpx.LocalProtocolError(str(wrong)) from wrong
        await self._wire.write(bytes(sent))

    async def _event(self) -> h11.Event | type[h11.PAUSED]:
        self._events += 1
        if self._events % STRIDE == 0:
            await asyncio.sleep(0)
        try:
            while (event := self._protocol.next_event()) is h11.NEED_DATA:
                data = await _within(self._patience, self._wire.read(), httpx.ReadTimeout)
                if not data and self._protocol.their_state is h11.SEND_RESPONSE:
                    raise httpx.RemoteProtocolError("it closed the connection without an answer")
                self.answered = self.answered or bool(data)
                self._protocol.receive_data(data)
        except h11.RemoteProtocolError as wrong:
            raise httpx.RemoteProtocolError(str(wrong)) from wrong
        return cast("h11.Event | type[h11.PAUSED]", event)


async def _within(seconds: float | None, work: Awaitable[Result], late: type[httpx.TimeoutException]) -> Result:
    if seconds is None:
        return await work
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError:
        raise late("it took too long") from None

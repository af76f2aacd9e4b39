"""What goes on below discord.py: each request on its way, and every global limit.

    Client(http_trace=trace(on_global))        async with on_the_wire(once=True): await channel.send(…)

discord.py sends a message again by itself when the answer is a 500 or 502. That is safe only while Discord remembers
its nonce, so a post may ask for each answer to be its last: whoever posts then looks in the channel's history first.
And a request that hangs is given up here, on the wire, and never in the waits that discord.py makes for rate limits:
one of those that was broken off would leave its lock for global limits closed for good.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from types import SimpleNamespace
from typing import Final

import aiohttp

from bot.channels.limits import asked_wait, is_global

LONGEST: Final = 30.0  # seconds for one exchange, drips included


class NoAnswerError(Exception):
    """The service broke down over a request that must not be sent twice: whether it was done is unknown."""


@dataclass(slots=True)
class _Exchange:
    deadline: asyncio.Timeout
    once: bool

    def begin(self) -> None:
        self._reschedule(asyncio.get_running_loop().time() + LONGEST)

    def end(self) -> None:
        self._reschedule(None)

    def _reschedule(self, when: float | None) -> None:
        if not self.deadline.expired():
            self.deadline.reschedule(when)


_exchange: ContextVar[_Exchange | None] = ContextVar("exchange", default=None)


@asynccontextmanager
async def on_the_wire(*, once: bool = False) -> AsyncIterator[None]:
    """Within it, a request that hangs ends in TimeoutError; with `once`, a 5xx ends in NoAnswerError at once.

    Only for requests of a client that was made with `trace`.
    """
    async with asyncio.timeout(None) as deadline:
        token = _exchange.set(_Exchange(deadline, once))
        try:
            yield
        finally:
            _exchange.reset(token)


def trace(on_global: Callable[[float], None]) -> aiohttp.TraceConfig:
    """Tracing for a client. `on_global` hears for how many seconds Discord wants nothing from anyone."""

    async def begun(*_: object) -> None:
        if exchange := _exchange.get():
            exchange.begin()

    async def ended(*_: object) -> None:
        if exchange := _exchange.get():
            exchange.end()

    async def answered(_: aiohttp.ClientSession, __: SimpleNamespace, told: aiohttp.TraceRequestEndParams) -> None:
        status, headers = told.response.status, told.response.headers
        if status == HTTPStatus.TOO_MANY_REQUESTS and is_global({}, headers):
            on_global(asked_wait({}, headers) or 1.0)
        exchange = _exchange.get()
        if exchange is not None and exchange.once and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NoAnswerError(f"{status} {told.response.reason or ''}".rstrip())

    config = aiohttp.TraceConfig()
    config.on_request_start.append(begun)
    config.on_request_end.append(answered)
    config.on_response_chunk_received.append(ended)  # once, when the whole answer is there
    config.on_request_exception.append(ended)
    return config

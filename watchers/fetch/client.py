"""The fetcher: an address in, a FetchResult out, whatever the web does.

    check the address → robots.txt, if asked for → wait for its turn → ask over the guarded road → read within bounds
        → a redirect: the same again, with what is left of the deadline → judge the answer

The deadline counts only while a request is out, not while it waits for its turn.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from types import TracebackType
from typing import Final, Self

import httpx

from watchers.errors import ConfigError, UnsafeAddress
from watchers.fetch.body import FetchLimits, Problem, read_body
from watchers.fetch.guard import Guard, Target, check_spelling
from watchers.fetch.loads import Load, Loads
from watchers.fetch.politeness import GAP, Politeness
from watchers.fetch.redact import redact_text
from watchers.fetch.robots import Robots
from watchers.fetch.transport import GuardedTransport
from watchers.fetch.verdict import READ, REDIRECTS, Answer, Way, judge
from watchers.models import Errand, FetchResult, Outcome, Validators

ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "text/html;q=0.8, */*;q=0.5"
)
AGENT: Final = "Wiredesk"
NOTHING_KNOWN: Final = Validators()
LIMITS: Final = FetchLimits()
PREVIEW: Final = FetchLimits(wire=256_000, decoded=256_000)  # of the page that comes with an error


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One call of `get`, for each of its hops."""

    load: Load
    errand: Errand
    validators: Validators = NOTHING_KNOWN
    accept: str = ACCEPT
    robots: bool = False


def user_agent(version: str, contact: str = "") -> str:
    """How requests name themselves. Raises ConfigError if `contact` can't stand in a header."""
    if not contact.isascii() or not contact.isprintable() or set("()") & set(contact):
        raise ConfigError("contact: write an address or a URL in plain ASCII, without parentheses")
    return f"{AGENT}/{version}" + (f" (+{contact})" if contact else "")


class Fetcher:
    """Asks the web for feeds and pages. One for the whole program; close it when done."""

    def __init__(
        self,
        *,
        guard: Guard,
        version: str,
        random: Random,
        clock: Callable[[], datetime],
        contact: str = "",
        limits: FetchLimits = LIMITS,
        gap: float = GAP,
        roots: ssl.SSLContext | None = None,
    ) -> None:
        """`clock` gives the real time, for dates in Retry-After; `gap` the seconds between requests to one origin.

        Raises ConfigError if `contact` can't stand in a header.
        """
        self.loads = Loads()
        self._guard = guard
        self._clock = clock
        self._limits = limits
        self._transport = GuardedTransport(guard, roots=roots)
        self._politeness = Politeness(random, gap=gap)
        self._robots = Robots(self._robots_txt, agent=AGENT)
        self._agent = user_agent(version, contact).encode()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def get(
        self,
        url: str,
        *,
        validators: Validators = NOTHING_KNOWN,
        accept: str = ACCEPT,
        robots: bool = False,
        load: Load | None = None,
    ) -> FetchResult:
        """Fetch `url`. Raises nothing that the web could cause.

        With `validators`, asks only for what is new since they were given. With `robots`, each address on the way is
        asked for only if its site's robots.txt has nothing against it, and waits among pages, not among polls.
        Who keeps the body for a while gives one of `loads`.
        """
        errand: Errand = "page" if robots else "poll"
        if load is not None:
            return await self._get(url, _Wanted(load, errand, validators, accept, robots))
        async with self.loads.one() as passing:
            return await self._get(url, _Wanted(passing, errand, validators, accept, robots))

    async def _robots_txt(self, url: str) -> FetchResult:
        async with self.loads.one() as load:
            return await self._get(url, _Wanted(load, "page"))

    async def _get(self, url: str, wanted: _Wanted) -> FetchResult:
        way = Way(url)
        left = self._limits.deadline
        address = url
        while True:
            answer = await self._hop(address, way, wanted, left)
            if isinstance(answer, FetchResult):
                return answer
            if answer.status not in REDIRECTS:
                return self._conclude(answer, way)
            onwards = self._next_address(answer, way)
            if isinstance(onwards, Problem):
                return _failed(way, answer.target, onwards.error)
            if answer.target.secure and onwards.startswith("http:"):
                # What a server gave us in confidence is not for a road that anyone can read.
                wanted = replace(wanted, validators=NOTHING_KNOWN)
            left -= answer.seconds
            way, address = way.onwards(answer), onwards

    async def _hop(self, address: str, way: Way, wanted: _Wanted, left: float) -> Answer | FetchResult:
        """Ask one address of the way: its answer, or the result if that is the end."""
        try:
            target = self._guard.check_url(address)
        except UnsafeAddress as refused:
            return _failed(way, None, refused.reason)
        if stop := await self._objection(target, way, robots=wanted.robots):
            return stop
        async with self._politeness.turn(target, wanted.errand):
            if stop := self._quiet(target, way):  # asked for while we waited
                return stop
            answer = await self._ask_within(left, target, wanted)
        return _failed(way, target, answer.error) if isinstance(answer, Problem) else answer

    async def _objection(self, target: Target, way: Way, *, robots: bool) -> FetchResult | None:
        """A reason not to ask at all: robots.txt, or an earlier answer of the same origin."""
        if robots:
            wish = await self._robots.wish(target)
            if wish.unreadable is not None:
                failed = _failed(way, target, f"its robots.txt could not be read: {wish.unreadable.error}")
                return replace(failed, retry_after=wish.unreadable.retry_after)
            if not wish.allowed:
                return replace(_failed(way, target, "robots.txt asks not to"), outcome=Outcome.BLOCKED)
            if wish.crawl_delay is not None:
                self._politeness.slow_down(target, wish.crawl_delay)
        return self._quiet(target, way)

    def _quiet(self, target: Target, way: Way) -> FetchResult | None:
        seconds = self._politeness.holdoff(target)
        if not seconds:
            return None
        failed = _failed(way, target, f"{target.host} asked us to come later: not before {seconds:.0f} s")
        return replace(failed, retry_after=seconds)

    def _conclude(self, answer: Answer, way: Way) -> FetchResult:
        result = judge(answer, way, now=self._clock())
        if result.retry_after is not None:
            self._politeness.leave_alone(answer.target, result.retry_after)
        return result

    def _next_address(self, answer: Answer, way: Way) -> str | Problem:
        """Where a redirect leads, as an absolute address that the guard has still to judge."""
        if way.hops == self._limits.redirects:
            return Problem(f"more than {self._limits.redirects} redirects")
        location = answer.headers.get("location")
        if not location:
            return Problem(f"it redirects ({answer.status}) without saying where to")
        try:
            check_spelling(location)  # before joining, which would escape what is to be refused
            return str(answer.target.url.join(location))
        except UnsafeAddress as refused:
            return Problem(f"it redirects to a bad address: {refused.reason}")
        except (httpx.InvalidURL, ValueError):
            return Problem("it redirects to something that can't be read as a web address")

    async def _ask_within(self, seconds: float, target: Target, wanted: _Wanted) -> Answer | Problem:
        try:
            async with asyncio.timeout(seconds) as deadline:
                return await self._ask(target, wanted, deadline)
        except TimeoutError:
            return Problem(f"no whole answer within {self._limits.deadline:g} seconds")
        except UnsafeAddress as refused:
            return Problem(refused.reason)
        except httpx.TransportError as failure:
            return Problem(_explain(failure, target))

    async def _ask(self, target: Target, wanted: _Wanted, deadline: asyncio.Timeout) -> Answer:
        headers = [
            # httpx would read the host's punycode first, and raise on what only the name server can judge.
            (b"Host", target.url.netloc),
            (b"User-Agent", self._agent),
            (b"Accept", wanted.accept.encode()),
            (b"Accept-Encoding", b"gzip"),
        ]
        if wanted.validators.etag is not None:
            headers.append((b"If-None-Match", wanted.validators.etag.encode("latin-1")))
        if wanted.validators.last_modified is not None:
            headers.append((b"If-Modified-Since", wanted.validators.last_modified.encode("latin-1")))
        started = asyncio.get_running_loop().time()
        response = await self._transport.handle_async_request(httpx.Request("GET", target.url, headers=headers))
        try:
            body: bytes | Problem = b""
            if response.is_success:
                body = await read_body(response, self._limits, wanted.load, deadline)
            elif response.status_code in READ:
                body = await read_body(response, PREVIEW, wanted.load, deadline)
        finally:
            await response.aclose()
        return Answer(
            target=target,
            status=response.status_code,
            headers=response.headers,
            body=body,
            sent=wanted.validators,
            seconds=asyncio.get_running_loop().time() - started,
        )


def _failed(way: Way, target: Target | None, error: str) -> FetchResult:
    final_url = str(target.url) if target else way.asked
    if way.hops:
        error = f"after {way.hops} {'redirect' if way.hops == 1 else 'redirects'}: {error}"
    return FetchResult(outcome=Outcome.FAILED, url=way.asked, final_url=final_url, error=error)


def _explain(failure: httpx.TransportError, target: Target) -> str:
    """One line for people about a connection that failed."""
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate of {target.host} is not valid: {cause.verify_message}"
        cause = cause.__cause__
    detail = " ".join(redact_text(str(failure)).split())[:200] or type(failure).__name__
    if isinstance(failure, httpx.ConnectError):
        return f"could not connect to {target.host}: {detail}"
    return f"the connection to {target.host} broke: {detail}"

"""robots.txt: what a site asks of us, for pages that nobody listed (articles, discovery). Feeds are not asked about.

An origin's robots.txt is fetched once a day through the same guarded road and kept, for a bounded number of origins.
After RFC 9309: no such file (4xx) means everything is allowed; a site that can't give it (5xx, no connection) is not
asked for pages either, and we look again in ten minutes.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import httpx
from protego import Protego

from watchers.fetch.guard import Target
from watchers.models import FetchResult, Outcome

KEPT_FOR: Final = 86_400.0  # seconds
RETRIED_AFTER: Final = 600.0  # seconds
KEPT_ORIGINS: Final = 1_024
LONGEST: Final = 500 * 1024  # bytes; RFC 9309 §2.5


@dataclass(frozen=True, slots=True)
class Wish:
    """What a site asks concerning one address."""

    allowed: bool = True
    crawl_delay: float | None = None  # seconds
    unreadable: FetchResult | None = None  # why robots.txt could not be had; then nothing is allowed


@dataclass(frozen=True, slots=True)
class _Kept:
    rules: Protego | FetchResult
    until: float  # monotonic


class Robots:
    """Remembers the robots.txt of each origin. `fetch` gets one, as far as FetchResult can tell it."""

    def __init__(
        self,
        fetch: Callable[[str], Awaitable[FetchResult]],
        *,
        agent: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._agent = agent
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def wish(self, target: Target) -> Wish:
        """Say whether `target` may be asked, fetching robots.txt if there is none in memory."""
        rules = await self._rules(target.origin)
        if isinstance(rules, FetchResult):
            return Wish(allowed=False, unreadable=rules)
        delay = rules.crawl_delay(self._agent)
        return Wish(rules.can_fetch(str(target.url), self._agent), None if delay is None else float(delay))

    async def _rules(self, origin: str) -> Protego | FetchResult:
        lock = self._asking.setdefault(origin, asyncio.Lock())
        try:
            async with lock:
                kept = self._kept.get(origin)
                if kept is None or kept.until <= self._clock():
                    kept = await self._ask(origin)
                    self._kept[origin] = kept
                    if len(self._kept) > KEPT_ORIGINS:
                        self._kept.popitem(last=False)
                self._kept.move_to_end(origin)
                return kept.rules
        finally:
            if not lock.locked():
                self._asking.pop(origin, None)

    async def _ask(self, origin: str) -> _Kept:
        answer = await self._fetch(f"{origin}/robots.txt")
        refused = answer.status is not None and httpx.codes.is_client_error(answer.status)
        if answer.outcome is Outcome.FAILED and not refused:
            return _Kept(answer, self._clock() + RETRIED_AFTER)
        text = answer.body[:LONGEST].decode("utf-8", "replace") if answer.outcome is Outcome.OK else ""
        return _Kept(Protego.parse(text), self._clock() + KEPT_FOR)

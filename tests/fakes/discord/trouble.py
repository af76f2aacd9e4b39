"""What the fake Discord does wrong on purpose, and the rate limits that it keeps.

`FakeDiscord.trouble` takes these, scripted or from a generator with a seed; each request that creates or edits a
message (bot and incoming webhook alike, never an interaction's answer) is judged by the next one.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Accept:
    """The request is handled as any other."""


@dataclass(frozen=True)
class RateLimited:
    """429. With `via` as Discord itself sends it, without it as the proxy before it does: text, no `Via` header."""

    seconds: float
    scope: Literal["user", "global", "shared"] = "user"
    via: bool = True


@dataclass(frozen=True)
class Status:
    """A 5xx; with `accepts` the message was taken nevertheless."""

    status: int
    accepts: bool = False


@dataclass(frozen=True)
class Cut:
    """The connection is reset, before the message was taken or (`accepts`) after it."""

    accepts: bool = False


@dataclass(frozen=True)
class Hang:
    """No answer at all until the fake stops or the client gives up."""


Trouble = Accept | RateLimited | Status | Cut | Hang


def limited_headers(limited: RateLimited, bucket: str) -> dict[str, str]:
    """The headers of a 429, as Discord names them."""
    headers = {"Retry-After": str(math.ceil(limited.seconds))}
    if not limited.via:
        return headers
    headers |= {
        "Via": "1.1 google",
        "X-RateLimit-Scope": limited.scope,
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": f"{time.time() + limited.seconds:.3f}",
        "X-RateLimit-Reset-After": f"{limited.seconds:.3f}",
        "X-RateLimit-Bucket": bucket,
    }
    if limited.scope == "global":
        headers["X-RateLimit-Global"] = "true"
    return headers


def limited_body(limited: RateLimited) -> dict[str, Any]:
    return {
        "message": "You are being rate limited.",
        "retry_after": limited.seconds,
        "global": limited.scope == "global",
        "code": 0,
    }


@dataclass
class Buckets:
    """The limits by route: `limit` requests in `seconds` for each method, route and major parameter.

    The default lets everything through; a test that wants the limits felt sets them lower.
    """

    limit: int = 1000
    seconds: float = 1.0
    _windows: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)

    def take(self, bucket: str, major: str) -> tuple[Mapping[str, str], float | None]:
        """The headers for this request, and the seconds to wait if it is one too many."""
        now = time.monotonic()
        end, used = self._windows.get((bucket, major), (0.0, 0))
        if now >= end:
            end, used = now + self.seconds, 0
        wait = end - now if used >= self.limit else None
        if wait is None:
            used += 1
        self._windows[bucket, major] = (end, used)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - used),
            "X-RateLimit-Reset": f"{time.time() + end - now:.3f}",
            "X-RateLimit-Reset-After": f"{end - now:.3f}",
            "X-RateLimit-Bucket": bucket,
        }, wait

"""The HTTP front: every request to the API passes here, is logged, refereed, limited, troubled, and answered.

A route is a plain function of a `Call` that gives the status and the JSON of the reply, or raises `Refused`; it runs
under the world's lock, so that a test sees each request wholly or not at all.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.discord import referee
from tests.fakes.discord.errors import Refused
from tests.fakes.discord.posts import Upload
from tests.fakes.discord.trouble import (
    Accept,
    Buckets,
    Cut,
    Hang,
    RateLimited,
    Status,
    Trouble,
    limited_body,
    limited_headers,
)
from tests.fakes.discord.world import Json, Request, World

API = "/api/v10"
_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id")
_JUDGED = {
    ("POST", "/channels/{channel_id}/messages"),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"),
    ("POST", "/channels/{channel_id}/threads"),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"),
}

Reply = tuple[int, Any]


@dataclass(frozen=True)
class Call:
    """A request as a route sees it. `body` is the JSON, or the `payload_json` of a form; `files` by form field."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: Mapping[str, Upload]

    @property
    def fields(self) -> Json:
        """The body where it has to be an object."""
        if not isinstance(self.body, dict):
            raise Refused(50109)
        return self.body


@dataclass(frozen=True)
class Route:
    """`template` is the OpenAPI document's own; `open` needs no bot token."""

    method: str
    template: str
    answer: Callable[[Call], Reply]
    open: bool = False


@dataclass
class Front:
    world: World
    token: str
    application_id: str
    buckets: Buckets = field(default_factory=Buckets)
    troubles: Iterator[Trouble] = field(default_factory=lambda: iter(()))
    grace: float = 0.25  # seconds after a global 429 in which a request may still have been on its way
    _global_from: float = 0.0
    _global_until: float = 0.0
    _routes: dict[str, dict[str, Route]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.refereed = not referee.absent()
        self.stopping = asyncio.Event()

    def add(self, app: web.Application, routes: Iterable[Route]) -> None:
        for route in routes:
            if self.refereed and not referee.known(route.method, route.template):
                raise LookupError(f"the document has no {route.method} {route.template}")
            app.router.add_route(route.method, API + route.template, self._handler(route))

    def add_unknown(self, app: web.Application) -> None:
        """After all the others: what the fake doesn't know."""
        app.router.add_route("*", API + "/{rest:.*}", self._handler(None))

    def _handler(self, route: Route | None) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._handle(route, request)

        return handle

    async def _handle(self, route: Route | None, request: web.Request) -> web.StreamResponse:
        body, files = await _read(request)
        names = tuple(upload.filename for upload in files.values())
        entry = Request(
            request.method, request.path.removeprefix(API), dict(request.query), body, names, time.monotonic()
        )
        with self.world.changed:
            self.world.requests.append(entry)
            self.world.changed.notify_all()
        call = Call(dict(request.match_info), request.query, body, files)
        if route is None:
            self.world.violate(f"{entry.method} {entry.path}: the fake has no such route")
            return self._reply(entry, 404, {"message": "404: Not Found", "code": 0}, {})
        if not route.open and request.headers.get("Authorization") != f"Bot {self.token}":
            return self._reply(entry, 401, {"message": "401: Unauthorized", "code": 0}, {})
        if wrong := self._check(entry, referee.wrong_request, route, body):
            refused = Refused(50035, [("body", wrong)])
            return self._reply(entry, refused.status, refused.body, {})
        try:
            return await self._answered(route, call, entry, request)
        except Exception as error:
            self.world.violate(f"the fake broke at {entry.method} {entry.path}: {error!r}")
            raise

    async def _answered(self, route: Route, call: Call, entry: Request, request: web.Request) -> web.StreamResponse:
        bucket = hashlib.blake2s(f"{route.method} {route.template}".encode(), digest_size=16).hexdigest()
        limited, headers = self._limit(route, call, entry, bucket)
        trouble = self._judge(route, call) if limited is None else limited
        if isinstance(trouble, RateLimited):
            return self._limited(entry, trouble, route, bucket)
        status, body = 0, None
        if isinstance(trouble, Accept) or (isinstance(trouble, Cut | Status) and trouble.accepts):
            status, body = self._run(route, call)
        match trouble:
            case Hang():
                await self.stopping.wait()
                return _aborted(request)
            case Cut():
                self._done(entry, 0)
                return _aborted(request)
            case Status(status=failing) if status < 400:
                return self._reply(entry, failing, {"message": f"{failing}: Server Error", "code": 0}, headers)
        self._check(entry, referee.wrong_reply, route, status, body)
        return self._reply(entry, status, body, headers)

    def _run(self, route: Route, call: Call) -> Reply:
        with self.world.changed:
            try:
                return route.answer(call)
            except Refused as refused:
                if refused.status in (400, 413):  # a good client doesn't send what is bound to be refused
                    self.world.violate(f"{route.method} {route.template}: {refused}")
                return refused.status, refused.body

    def _judge(self, route: Route, call: Call) -> Trouble:
        of_interaction = call.path.get("webhook_id") == self.application_id
        if (route.method, route.template) not in _JUDGED or of_interaction:
            return Accept()
        with self.world.changed:
            return next(self.troubles, Accept())

    def _limit(self, route: Route, call: Call, entry: Request, bucket: str) -> tuple[RateLimited | None, Json]:
        """Answers to interactions are outside the global limit, as Discord documents."""
        now = entry.at
        exempt = "{interaction_id}" in route.template or call.path.get("webhook_id") == self.application_id
        if now < self._global_until and not exempt:
            if now > self._global_from + self.grace:
                self.world.violate(f"{entry.method} {entry.path}: sent during a global limit")
            return RateLimited(self._global_until - now, "global"), {}
        major = "/".join(call.path[name] for name in _MAJOR if name in call.path)
        headers, wait = self.buckets.take(bucket, major)
        return (None if wait is None else RateLimited(round(wait, 3))), dict(headers)

    def _limited(self, entry: Request, limited: RateLimited, route: Route, bucket: str) -> web.Response:
        headers = limited_headers(limited, bucket)
        if limited.scope == "global" and time.monotonic() >= self._global_until:
            self._global_from = time.monotonic()
            self._global_until = self._global_from + limited.seconds
        if not limited.via:
            self._done(entry, 429)
            return web.Response(status=429, text="error code: 1015", headers=headers)
        body = limited_body(limited)
        self._check(entry, referee.wrong_reply, route, 429, body)
        return self._reply(entry, 429, body, headers)

    def _check(self, entry: Request, judge: Callable[..., str | None], route: Route, *what: Any) -> str | None:
        wrong = judge(route.method, route.template, *what) if self.refereed else None
        if wrong:
            side = "request" if judge is referee.wrong_request else "the fake's reply"
            self.world.violate(f"{side} {entry.method} {entry.path}: {wrong}")
        return wrong

    def _reply(self, entry: Request, status: int, body: Any, headers: Mapping[str, str]) -> web.Response:
        self._done(entry, status)
        if body is None:
            return web.Response(status=status, headers=headers)
        told = {"Via": "1.1 google", "Content-Type": "application/json", **headers}
        return web.Response(status=status, body=json.dumps(body).encode(), headers=told)

    def _done(self, entry: Request, status: int) -> None:
        with self.world.changed:
            entry.status = status
            self.world.changed.notify_all()


def _aborted(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _read(request: web.Request) -> tuple[Any, dict[str, Upload]]:
    if not request.can_read_body:
        return None, {}
    if not request.content_type.startswith("multipart/"):
        raw = await request.read()
        return (json.loads(raw) if raw else None), {}
    body: Any = None
    files: dict[str, Upload] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            body = json.loads(content)
        elif part.filename:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name or part.filename] = Upload(part.filename, content, kind)
    return body, files

"""The fake Discord as a test uses it: a server in a thread of its own, and everything that can be done with it.

All methods block, with a time limit, and may be called from any thread; an async test calls them through
`asyncio.to_thread`. The product reaches it at `api` (REST) and `gateway_url` (websocket).
"""

import asyncio
import secrets
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.discord import referee
from tests.fakes.discord.acting import Acting
from tests.fakes.discord.front import API, Front
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.guilds import Guild, Member, Role
from tests.fakes.discord.messages import Messages
from tests.fakes.discord.places import Places
from tests.fakes.discord.trouble import Buckets, Trouble
from tests.fakes.discord.world import Json, Request, User, World


class FakeDiscord(Acting):
    """`with FakeDiscord() as discord:` — a clean end of the block raises if anything wrong was seen in it."""

    def __init__(self) -> None:
        world = World()
        super().__init__(world, world.new_id())
        self.token = f"{secrets.token_urlsafe(18)}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(28)}"
        self.referee_absent = referee.absent()
        self._gateway = Gateway(world, self.token, self.application_id)
        self._front = Front(world, self.token, self.application_id)
        self._messages = Messages(world, self.application_id)
        self._places = Places(world, self._gateway, self._messages, User(world.new_id(), "newsroom-it"))
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fake-discord", daemon=True)
        self._stop: Callable[[], object] = lambda: None

    def start(self) -> Self:
        self._thread.start()
        self._started.wait()
        if not self.world.base:
            raise AssertionError("the fake Discord did not start: its thread's error is above")
        return self

    def stop(self) -> None:
        self._stop()
        self._thread.join(10)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if kind is None and self.violations:
            raise AssertionError("against Discord's rules:\n" + "\n".join(f"  {one}" for one in self.violations))

    @property
    def api(self) -> str:
        return self.world.base + API

    @property
    def gateway_url(self) -> str:
        return self._gateway.url

    @property
    def violations(self) -> list[str]:
        """What the referee and the fake found wrong, on either side. A test that provokes it clears the list."""
        return self.world.violations

    @property
    def requests(self) -> list[Request]:
        return self.world.requests

    @property
    def latencies(self) -> dict[str, list[float]]:
        """Seconds to the first answer, by command."""
        return self.exchanges.latencies

    @property
    def syncs(self) -> int:
        """How many bulk overwrites of commands came."""
        return self.synced.syncs

    @property
    def intents(self) -> int | None:
        return self._gateway.intents

    @property
    def identified(self) -> int:
        return self._gateway.identified

    @property
    def resumed(self) -> int:
        return self._gateway.resumed

    @property
    def deadline(self) -> float:
        """Seconds that the bot has for its first answer."""
        return self.exchanges.deadline

    @deadline.setter
    def deadline(self, seconds: float) -> None:
        self.exchanges.deadline = seconds

    @property
    def timeout(self) -> float:
        """Seconds that every waiting method waits at most."""
        return self.world.timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self.world.timeout = seconds

    @property
    def nonce_window(self) -> float:
        """Seconds in which a repeated nonce gives the first message again."""
        return self.world.nonce_window

    @nonce_window.setter
    def nonce_window(self, seconds: float) -> None:
        self.world.nonce_window = seconds

    @property
    def old_edits(self) -> int:
        """How many edits of messages older than an hour a channel takes in an hour (30046 beyond)."""
        return self._messages.old_edits

    @old_edits.setter
    def old_edits(self, count: int) -> None:
        self._messages.old_edits = count

    @property
    def old_edit_wait(self) -> float:
        """The `retry_after` of such a refusal, seconds; discord.py obeys it five times before it gives up."""
        return self._messages.old_edit_wait

    @old_edit_wait.setter
    def old_edit_wait(self, seconds: float) -> None:
        self._messages.old_edit_wait = seconds

    @property
    def buckets(self) -> Buckets:
        """The rate limits by route; `discord.buckets.limit = 5` makes them felt."""
        return self._front.buckets

    def commands(self, guild: Guild | None = None) -> list[Json]:
        return self.synced.synced(guild.id if guild else None)

    def guild(self, name: str) -> Guild:
        """A new guild with the bot in it."""
        with self.world.changed:
            guild = Guild(self.world.new_id(), self.world, name)
            self.world.guilds[guild.id] = guild
            guild.tell("GUILD_CREATE", guild.joined_json())
            return guild

    def grant(self, member: Member, role: Role) -> None:
        member.guild.grant(member, role)

    def revoke(self, member: Member, role: Role) -> None:
        member.guild.revoke(member, role)

    def leap(self, seconds: float) -> None:
        """Put the fake's clock forward: messages, nonces and interaction tokens get older."""
        with self.world.changed:
            self.world.offset += seconds

    def trouble(self, troubles: Iterable[Trouble]) -> None:
        """Judge each message that is created or edited by the next of these; when they end, all are accepted."""
        with self.world.changed:
            self._front.troubles = iter(troubles)

    def until(self, holds: Callable[[], object], what: str, seconds: float | None = None) -> None:
        """Wait until `holds()`, asked after each change; AssertionError with the last requests if it takes too long."""
        self.world.until(holds, what, seconds)

    def wait_ready(self) -> None:
        """Until a connection identified (or resumed) and was sent READY and its guilds (or what it missed)."""
        self.until(lambda: self._gateway.ready, "the bot to be ready on the gateway")

    def wait_gone(self) -> None:
        """Until no connection is open, e.g. once a process was killed and before another is waited for."""
        self.until(lambda: not self._gateway.connections, "every gateway connection to end")

    def wait_synced(self, syncs: int = 1) -> None:
        """Until so many bulk overwrites of commands came."""
        self.until(lambda: self.syncs >= syncs, f"{syncs} syncs of the commands")

    def cut_gateway(self) -> None:
        """Reset every gateway connection. The sessions can be resumed."""
        self._gateway.each("cut")

    def reconnect_gateway(self) -> None:
        """Ask every connection to reconnect and resume (opcode 7)."""
        self._gateway.each("reconnect")

    def invalidate(self, *, resumable: bool = False) -> None:
        """Declare the sessions invalid (opcode 9)."""
        self._gateway.each("invalidate", resumable)

    def refuse_gateway(self, refused: bool = True) -> None:
        """Discord is down: connections are cut and new ones refused, until called with False."""
        self._gateway.refused = refused
        if refused:
            self._gateway.each("cut")

    def dispatch(self, name: str, data: Any) -> None:
        """Send any event as it is, also one that Discord never would."""
        self._gateway.emit_raw(name, data)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._started.set()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        stopping = self._front.stopping
        self._stop = lambda: loop.call_soon_threadsafe(stopping.set) if not loop.is_closed() else None
        self._gateway.loop = loop
        app = web.Application(client_max_size=64 * 1024 * 1024)
        for part in (self.synced, self.exchanges, self._messages, self._places):
            self._front.add(app, part.routes())
        self._front.add_unknown(app)
        app.router.add_get("/gateway", self._gateway.serve)
        app.router.add_get("/gateway/", self._gateway.serve)
        app.router.add_get("/attachments/{channel_id}/{attachment_id}/{filename}", self._attachment)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.world.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._started.set()
        await stopping.wait()
        await self._gateway.close()
        await runner.cleanup()

    async def _attachment(self, request: web.Request) -> web.Response:
        attachment = self.world.files.get(request.match_info["attachment_id"])
        if attachment is None or attachment.filename != request.match_info["filename"]:
            return web.Response(status=404)
        return web.Response(body=attachment.content, content_type=attachment.content_type.split(";")[0])

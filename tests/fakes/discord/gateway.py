"""The gateway: a websocket per connection, and sessions that outlive it so that RESUME can replay what was missed.

An event of the world is written, as the text to be sent, into the log of every session that may see it; the number
of a dispatch is its place in that log. A connection follows the log of its session from its own cursor on. Events
come from any thread; only the sending happens in the server's loop.
"""

import asyncio
import json
import secrets
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord.world import Event, Json, World

_PRIVILEGED = {1 << 1: "guild members", 1 << 8: "presences", 1 << 15: "message content"}
_MESSAGE_CONTENT = 1 << 15
_GUILDS, _MEMBERS, _GUILD_MESSAGES, _DIRECT_MESSAGES = 1 << 0, 1 << 1, 1 << 9, 1 << 12
_PAUSED_SESSIONS = 3  # how many sessions without a connection can still be resumed


@dataclass(eq=False, repr=False)
class Session:
    """What one IDENTIFY began. `log` holds the dispatches as sent."""

    id: str
    intents: int
    log: list[str] = field(default_factory=list)
    connected: bool = True

    def add(self, name: str, data: Json) -> None:
        self.log.append(json.dumps({"op": 0, "t": name, "s": len(self.log) + 1, "d": data}))

    def sees(self, event: Event, bot: str) -> bool:
        """By the intents, and by whether the bot is in the guild and can see the channel."""
        if event.guild and not event.guild.has_bot:
            return False
        if event.name.startswith("MESSAGE_"):
            hidden = event.guild and event.channel and not event.guild.bot.may("view_channel", event.channel)
            return not hidden and bool(self.intents & (_GUILD_MESSAGES if event.guild else _DIRECT_MESSAGES))
        if event.name.startswith("GUILD_MEMBER"):
            itself = event.data.get("user", {}).get("id") == bot and event.name == "GUILD_MEMBER_UPDATE"
            return itself or bool(self.intents & _MEMBERS)
        if event.name.startswith(("GUILD_", "CHANNEL_", "THREAD_")):
            return bool(self.intents & _GUILDS)
        return True

    def shown(self, event: Event, bot: str) -> Json:
        """Without the intent for it, the content of other people's messages is empty."""
        private = event.author not in (None, bot) and not self.intents & _MESSAGE_CONTENT and event.guild is not None
        if not private or any(one["id"] == bot for one in event.data["mentions"]):
            return event.data
        return event.data | {"content": "", "embeds": [], "components": [], "attachments": []}


@dataclass(eq=False, repr=False)
class Connection:
    socket: web.WebSocketResponse
    request: web.Request
    compressor: Any
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    session: Session | None = None
    cursor: int = 0
    ready_at: int = 0
    ready: bool = False
    ending: bool = False

    async def send(self, text: str) -> None:
        if self.compressor is None:
            await self.socket.send_str(text)
        else:
            squeezed = self.compressor.compress(text.encode()) + self.compressor.flush(zlib.Z_SYNC_FLUSH)
            await self.socket.send_bytes(squeezed)

    def cut(self) -> None:
        """Reset without a word, as a failing network does."""
        if transport := self.request.transport:
            transport.abort()


class Gateway:
    """All connections and sessions. The public attributes are read under the world's lock."""

    def __init__(self, world: World, token: str, application_id: str) -> None:
        self.world, self.token, self.application_id = world, token, application_id
        self.intents: int | None = None
        self.identified = self.resumed = 0
        self.refused = False
        self.heartbeat_seconds = 41.25
        self.loop: asyncio.AbstractEventLoop | None = None
        self.connections: list[Connection] = []
        self._sessions: dict[str, Session] = {}
        world.emit = self.emit

    @property
    def ready(self) -> bool:
        return any(connection.ready for connection in self.connections)

    def emit(self, event: Event) -> None:
        with self.world.changed:
            for session in self._sessions.values():
                if session.sees(event, self.world.bot.id):
                    session.add(event.name, session.shown(event, self.world.bot.id))
            self._wake()

    def emit_raw(self, name: str, data: Any) -> None:
        """To every session, unfiltered: also what Discord would never send."""
        with self.world.changed:
            for session in self._sessions.values():
                session.add(name, data)
            self._wake()

    def each(self, what: str, resumable: bool = False) -> None:
        """Do something to every open connection, from any thread: `cut`, `invalidate`, `reconnect`."""
        with self.world.changed:
            for connection in self.connections:
                connection.ready, connection.ending = False, True
                if what == "invalidate" and not resumable and connection.session:
                    self._sessions.pop(connection.session.id, None)
                if self.loop and what == "cut":
                    self.loop.call_soon_threadsafe(connection.cut)
                elif self.loop:
                    frame = {"op": 7, "d": None} if what == "reconnect" else {"op": 9, "d": resumable}
                    asyncio.run_coroutine_threadsafe(connection.send(json.dumps(frame)), self.loop)

    async def close(self) -> None:
        """Going away: cut what is still connected."""
        for connection in list(self.connections):
            connection.cut()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.refused:
            return web.Response(status=503, text="the gateway is down")
        socket = web.WebSocketResponse(compress=False, max_msg_size=0, autoping=True)
        await socket.prepare(request)
        squeezed = request.query.get("compress") == "zlib-stream"
        connection = Connection(socket, request, zlib.compressobj() if squeezed else None)
        with self.world.changed:
            self.connections.append(connection)
        pump = asyncio.create_task(self._pump(connection))
        try:
            hello = {"op": 10, "d": {"heartbeat_interval": int(self.heartbeat_seconds * 1000)}}
            await connection.send(json.dumps(hello))
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._received(connection, json.loads(message.data))
        except ConnectionError:
            pass  # cut on purpose, or by a client that was killed: the session stays resumable
        finally:
            pump.cancel()
            self._left(connection, socket.close_code)
        return socket

    async def _received(self, connection: Connection, frame: Json) -> None:
        match frame["op"]:
            case 1:
                await connection.send(json.dumps({"op": 11, "d": None}))
            case 2:
                await self._identify(connection, frame["d"])
            case 6:
                await self._resume(connection, frame["d"])
            case 3 | 4:
                pass  # presence and voice state have nobody to be shown to
            case 8:
                self._send_members(frame["d"])
            case other:
                self.world.violate(f"gateway: the fake has no opcode {other}")

    async def _identify(self, connection: Connection, asked: Json) -> None:
        if asked["token"].removeprefix("Bot ") != self.token:
            await connection.socket.close(code=4004, message=b"Authentication failed.")
            return
        with self.world.changed:
            self.intents = int(asked["intents"])
            for bit, name in _PRIVILEGED.items():
                if self.intents & bit:
                    self.world.violate(f"gateway: the privileged intent for {name} is asked for")
            session = Session(secrets.token_hex(16), self.intents)
            guilds = [guild for guild in self.world.guilds.values() if guild.has_bot]
            session.add("READY", self._ready_json(session, [guild.id for guild in guilds]))
            for guild in guilds:
                session.add("GUILD_CREATE", guild.available_json())
            self._sessions[session.id] = session
            self.identified += 1
            self._follow(connection, session, 0)

    async def _resume(self, connection: Connection, asked: Json) -> None:
        with self.world.changed:
            session = self._sessions.get(asked["session_id"])
            if session is not None and asked["token"].removeprefix("Bot ") == self.token:
                session.add("RESUMED", {})
                self.resumed += 1
                self._follow(connection, session, int(asked["seq"]))
                return
        await connection.send(json.dumps({"op": 9, "d": False}))

    def _follow(self, connection: Connection, session: Session, cursor: int) -> None:
        session.connected = True
        connection.session, connection.cursor, connection.ready_at = session, cursor, len(session.log)
        connection.wake.set()

    async def _pump(self, connection: Connection) -> None:
        while True:
            await connection.wake.wait()
            connection.wake.clear()
            with self.world.changed:
                session = connection.session
                texts = session.log[connection.cursor :] if session else []
                connection.cursor += len(texts)
            try:
                for text in texts:
                    await connection.send(text)
            except ConnectionError:
                return  # the replay after RESUME brings them
            with self.world.changed:
                caught_up = session is not None and connection.cursor >= connection.ready_at
                connection.ready = caught_up and not connection.ending
                self.world.changed.notify_all()

    def _left(self, connection: Connection, code: int | None) -> None:
        with self.world.changed:
            connection.ready, connection.ending = False, True
            self.connections.remove(connection)
            if connection.session:
                connection.session.connected = False
                if code in (1000, 1001):  # a goodbye ends the session
                    self._sessions.pop(connection.session.id, None)
            paused = [session.id for session in self._sessions.values() if not session.connected]
            for session_id in paused[:-_PAUSED_SESSIONS]:
                del self._sessions[session_id]
            self.world.changed.notify_all()

    def _wake(self) -> None:
        self.world.changed.notify_all()
        for connection in self.connections:
            if self.loop and not self.loop.is_closed():
                self.loop.call_soon_threadsafe(connection.wake.set)

    def _ready_json(self, session: Session, guilds: list[str]) -> Json:
        return {
            "v": 10,
            "user": self.world.bot.json() | {"verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": guild, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "application": {"id": self.application_id, "flags": 0},
            "private_channels": [],
            "shard": [0, 1],
        }

    def _send_members(self, asked: Json) -> None:
        guild = self.world.guilds[str(asked["guild_id"])]
        wanted = [str(one) for one in asked.get("user_ids") or ()]
        found = [
            member.json()
            for member in guild.members.values()
            if member.id in wanted or (not wanted and member.name.startswith(asked.get("query") or ""))
        ]
        data: Json = {"guild_id": guild.id, "members": found, "chunk_index": 0, "chunk_count": 1, "not_found": []}
        self.emit_raw("GUILD_MEMBERS_CHUNK", data | ({"nonce": asked["nonce"]} if "nonce" in asked else {}))

    @property
    def url(self) -> str:
        return self.world.base.replace("http", "ws", 1) + "/gateway"

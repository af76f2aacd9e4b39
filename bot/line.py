"""The bot's line to Discord, kept up: signed in, connected again whatever ends it, and never in the desk's way.

token ─sign_in→ a client that can post (`client`)      ─keep→ also commands and buttons, until cancelled
refused, cut, malformed events, Discord down ─wait→ a new client: polling goes on, alerts wait in the outbox
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any, Final

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.channels.wire import trace
from watchers.errors import WiredeskError

log = structlog.get_logger(__name__)

FIRST_WAIT: Final = 1.0  # seconds before the next try; doubled at each
LONGEST_WAIT: Final = 300.0
STEADY: Final = 60.0  # seconds of a line that stood; after them the next trouble begins anew
LONGEST_LIMIT: Final = 30.0  # seconds that a request waits for its turn; what is limited for longer is told to who asks
DEAF: Final = 1.0  # seconds that a task may take to end before it is told again
_TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError, ssl.SSLError)


def point_at(api: str | None) -> None:
    """Have this process speak to another server than Discord's own. None: to Discord."""
    if api is not None:
        Route.BASE = api.rstrip("/")


class Line:
    """One bot's connection."""

    def __init__(self, token: str, api: str | None, on_global: Callable[[float], None] = lambda _: None) -> None:
        """Connects to nothing yet. `on_global` hears for how many seconds Discord wants nothing from anyone."""
        self._token = token
        self._api = api
        self._asked: dict[str, Any] = {"http_trace": trace(on_global), "max_ratelimit_timeout": LONGEST_LIMIT}
        self._client: discord.Client | None = None
        point_at(api)

    @property
    def client(self) -> discord.Client | None:
        """Signed in, so that it can post. None: Discord can't be reached, or refuses the token."""
        return self._client

    async def sign_in(self) -> None:
        """Sign in once, without commands and buttons: for a desk that only posts. Trouble is logged."""
        client = discord.Client(
            intents=discord.Intents.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            **self._asked,
        )
        try:
            await client.login(self._token)
        except _TROUBLE as error:
            _tell(error)
            await client.close()
        else:
            self._client = client

    async def keep(self, make_client: Callable[..., discord.Client]) -> None:
        """Keep the line up until cancelled; each try needs a new client, since a closed one can't be used again.

        It is made with the arguments that the line asks of a `discord.Client`.
        """
        loop = asyncio.get_running_loop()
        wait = FIRST_WAIT
        while True:
            began = loop.time()
            try:
                await self._stand(make_client(**self._asked))
            except _TROUBLE as error:
                _tell(error)
                if isinstance(error, discord.LoginFailure):
                    wait = LONGEST_WAIT  # who asks with a wrong token again and again is banned
            except WiredeskError as error:  # a database that can't go on ends the desk elsewhere
                log.warning("the bot is not ready: alerts wait", error=str(error))
            except Exception as error:
                log.error("Discord's events could not be read: connecting anew", error=repr(error), exc_info=error)
            if loop.time() - began >= STEADY:
                wait = FIRST_WAIT
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def aclose(self) -> None:
        """Hang up."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _stand(self, client: discord.Client) -> None:
        """Sign in and stay connected for as long as it goes."""
        try:
            await client.login(self._token)
            self._client = client
            if self._api is not None:
                _, url, _ = await client.http.get_bot_gateway()
                DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
            await client.connect()
        finally:
            self._client = None
            await _hang_up(client)


async def _hang_up(client: discord.Client) -> None:
    """Close a client. discord.py takes two seconds until it is ready, and would then tell one that is closed."""
    getting_ready = client._connection._ready_task  # noqa: SLF001 - it leaves this task to itself
    if getting_ready is not None:
        getting_ready.cancel()
    await client.close()


async def break_off(task: "asyncio.Task[Any]") -> None:
    """Cancel a task until it ends.

    Once isn't enough for one that connects: before Python 3.12, `asyncio.wait_for`, by which discord.py does that,
    forgets a cancellation that comes in the moment in which it has what it waits for.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=DEAF)


def _tell(error: BaseException) -> None:
    if isinstance(error, discord.LoginFailure):
        log.error("Discord refuses the token: copy it again into DISCORD_TOKEN; alerts wait")
    elif isinstance(error, discord.PrivilegedIntentsRequired):
        log.error("Discord refuses the bot's intents", error=str(error))
    else:
        log.warning("Discord can't be reached: alerts wait", error=f"{type(error).__name__}: {error}")

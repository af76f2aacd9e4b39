"""A Discord channel that the bot posts to, each alert once as far as anyone can see.

    Outgoing ─card_for, message_for→ content, embed, file, buttons ─discord.py→ Sent | Retry | Refused
    taken before, perhaps ─the channel's history→ found: Sent with that message's id · not there: posted now

Two things keep a post from standing twice. Its reference is its nonce: within a few minutes Discord gives the first
message again. And what may have been taken before is first looked for among the bot's own messages.
"""

import asyncio
import io
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol

import discord

from bot.cards import card_for
from bot.cards.message import message_for
from bot.channels.discord_errors import FAILURES, NOT_CONNECTED, UNKNOWN_MESSAGE, judged
from bot.channels.limits import DISCORD
from bot.channels.wire import on_the_wire
from watchers.errors import ConfigError
from watchers.models import Outgoing, Retry, SendResult, Sent
from watchers.pacing import Pacer

_PATIENCE: Final = 60.0  # seconds that one attempt is waited for
_ALL_CHANNELS: Final = ((40, 1.0),)  # of Discord's 50 requests a second, for all that the bot does
_SKEW: Final = timedelta(hours=1)  # by which this machine's clock may be ahead of Discord's
_LATEST: Final = 200  # messages that are looked through whatever the clock says: it may be set at any time


class Line(Protocol):
    """The bot's way to Discord."""

    @property
    def client(self) -> discord.Client | None:
        """Logged in. None: Discord can't be reached."""


@dataclass(slots=True)
class Poster:
    """What all channels of the bot share: its line, its buttons, its pace, and the posts under way.

    A post under way is never broken off: discord.py may be waiting for a global limit, which would then never end.
    Who has no more patience leaves it here, and whoever comes again for the same finds it.
    """

    line: Line
    buttons: Callable[[Outgoing], discord.ui.View | None]
    _under_way: dict[str, asyncio.Task[SendResult]] = field(default_factory=dict)
    _pacer: Pacer = field(default_factory=lambda: Pacer(_ALL_CHANNELS))

    async def done(self, key: str) -> SendResult | None:
        """What became of the work left under a key. None: there is none."""
        return await self._result(key) if key in self._under_way else None

    async def do(self, key: str, work: Callable[[], Coroutine[Any, Any, SendResult]]) -> SendResult:
        """Do something, which is left under its key if it takes too long."""
        self._under_way[key] = asyncio.create_task(work())
        return await self._result(key)

    async def turn(self) -> None:
        """Wait until one more request is within the bot's pace."""
        now = asyncio.get_running_loop().time()
        wait = self._pacer.delay(now)
        self._pacer.count(now + wait)
        await asyncio.sleep(wait)

    async def _result(self, key: str) -> SendResult:
        task = self._under_way[key]
        finished, _ = await asyncio.wait({task}, timeout=_PATIENCE)
        if not finished:
            return Retry(f"discord: no answer within {_PATIENCE:.0f} s", maybe_taken=True)
        self._under_way.pop(key, None)
        return task.result()


class DiscordChannel:
    """Posts cards to one channel, or thread, by its id."""

    service = DISCORD
    pace: tuple[tuple[int, float], ...] = ((5, 5.0),)  # what Discord allows a channel; it tells by its headers too

    def __init__(self, name: str, *, channel_id: str, poster: Poster) -> None:
        """Raises ConfigError if `channel_id` is no id of Discord's."""
        if not (channel_id.isascii() and channel_id.isdigit() and 0 < int(channel_id) < 1 << 63):
            raise ConfigError(
                f"channel {name}: {channel_id!r} is no channel's id: copy it in Discord (Copy Channel ID)"
            )
        self.name = name
        self._id = int(channel_id)
        self._poster = poster

    @property
    def ready(self) -> bool:
        """Whether the bot is logged in."""
        return self._poster.line.client is not None

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Post the card once. An attempt that is still under way is waited for, never repeated beside it."""
        earlier = await self._poster.done(outgoing.reference)
        return earlier or await self._poster.do(outgoing.reference, partial(self._send, outgoing))

    async def edit(self, outgoing: Outgoing, message_id: str) -> SendResult:
        """Make a post show the card as it is now. Its buttons stay."""
        key = f"{self._id}/{message_id}"
        earlier = await self._poster.done(key)
        if earlier is not None and not isinstance(earlier, Sent):
            return earlier
        return await self._poster.do(key, partial(self._edit, outgoing, int(message_id)))

    async def _send(self, outgoing: Outgoing) -> SendResult:
        client = self._poster.line.client
        if client is None:
            return NOT_CONNECTED
        if outgoing.resent and outgoing.made_at is not None:
            looked_up = await self._looked_up(client, outgoing, since=outgoing.made_at - _SKEW)
            if not isinstance(looked_up, Outgoing):
                return looked_up
            outgoing = looked_up
        parts = _parts(outgoing)
        if view := self._poster.buttons(outgoing):
            parts["view"] = view
        await self._poster.turn()
        try:
            async with on_the_wire(once=True):
                message = await client.get_partial_messageable(self._id).send(nonce=outgoing.reference, **parts)
        except discord.NotFound as error:
            # Discord knows the nonce, and that people have deleted the message since.
            return Sent() if error.code == UNKNOWN_MESSAGE else judged(error)
        except FAILURES as error:
            return judged(error)
        return Sent(str(message.id))

    async def _looked_up(self, client: discord.Client, outgoing: Outgoing, *, since: datetime) -> SendResult | Outgoing:
        """Sent if the channel shows it; else what to send: unmarked where the whole history is open to the bot."""
        place = client.get_partial_messageable(self._id)
        seen = 0
        await self._poster.turn()
        try:
            async with on_the_wire():
                async for message in place.history(limit=None):
                    if message.author == client.user and _bears(message, outgoing.reference):
                        return Sent(str(message.id))
                    seen += 1
                    if seen >= _LATEST and message.created_at < since:
                        break
                # Discord shows a history that the bot may not read as an empty one.
                readable = seen > 0 or await _may_read(place)
        except FAILURES as error:
            failed = judged(error)  # and nothing was sent in this attempt
            return replace(failed, maybe_taken=False) if isinstance(failed, Retry) else failed
        return replace(outgoing, resent=False) if readable else outgoing

    async def _edit(self, outgoing: Outgoing, message_id: int) -> SendResult:
        client = self._poster.line.client
        if client is None:
            return NOT_CONNECTED
        parts = _parts(replace(outgoing, mentions=(), resent=False))
        parts.pop("file", None)
        await self._poster.turn()
        try:
            async with on_the_wire():
                await client.get_partial_messageable(self._id).get_partial_message(message_id).edit(**parts)
        except FAILURES as error:
            return judged(error)
        return Sent(str(message_id))


async def _may_read(place: discord.PartialMessageable) -> bool:
    """Ask for a message that hardly exists: whether it does is told only to who may read the history."""
    try:
        await place.fetch_message(place.id)
    except discord.Forbidden:
        return False
    except discord.NotFound as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
    return True


def _parts(outgoing: Outgoing) -> dict[str, Any]:
    """The card as discord.py takes it."""
    message = message_for(card_for(outgoing))
    (embed,) = message.payload["embeds"]
    roles = [discord.Object(int(role)) for role in message.payload["allowed_mentions"]["roles"]]
    parts: dict[str, Any] = {
        "content": message.payload["content"],
        "embed": discord.Embed.from_dict(embed),
        # Each named: what is left out means that everyone of that kind may be called.
        "allowed_mentions": discord.AllowedMentions(
            everyone=False, users=False, roles=roles or False, replied_user=False
        ),
    }
    if message.attachment is not None:
        text = io.BytesIO(message.attachment.text.encode())
        parts["file"] = discord.File(text, filename=message.attachment.filename)
    return parts


def _bears(message: discord.Message, reference: str) -> bool:
    """Whether a message is a delivery's post."""
    return any(reference in (embed.footer.text or "").split() for embed in message.embeds)

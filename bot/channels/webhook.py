"""A Discord webhook, or any server that takes the same JSON, as a channel.

    Outgoing ─card_for─▶ Card ─message_for─▶ JSON (+ file) ─POST …?wait=true─▶ Sent | Retry | Refused
                                                           ─PATCH …/messages/ID─▶ the post shows more

A file makes the request a multipart form, which only Discord itself is sure to take: any other server gets JSON alone.
The client that it is given goes through the address guard. A webhook's address is its password: no error that
leaves this module holds it.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import quote

import httpx
from discord.http import Route

from bot.cards import card_for
from bot.cards.message import Message, message_for
from bot.cards.text import clean, cut
from bot.channels.limits import DISCORD, HOUR, OLD_POST_EDITED_TOO_OFTEN, asked_wait, is_global
from watchers.errors import ConfigError, UnsafeAddress
from watchers.fetch.guard import check_spelling
from watchers.models import Outgoing, Refused, Retry, SendResult, Sent

_DEADLINE = 30.0  # seconds for the whole exchange, drips included
_REPLY_BYTES = 256 * 1024
_REASON = 300  # characters
_SECRET_PART = 8  # characters; shorter parts of an address are no secrets, and common in texts

_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_CLOSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_DISCORD = ("discord.com", "discordapp.com")


class WebhookChannel:
    """Posts cards to one webhook address."""

    pace: tuple[tuple[int, float], ...] = ((5, 2.0), (30, 60.0))  # Discord's limits for a webhook
    ready = True

    def __init__(self, name: str, *, url: str, http: httpx.AsyncClient) -> None:
        """Raises ConfigError if `url` is no http(s) address."""
        self.name = name
        self._http = http
        address = address_of(name, url)
        self.service = _service(address.host)
        self._base = address
        self._address = address.copy_set_param("wait", "true")
        self._secrets = sorted(
            {url, str(self._address), *(part for part in _parts(address) if len(part) >= _SECRET_PART)},
            key=len,
            reverse=True,
        )

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Post the card once. Whatever the service or the network does comes back as data."""
        return await self._exchanged("POST", self._address, self._message(outgoing))

    async def edit(self, outgoing: Outgoing, message_id: str) -> SendResult:
        """Make a post show the card as it is now. A post that is gone is refused alone, whatever else is gone."""
        path = f"{self._base.path.rstrip('/')}/messages/{quote(message_id, safe='')}"
        message = self._message(replace(outgoing, mentions=()))
        shown = {key: value for key, value in message.payload.items() if key != "attachments"}
        result = await self._exchanged("PATCH", self._base.copy_with(path=path), Message(shown, None))
        return Refused(result.error) if isinstance(result, Refused) else result

    def _message(self, outgoing: Outgoing) -> Message:
        return message_for(card_for(outgoing), with_file=self.service == DISCORD)

    async def _exchanged(self, method: str, address: httpx.URL, message: Message) -> SendResult:
        try:
            async with asyncio.timeout(_DEADLINE):
                status, headers, body = await self._answered(method, address, message)
        except UnsafeAddress as error:
            return Refused(self._redacted(f"webhook: {error.reason}"), pause=True)
        except TimeoutError:
            return Retry(f"webhook: no answer within {_DEADLINE:.0f} s", maybe_taken=True)
        except httpx.HTTPError as error:
            unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            return Retry(self._redacted(f"webhook: {type(error).__name__}: {error}"), maybe_taken=not unsent)
        return self._judged(status, headers, body)

    async def _answered(self, method: str, address: httpx.URL, message: Message) -> tuple[int, httpx.Headers, bytes]:
        if message.attachment is None:
            request = self._http.build_request(method, address, json=message.payload)
        else:
            file = (message.attachment.filename, message.attachment.text.encode(), "text/plain; charset=utf-8")
            request = self._http.build_request(
                method,
                address,
                data={"payload_json": json.dumps(message.payload)},
                files={"files[0]": file},
            )
        response = await self._http.send(request, stream=True, follow_redirects=False)
        try:
            body = b""
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _REPLY_BYTES:
                    break
            return response.status_code, response.headers, body
        finally:
            await response.aclose()

    def _judged(self, status: int, headers: httpx.Headers, body: bytes) -> SendResult:
        reply = _json_object(body)
        if HTTPStatus(200) <= status < HTTPStatus.MULTIPLE_CHOICES:
            message_id = reply.get("id")
            return Sent(message_id if isinstance(message_id, str) else None)
        error = self._redacted(f"webhook: {status}{_reason(reply)}")
        after = asked_wait(reply, headers)
        if reply.get("code") == OLD_POST_EDITED_TOO_OFTEN:
            return Retry(error, after=max(after or 0.0, HOUR))
        if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            # A service that breaks down may have taken the post before; one that asks for later has not.
            everywhere = status == HTTPStatus.TOO_MANY_REQUESTS and is_global(reply, headers)
            return Retry(error, after=after, maybe_taken=status not in _LATER, everywhere=everywhere)
        # An address that answers with a redirect has moved: it takes nothing until somebody corrects it.
        return Refused(error, pause=status in _CLOSED or status < HTTPStatus.BAD_REQUEST)

    def _redacted(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return cut(clean(text), _REASON)


def address_of(name: str, url: str) -> httpx.URL:
    """A webhook's address. Raises ConfigError if `url` is no http(s) address."""
    try:
        check_spelling(url)  # as it was given: httpx writes a space as %20
        address = httpx.URL(url)
        usable = address.scheme in {"http", "https"} and bool(address.host)
    except (UnsafeAddress, httpx.InvalidURL, ValueError):  # the last for a host whose punycode can't be read
        usable = False
    if not usable:
        raise ConfigError(f"channel {name}: the webhook's url is no http(s) address: copy it again from the service")
    return address


def _service(host: str) -> str:
    """All of Discord's webhooks share its limits with the bot, wherever that one posts; any other host has its own."""
    hosts = (*_DISCORD, httpx.URL(Route.BASE).host)
    return DISCORD if host in hosts or host.endswith(tuple(f".{each}" for each in _DISCORD)) else host


def _parts(address: httpx.URL) -> list[str]:
    """What of an address may be secret: each part of its path, its user, its parameters."""
    return [*address.path.split("/"), address.username, address.password, *address.params.values()]


def _json_object(body: bytes) -> Mapping[str, object]:
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return reply if isinstance(reply, dict) else {}


def _reason(reply: Mapping[str, object]) -> str:
    """What the service says is wrong: its message, its code, and the fields it names."""
    reason = f": {reply['message']}" if isinstance(reply.get("message"), str) else ""
    if isinstance(reply.get("code"), int) and reply["code"]:
        reason += f" ({reply['code']})"
    if reply.get("errors"):
        reason += f": {json.dumps(reply['errors'], ensure_ascii=False)}"
    return reason

"""A Discord webhook, or any server that takes the same JSON, as a channel.

    Outgoing ─card_for─▶ Card ─message_for─▶ JSON (+ file) ─POST …?wait=true─▶ Sent | Retry | Refused

The client that it is given goes through the address guard. A webhook's address is its password: no error that
leaves this module holds it.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from bot.cards import card_for
from bot.cards.message import Message, message_for
from bot.cards.text import clean, cut
from watchers.errors import ConfigError, UnsafeAddress
from watchers.models import Outgoing, Refused, Retry, SendResult, Sent

_DEADLINE = 30.0  # seconds for the whole exchange, drips included
_REPLY_BYTES = 256 * 1024
_REASON = 300  # characters
_LONGEST_WAIT = 24 * 3600.0  # seconds; what a service asks beyond that isn't believed
_SECRET_PART = 8  # characters; shorter parts of an address are no secrets, and common in texts

_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_CLOSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


class WebhookChannel:
    """Posts cards to one webhook address."""

    pace: tuple[tuple[int, float], ...] = ((5, 2.0), (30, 60.0))  # Discord's limits for a webhook

    def __init__(self, name: str, *, url: str, http: httpx.AsyncClient) -> None:
        """Raises ConfigError if `url` is no http(s) address."""
        self.name = name
        self._http = http
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL:
            address = httpx.URL()
        if address.scheme not in {"http", "https"} or not address.host:
            raise ConfigError(
                f"channel {name}: the webhook's url is no http(s) address: copy it again from the service"
            )
        self._address = address.copy_set_param("wait", "true")
        self._secrets = sorted(
            {url, str(self._address), *(part for part in _parts(address) if len(part) >= _SECRET_PART)},
            key=len,
            reverse=True,
        )

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Post the card once. Whatever the service or the network does comes back as data."""
        message = message_for(card_for(outgoing))
        try:
            async with asyncio.timeout(_DEADLINE):
                status, headers, body = await self._post(message)
        except UnsafeAddress as error:
            return Refused(self._redacted(f"webhook: {error.reason}"), pause=True)
        except TimeoutError:
            return Retry(f"webhook: no answer within {_DEADLINE:.0f} s", maybe_taken=True)
        except httpx.HTTPError as error:
            unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            return Retry(self._redacted(f"webhook: {type(error).__name__}: {error}"), maybe_taken=not unsent)
        return self._judged(status, headers, body)

    async def aclose(self) -> None:
        """Nothing to close: the client is shared, and the caller's."""

    async def _post(self, message: Message) -> tuple[int, httpx.Headers, bytes]:
        if message.attachment is None:
            request = self._http.build_request("POST", self._address, json=message.payload)
        else:
            file = (message.attachment.filename, message.attachment.text.encode(), "text/plain; charset=utf-8")
            request = self._http.build_request(
                "POST",
                self._address,
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
        if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            # A service that breaks down may have taken the post before; one that asks for later has not.
            return Retry(error, after=_wait(reply, headers), maybe_taken=status not in _LATER)
        # An address that answers with a redirect has moved: it takes nothing until somebody corrects it.
        return Refused(error, pause=status in _CLOSED or status < HTTPStatus.BAD_REQUEST)

    def _redacted(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return cut(clean(text), _REASON)


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


def _wait(reply: Mapping[str, object], headers: httpx.Headers) -> float | None:
    """Seconds that the service asks us to wait: its JSON is exact, its header whole seconds or a date."""
    told = reply.get("retry_after")
    if isinstance(told, int | float) and not isinstance(told, bool):
        return _believed(float(told))
    header = headers.get("retry-after", "")
    try:
        return _believed(float(header))
    except ValueError:
        return _until(header, headers.get("date", ""))


def _until(header: str, date: str) -> float | None:
    """Seconds from the reply's own date to the date asked for: both are the server's clock."""
    try:
        asked, sent = (_utc(parsedate_to_datetime(text)) for text in (header, date))
    except ValueError:
        return None
    return _believed((asked - sent).total_seconds())


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _believed(seconds: float) -> float | None:
    """Within 0 and a day; None if it is no number."""
    return None if seconds != seconds else min(max(seconds, 0.0), _LONGEST_WAIT)  # noqa: PLR0124 - the test for NaN

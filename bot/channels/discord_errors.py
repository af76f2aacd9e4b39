"""What discord.py raises over a request, as the data that a delivery goes by."""

from http import HTTPStatus
from typing import Final

import aiohttp
import discord

from bot.cards.text import clean, cut
from bot.channels.limits import HOUR, OLD_POST_EDITED_TOO_OFTEN, asked_wait, is_global
from bot.channels.wire import NoAnswerError
from watchers.models import Refused, Retry

UNKNOWN_MESSAGE: Final = 10008
NOT_OURS: Final = 50005  # a message of somebody else's, or of the bot's under another application
NOT_CONNECTED: Final = Retry("discord: not connected", after=5.0)

# What discord.py lets through where an answer isn't what Discord documents, or the client was closed meanwhile.
_ODD_ANSWER = (KeyError, TypeError, ValueError, AttributeError)
FAILURES: Final = (
    discord.DiscordException,
    aiohttp.ClientError,
    NoAnswerError,
    OSError,
    TimeoutError,
    RuntimeError,
    *_ODD_ANSWER,
)

_REASON = 300  # characters
_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_CLOSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
_TOKEN_LATER = 60.0  # seconds: a token that isn't accepted is put right by a restart, and costs no alert until then


def judged(error: Exception) -> Retry | Refused:
    """What one of FAILURES means for a post or an edit. Raises RuntimeErrors that are none."""
    match error:
        case discord.HTTPException():
            return _judged_status(error)
        case discord.RateLimited():
            return Retry(_told(error), after=error.retry_after)
        case aiohttp.ClientConnectorError():
            return Retry(_told(error))
        case TimeoutError():
            return Retry("discord: no answer in time", maybe_taken=True)
        case RuntimeError() if str(error) != "Session is closed":
            raise error
        case _:
            return Retry(_told(error), maybe_taken=True)


def _judged_status(error: discord.HTTPException) -> Retry | Refused:
    headers = error.response.headers
    code = f" ({error.code})" if error.code else ""
    told = _short(f"discord: {error.status}: {error.text or error.response.reason}{code}")
    if error.code == OLD_POST_EDITED_TOO_OFTEN:
        return Retry(told, after=max(asked_wait({}, headers) or 0.0, HOUR))
    if error.status == HTTPStatus.UNAUTHORIZED:
        return Retry(f"{told}: the token isn't accepted: set DISCORD_TOKEN and start again", after=_TOKEN_LATER)
    if error.status in _LATER:
        return Retry(told, after=asked_wait({}, headers), everywhere=is_global({}, headers))
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Retry(told, maybe_taken=True)
    return Refused(told, pause=error.status in _CLOSED and error.code not in {UNKNOWN_MESSAGE, NOT_OURS})


def _told(error: Exception) -> str:
    return _short(f"discord: {type(error).__name__}: {error}")


def _short(text: str) -> str:
    return cut(clean(text), _REASON)

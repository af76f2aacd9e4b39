"""Any of the services that Apprise speaks to, as a channel.

Apprise does its own HTTP, beside the address guard. Its addresses therefore come only from the environment or from
secret files, never from chat. It is an extra: without it, a desk that names such a channel is told what to install.
"""

import asyncio
import importlib
from datetime import tzinfo
from typing import Any

from bot.cards import card_for
from bot.cards.plain import body_of, title_of
from bot.cards.text import cut
from watchers.errors import ConfigError
from watchers.models import Outgoing, Retry, SendResult, Sent

_KINDS_OF_NOTE = {"news": "info", "change": "info", "trouble": "failure", "good": "success", "quiet": "info"}


class AppriseChannel:
    """Sends cards as plain text through one Apprise address."""

    pace: tuple[tuple[int, float], ...] = ((1, 1.0),)  # one a second is what Slack and Telegram ask for
    ready = True

    def __init__(self, name: str, *, url: str, timezone: tzinfo) -> None:
        """Raises ConfigError if Apprise isn't installed or doesn't know the address."""
        self.name = name
        self._timezone = timezone
        self._notifier = notifier_of(name, url)
        (self._service,) = self._notifier
        self.service = f"apprise {self._service.service_name}"

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Send the card once. Apprise says only whether it worked: a refusal is tried again like a failure."""
        card = card_for(outgoing)
        service = self._service
        title = cut(title_of(card), service.title_maxlen or service.body_maxlen)
        footer = f"\n\n{card.footer}"
        body = body_of(card, self._timezone)
        if len(body) > service.body_maxlen:
            body = cut(body.removesuffix(footer), service.body_maxlen - len(title) - len(footer) - 2) + footer
        accepted = await asyncio.to_thread(
            self._notifier.notify,
            title=title,
            body=body,
            notify_type=_KINDS_OF_NOTE[card.tone],
            body_format="text",
        )
        return Sent() if accepted else Retry("apprise: the service didn't take it", maybe_taken=True)


def notifier_of(name: str, url: str) -> Any:
    """Apprise, told a channel's address. Raises ConfigError if it isn't installed or doesn't know the address."""
    apprise = _load(name)
    notifier = apprise.Apprise(asset=apprise.AppriseAsset(app_id="Wiredesk", app_desc="Wiredesk", secure_logging=True))
    if not notifier.add(url):
        raise ConfigError(f"channel {name}: Apprise doesn't understand its url: see https://appriseit.com for the form")
    return notifier


def _load(name: str) -> Any:
    try:
        return importlib.import_module("apprise")
    except ModuleNotFoundError:
        raise ConfigError(
            f"channel {name}: its kind needs Apprise, which isn't installed: pip install 'wiredesk[chats]'"
        ) from None

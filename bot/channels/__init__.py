"""Where alerts go: one file a kind of channel, one line here.

A channel takes an `Outgoing` and answers `Sent`, `Retry` or `Refused`: whatever a service or the network does is data
to the delivery, never an exception. All channels show the same card (bot/cards).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

import httpx
from rich.console import Console

from bot.channels.apprise import AppriseChannel, notifier_of
from bot.channels.discord import DiscordChannel, Poster
from bot.channels.terminal import TerminalChannel
from bot.channels.webhook import WebhookChannel, address_of
from watchers.delivery import Channel
from watchers.errors import ConfigError
from watchers.models import ChannelSpec

NO_BOT: Final = "the bot posts to it, and there is none: set DISCORD_TOKEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What channels need of the program around them. The caller owns and closes all of it."""

    console: Console  # where terminal channels print
    http: httpx.AsyncClient  # goes through the address guard
    clock: Callable[[], datetime]
    timezone: tzinfo  # the desk's
    poster: Poster | None = None  # the bot, if there is one


def make_channel(spec: ChannelSpec, surroundings: Surroundings) -> Channel:
    """The channel that `spec` describes. Raises ConfigError, saying what to do, if it can't be made."""
    make = KINDS.get(spec.kind)
    if make is None:
        raise ConfigError(f"channel {spec.name}: no kind {spec.kind} here: use one of {', '.join(KINDS)}")
    return make(spec, surroundings)


def check_address(spec: ChannelSpec) -> None:
    """Raise the ConfigError with which `make_channel` would refuse a channel's secret address. Nothing is opened."""
    if (understand := ADDRESSES.get(spec.kind)) is not None:
        understand(spec.name, _secret(spec, "url"))


def _terminal(spec: ChannelSpec, around: Surroundings) -> Channel:
    return TerminalChannel(spec.name, console=around.console, clock=around.clock, timezone=around.timezone)


def _webhook(spec: ChannelSpec, around: Surroundings) -> Channel:
    return WebhookChannel(spec.name, url=_secret(spec, "url"), http=around.http)


def _apprise(spec: ChannelSpec, around: Surroundings) -> Channel:
    return AppriseChannel(spec.name, url=_secret(spec, "url"), timezone=around.timezone)


def _discord(spec: ChannelSpec, around: Surroundings) -> Channel:
    if around.poster is None:
        raise ConfigError(f"channel {spec.name}: {NO_BOT}")
    return DiscordChannel(spec.name, channel_id=spec.settings.get("id", ""), poster=around.poster)


def _secret(spec: ChannelSpec, name: str) -> str:
    value = spec.settings.get(name)
    if not value:
        raise ConfigError(f"channel {spec.name}: it has no {name}: set {name}_env or {name}_file in the watch list")
    return value


KINDS: Mapping[str, Callable[[ChannelSpec, Surroundings], Channel]] = {
    "terminal": _terminal,
    "webhook": _webhook,
    "apprise": _apprise,
    "discord": _discord,
}

# How the kinds that have a secret address understand it, or raise.
ADDRESSES: Mapping[str, Callable[[str, str], object]] = {"webhook": address_of, "apprise": notifier_of}

"""The channels that a running desk has: made of what people told, with their secrets, and remade when that changes.

Told ─refresh→ ChannelSpec (with its secret) ─make_channel→ Channel, by its row
"""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import httpx
import structlog
from rich.console import Console

from bot.channels import Surroundings, make_channel
from bot.channels.discord import Poster
from config.settings import secret_from
from watchers.clock import Clock
from watchers.delivery import Channel
from watchers.errors import ConfigError
from watchers.models import ChannelSpec
from watchers.storage import desks
from watchers.storage.desks import ChannelView, Told

log = structlog.get_logger(__name__)


class Channels:
    """The live channels, rebuilt when what people told changes. One whose secret is missing is left out and logged."""

    def __init__(
        self,
        environ: Mapping[str, str],
        console: Console,
        http: httpx.AsyncClient,
        clock: Clock,
        poster: Poster | None = None,
    ) -> None:
        self._environ = environ
        self._poster = poster
        self._console = console
        self._http = http
        self._clock = clock
        self._live: dict[int, Channel] = {}
        self._made_of: dict[int, ChannelView] = {}
        self._missing: dict[int, str] = {}  # why a channel can't be used, as it was last told

    def __call__(self) -> Mapping[int, Channel]:
        """The live channels by their row's id."""
        return self._live

    def refresh(self, told: Told) -> None:
        """Make what is new or changed; drop what is gone or paused."""
        wanted = {view.id: (view, desk) for desk in told.desks for view in desk.channels if view.state == desks.ACTIVE}
        for gone in self._live.keys() - wanted.keys():
            del self._live[gone], self._made_of[gone]
        for channel_id, (view, desk) in wanted.items():
            if self._made_of.get(channel_id) == view:
                continue
            # Where the new one can't be made, nothing may go to the old one's address.
            self._live.pop(channel_id, None)
            self._made_of.pop(channel_id, None)
            try:
                self._live[channel_id] = make_channel(
                    channel_spec(view, self._environ),
                    Surroundings(
                        console=self._console,
                        http=self._http,
                        clock=self._clock,
                        timezone=ZoneInfo(desk.timezone),
                        poster=self._poster,
                    ),
                )
                self._made_of[channel_id] = view
                self._missing.pop(channel_id, None)
            except ConfigError as error:
                if self._missing.get(channel_id) != str(error):
                    log.error("a channel can't be used: its alerts wait", channel=view.name, error=str(error))
                self._missing[channel_id] = str(error)

    async def aclose(self) -> None:
        """Let go of all of them."""
        for channel in self._live.values():
            await channel.aclose()


def channel_spec(view: ChannelView, environ: Mapping[str, str]) -> ChannelSpec:
    """A channel with its secret. Raises ConfigError where that is missing."""
    settings = {key: value for key, value in view.settings.items() if key == "id"}
    env, file = view.settings.get("url_env"), view.settings.get("url_file")
    if env or file:
        settings["url"] = secret_from(environ, env=env, file=file)
    return ChannelSpec(name=view.name, kind=view.kind, settings=settings)

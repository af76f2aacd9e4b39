"""The channels that a running desk has: made of what people told, with their secrets, and remade when that changes.

Told ─refresh→ ChannelSpec (with its secret) ─make_channel→ Channel, by its row; or why there is none
ChannelView ─why_unusable→ the same reason, for commands that send nothing
"""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import httpx
import structlog
from rich.console import Console

from bot.channels import NO_BOT, Surroundings, check_address, make_channel
from bot.channels.discord import Poster
from config.settings import secret_from
from config.watchlist import Channel as FileChannel
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
        self._made_of: dict[int, tuple[ChannelView, str]] = {}  # and its desk's time zone
        self.unusable: Mapping[int, str] = {}  # by the channel's row, why it can't be used

    def __call__(self) -> Mapping[int, Channel]:
        """The live channels by their row's id."""
        return self._live

    def refresh(self, told: Told) -> None:
        """Make what is new or changed; drop what is gone or paused."""
        wanted = {view.id: (view, desk) for desk in told.desks for view in desk.channels if view.state == desks.ACTIVE}
        for gone in self._live.keys() - wanted.keys():
            del self._live[gone], self._made_of[gone]
        unusable = {}
        for channel_id, (view, desk) in wanted.items():
            made_of = (view, desk.timezone)
            if self._made_of.get(channel_id) == made_of:
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
                self._made_of[channel_id] = made_of
            except ConfigError as error:
                unusable[channel_id] = reason = _reason(view, error)
                if self.unusable.get(channel_id) != reason:
                    log.error("a channel can't be used: its alerts wait", channel=view.name, error=reason)
        self.unusable = unusable


def channel_spec(view: ChannelView, environ: Mapping[str, str]) -> ChannelSpec:
    """A channel with its secret. Raises ConfigError where that is missing."""
    settings = {key: value for key, value in view.settings.items() if key == "id"}
    env, file = view.settings.get("url_env"), view.settings.get("url_file")
    if env or file:
        settings["url"] = secret_from(environ, env=env, file=file)
    return ChannelSpec(name=view.name, kind=view.kind, settings=settings)


def view_of(name: str, channel: FileChannel) -> ChannelView:
    """A channel of the watch-list file, as if a desk had it."""
    settings = {key: value for key in ("url_env", "url_file", "id") if (value := getattr(channel, key)) is not None}
    return ChannelView(
        id=0, desk_id=0, name=name, kind=channel.kind, settings=settings, state=desks.ACTIVE, reason=None
    )


def why_unusable(view: ChannelView, environ: Mapping[str, str], *, bot: bool) -> str | None:
    """Why a channel can't be used in this environment; None: nothing is in its way, as far as is seen without sending.

    `bot`: whether there is one, for the channels that it posts to.
    """
    if view.kind == "discord" and not bot:
        return NO_BOT
    try:
        check_address(channel_spec(view, environ))
    except ConfigError as error:
        return _reason(view, error)
    return None


def _reason(view: ChannelView, error: ConfigError) -> str:
    return str(error).removeprefix(f"channel {view.name}: ")

"""The answer to `/status`: what is in trouble first, then what goes well. Pure."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from discord import Embed

from bot.answers.reply import card, said, when
from bot.answers.source import MARKS, state_in_words
from bot.cards.words import counted
from watchers.storage.desk_standing import DeskStanding
from watchers.storage.health import SourceHealth
from watchers.storage.names import DeskNames, NamedChannel

_SHOWN: Final = 5  # of the failing sources, the silent ones, the paused channels
_NAME: Final = 60
_STEP: Final = 1024


def status(
    desk: DeskNames,
    sources: Sequence[SourceHealth],
    standing: DeskStanding,
    *,
    guild: str,
    version: str,
    latency: float,
) -> Embed:
    """How a desk does. `latency` is Discord's, in seconds; NaN before it was measured."""
    failing = [source for source in sources if source.state == "failing" and source.silent_since is None]
    silent = [source for source in sources if source.silent_since is not None]
    resting = [channel for channel in desk.channels if channel.state != "active"]
    posting = desk.posting == "active"
    trouble = bool(failing or standing.dead or resting or not posting)
    return card(
        f"{said(desk.label or desk.name, _NAME)}: {'something needs you' if trouble else 'all is well'}",
        filter(
            None,
            (
                "" if posting else "⏸️ **Posting is paused**: alerts wait. Go on with `/desk resume-all`.",
                _asked(desk, sources),
                _last(standing, guild),
                _queue(standing),
                _dead(standing),
            ),
        ),
        fields=(
            (f"Failing sources ({len(failing)})", _sources(failing)),
            (f"Silent sources ({len(silent)})", _sources(silent)),
            (f"Paused channels ({len(resting)})", _listed(map(_channel, resting))),
        ),
        footer=f"Wiredesk {version} · database {in_bytes(standing.database_bytes)}{_latency(latency)}",
        tone="bad" if trouble else "good",
    )


def _asked(desk: DeskNames, sources: Sequence[SourceHealth]) -> str:
    last = max((source.polled_at for source in sources if source.polled_at), default=None)
    at_work = sum(watch.state == "active" for watch in desk.watches)
    rest = f", {len(desk.watches) - at_work} paused" if at_work < len(desk.watches) else ""
    return (
        f"**Watches** {at_work}{rest} · **Sources** {len(sources)}, last asked {when(last)}"
        if sources
        else f"**Watches** {at_work}{rest} · **Sources** none yet: follow one by `/source add`"
    )


def _last(standing: DeskStanding, guild: str) -> str:
    last = standing.last
    if last is None:
        return "**Last alert** none yet"
    where = f"<#{last.chat_id}>" if last.chat_id else said(last.channel, _NAME)
    post = ""
    if last.chat_id and last.message_id:
        post = f" · [post](https://discord.com/channels/{guild}/{last.chat_id}/{last.message_id})"
    return f"**Last alert** {when(last.at)} in {where}{post}"


def _queue(standing: DeskStanding) -> str:
    waiting = (
        f"{counted(standing.waiting, 'alert')}, the oldest {when(standing.oldest)}" if standing.waiting else "nothing"
    )
    planned = f" · {standing.planned} planned for a digest or after quiet hours" if standing.planned else ""
    return f"**Waiting to be posted** {waiting}{planned}"


def _dead(standing: DeskStanding) -> str:
    if not standing.dead:
        return ""
    refused = counted(standing.dead, "alert")
    return f"⚠️ **Refused for good** {refused}: ask your admin to see `wiredesk outbox list`"


def _sources(sources: Sequence[SourceHealth]) -> str:
    lines = [f"{MARKS[source.state]} **{said(source.name, _NAME)}** · {state_in_words(source)}" for source in sources]
    return _listed(lines)


def _channel(channel: NamedChannel) -> str:
    where = f"<#{channel.chat_id}>" if channel.chat_id else said(channel.name, _NAME)
    return f"⏸️ {where} · {said(channel.reason or 'paused', 200)}"


def _listed(lines: Iterable[str]) -> str:
    found = list(lines)
    more = [f"… and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return "\n".join([*found[:_SHOWN], *more])


def in_bytes(number: int) -> str:
    """A size in its largest unit."""
    size, units = float(number), ["bytes", "KB", "MB", "GB", "TB"]
    while size >= _STEP and len(units) > 1:
        size /= _STEP
        units.pop(0)
    return f"{size:.0f} {units[0]}" if units[0] == "bytes" else f"{size:.1f} {units[0]}"


def _latency(seconds: float) -> str:
    return f" · Discord {seconds * 1000:.0f} ms" if math.isfinite(seconds) else ""

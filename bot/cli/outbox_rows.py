"""A delivery as `wiredesk outbox` answers it: a JSON line, or a row that says in words what it waits for.

DeliveryView ─line→ keys and values; ─row→ cells of the table
"""

from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.cards.text import cut
from bot.cards.words import clock_time, counted
from bot.cli.output import rfc3339
from watchers.storage.delivery_list import DeliveryView, Waits

COLUMNS: Final = ("ref", "alert", "channel", "state", "why", "since")
_TITLE: Final = 60  # characters
_WAITS_FOR: Final[dict[Waits, str]] = {
    "left": "the bot, which was removed from the server",
    "posting": "/desk resume-all: the desk holds back all its alerts",
    "channel": "the channel, which is paused: wiredesk channel resume {channel}",
    "unusable": "the channel, which can't be used: {reason}",
    "quiet": "quiet hours until {until}",
    "hourly": "digest at {until}",
    "daily": "digest at {until}",
    "held": "digest with what came at the same time, once all of that is read",
    "retry": "next try at {until}",
    "behind": "{behind}, which stands before it: next try at {until}",
    "turn": "its turn: the desk sends it next, while it runs",
}


def line(delivery: DeliveryView) -> dict[str, Any]:
    """A delivery as its JSON line."""
    return {
        "alert": delivery.alert,
        "channel": delivery.channel,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "error": delivery.error,
        "at": rfc3339(delivery.at),
        "ref": delivery.ref,
        "title": delivery.title,
        "due": rfc3339(delivery.due),
        "waits_for": waits_for(delivery),
    }


def row(delivery: DeliveryView) -> list[object]:
    """A delivery in a table: few columns and short ones, so that a terminal has room for what they say.

    By its Ref; by its alert's key where it has none yet. Since when it is so, by the desk's clock.
    """
    tried = f", {counted(delivery.attempts, 'attempt')}" if delivery.attempts > 1 else ""
    waiting = waits_for(delivery)
    why = (delivery.error, None if waiting is None else f"waits for: {waiting}")
    return [
        delivery.ref or delivery.alert,
        cut(delivery.title, _TITLE),
        delivery.channel,
        delivery.state + tried,
        "; ".join(filter(None, why)),
        f"{delivery.at.astimezone(ZoneInfo(delivery.timezone)):%d %b %H:%M}",
    ]


def waits_for(delivery: DeliveryView) -> str | None:
    """What a delivery that waits is waiting for; None if it doesn't."""
    if delivery.waits_for is None:
        return None
    until = "" if delivery.until is None else clock_time(delivery.until, ZoneInfo(delivery.timezone))
    return _WAITS_FOR[delivery.waits_for].format(
        channel=delivery.channel, reason=delivery.reason, behind=delivery.behind, until=until
    )

"""How long a service asks to be left alone, as it says in an answer: its JSON is exact, its header whole seconds."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

DISCORD = "discord"  # the service, whether a bot or a webhook posts to it
OLD_POST_EDITED_TOO_OFTEN = 30046  # Discord's error: posts older than an hour may be edited but seldom
HOUR = 3600.0  # seconds
_LONGEST_WAIT = 24 * 3600.0  # seconds; what a service asks beyond that isn't believed


def asked_wait(reply: Mapping[str, object], headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from the JSON's `retry_after` or the header `Retry-After`; None: not said."""
    told = reply.get("retry_after")
    if isinstance(told, int | float) and not isinstance(told, bool):
        return _believed(float(told))
    header = headers.get("retry-after", "")
    try:
        return _believed(float(header))
    except ValueError:
        return _until(header, headers.get("date", ""))


def is_global(reply: Mapping[str, object], headers: Mapping[str, str]) -> bool:
    """Whether it holds for all that goes to the service, in Discord's words.

    https://discord.com/developers/docs/topics/rate-limits#header-format-rate-limit-header-examples
    """
    return (
        reply.get("global") is True
        or headers.get("x-ratelimit-global", "").casefold() == "true"
        or headers.get("x-ratelimit-scope", "").casefold() == "global"
    )


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

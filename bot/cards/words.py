"""The words that cards use for kinds of alerts, places and times. All of them, so that channels agree."""

from datetime import datetime, tzinfo

from bot.cards.model import Tone
from watchers.models import AlertKind, Field

LABELS: dict[AlertKind, str] = {
    AlertKind.STORY_NEW: "New story",
    AlertKind.STORY_UPDATE: "New facts",
    AlertKind.STORY_HOT: "Story spreading",
    AlertKind.ARTICLE_EDITED: "Article edited",
    AlertKind.ARTICLE_REMOVED: "Article removed",
    AlertKind.DOCUMENT_ADDED: "Document added",
    AlertKind.DOCUMENT_REMOVED: "Document removed",
    AlertKind.DOCUMENT_REPLACED: "Document replaced",
    AlertKind.POLICY_CHANGED: "Policy changed",
    AlertKind.POLICY_REMOVED: "Policy removed",
    AlertKind.POLICY_UNSTABLE: "Policy page unstable",
    AlertKind.SOURCE_FAILING: "Source failing",
    AlertKind.SOURCE_RECOVERED: "Source recovered",
    AlertKind.DESK_NOTICE: "Desk notice",
    AlertKind.DIGEST: "Digest",
}

TONES: dict[AlertKind, Tone] = {
    AlertKind.STORY_NEW: "news",
    AlertKind.STORY_UPDATE: "news",
    AlertKind.STORY_HOT: "news",
    AlertKind.ARTICLE_EDITED: "change",
    AlertKind.ARTICLE_REMOVED: "change",
    AlertKind.DOCUMENT_ADDED: "change",
    AlertKind.DOCUMENT_REMOVED: "change",
    AlertKind.DOCUMENT_REPLACED: "change",
    AlertKind.POLICY_CHANGED: "change",
    AlertKind.POLICY_REMOVED: "change",
    AlertKind.POLICY_UNSTABLE: "quiet",
    AlertKind.SOURCE_FAILING: "trouble",
    AlertKind.SOURCE_RECOVERED: "good",
    AlertKind.DESK_NOTICE: "quiet",
    AlertKind.DIGEST: "quiet",
}

UNNAMED_OUTLET = "unnamed outlet"
UNTITLED = "(untitled)"
MATCHED_WITHOUT_WORDS = "matched by outlet, language or exclusion alone"

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MONTHS = 60 * _DAY


def place(field: Field, paragraph: int | None) -> str:
    """Where in an article something stands."""
    if field == "title":
        return "headline"
    return f"paragraph {paragraph}" if paragraph is not None else "text"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """`number` with its noun."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def clock_time(moment: datetime, timezone: tzinfo) -> str:
    """`moment` in full, on a desk's own clock."""
    local = moment.astimezone(timezone)
    return f"{local.day} {local:%b} {local.year}, {local:%H:%M} {local.tzname() or 'UTC'}"


def distance(moment: datetime, now: datetime) -> str:
    """How long ago (or ahead) `moment` is, in its largest whole unit; the date, where nobody counts the days."""
    seconds = (now - moment).total_seconds()
    size = abs(seconds)
    if size < _MINUTE:
        return "just now"
    if size < _HOUR:
        words = counted(int(size // _MINUTE), "minute")
    elif size < _DAY:
        words = counted(int(size // _HOUR), "hour")
    elif size < _MONTHS:
        words = counted(int(size // _DAY), "day")
    else:
        return f"on {moment.day} {moment:%b %Y}"
    return f"{words} ago" if seconds > 0 else f"in {words}"

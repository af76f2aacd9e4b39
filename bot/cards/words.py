"""The words that cards use for kinds of alerts, places and times. All of them, so that channels agree."""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from bot.cards.model import Entry, Moment, Tone
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

STORIES = {AlertKind.STORY_NEW, AlertKind.STORY_UPDATE, AlertKind.STORY_HOT}

# Told in our own words, which may name the address of a source; a reporter's sentences stay as they are.
OWN_WORDS = {AlertKind.SOURCE_FAILING, AlertKind.SOURCE_RECOVERED, AlertKind.DESK_NOTICE}

UNNAMED_OUTLET = "unnamed outlet"
UNTITLED = "(untitled)"
MATCHED_WITHOUT_WORDS = "by outlet or language, not by words"
PAGE_WATCHED = "this page is watched"

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MONTHS = 60 * _DAY


def place(field: Field, paragraph: int | None) -> str:
    """Where in an article something stands."""
    if field == "title":
        return "headline"
    return f"paragraph {paragraph}" if paragraph is not None else "text"


def places(found: Sequence[tuple[Field, int | None]]) -> str:
    """Several places in an article, each once: “headline, paragraphs 2, 5”."""
    numbers = sorted({paragraph for field, paragraph in found if field == "text" and paragraph is not None})
    unnumbered = {place(*each) for each in found if None in each}
    noun = "paragraph" if len(numbers) == 1 else "paragraphs"
    return ", ".join([*sorted(unnumbered), *([f"{noun} {', '.join(map(str, numbers))}"] if numbers else [])])


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """`number` with its noun."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def clock_time(moment: datetime, timezone: tzinfo) -> str:
    """`moment` in full, on a desk's own clock."""
    local = moment.astimezone(timezone)
    return f"{local.day} {local:%b} {local.year}, {local:%H:%M} {local.tzname() or 'UTC'}"


def dated(moments: Sequence[Moment], show: Callable[[datetime], str]) -> str:
    """Times with their words, as `show` writes them: “changed between … and …”."""
    return " ".join(f"{moment.what} {show(moment.at)}".strip() for moment in moments)


def entry_facts(entry: Entry, show: Callable[[datetime], str]) -> list[str]:
    """What is said of a digest's entry beside its headline."""
    facts = [
        entry.label,
        entry.outlet,
        dated([entry.dated], show) if entry.dated else None,
        counted(entry.copies, "copy", "copies") if entry.copies else None,
        "also " + ", ".join(entry.also) if entry.also else None,
    ]
    return [fact for fact in facts if fact]


def lasting(seconds: float) -> str:
    """A duration in its largest whole unit."""
    if seconds < _MINUTE:
        return "less than a minute"
    if seconds < _HOUR:
        return counted(int(seconds // _MINUTE), "minute")
    if seconds < _DAY:
        return counted(int(seconds // _HOUR), "hour")
    return counted(int(seconds // _DAY), "day")


def distance(moment: datetime, now: datetime) -> str:
    """How long ago (or ahead) `moment` is; the date, where nobody counts the days."""
    seconds = (now - moment).total_seconds()
    if 0 <= seconds < _MINUTE:
        return "just now"
    if abs(seconds) >= _MONTHS:
        return f"on {moment.day} {moment:%b %Y}"
    return f"{lasting(seconds)} ago" if seconds > 0 else f"in {lasting(-seconds)}"


def capitalised(words: str) -> str:
    """Words of ours at the beginning of a line."""
    return words[:1].upper() + words[1:]


def sentence(words: str) -> str:
    """Words of ours as a sentence: with a capital letter and a full stop, where they have none."""
    first, _, _ = words.partition(" ")
    told = capitalised(words) if first.rstrip(":,").isalpha() else words  # an address keeps its letters
    return told + ("" if words.endswith((".", "!", "?", "…")) else ".")

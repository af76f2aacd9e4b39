"""Answers about sources: the list with their health, one source, what an address shows before it is followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from discord import Embed

from bot.answers.entity import FILE_MARK, FILE_NOTE
from bot.answers.links import address, titled
from bot.answers.reply import card, said, when
from bot.cards.words import counted
from bot.nouns import Line
from bot.source_trial import TITLE_FROM_SUMMARY, Heard
from config.durations import format_duration
from watchers.fetch.redact import redact_text
from watchers.models import Outcome, Parsed
from watchers.storage.health import Health, Shown, SourceHealth

NEWEST: Final = 5  # items of a preview
_NAMED: Final = 6  # watches on a line
_TITLE, _NAME, _ERROR = 120, 60, 200
MARKS: Final[dict[Health, str]] = {"ok": "🟢", "failing": "🔴", "new": "⚪", "paused": "⏸️"}
_KINDS: Final = {"feed": "a feed", "sitemap": "a sitemap", "page": "a page"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What an address shows now, and which of the desk's watches answer to it."""

    url: str
    parsed: Parsed
    heard: tuple[Heard, ...] = ()
    of_page: tuple[str, ...] = ()  # watches that a page's text answers


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────


def line(source: SourceHealth) -> Line:
    """A source in a list."""
    mark = f" {FILE_MARK}" if source.origin == "file" else ""
    return Line(
        id=source.id,
        text=f"{MARKS[source.state]} **{said(source.name, _NAME)}**{mark} · {state_in_words(source)}",
        label=source.name,
        hint=f"{source.state} · {source.title or source.kind}",
    )


def state_in_words(source: SourceHealth) -> str:
    """How a source does, and since when."""
    match source.state:
        case "paused":
            return said(source.reason or source.error or "paused", _ERROR)
        case "new":
            return "not asked yet"
        case "ok":
            return f"{source.kind}, asked {when(source.polled_at)}"
    if source.silent_since is not None:
        return f"silent: nothing new since {when(source.silent_since)}"
    since = f"failing since {when(source.failing_since)}" if source.failing_since else "failing"
    return f"{since}: {said(source.error or source.outcome, _ERROR)}"


def summary(sources: Sequence[SourceHealth]) -> str:
    """How many are how."""
    counts = {state: sum(source.state == state for source in sources) for state in MARKS}
    return " · ".join(f"{MARKS[state]} {number} {state}" for state, number in counts.items() if number)


# ── one source ───────────────────────────────────────────────────────────────────────────────────────────


def shown(source: SourceHealth, number: int, latest: Sequence[Shown], heard_by: Sequence[str]) -> Embed:
    """A source: what it is, how it does, what it showed last, who listens to it."""
    page = source.kind == "page"
    rhythm = f"every {format_duration(timedelta(seconds=source.every))}" if source.every else "as often as it has news"
    title = f", “{said(source.title, _TITLE)}”" if source.title else ""
    asked = f"last {when(source.polled_at)}" if source.polled_at else ""
    resting = source.state == "paused"
    due = f"next {when(source.next_at)}" if source.next_at else "" if resting else "next now"
    facts = [
        address(source.url),
        f"**Is** {_KINDS[source.kind]}{title}" if source.kind != "auto" else "",
        f"**State** {MARKS[source.state]} {'works' if source.state == 'ok' else state_in_words(source)}",
        f"**Asked** {' · '.join(filter(None, (rhythm, asked, due)))}",
        "" if page else f"**Read** {READ[source.read]}",
        f"**Tags** {', '.join(said(tag) for tag in source.tags)}" if source.tags else "",
        f"**Heard by** {named(heard_by) or 'no watch: none listens to its name or tags'}",
    ]
    newest = [
        f"- {when(each.at)}" if page else f"- {titled(each.title, each.url)} · {when(each.at)}" for each in latest
    ]
    things = counted(number, "version" if page else "item")
    head = ["", f"**{things} so far, the newest**"] if newest else []
    return card(
        said(source.name, _NAME),
        [*filter(None, facts), *head, *newest],
        footer=FILE_NOTE if source.origin == "file" else "",
        tone="bad" if source.state == "failing" else "plain",
    )


READ: Final = {
    "all": "each article on its own page",
    "matched": "articles that match already, on their own pages",
    "never": "only what the source itself says",
}


def named(watches: Sequence[str]) -> str:
    """Watches by name, not too many."""
    names = [said(name, _NAME) for name in watches[:_NAMED]]
    more = [f"{len(watches) - _NAMED} more"] if len(watches) > _NAMED else []
    return ", ".join([*names, *more])


# ── before it is followed ────────────────────────────────────────────────────────────────────────────────


def preview(name: str, trial: Trial, *, facts: str = "") -> Embed:
    """What would be followed under a name."""
    return card(
        f"Follow this as {said(name, _NAME)}?",
        [address(trial.url), *_found(trial), *([facts] if facts else [])],
        fields=_matches(trial),
        footer="Nothing is saved yet.",
        tone="ask",
    )


def tried(name: str, trial: Trial) -> Embed:
    """What a source shows at this moment."""
    works = trial.parsed.outcome is Outcome.OK
    return card(
        f"{said(name, _NAME)}, looked at just now",
        [address(trial.url), *_found(trial)],
        fields=_matches(trial),
        footer="Nothing was stored, and nobody was told.",
        tone="good" if works else "bad",
    )


def feeds_instead(url: str, feeds: Sequence[str]) -> Embed:
    """A web page that links to feeds: one of them is probably meant."""
    which = "1 feed: follow that" if len(feeds) == 1 else f"{len(feeds)} feeds: follow one of them"
    return card(
        "A web page, not a feed",
        [address(url), "", f"It links to {which}, or the page's own text.", *map(_item, feeds)],
        footer="Nothing is saved yet.",
        tone="ask",
    )


def _item(feed: str) -> str:
    return f"- {address(feed)}"


def _found(trial: Trial) -> list[str]:
    parsed = trial.parsed
    if parsed.outcome is not Outcome.OK:
        error = said(redact_text(parsed.error or parsed.outcome.value), _ERROR)
        return [f"🔴 It fails now: {error}", "It would be asked again later, less and less often."]
    title = f" · “{said(parsed.title, _TITLE)}”" if parsed.title else ""
    things = "" if parsed.kind == "page" else f" · {counted(parsed.entries, 'item')} now"
    loss = [f"⚠️ {said(parsed.degraded, _ERROR)}"] if parsed.degraded else []
    rows = [f"- {_shown_item(each)}" for each in trial.heard[:NEWEST]]
    newest = ["", "**The newest**", *rows] if rows else []
    return [f"🟢 {_KINDS[parsed.kind].capitalize()}{title}{things}", *loss, *newest]


def _matches(trial: Trial) -> list[tuple[str, str]]:
    parsed = trial.parsed
    if parsed.outcome is not Outcome.OK:
        return []
    if parsed.page is not None:
        start = said(parsed.page.text, 300)
        told = f"Its changes would be told by {named(trial.of_page)}" if trial.of_page else _NOTHING
        return [("Its text begins", start), ("Would match", told)]
    matching = [each for each in trial.heard if each.watches]
    names = list(dict.fromkeys(watch for each in matching for watch in each.watches))
    told = f"{len(matching)} of {len(trial.heard)}, by {named(names)}" if matching else _NOTHING
    return [("Would match, by their own words", told)]


_NOTHING: Final = "nothing at this moment: no watch of the desk asks for what it says"


def _shown_item(each: Heard) -> str:
    item = each.item
    title = item.title or item.summary[:TITLE_FROM_SUMMARY]
    moment = f" · {when(item.published)}" if item.published else ""
    return titled(title, item.url) + moment + (f" → **{named(each.watches)}**" if each.watches else "")

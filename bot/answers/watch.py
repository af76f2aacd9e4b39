"""Answers about watches: in a list, and one with its query, where it leads and what it brought."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from discord import Embed

from bot.answers.entity import FILE_MARK, FILE_NOTE
from bot.answers.reply import Reply, card, code, said, when
from bot.cards.text import clean, cut
from bot.cards.words import counted
from bot.nouns import Line
from watchers.storage.audit import Entry
from watchers.storage.brought import Brought, Leads
from watchers.storage.feedback import Dismissed
from watchers.storage.names import DeskNames, NamedChannel, NamedWatch

PAUSE_MARK = "⏸️"
_QUERY_IN_LIST = 110
QUERY_SHOWN = 1500  # characters; a longer query is told whole in a file
_LONGEST_TERM = 60
_TAGS_IN_LIST = 5
_DISMISSED = 8
_WHEN = {"now": "at once", "hourly": "once an hour", "daily": "once a day"}


def line(watch: NamedWatch) -> Line:
    """A watch in a list."""
    marks = "".join(f" {mark}" for mark, is_so in _marks(watch) if is_so)
    tags = "".join(f" #{said(tag, 40)}" for tag in watch.tags[:_TAGS_IN_LIST])
    pause = "" if watch.state == "active" else f" {_pause(watch)}"
    return Line(
        id=watch.id,
        text=f"- **{said(watch.name)}**{marks}{pause}{tags}\n  {code(cut(watch.query, _QUERY_IN_LIST))}",
        label=watch.name,
        hint=watch.query,
    )


def _marks(watch: NamedWatch) -> Iterable[tuple[str, bool]]:
    return (FILE_MARK, watch.origin == "file"), (PAUSE_MARK, watch.state != "active")


def _pause(watch: NamedWatch) -> str:
    if watch.paused_until is not None:
        return f"listens again {when(watch.paused_until)}"
    return said(watch.reason)


def shown(
    watch: NamedWatch,
    brought: Brought,
    dismissed: Sequence[Dismissed],
    desk: DeskNames,
    *,
    broken: str | None = None,
) -> Embed:
    """A watch with everything about it. `broken`: why its query can't be heard."""
    sources = said(", ".join(watch.sources), 400)
    state = f"**Listens** to {sources or 'all sources'}"
    if watch.state != "active":
        state = f"{PAUSE_MARK} **Paused** · {_pause(watch)}\n**Sources** {sources or 'all'}"
    if broken is not None:
        state = f"⚠️ **Can't be heard**: {said(broken)}"
    sent = [
        f"**Sent** {brought.week} in 7 days",
        f"{brought.month} in 30 days",
        f"the last {when(brought.last)}" if brought.last else "",
        f"{counted(brought.matches, 'article')} ever matched",
    ]
    facts = [
        state,
        f"**Tags** {said(', '.join(watch.tags))}" if watch.tags else "",
        " · ".join(filter(None, sent)),
    ]
    return card(
        said(watch.name),
        [code(cut(watch.query, QUERY_SHOWN)), *filter(None, facts)],
        fields=(("Goes to", _goes_to(brought, desk)), ("Dismissed", "\n".join(_dismissals(dismissed)))),
        footer=FILE_NOTE if watch.origin == "file" else "",
    )


def _goes_to(brought: Brought, desk: DeskNames) -> str:
    lines = [f"- {lead(each, desk)}" for each in brought.leads]
    return "\n".join(lines) or "nowhere: lead it to a channel by `/route set`"


def _dismissals(dismissed: Sequence[Dismissed]) -> list[str]:
    """By reason, how often each term brought what was dismissed."""
    lines = []
    for reason in dict.fromkeys(each.reason for each in dismissed):
        terms = [each for each in dismissed if each.reason == reason]
        lines.append(f"- {reason}: {counted_terms(terms[:_DISMISSED])}")
        if len(terms) > _DISMISSED:
            lines[-1] += f" and {len(terms) - _DISMISSED} more"
    return lines


def counted_terms(terms: Iterable[Dismissed]) -> str:
    """Terms with how often each brought what was dismissed."""
    return ", ".join(
        f"{code(cut(clean(each.term), _LONGEST_TERM)) if each.term else 'without a word'} ×{each.count}"
        for each in terms
    )


def lead(each: Leads, desk: DeskNames) -> str:
    """A route in words, from where it leads on."""
    of_tag = f" · by the tag {said(each.tag)}" if each.tag is not None else ""
    return f"{channel(each.channel_id, desk)} {manner(each.when, each.mention, each.quiet)}{of_tag}"


def channel(channel_id: int, desk: DeskNames) -> str:
    """A channel of the desk as people know it."""
    row = next((row for row in desk.channels if row.id == channel_id), None)
    return "a channel that is gone" if row is None else place(row)


def place(row: NamedChannel) -> str:
    """A channel of the desk as people know it; marked where it takes no alerts."""
    name = f"<#{row.chat_id}>" if row.chat_id is not None else f"**{said(row.name)}** ({row.kind})"
    return name if row.state == "active" else f"{name} {PAUSE_MARK} ({said(row.reason, 120) or 'paused'})"


def manner(at: str, mention: str | None, quiet: str | None) -> str:
    """When a route tells, and whom it calls."""
    parts = [_WHEN[at], f"calls <@&{mention}>" if mention else "", f"quiet {quiet}" if quiet else ""]
    return ", ".join(filter(None, parts))


def undone(taken: Entry, shown: Reply | None) -> Reply:
    """What was taken back. `shown`: the watch as it is now, None where it is gone."""
    name = said(taken.name)
    if taken.before is None:
        now = [f"The watch **{name}** is removed again."]
    elif taken.after is None:
        now = [f"The watch **{name}** is there again, and listens from now on."]
    else:
        now = [
            f"- {_KEYS[key]}: {_value(key, taken.after[key])} → {_value(key, taken.before[key])}"
            for key in _KEYS
            if taken.before[key] != taken.after[key]
        ]
    body = [f"**{taken.act}** of **{name}** by {said(taken.actor.name)}, {when(taken.at)}", *now]
    return Reply(embed=card("Taken back", body, tone="good"), view=None if shown is None else shown.view)


_KEYS = {
    "query": "query",
    "tags": "tags",
    "sources": "sources",
    "origin": "read-only in the file",
    "state": "state",
    "paused_until": "paused until",
    "routes": "leads to",
}


def _value(key: str, value: Any) -> str:
    match key:
        case "query":
            return code(cut(value, _QUERY_IN_LIST))
        case "origin":
            return "yes" if value == "file" else "no"
        case "routes":
            return ", ".join(f"{said(each['channel'])} {_WHEN[each['when']]}" for each in value) or "nowhere"
        case "paused_until":
            return when(datetime.fromisoformat(value), "f") if value else "—"
        case "tags" | "sources":
            return said(", ".join(value or ()), 200) or "none"
        case _:
            return said(str(value))

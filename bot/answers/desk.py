"""Answers about the desk itself: what it is set to, what to do next, what was done at it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from discord import Embed

from bot.answers.reply import Reply, card, done, said, text_file, when
from bot.cards.words import counted
from bot.nouns import Line
from watchers.storage.audit import Entry
from watchers.storage.exporting import Shared
from watchers.storage.guilds import Made

_NEXT: Final = (
    "`/source add` follow a feed, a site or a page\n"
    "`/watch add` say what to look for\n"
    "`/desk import` or bring both in a file: a watch list, OPML or CSV"
)
_OF_FILE: Final = {"admin_channel": "channel", "timezone": "time zone"}
_IN_SHORT, _IN_FULL = 60, 400  # units of a value
_COLUMNS_IN_SHORT = 2
_TOLD_BY_STATE: Final = ("reason", "paused_until")  # in short; one act shows them


def set_up(made: Made, *, channel: int, role: int, lacking: Sequence[str], empty: bool) -> Reply:
    """What `/desk setup` came to, and what to do next."""
    own = "admin_channel" not in made.of_file
    shown = f"<#{channel}>" if own else f"`{made.admin_channel}`, as the watch-list file says"
    kept = " and ".join(_OF_FILE[key] for key in sorted(made.of_file))
    fields = [
        ("Alerts and notices", shown),
        ("Editors", f"<@&{role}>, and who manages the server"),
        ("Time zone", f"{made.timezone}, for digests and quiet hours"),
    ]
    if kept:
        fields.append(("Kept", f"The {kept}: the watch-list file states it. Change it there."))
    if lacking:
        needed = ", ".join(f"**{name}**" for name in lacking)
        fields.append(("Not ready", f"In <#{channel}> Wiredesk lacks {needed}. Allow it in the channel's settings."))
    if empty:
        fields.append(("Next", _NEXT))
    title = "This server is a desk now" if made.new else "The desk's settings are changed"
    return Reply(embed=card(title, fields=fields, tone="ask" if lacking else "good"))


def exported(text: str, shared: Shared) -> Reply:
    """The watch list as a file."""
    told = shared.watchlist
    body = [
        " · ".join(
            (
                counted(len(told.watches), "watch", "watches"),
                counted(len(told.entities), "entity", "entities"),
                counted(len(told.sources), "source"),
                counted(len(told.channels), "channel"),
            )
        )
    ]
    if shared.secret_sources:
        body.append(
            f"Left out: {shared.secret_sources} sources whose address holds a secret. The admin has them: "
            "`wiredesk export`."
        )
    if shared.lost_watches:
        names = ", ".join(said(name) for name in shared.lost_watches)
        body.append(f"Left out with them: watches that ask only those ({names}).")
    return Reply(embed=card("The desk's watch list", body), file=text_file("watchlist.yaml", text))


def posting(*, active: bool) -> Reply:
    """Alerts wait, or go out again."""
    if active:
        return done("Alerts go out again.", "What waited is posted now.")
    return done("All alerts wait.", "`/desk resume-all` lets them go. Sources are still read: nothing is lost.")


# ── what was done ────────────────────────────────────────────────────────────────────────────────────────


def line(entry: Entry) -> Line:
    """An act in a list."""
    what = f"**{said(entry.act)}** {said(_subject(entry), 80)}".rstrip()
    return Line(
        id=entry.id,
        text=f"- {when(entry.at)} {said(entry.actor.name, 40)}: {what} · {_in_short(entry)}",
        label=f"{entry.act} {_subject(entry)}".strip(),
        hint=f"{entry.actor.name}, {entry.at:%d %b %H:%M} UTC",
    )


def shown(entry: Entry) -> Embed:
    """An act with the row before and after it."""
    body = [f"By {said(entry.actor.name)} (<@{entry.actor.id}>), {when(entry.at, 'f')}."]
    if entry.refused is not None:
        body.append(f"Refused: {said(entry.refused, _IN_FULL)}.")
    if entry.undoes is not None:
        body.append(f"Takes back the act with the number {entry.undoes}.")
    changed = [
        f"**{key.replace('_', ' ').capitalize()}** {_change(entry, *values)}" for key, *values in _changed(entry)
    ]
    what = (
        "" if entry.refused is not None or not changed else f"**{_HEADS[entry.before is None, entry.after is None]}**"
    )
    return card(
        f"{said(entry.act)} {said(_subject(entry), 100)}",
        [*body, *([""] if what else []), *filter(None, [what]), *changed],
        footer=f"Act {entry.id}",
    )


_HEADS: Final = {
    (True, False): "Added",
    (False, True): "Removed; it was",
    (False, False): "Before → after",
    (True, True): "",
}


def _change(entry: Entry, before: Any, after: Any) -> str:
    """What a column was and is; of a row that wasn't there before, or isn't any more, only the one."""
    if entry.before is None or entry.after is None:
        return _value(after if entry.before is None else before, _IN_FULL)
    return f"{_value(before, _IN_FULL)} → {_value(after, _IN_FULL)}"


def _subject(entry: Entry) -> str:
    """What was acted on, with its noun where the act doesn't name it."""
    return entry.name if entry.noun in entry.act.split() else f"{entry.noun} {entry.name}".rstrip()


def _in_short(entry: Entry) -> str:
    if entry.refused is not None:
        return f"refused: {said(entry.refused, 120)}"
    if entry.before is None:
        return "added" if entry.after is not None else "done"
    if entry.after is None:
        return "removed"
    changed = [each for each in _changed(entry) if each[0] not in _TOLD_BY_STATE] or _changed(entry)
    parts = [f"{key}: {_value(before, _IN_SHORT)} → {_value(after, _IN_SHORT)}" for key, before, after in changed]
    more = len(parts) - _COLUMNS_IN_SHORT
    return "; ".join(parts[:_COLUMNS_IN_SHORT]) + (f" and {more} more" if more > 0 else "")


def _changed(entry: Entry) -> list[tuple[str, Any, Any]]:
    """The columns that differ, with what they were and are."""
    before: Mapping[str, Any] = entry.before or {}
    after: Mapping[str, Any] = entry.after or {}
    keys = dict.fromkeys((*before, *after))
    return [(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]


def _value(value: Any, limit: int) -> str:
    if value is None or value in ([], "", {}):
        return "nothing"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = ", ".join(value)
    return said(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), limit)

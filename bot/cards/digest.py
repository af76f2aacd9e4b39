"""A digest's members as entries under their watches, its headline, and all of it as a file.

members ─same story or page once─▶ entries ─by first watch, or kind─▶ groups, the largest first ─▶ headline, file
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

from bot.cards.carriers import other_outlets
from bot.cards.changes import happened
from bot.cards.links import outlet_of, shown_link
from bot.cards.model import Attachment, Entry, EntryGroup, Moment
from bot.cards.text import cut, fitted
from bot.cards.words import LABELS, OWN_WORDS, STORIES, UNTITLED, clock_time, counted, entry_facts
from watchers.models import Alert, AlertKind

_HEADLINE, _NAME = 300, 100  # characters
_GROUPS_NAMED, _GROUP_NAME = 3, 40  # in the headline


def entry_groups(members: Sequence[Alert]) -> tuple[EntryGroup, ...]:
    """Members by their first watch, or their kind where there is none; large groups and new entries first."""
    by_name: dict[str, list[Entry]] = {}
    for alerts in _by_subject(members):
        told = _as_one(alerts)
        name = fitted(told.watches[0], _NAME) if told.watches else None
        by_name.setdefault(name or LABELS[told.kind], []).append(
            _entry(told, labelled=name is not None, times=len(alerts))
        )
    groups = [EntryGroup(name=name, entries=tuple(sorted(entries, key=_age))) for name, entries in by_name.items()]
    return tuple(sorted(groups, key=lambda group: -len(group.entries)))


def digest_headline(title: str | None, members: Sequence[Alert], groups: Sequence[EntryGroup]) -> str:
    """What a digest holds, for those who see its first line only; a title that only counts gives way."""
    held = counted(sum(len(group.entries) for group in groups), "alert")
    lead = held if title is None or title == counted(len(members), "alert") else title
    named = [f"{cut(group.name, _GROUP_NAME)} {len(group.entries)}" for group in groups[:_GROUPS_NAMED]]
    more = [f"{len(groups) - _GROUPS_NAMED} more"] if len(groups) > _GROUPS_NAMED else []
    told = cut(groups[0].name, _GROUP_NAME) if len(groups) == 1 else ", ".join(named + more)
    return cut(f"{lead}: {told}", _HEADLINE)


def digest_file(groups: Sequence[EntryGroup]) -> Attachment:
    """Every entry of a digest, with all that the card says of it. Times are in UTC: a file has no reader's clock."""
    return Attachment("digest.txt", "\n\n".join(map(_plain, groups)) + "\n")


def _by_subject(members: Sequence[Alert]) -> list[list[Alert]]:
    """Members that tell of one story, or the same thing of one page, together."""
    subjects: dict[tuple[str | None, ...], list[Alert]] = {}
    for member in members:
        subject: tuple[str | None, ...] = (member.key,)
        if member.kind in STORIES and member.story:
            subject = ("story", member.story)
        elif member.kind not in STORIES and member.url:
            subject = (member.kind.value, member.url)
        subjects.setdefault(subject, []).append(member)
    return list(subjects.values())


def _as_one(alerts: Sequence[Alert]) -> Alert:
    """A story as it was told first, a page as it was told last; with the watches of all."""
    told = alerts[0] if alerts[0].kind in STORIES else alerts[-1]
    watches = dict.fromkeys(watch for alert in alerts for watch in alert.watches)
    return replace(told, watches=tuple(watches), copies=max((alert.copies for alert in alerts), key=len))


def _entry(told: Alert, *, labelled: bool, times: int) -> Entry:
    label = happened(told) if labelled and told.kind is not AlertKind.STORY_NEW else None
    if times > 1 and told.kind not in STORIES:
        label = f"{LABELS[told.kind]} {times} times"
    link = shown_link(told.url)
    return Entry(
        headline=fitted(told.title, _HEADLINE) or UNTITLED,
        label=label,
        link=link,
        outlet=outlet_of(told.outlet, told.url) if told.kind not in OWN_WORDS else None,
        dated=_dated(told),
        also=tuple(name for watch in told.watches[1:] if (name := fitted(watch, _NAME))),
        copies=len(other_outlets(told)),
    )


def _dated(told: Alert) -> Moment | None:
    """When it was published; of a page, when its change was seen, of a source, when its trouble began."""
    happened_at = told.published or (told.until if told.changes else told.since)
    if happened_at:
        return Moment("", happened_at)
    return Moment("first seen", told.first_seen) if told.first_seen else None


def _age(entry: Entry) -> float:
    """For the newest first, and those without a date last; what is as old stays as it came."""
    return -entry.dated.at.timestamp() if entry.dated and not entry.dated.what else 0.0


def _plain(group: EntryGroup) -> str:
    lines = [f"{group.name} ({len(group.entries)})"]
    for entry in group.entries:
        facts = entry_facts(entry, lambda moment: clock_time(moment, UTC))
        lines.append("- " + " · ".join((entry.headline, *facts)))
        if entry.link:
            lines.append(f"  {entry.link.text}")
    return "\n".join(lines)

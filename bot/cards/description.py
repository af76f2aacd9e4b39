"""The main part of a Discord message: what is told, what changed, or what a digest holds.

Each is shown within a budget that a phone can bear; the caller attaches the whole as a file where it passes that.
"""

from collections.abc import Sequence

from bot.cards.markdown import address, escaped, exactly, joined, linked, marked, small, when
from bot.cards.model import Card, ChangedParagraph, Entry, EntryGroup
from bot.cards.text import escape, units
from bot.cards.words import capitalised, counted, dated

_CHANGES, _CHANGED, _LONGEST_CHANGE = 5, 1500, 500  # paragraphs and units: what anyone reads in a chat
_ENTRIES = 12
_ENTRY_HEADLINE, _ENTRY_LINK, _ALSO = 240, 800, 120
_BETWEEN = 2  # units


def description_of(card: Card, limit: int) -> tuple[str, bool]:
    """The main part within `limit` units, and whether all of it is there."""
    lead = [marked(line, limit // 3) for line in card.summary]
    times = [f"{moment.what} {when(moment.at)}" for moment in card.moments]
    if any(moment.what for moment in card.dated):  # what was published then has it beside its outlet
        times.insert(0, dated(card.dated, exactly if len(card.dated) > 1 else when))
    if times:
        lead.append(capitalised(" · ".join(times)))
    notes = [small(escaped(card.note, limit // 3))] if card.note else []
    if not card.changes and not card.groups:
        return joined([*lead, *notes], limit, "\n")
    told = "\n".join([*lead, *notes])
    room = limit - units(told) - _BETWEEN
    if room < limit // 2:  # what changed matters more than what is said about it
        told, room = "", limit
    rest, whole = _changes(card, room) if card.changes else _entries(card, room)
    return (f"{told}\n\n{rest}" if told else rest), whole


# ── what changed ─────────────────────────────────────────────────────────────────────────────────────────


def _changes(card: Card, room: int) -> tuple[str, bool]:
    limit = min(room, _CHANGED)
    longest = limit if len(card.changes) == 1 else _LONGEST_CHANGE
    blocks = [_change(change, longest) for change in card.changes[:_CHANGES]]
    while units("\n\n".join(blocks)) > limit:
        blocks.pop()
    left_off = len(card.changes) - len(blocks)
    whole = not left_off and blocks == [_change(change, 2 * limit) for change in card.changes]
    if not whole:
        blocks.append(small(f"… and {left_off} more in change.txt" if left_off else "All of it is in change.txt"))
    return "\n\n".join(blocks), whole


def _change(change: ChangedParagraph, limit: int) -> str:
    heading = f"**{escaped(change.heading, limit // 3)}**\n" if change.heading else ""
    return heading + marked(change.text, limit - units(heading))


# ── digests ──────────────────────────────────────────────────────────────────────────────────────────────


def _entries(card: Card, limit: int) -> tuple[str, bool]:
    """The digest's groups with as many entries as fit, none of them passed over for a larger one."""
    held = sum(len(group.entries) for group in card.groups)
    for shown in range(min(held, _ENTRIES), 0, -1):
        lines = _lines(card.groups, shown)
        if shown < held:
            lines.append(small(f"… and {held - shown} more in digest.txt"))
        text = "\n".join(lines)
        if units(text) <= limit:
            return text, shown == held
    return small(f"{counted(held, 'alert')} in digest.txt"), False


def _lines(groups: Sequence[EntryGroup], shown: int) -> list[str]:
    lines = []
    for group, share in zip(groups, _shares([len(group.entries) for group in groups], shown), strict=True):
        if share:
            lines.append(f"**{escape(group.name)}** ({len(group.entries)})")
            lines += [f"- {_entry(entry)}" for entry in group.entries[:share]]
    return lines


def _shares(sizes: Sequence[int], shown: int) -> list[int]:
    """How many entries each group may show: one each in turn, until all are given away."""
    shares = [0] * len(sizes)
    while shown:
        for position, size in enumerate(sizes):
            if shown and shares[position] < size:
                shares[position] += 1
                shown -= 1
    return shares


def _entry(entry: Entry) -> str:
    link = entry.link if entry.link and len(entry.link.text) <= _ENTRY_LINK else None
    parts = [linked(entry.headline, link, _ENTRY_HEADLINE)]
    parts += [escape(part) for part in (entry.label, entry.outlet) if part]
    if entry.dated:
        parts.append(dated([entry.dated], when))
    if entry.copies:
        parts.append(counted(entry.copies, "copy", "copies"))
    if entry.also:
        parts.append("also " + escaped(", ".join(entry.also), _ALSO))
    if link and not link.clickable:
        parts.append(address(link))
    return " · ".join(parts)

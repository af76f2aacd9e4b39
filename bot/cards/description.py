"""The main part of a Discord message: what is told, what changed, or what a digest holds.

What changed is shown within a budget that a phone can bear, a digest as far as there is room. The caller attaches the
whole as a file where something is left off; where no file can go along, that budget falls and no file is spoken of.
"""

from bisect import bisect_right
from collections.abc import Sequence

from bot.cards.markdown import address, escaped, exactly, joined, linked, marked, small, when
from bot.cards.model import Card, ChangedParagraph, Entry, EntryGroup
from bot.cards.text import escape, units
from bot.cards.words import capitalised, counted, dated

_CHANGES, _CHANGED, _LONGEST_CHANGE = 5, 1500, 500  # paragraphs and units: what anyone reads in a chat
_ENTRY_HEADLINE, _ENTRY_LINK, _ALSO = 240, 800, 120
_SHORTEST_ENTRY = 4  # units: its dash, a letter, its line end
_BETWEEN = 2  # units
_LEFT_OFF = 26  # units: room for a blank line and “-# … and 9999 more”


def description_of(card: Card, limit: int, *, with_file: bool) -> tuple[str, bool]:
    """The main part within `limit` units, and whether all of it is there. `with_file`: the rest can go along."""
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
    shown = _changes if card.changes else _entries
    rest, whole = shown(card, room, with_file=with_file)
    return (f"{told}\n\n{rest}" if told else rest), whole


# ── what changed ─────────────────────────────────────────────────────────────────────────────────────────


def _changes(card: Card, room: int, *, with_file: bool) -> tuple[str, bool]:
    if with_file:
        most, limit, longest = _CHANGES, min(room, _CHANGED), _LONGEST_CHANGE
    else:
        most, limit = room // _BETWEEN, room - _LEFT_OFF
        longest = max(_LONGEST_CHANGE, limit // len(card.changes) - _BETWEEN)
    if len(card.changes) == 1:
        longest = limit
    blocks: list[str] = []
    limit_left = limit
    for change in card.changes[:most]:
        block = _change(change, longest)
        limit_left = limit_left - units(block) - (_BETWEEN if blocks else 0)
        if limit_left < 0:
            break
        blocks.append(block)
    left_off = len(card.changes) - len(blocks)
    whole = not left_off and blocks == [_change(change, 2 * limit) for change in card.changes]
    if not whole:
        file = " in change.txt" if with_file else ""
        all_of_it = "All of it is in change.txt" if with_file else "Shortened"
        blocks.append(small(f"… and {left_off} more{file}" if left_off else all_of_it))
    return "\n\n".join(blocks), whole


def _change(change: ChangedParagraph, limit: int) -> str:
    heading = f"**{escaped(change.heading, limit // 3)}**\n" if change.heading else ""
    return heading + marked(change.text, limit - units(heading))


# ── digests ──────────────────────────────────────────────────────────────────────────────────────────────


def _entries(card: Card, limit: int, *, with_file: bool) -> tuple[str, bool]:
    """The digest's groups with as many entries as fit, none of them passed over for a larger one."""
    held = sum(len(group.entries) for group in card.groups)
    most = limit // _SHORTEST_ENTRY
    lines = [[f"- {_entry(entry)}" for entry in group.entries[:most]] for group in card.groups]
    file = " in digest.txt" if with_file else ""

    def told(shown: int) -> str:
        return "\n".join(_lines(card.groups, lines, shown) + ([_more(held - shown, file)] if shown < held else []))

    if held <= most and units(whole := told(held)) <= limit:
        return whole, True
    fitting = bisect_right(range(1, min(held - 1, most) + 1), limit, key=lambda shown: units(told(shown)))
    return (told(fitting) if fitting else small(f"{counted(held, 'alert')}{file}")), False


def _more(left_off: int, file: str) -> str:
    return small(f"… and {left_off} more{file}")


def _lines(groups: Sequence[EntryGroup], entries: Sequence[Sequence[str]], shown: int) -> list[str]:
    lines = []
    shares = _shares([len(group.entries) for group in groups], shown)
    for group, of_group, share in zip(groups, entries, shares, strict=True):
        if share:
            lines += [f"**{escape(group.name)}** ({len(group.entries)})", *of_group[:share]]
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

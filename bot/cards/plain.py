"""A card as plain text, for services whose markup we don't know: a title and a body.

It reads well as it is and as Markdown alike: matched and new words stand between `**`, old ones between `~~`.
Mentions and masked links of strangers are parted by an unseen blank, since some services act on them.
"""

from datetime import datetime, tzinfo

from bot.cards.model import Card, EarlierStory, Entry
from bot.cards.spans import marked_text
from bot.cards.text import neutralise
from bot.cards.words import clock_time, counted, dated, entry_facts

_COPIES_NAMED = 10


def title_of(card: Card) -> str:
    """The headline, after what happened where that isn't simply a new story."""
    return neutralise(card.headline if card.first else f"{card.label}: {card.headline}")


def body_of(card: Card, timezone: tzinfo) -> str:
    """Everything below the headline, with times on the desk's clock."""
    facts = [card.outlet and neutralise(card.outlet), dated(card.dated, lambda moment: clock_time(moment, timezone))]
    head = [card.demo, " · ".join(fact for fact in facts if fact), card.link and neutralise(card.link.text)]
    told = [marked_text(line, neutralise) for line in card.summary]
    told += [f"{moment.what}: {clock_time(moment.at, timezone)}" for moment in card.moments]
    sections = [
        "\n".join(line for line in head if line),
        "\n".join(told),
        "\n\n".join(
            "\n".join(filter(None, (neutralise(change.heading or ""), marked_text(change.text, neutralise))))
            for change in card.changes
        ),
        "\n".join(line for group in card.groups for line in _group(group.name, group.entries, timezone)),
        _why(card),
        _carriers(card, timezone),
        _earlier(card.earlier, timezone),
        f"Note: {neutralise(card.note)}" if card.note else "",
        card.footer,
    ]
    return "\n\n".join(section for section in sections if section)


def _when(moment: datetime | None, timezone: tzinfo) -> str | None:
    return clock_time(moment, timezone) if moment else None


def _group(name: str, entries: tuple[Entry, ...], timezone: tzinfo) -> list[str]:
    lines = [f"{neutralise(name)} ({len(entries)})"]
    for entry in entries:
        facts = entry_facts(entry, lambda moment: clock_time(moment, timezone))
        lines.append("- " + " · ".join(map(neutralise, (entry.headline, *facts))))
        if entry.link:
            lines.append(f"  {neutralise(entry.link.text)}")
    return lines


def _why(card: Card) -> str:
    lines = [f"- {neutralise(line.watch)}: {marked_text(line.found, neutralise)}" for line in card.why]
    if card.why_left_off:
        lines.append(f"- and {card.why_left_off} more")
    return "\n".join(["Why:", *lines]) if lines else ""


def _carriers(card: Card, timezone: tzinfo) -> str:
    first, copies = card.first, card.copies
    if first is None or (first.own and not copies):
        return ""
    since = _when(first.published, timezone)
    lines = [f"First: {neutralise(first.outlet)}" + (f" ({since})" if since else "")]
    if first.link and not first.own:
        lines.append(neutralise(first.link.text))
    if copies:
        named = ", ".join(neutralise(copy.outlet) for copy in copies[:_COPIES_NAMED])
        more = f" and {len(copies) - _COPIES_NAMED} more" if len(copies) > _COPIES_NAMED else ""
        lines.append(f"{counted(len(copies), 'copy', 'copies')}: {named}{more}")
    return "\n".join(lines)


def _earlier(story: EarlierStory | None, timezone: tzinfo) -> str:
    if story is None:
        return ""
    facts = [story.headline, story.outlet, _when(story.published, timezone)]
    told = "Earlier: " + " · ".join(neutralise(fact) for fact in facts if fact)
    return told + (f"\n{neutralise(story.link.text)}" if story.link else "")

"""The terminal as a channel: a card in at most 100 columns, readable with colours and without.

Foreign words reach Rich only as `Text`, never as markup, and cards hold no terminal codes (`text.clean`). Where the
console has no colours, marked words stand between the same signs as in plain text.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.cards import Card, card_for
from bot.cards.model import Carrier, Entry, EntryGroup, Line, Moment, Style, Tone
from bot.cards.spans import marked_text
from bot.cards.words import clock_time, dated, distance, entry_facts
from watchers.models import Outgoing, Retry, SendResult, Sent

_WIDEST = 100
_COPIES_NAMED = 6

_STYLES: dict[Style, str] = {
    "plain": "",
    "match": "bold black on yellow",
    "removed": "red strike",
    "added": "bold green",
}
_TONES: dict[Tone, str] = {
    "news": "bold blue",
    "change": "bold yellow",
    "trouble": "bold red",
    "good": "bold green",
    "quiet": "bold",
}


class TerminalChannel:
    """Prints cards to a console that the caller chose (standard output, or standard error beside `--json`)."""

    service = "terminal"
    pace: tuple[tuple[int, float], ...] = ()  # a terminal takes whatever comes
    ready = True

    def __init__(self, name: str, *, console: Console, clock: Callable[[], datetime], timezone: tzinfo) -> None:
        self.name = name
        self._console = console
        self._clock = clock
        self._timezone = timezone

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Print the card. A console that can't be written to is tried again later."""
        console = self._console
        drawn = draw(
            card_for(outgoing), now=self._clock(), timezone=self._timezone, coloured=console.color_system is not None
        )
        try:
            console.print(drawn, width=min(console.width, _WIDEST))
        except OSError as error:
            return Retry(f"terminal: {error.strerror or error}")
        return Sent()


def draw(card: Card, *, now: datetime, timezone: tzinfo, coloured: bool) -> RenderableType:
    """`card` as lines for a terminal, `coloured` or marked with signs instead."""
    heading = " · ".join(part for part in (card.label, card.demo) if part)
    parts: list[RenderableType] = [
        Rule(Text(heading, _TONES[card.tone]), align="left", style="dim"),
        Text(card.headline, "bold"),
    ]
    facts = [card.outlet, _dated(card.dated, now, timezone)]
    if told := " · ".join(fact for fact in facts if fact):
        parts.append(Text(told, "dim"))
    if card.link:
        parts.append(_link(card.link.text, card.link.clickable))
    parts += [_indented(block) for block in _prose(card, coloured)]
    parts += [_indented(_change(change.heading, change.text, coloured)) for change in card.changes]
    parts += [_indented(_entries(group, now)) for group in card.groups]
    parts.append(_indented(_facts(card, now, timezone, coloured)))
    return Group(*parts, Text())


def _when(moment: datetime | None, now: datetime, timezone: tzinfo) -> str:
    return f"{clock_time(moment, timezone)} ({distance(moment, now)})" if moment else ""


def _dated(moments: Sequence[Moment], now: datetime, timezone: tzinfo) -> str:
    """Times with their words, and how long ago the last of them was."""
    told = dated(moments, lambda moment: clock_time(moment, timezone))
    return f"{told} ({distance(moments[-1].at, now)})" if moments else ""


def _link(text: str, clickable: bool) -> Text:
    """An address, whole on its line or folded, never shortened; terminals that can make it clickable whole."""
    return Text(text, f"cyan link {text}" if clickable else "dim", overflow="fold")


def _indented(part: RenderableType) -> Padding:
    return Padding(part, (1, 0, 0, 2), expand=False)


def _prose(card: Card, coloured: bool) -> Iterator[Text]:
    if card.summary:
        yield Text("\n").join(_styled(line, coloured) for line in card.summary)


def _styled(line: Line, coloured: bool) -> Text:
    if not coloured:
        return Text(marked_text(line))
    return Text.assemble(*((span.text, _STYLES[span.style]) for span in line))


def _change(heading: str | None, text: Line, coloured: bool) -> Text:
    styled = _styled(text, coloured)
    return Text("\n").join([Text(heading, "underline"), styled]) if heading else styled


def _entries(group: EntryGroup, now: datetime) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(overflow="fold")
    table.title = Text(f"{group.name} ({len(group.entries)})", "bold")
    table.title_justify = "left"
    for entry in group.entries:
        table.add_row("•", _entry(entry, now))
    return table


def _entry(entry: Entry, now: datetime) -> Text:
    lines = [Text(entry.headline)]
    if told := " · ".join(entry_facts(entry, lambda moment: distance(moment, now))):
        lines.append(Text(told, "dim"))
    if entry.link:
        lines.append(_link(entry.link.text, entry.link.clickable))
    return Text("\n").join(lines)


def _facts(card: Card, now: datetime, timezone: tzinfo, coloured: bool) -> Table:
    """The rows below the text: times, why it matched, who carries it, our note, and the reference."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for moment in card.moments:
        table.add_row(moment.what, Text(_when(moment.at, now, timezone)))
    for position, line in enumerate(card.why):
        found = _styled(line.found, coloured)
        table.add_row("Why" if position == 0 else "", Text.assemble((f"{line.watch}: ", "dim"), found))
    if card.why_left_off:
        table.add_row("", Text(f"and {card.why_left_off} more", "dim"))
    if card.first and (card.copies or not card.first.own):
        table.add_row("First", _first(card.first, now, timezone))
    if card.copies:
        table.add_row("Copies", _copies(card.copies))
    if card.earlier:
        facts = [card.earlier.headline, card.earlier.outlet, _when(card.earlier.published, now, timezone)]
        table.add_row("Earlier", Text(" · ".join(fact for fact in facts if fact)))
    if card.note:
        table.add_row("Note", Text(card.note))
    table.add_row("Ref", Text(card.footer.removeprefix("ref "), "dim"))
    return table


def _first(first: Carrier, now: datetime, timezone: tzinfo) -> Text:
    """Who had it first, since when, and where, unless that is the card's own address."""
    since = _when(first.published, now, timezone)
    told = Text(first.outlet + (f" · {since}" if since else ""))
    if first.own or first.link is None:
        return told
    return Text("\n").join([told, _link(first.link.text, first.link.clickable)])


def _copies(copies: Sequence[Carrier]) -> Text:
    named = ", ".join(copy.outlet for copy in copies[:_COPIES_NAMED])
    more = f" and {len(copies) - _COPIES_NAMED} more" if len(copies) > _COPIES_NAMED else ""
    return Text(f"{len(copies)}: {named}{more}")

"""What changed on a page: as marked paragraphs, in a word where a number changed, and whole, as a file.

Change… ─redlines─▶ marked paragraphs, shortened around what changed
        ─happened─▶ “Policy changed: 30 → 90 days”, where a number changed
        ─change_file─▶ every paragraph whole, [-old-] and {+new+}
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Final

from bot.cards.links import outlet_of, shown_link
from bot.cards.model import Attachment, ChangedParagraph, Line, Moment, Span, Style
from bot.cards.spans import merge, shorten
from bot.cards.text import clean, fitted
from bot.cards.words import LABELS, capitalised, clock_time, dated
from watchers.models import Alert, Change, Piece

_HEADING: Final = 300  # characters
_FACTS: Final = 2
_AROUND_CHANGE: Final = 160  # characters of unchanged text kept on each side of what changed

_STYLES: Final[dict[str, Style]] = {"same": "plain", "removed": "removed", "added": "added"}
_PLAIN_MARKS: Final[dict[Style, tuple[str, str]]] = {
    "plain": ("", ""),
    "match": ("", ""),
    "removed": ("[-", "-]"),
    "added": ("{+", "+}"),
}
_NUMBER: Final = re.compile(r"\d{1,9}(?:[.,]\d{1,9}){0,4}")
_WITHIN_NUMBER: Final = re.compile(r"[\d.,:/-]$")  # what ends so may go on: 1,|000
_UNIT: Final = re.compile(
    r"\s*((?:(?:business|calendar|working)\s+)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b"
    r"|per\s?cent\b|%|[€£¥₹]|(?:euros?|dollars?|pounds?)\b)",
    re.IGNORECASE,
)
_CURRENCY: Final = re.compile(r"(?:\b[A-Z]{1,3})?[$€£¥₹]\s?$")
# What may follow on an amount of money: the word that makes it larger, or anything that doesn't go on with the number.
_AFTER_MONEY: Final = re.compile(r"\s?(thousand|million|billion|trillion)\b|(?![\w/–-]|[.,:]\d|\s[–-])", re.IGNORECASE)


def redlines(changes: Sequence[Change]) -> tuple[ChangedParagraph, ...]:
    """The changed paragraphs with old and new words marked; a heading stands over the first of those under it."""
    above = (None, *(change.heading for change in changes))
    return tuple(
        ChangedParagraph(
            heading=fitted(change.heading, _HEADING) if change.heading != before else None,
            text=shorten(_redline(change), _AROUND_CHANGE),
        )
        for before, change in zip(above, changes, strict=False)
    )


def happened(alert: Alert) -> str:
    """The kind of an alert in two words, with the first numbers that gave way to others, if they have a unit."""
    facts = list(dict.fromkeys(fact for change in alert.changes for fact in _numbers(change.pieces)))
    return f"{LABELS[alert.kind]}: {', '.join(facts[:_FACTS])}" if facts else LABELS[alert.kind]


def change_file(alert: Alert, moments: Sequence[Moment]) -> Attachment:
    """Every changed paragraph of an alert, whole, under what the card says of the page. Times are in UTC."""
    link = shown_link(alert.url)
    when = dated(moments, lambda moment: clock_time(moment, UTC))
    facts = [outlet_of(alert.outlet, alert.url), capitalised(when), link.text if link else None]
    about = "\n".join(fact for fact in (clean(alert.title), *facts) if fact)
    head = [about, "Old words: [-…-]  New words: {+…+}"]
    return Attachment("change.txt", "\n\n".join([*head, *map(_plain, alert.changes)]) + "\n")


def _redline(change: Change) -> Line:
    """The pieces of `change`, each clean but still parted from its neighbours by the blanks it had."""
    spans: list[Span] = []
    for piece in change.pieces:
        text = clean(piece.text)
        if text and spans and "plain" not in {spans[-1].style, _STYLES[piece.op]}:
            spans.append(Span(" "))  # an old word and the new one in its place would read as one
        before = " " if piece.text[:1].isspace() else ""
        after = " " if text and piece.text[-1:].isspace() else ""
        spans.append(Span(before + text + after, _STYLES[piece.op]))
    return merge(tuple(spans))


def _numbers(pieces: Sequence[Piece]) -> Iterator[str]:
    """“30 → 90 days”, “$1,000 → $2,000”: each old number with a new one in its place, with its unit or currency."""
    ops = [piece.op for piece in pieces]
    for at in range(len(pieces) - 1):
        if ops[at : at + 2] != ["removed", "added"]:
            continue
        old, new = pieces[at].text.strip(), pieces[at + 1].text.strip()
        before, after = pieces[at - 1].text if at else "", "".join(piece.text for piece in pieces[at + 2 : at + 3])
        if not (_NUMBER.fullmatch(old) and _NUMBER.fullmatch(new)) or _WITHIN_NUMBER.search(before):
            continue
        currency, amount = _CURRENCY.search(before), _AFTER_MONEY.match(after)
        if currency and amount:
            sign = clean(currency[0])
            yield f"{sign}{old} → {sign}{new}{f' {amount[1]}' if amount[1] else ''}"
        elif unit := _UNIT.match(after):
            gap = "" if unit[1] == "%" else " "
            yield f"{old} → {new}{gap}{clean(unit[1])}"


def _plain(change: Change) -> str:
    text = ""
    for span in _redline(change):
        opening, closing = _PLAIN_MARKS[span.style]
        core = span.text.strip()
        text += span.text.replace(core, f"{opening}{core}{closing}") if core else span.text
    heading = clean(change.heading or "")
    return f"{heading}\n{text}" if heading else text

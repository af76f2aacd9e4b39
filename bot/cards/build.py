"""A delivery becomes a card: pure, and the same for every channel and every kind of alert.

    Outgoing ─clean every text─▶ ─group evidence by sentence─▶ ─who was first─▶ ─mark what changed─▶ Card

There is one way for all kinds: an alert that brings changes gets them shown, one with members is a digest, and so
on. Only the words (words.py) depend on the kind.
"""

from urllib.parse import urlsplit

from bot.cards.links import shown_link
from bot.cards.model import Attachment, Card, Carrier, ChangedParagraph, Entry, EntryGroup, Line, Span, Style, WhyLine
from bot.cards.spans import mark, marked_text, merge, shorten
from bot.cards.text import clean, cut
from bot.cards.words import LABELS, MATCHED_WITHOUT_WORDS, TONES, UNNAMED_OUTLET, UNTITLED, counted, place
from watchers.fetch.redact import redact_text
from watchers.models import Alert, AlertKind, Change, Outgoing, Teller, Why

_HEADLINE, _NAME, _SENTENCE, _NOTE = 300, 100, 1000, 1000  # characters; the longest that anyone reads
_MARKED, _WORDS = 4000, 300  # characters of a sentence searched for words to mark, and of such words
_WHY_LINES = 4
_AROUND_MATCH = 110  # characters of a sentence kept on each side of its matched words
_AROUND_CHANGE = 160

_CARRIED = {AlertKind.STORY_NEW, AlertKind.STORY_UPDATE, AlertKind.STORY_HOT}
_TOLD = _CARRIED | {AlertKind.ARTICLE_EDITED, AlertKind.ARTICLE_REMOVED}
# Told in our own words, which may name the address of a source; a reporter's sentences stay as they are.
_OWN_WORDS = {AlertKind.SOURCE_FAILING, AlertKind.SOURCE_RECOVERED, AlertKind.DESK_NOTICE}

_CHANGE_STYLES: dict[str, Style] = {"same": "plain", "removed": "removed", "added": "added"}


def card_for(outgoing: Outgoing) -> Card:
    """The card of a delivery."""
    alert = outgoing.alert
    why, left_off = _why_lines(alert.why, alert.watches)
    groups = _groups(alert.members)
    image = shown_link(alert.image)
    own = redact_text if alert.kind in _OWN_WORDS else str
    return Card(
        kind=alert.kind,
        label=LABELS[alert.kind],
        tone=TONES[alert.kind],
        headline=_headline(alert),
        link=shown_link(alert.url),
        outlet=_text(alert.outlet, _NAME),
        published=alert.published,
        summary=tuple(sentence for told in alert.summary if (sentence := _text(own(told), _SENTENCE))),
        why=why,
        why_left_off=left_off,
        carriers=_carriers(alert) if alert.kind in _CARRIED else (),
        changes=tuple(
            ChangedParagraph(heading=_text(change.heading, _HEADLINE), text=shorten(_redline(change), _AROUND_CHANGE))
            for change in alert.changes
        ),
        groups=groups,
        note=_text(own(alert.note or ""), _NOTE),
        demo=_demo_note(alert) if alert.demo else None,
        image=image.text if image and image.clickable else None,
        reference=clean(outgoing.reference),
        resent=outgoing.resent,
        mentions=outgoing.mentions,
        attachment=_attachment(alert, groups),
    )


def _text(told: str | None, limit: int) -> str | None:
    """`told`, clean and within `limit`; None if nothing is left to show."""
    # Cleaning can shorten a text, but a stranger's megabytes are not worth the time to find out by how much.
    return cut(clean((told or "")[: limit * 20]), limit) or None


def _headline(alert: Alert) -> str:
    own = redact_text if alert.kind in _OWN_WORDS else str
    if title := _text(own(alert.title), _HEADLINE):
        return title
    return counted(len(alert.members), "alert") if alert.members else UNTITLED


def _demo_note(alert: Alert) -> str:
    if alert.kind is AlertKind.DIGEST:
        return "Demo: invented stories"
    return "Demo: invented story" if alert.kind in _TOLD else "Demo: invented"


# ── why ──────────────────────────────────────────────────────────────────────────────────────────────────


def _why_lines(evidence: tuple[Why, ...], watches: tuple[str, ...]) -> tuple[tuple[WhyLine, ...], int]:
    """One line a sentence, whatever number of words and watches it answers; and how many more there are."""
    by_sentence: dict[tuple[str, str], list[Why]] = {}
    for why in evidence:
        where = place(why.field, why.paragraph)
        sentence = _text(why.sentence, _MARKED) or _text(why.text, _WORDS) or ""
        by_sentence.setdefault((where, sentence), []).append(why)
    lines = [_why_line(sentence, where, found) for (where, sentence), found in by_sentence.items()]
    told = {why.watch for why in evidence}
    wordless = tuple(cut(clean(watch), _NAME) for watch in watches if watch not in told)
    if wordless:
        lines.append(WhyLine(sentence=(), place=MATCHED_WITHOUT_WORDS, watches=wordless))
    return tuple(lines[:_WHY_LINES]), max(0, len(lines) - _WHY_LINES)


def _why_line(sentence: str, where: str, evidence: list[Why]) -> WhyLine:
    words = tuple(dict.fromkeys(_text(why.text, _WORDS) or "" for why in evidence))
    return WhyLine(
        sentence=shorten(mark(sentence, words), _AROUND_MATCH),
        place=where,
        watches=tuple(dict.fromkeys(cut(clean(why.watch), _NAME) for why in evidence)),
    )


# ── who carries it ───────────────────────────────────────────────────────────────────────────────────────


def _carriers(alert: Alert) -> tuple[Carrier, ...]:
    """Everyone who carries the story in order of arrival, but whoever says to have published first in front."""
    own = Teller(outlet=alert.outlet, url=alert.url, published=alert.published)
    tellers = [own, *alert.copies]
    if alert.published is not None:
        first = min(
            (published, position) for position, teller in enumerate(tellers) if (published := teller.published)
        )[1]
        tellers.insert(0, tellers.pop(first))
    return tuple(_carrier(teller) for teller in tellers)


def _carrier(teller: Teller) -> Carrier:
    link = shown_link(teller.url)
    host = urlsplit(link.text).hostname if link and link.clickable else None
    return Carrier(outlet=_text(teller.outlet, _NAME) or host or UNNAMED_OUTLET, link=link, published=teller.published)


# ── what changed ─────────────────────────────────────────────────────────────────────────────────────────


def _redline(change: Change) -> Line:
    """The pieces of `change`, each clean but still parted from its neighbours by the blanks it had."""
    spans: list[Span] = []
    for piece in change.pieces:
        text = clean(piece.text)
        if text and spans and "plain" not in {spans[-1].style, _CHANGE_STYLES[piece.op]}:
            spans.append(Span(" "))  # an old word and the new one in its place would read as one
        before = " " if piece.text[:1].isspace() else ""
        after = " " if text and piece.text[-1:].isspace() else ""
        spans.append(Span(before + text + after, _CHANGE_STYLES[piece.op]))
    return merge(tuple(spans))


# ── digests ──────────────────────────────────────────────────────────────────────────────────────────────


def _groups(members: tuple[Alert, ...]) -> tuple[EntryGroup, ...]:
    """Members under their first watch, or under their kind where no watch brought them; the largest group first."""
    by_name: dict[str, list[Entry]] = {}
    for member in members:
        name = _text(member.watches[0], _NAME) if member.watches else None
        by_name.setdefault(name or LABELS[member.kind], []).append(_entry(member, labelled=name is not None))
    groups = [EntryGroup(name=name, entries=tuple(entries)) for name, entries in by_name.items()]
    return tuple(sorted(groups, key=lambda group: -len(group.entries)))


def _entry(member: Alert, *, labelled: bool) -> Entry:
    return Entry(
        headline=_headline(member),
        label=LABELS[member.kind] if labelled and member.kind is not AlertKind.STORY_NEW else None,
        link=shown_link(member.url),
        outlet=_text(member.outlet, _NAME),
        published=member.published,
        also=tuple(cut(clean(watch), _NAME) for watch in member.watches[1:]),
        copies=len(member.copies),
    )


# ── the whole, as a file ─────────────────────────────────────────────────────────────────────────────────


def _attachment(alert: Alert, groups: tuple[EntryGroup, ...]) -> Attachment | None:
    if alert.changes:
        return Attachment("change.txt", "\n\n".join(_plain_change(change) for change in alert.changes) + "\n")
    if groups:
        return Attachment("digest.txt", "\n\n".join(_plain_group(group) for group in groups) + "\n")
    return None


def _plain_change(change: Change) -> str:
    heading = clean(change.heading or "")
    text = marked_text(_redline(change))
    return f"{heading}\n{text}" if heading else text


def _plain_group(group: EntryGroup) -> str:
    lines = [f"{group.name} ({len(group.entries)})"]
    for entry in group.entries:
        facts = [entry.headline, entry.label, entry.outlet, entry.link.text if entry.link else None]
        lines.append("- " + " · ".join(fact for fact in facts if fact))
    return "\n".join(lines)

"""A delivery becomes a card: pure, and the same for every channel and every kind of alert.

    Outgoing ─clean every text─▶ ─mark what matched (why)─▶ ─who was first─▶ ─what changed (changes)─▶ Card
                                                            members ─digest─▶

There is one way for all kinds: an alert that brings changes gets them shown, one with members is a digest, and so
on. Only the words (words.py) depend on the kind, and that sources and notices are told in our own.
"""

import re

from bot.cards.carriers import carriers
from bot.cards.changes import change_file, happened, redlines
from bot.cards.digest import digest_file, digest_headline, entry_groups
from bot.cards.links import outlet_of, shown_link
from bot.cards.model import Attachment, Card, EarlierStory, EntryGroup, Line, Moment, Span
from bot.cards.text import clean, fitted
from bot.cards.why import marked_summary, why_lines
from bot.cards.words import OWN_WORDS, STORIES, TONES, UNTITLED, counted, lasting, sentence
from watchers.fetch.redact import redact_text
from watchers.models import Alert, AlertKind, Outgoing

_HEADLINE, _NAME, _SENTENCE, _NOTE = 300, 100, 1000, 1000  # characters; the longest that anyone reads

_TOLD = STORIES | {AlertKind.ARTICLE_EDITED, AlertKind.ARTICLE_REMOVED}

_NOTICE = re.compile(r"(?P<what>.{1,120}?)(?:: |\. )(?P<details>\S.*)")


def card_for(outgoing: Outgoing) -> Card:
    """The card of a delivery."""
    alert = outgoing.alert
    own = alert.kind in OWN_WORDS
    groups = entry_groups(alert.members)
    headline, details = _headline(alert, groups)
    summary = _own_sentences(alert, details) if own else _sentences(alert)
    why, left_off = why_lines(alert, summary)
    link, image = shown_link(alert.url), shown_link(alert.image)
    note = fitted(alert.note, _NOTE)
    first, copies = carriers(alert) if alert.kind in STORIES else (None, ())
    return Card(
        kind=alert.kind,
        label=happened(alert),
        tone=TONES[alert.kind],
        headline=headline,
        link=link,
        outlet=None if own else outlet_of(alert.outlet, alert.url),
        dated=_dated(alert),
        summary=summary,
        moments=_moments(alert),
        why=why,
        why_left_off=left_off,
        first=first,
        copies=copies,
        earlier=_earlier(alert),
        changes=redlines(alert.changes),
        groups=groups,
        note=sentence(note) if note and not own else None,
        demo=_demo_note(alert) if alert.demo else None,
        image=image.text if image and image.clickable else None,
        reference=clean(outgoing.reference),
        resent=outgoing.resent,
        mentions=outgoing.mentions,
        attachment=_attachment(alert, groups),
    )


def _earlier(alert: Alert) -> EarlierStory | None:
    """The related known story, by its headline or, where it has none, its address."""
    if alert.earlier is None:
        return None
    link = shown_link(alert.earlier.url)
    return EarlierStory(
        headline=fitted(alert.earlier.title, _HEADLINE) or (link.text if link else UNTITLED),
        link=link,
        outlet=fitted(alert.earlier.outlet, _NAME),
        published=alert.earlier.published,
    )


def _headline(alert: Alert, groups: tuple[EntryGroup, ...]) -> tuple[str, tuple[str, ...]]:
    """The headline, and what of a notice's text goes below it."""
    if groups:
        return digest_headline(fitted(alert.title, _HEADLINE), alert.members, groups), ()
    if alert.kind in OWN_WORDS:
        what, details = _parted(alert.title)
        return fitted(_in_own_words(what), _HEADLINE) or UNTITLED, details
    return fitted(alert.title, _HEADLINE) or UNTITLED, ()


def _parted(text: str) -> tuple[str, tuple[str, ...]]:
    """A notice as what is the matter, and the details; several notices as the first, and all of them."""
    first, *others = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    found = _NOTICE.fullmatch(first)
    what = found["what"] if found else first
    if others:
        return f"{what.removesuffix('.')}, and {counted(len(others), 'more thing')}", (first, *others)
    return what, (found["details"],) if found else ()


def _sentences(alert: Alert) -> tuple[Line, ...]:
    told = [kept for each in alert.summary if (kept := fitted(each, _SENTENCE))]
    return marked_summary(told, alert.why)


def _own_sentences(alert: Alert, details: tuple[str, ...]) -> tuple[Line, ...]:
    """All that is said of a source or by the desk itself, as sentences."""
    told = [*details, *alert.summary, alert.note or ""]
    if alert.since and alert.until:
        told.append(f"It was away for {lasting((alert.until - alert.since).total_seconds())}")
    kept = (fitted(_in_own_words(each), _SENTENCE) for each in told)
    return tuple((Span(sentence(each)),) for each in kept if each)


def _in_own_words(text: str) -> str:
    return redact_text(text).replace("`", "")


def _dated(alert: Alert) -> tuple[Moment, ...]:
    """When it was published, or seen at least; of a changed page, within which time it changed."""
    if alert.published:
        return (Moment("", alert.published),)
    if alert.changes and alert.until:
        if alert.since and alert.since < alert.until:
            return Moment("changed between", alert.since), Moment("and", alert.until)
        return (Moment("change first seen", alert.until),)
    return (Moment("no date; first seen", alert.first_seen),) if alert.first_seen else ()


def _moments(alert: Alert) -> tuple[Moment, ...]:
    began = alert.since if alert.until is None else None
    told = (("Began", began), ("Next try", alert.next_try))
    return tuple(Moment(what, at) for what, at in told if at)


def _demo_note(alert: Alert) -> str:
    if alert.kind is AlertKind.DIGEST:
        return "Demo: invented stories"
    return "Demo: invented story" if alert.kind in _TOLD else "Demo: invented"


def _attachment(alert: Alert, groups: tuple[EntryGroup, ...]) -> Attachment | None:
    if alert.changes:
        return change_file(alert, _dated(alert))
    return digest_file(groups) if groups else None

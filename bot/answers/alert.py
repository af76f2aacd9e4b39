"""Answers about alerts: why one was sent, what a digest holds, what an editor's judgement of one came to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from discord import Embed

from bot.answers.links import titled
from bot.answers.reply import card, code, said, when
from bot.answers.watch import counted_terms
from bot.cards.links import outlet_of
from bot.cards.spans import cut_marked, mark, shorten
from bot.cards.text import clean, cut, escape
from bot.cards.words import LABELS, MATCHED_WITHOUT_WORDS, OWN_WORDS, counted, place
from watchers.models import Alert, AlertKind, Why
from watchers.storage.alerts import Went
from watchers.storage.feedback import Dismissed, Muted, Reason
from watchers.storage.outbox import COLLECTED, DEAD, SENT, SUPERSEDED

WATCHES: Final = 4  # told with query and words: each is a field, and an embed holds 6,000 characters
_SENTENCES: Final = 3
_QUERY, _SENTENCE, _AROUND = 300, 200, 70  # characters
_MEMBERS: Final = 15
_TERMS: Final = 6  # of a watch, counted
_LONGEST: Final = 4000  # characters of a sentence searched for words

_STATES: Final = {
    SENT: "sent",
    COLLECTED: "waits for its digest",
    SUPERSEDED: "taken back before it was sent",
    DEAD: "not taken by the channel",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchToday:
    """A watch that brought an alert, as it is now. `query` None: it is gone; `note` is safe markdown."""

    name: str
    query: str | None
    note: str | None


def why(
    alert: Alert,
    watches: Sequence[WatchToday],
    further: Sequence[str],
    also: Sequence[str],
    elsewhere: Sequence[str],
) -> Embed:
    """Why an alert was sent: by watch the query and the words it found (at most `WATCHES` of them, then only names).

    `also` are watches that matched it without telling it, `elsewhere` lines on where else it went.
    """
    fields = [(f"Watch {said(watch.name, 100)}", "\n".join(_watch(alert, watch))) for watch in watches]
    fields.append(("Further watches", said(", ".join(further), 400)))
    fields.append(("Matched as well", said(", ".join(also), 400)))
    fields.append(("Also sent to", "\n".join(elsewhere[:5])))
    return card("Why this alert?", headline(alert), fields=fields)


def headline(alert: Alert) -> str:
    """What an alert tells, in a line: headline, outlet, when, where to read it."""
    parts = [f"**{titled(alert.title, alert.url, 200)}**"]
    if alert.kind is not AlertKind.STORY_NEW:
        parts.append(LABELS[alert.kind])
    if alert.kind not in OWN_WORDS and (outlet := outlet_of(alert.outlet, alert.url)):
        parts.append(said(outlet, 80))
    if at := alert.published or alert.first_seen:
        parts.append(when(at))
    return " · ".join(parts)


def _watch(alert: Alert, watch: WatchToday) -> Iterable[str]:
    if watch.query is not None:
        yield code(cut(clean(watch.query), _QUERY))
    if watch.note is not None:
        yield watch.note
    by_sentence: dict[tuple[str, str], list[Why]] = {}
    for found in alert.why:
        if found.watch == watch.name:
            where = place(found.field, found.paragraph)
            by_sentence.setdefault((where, clean(found.sentence[:_LONGEST])), []).append(found)
    if not by_sentence:
        yield f"_{MATCHED_WITHOUT_WORDS}_"
    for (where, sentence), words in list(by_sentence.items())[:_SENTENCES]:
        marked = shorten(mark(sentence, tuple(dict.fromkeys(clean(word.text) for word in words))), _AROUND)
        yield f"“{cut_marked(marked, _SENTENCE, escape)}” ({where})"
    if len(by_sentence) > _SENTENCES:
        yield f"… and {counted(len(by_sentence) - _SENTENCES, 'sentence')} more"


def went(places: Iterable[Went], guild: str, here: str | None) -> list[str]:
    """Where else an alert was sent, a line a channel, with the post; `here` is the message that is asked about."""
    lines = []
    for each in places:
        if here is not None and each.message_id == here:
            continue
        named = f"<#{each.chat_id}>" if each.chat_id else said(each.channel, 100)
        told = f"{_STATES.get(each.state, 'on its way')} {when(each.at)}"
        if each.chat_id and each.message_id:
            told = f"[post](https://discord.com/channels/{guild}/{each.chat_id}/{each.message_id}) · {when(each.at)}"
        lines.append(f"{named} · {told}")
    return lines


def members(alert: Alert) -> Embed:
    """What a digest holds, and by which watches."""
    lines = [f"- {headline(member)}{_for(member.watches)}" for member in alert.members]
    if len(lines) > _MEMBERS:
        lines[_MEMBERS:] = [f"… and {len(lines) - _MEMBERS} more: they are in the digest"]
    return card(f"This digest holds {counted(len(alert.members), 'alert')}", lines)


def _for(watches: Sequence[str]) -> str:
    return f" · for {said(', '.join(watches), 100)}" if watches else ""


def own_notice(alert: Alert) -> Embed:
    """An alert that no watch brought."""
    return card(
        "Why this alert?",
        [headline(alert), "", "This is Wiredesk's own notice to the desk's admin channel: no watch brought it."],
    )


# ── judgements ───────────────────────────────────────────────────────────────────────────────────────────


def ask_reason(alert: Alert) -> Embed:
    """The question why an alert is not relevant."""
    return card("Not relevant: why?", headline(alert), footer="Counted for its watches: see /watch show", tone="ask")


def counted_as(reason: Reason, counts: Sequence[tuple[str, Sequence[Dismissed]]]) -> Embed:
    """It was counted: for each watch, how often each of its terms brought what was dismissed so."""
    lines = []
    for watch, found in counts:
        terms = [each for each in found if each.reason is reason]
        lines.append(f"- **{said(watch, 100)}**: {counted_terms(terms[:_TERMS])}")
    return card(
        f"Counted as {reason.value}",
        ["So far, by watch and term:", *lines],
        footer="Press Not relevant again to give another reason",
        tone="good",
    )


def ask_watch(alert: Alert) -> Embed:
    """The question for which watch a source is to be mute."""
    return card("Mute its source for which watch?", headline(alert), tone="ask")


def muted(mute: Muted) -> Embed:
    """A watch doesn't hear some sources for a while."""
    return card(
        f"{_names(mute.sources)} muted for {said(mute.watch, 60)}",
        f"Until {when(mute.until, 'f')} ({when(mute.until)}). Other watches hear {_it(mute.sources)} as before.",
        tone="good",
    )


def unmuted(mute: Muted) -> Embed:
    """The watch hears them again."""
    return card(f"{said(mute.watch, 60)} hears {_names(mute.sources)} again", tone="good")


def _names(sources: Sequence[str]) -> str:
    return said(", ".join(sources), 160)


def _it(sources: Sequence[str]) -> str:
    return "it" if len(sources) == 1 else "them"


def made_known(alert: Alert, *, new: bool) -> Embed:
    """The desk knows an alert's story now, or did."""
    return card(
        "Known from now on" if new else "This story was known already",
        [
            headline(alert),
            "",
            KNOWN_NOW,
        ],
        tone="good",
    )


KNOWN_NOW: Final = "Copies and excerpts of it that come later are recorded and not told. What was posted stays."


def which_link(links: Sequence[str]) -> Embed:
    """The question which of a message's links is meant."""
    return card(f"This message has {len(links)} links", "Choose the one that you mean.", tone="ask")

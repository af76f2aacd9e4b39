"""From what was decided to what is told: an article and its matches → the alert, with summary and evidence. Pure."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from watchers.models import Alert, AlertKind, Earlier, Evidence, Match, Reading, Why
from watchers.stories.sentences import sentences
from watchers.stories.summary import sentence_around, summarise

WHY_A_WATCH = 6  # pieces of evidence told for one watch
_FIRST_SENTENCE_WITHIN = 10_000  # characters of a text; what is longer is no headline, and dear to split


def story_key(story_id: int) -> str:
    """The alert key under which a channel is told of a story, once."""
    return f"{AlertKind.STORY_NEW.value}:{story_id}"


def story_alert(
    story_id: int,
    reading: Reading,
    matches: Sequence[tuple[str, Match]],
    *,
    first_seen: datetime,
    earlier: Earlier | None = None,
    summary_limit: int,
    demo: bool,
) -> Alert:
    """The alert that opens a story at a channel. `matches` are (watch name, match), in the order of the watch list."""
    in_text = [
        (evidence.start, evidence.end)
        for _, match in matches
        for evidence in match.evidence
        if evidence.field == "text"
    ]
    return Alert(
        key=story_key(story_id),
        kind=AlertKind.STORY_NEW,
        title=headline(reading),
        url=reading.url,
        outlet=reading.outlet,
        published=reading.published,
        first_seen=first_seen,
        story=str(story_id),
        watches=tuple(name for name, _ in matches),
        summary=summarise(reading.text, in_text, limit=summary_limit, title=reading.title),
        why=tuple(why for name, match in matches for why in reasons(name, match, reading)),
        earlier=earlier,
        image=reading.image,
        language=reading.language,
        note=_note(reading),
        demo=demo,
    )


def headline(reading: Reading) -> str:
    """The title, or the first sentence of a text that has none, or its address."""
    if reading.title:
        return reading.title
    first = next(iter(sentences(reading.text[:_FIRST_SENTENCE_WITHIN])), None)
    return " ".join(reading.text[first.start : first.end].split()) if first else (reading.url or "Untitled")


def reasons(watch: str, match: Match, reading: Reading) -> tuple[Why, ...]:
    """A watch's evidence with the sentences around it: each term once before any term again."""
    first: list[Evidence] = []
    again: list[Evidence] = []
    seen: set[str] = set()
    for evidence in match.evidence:
        (again if evidence.term in seen else first).append(evidence)
        seen.add(evidence.term)
    return tuple(_why(watch, evidence, reading) for evidence in islice((*first, *again), WHY_A_WATCH))


def _why(watch: str, evidence: Evidence, reading: Reading) -> Why:
    source = reading.title if evidence.field == "title" else reading.text
    return Why(
        watch=watch,
        term=evidence.term,
        field=evidence.field,
        paragraph=evidence.paragraph,
        text=evidence.text,
        sentence=source if evidence.field == "title" else sentence_around(source, evidence.start, evidence.end),
    )


def _note(reading: Reading) -> str | None:
    if not reading.partial:
        return None
    return f"This is the feed's own summary: the page could not be read{f', {reading.error}' if reading.error else ''}."

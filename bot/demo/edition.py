"""The day's edition: every carrier of every story as one item, and what each item says at a moment.

    Settings + stories + corpus ─compose→ Edition ─shown(outlet, moment)→ DemoItem… as published by then

Composing is plain: a copy is the text with the carrier's own closing line, an excerpt its first two paragraphs with
another. Each item keeps its label (`event`, `role`) and the item that it was taken from.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import cache
from typing import Literal

from bot.demo.data import (
    Correction,
    KnownStory,
    Outlet,
    Policy,
    Settings,
    Story,
    read_corpus,
    read_settings,
    read_stories,
)

Role = Literal["report", "copy", "excerpt", "known", "other"]
_Part = Literal["report", "copy", "excerpt"]  # what a carrier took of a story

_EXCERPT_PARAGRAPHS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoItem:
    """One article of one outlet, labelled with what it is."""

    event: str
    role: Role
    outlet: Outlet
    headline: str
    byline: str
    published: datetime
    updated: datetime  # later than `published` once it has been corrected
    summary: str
    text: str
    path: str  # on the server, from the root
    source: str | None = None  # of a copy or an excerpt: the path of the item it was taken from
    locked: bool = False
    correction: Correction | None = None

    @property
    def paragraphs(self) -> list[str]:
        """The text as the reader sees it."""
        return self.text.split("\n\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The whole invented day. `items` are in order of publication, as first published."""

    settings: Settings
    items: tuple[DemoItem, ...]

    @property
    def hours(self) -> tuple[datetime, ...]:
        """The moments at which the day is looked at."""
        return tuple(self.moment(hour) for hour in self.settings.hours)

    def moment(self, clock: time) -> datetime:
        """A time of the invented day."""
        return datetime.combine(self.settings.day, clock, UTC)

    def shown(self, outlet: Outlet, moment: datetime) -> list[DemoItem]:
        """What the outlet has published by then, newest first, as it reads then."""
        published = [item for item in self.items if item.outlet == outlet and item.published <= moment]
        return [self.as_of(item, moment) for item in reversed(published)]

    def as_of(self, item: DemoItem, moment: datetime) -> DemoItem:
        """The item with its correction, if that was made by then."""
        correction = item.correction
        if correction is None or self.moment(correction.at) > moment:
            return item
        return replace(
            item,
            updated=self.moment(correction.at),
            summary=item.summary.replace(correction.find, correction.put),
            text=f"{item.text.replace(correction.find, correction.put)}\n\n{correction.note}",
        )

    def policy_text(self, moment: datetime) -> list[tuple[str, list[str]]]:
        """The policy page's sections at a moment: heading and paragraphs."""
        policy = self.settings.policy
        changed = self.moment(policy.changed) <= moment < self.moment(policy.reverted)
        return [
            (section.heading, _paragraphs(_policy_wording(policy, section.text, changed=changed)))
            for section in policy.sections
        ]


@cache
def load_edition() -> Edition:
    """The shipped day, composed once a process."""
    settings = read_settings()
    corpus = {story.title: story for story in read_corpus()}
    outlets = {outlet.key: outlet for outlet in settings.outlets}
    stories = [(story, True) for story in read_stories("beat.yaml")]
    stories += [(story, False) for story in read_stories("town.yaml")]
    items = [
        item
        for story, beat in stories
        for item in _carried(story, beat=beat, outlets=outlets, corpus=corpus, settings=settings)
    ]
    items.sort(key=lambda item: (item.published, item.path))
    return Edition(settings=settings, items=tuple(items))


def _carried(
    story: Story, *, beat: bool, outlets: dict[str, Outlet], corpus: dict[str, KnownStory], settings: Settings
) -> Iterator[DemoItem]:
    """The story at its first outlet, then at each that copies or excerpts it."""
    known = corpus[story.known] if story.known else None
    headline = known.title if known else story.headline
    paragraphs = _paragraphs(known.text if known else story.text)
    writer, _ = _carrier(story.told, outlets)
    wrote = known.outlet if known else writer.name
    first_path = _path(settings, writer, headline)

    carriers: list[tuple[_Part, str]] = [("report", story.told)]
    carriers += [("copy", carrier) for carrier in story.copies]
    carriers += [("excerpt", carrier) for carrier in story.excerpts]
    for part, carrier in carriers:
        outlet, at = _carrier(carrier, outlets)
        own_headline = (story.headlines or {}).get(outlet.key, headline)
        published = datetime.combine(settings.day, at, UTC)
        text = paragraphs
        if part == "excerpt":
            text = [*paragraphs[:_EXCERPT_PARAGRAPHS], outlet.more.format(source=wrote)]
        elif part == "copy" or known:
            text = [*paragraphs, outlet.credit.format(source=wrote)]
        yield DemoItem(
            event=story.event,
            role="other" if not beat else "known" if known else part,
            outlet=outlet,
            headline=own_headline,
            byline=story.byline or f"{wrote} staff",
            published=published,
            updated=published,
            summary=story.summary or paragraphs[0],
            text="\n\n".join(text),
            path=_path(settings, outlet, own_headline),
            source=None if part == "report" else first_path,
            locked=story.locked,
            correction=story.correction if part == "report" else None,
        )


def _carrier(text: str, outlets: dict[str, Outlet]) -> tuple[Outlet, time]:
    key, at = text.split()
    return outlets[key], time.fromisoformat(at)


def _path(settings: Settings, outlet: Outlet, headline: str) -> str:
    plain = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    return f"/{outlet.key}/{settings.day:%Y/%m/%d}/{slug}"


def _paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n")]


def _policy_wording(policy: Policy, text: str, *, changed: bool) -> str:
    return text.replace(policy.find, policy.put) if changed else text

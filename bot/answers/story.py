"""Answers about stories: those that a search found, one with where it was told, a page that the desk knows now."""

from collections.abc import Sequence
from typing import Final

from discord import Embed

from bot.answers.alert import KNOWN_NOW, went
from bot.answers.links import address, titled
from bot.answers.reply import card, said, when
from bot.answers.source import named
from bot.cards.carriers import one_an_outlet
from bot.cards.words import UNNAMED_OUTLET, counted
from bot.nouns import Line
from watchers.fetch.redact import redact_text
from watchers.models import Outcome, Reading, Teller
from watchers.storage.looking_back import READ, KnownAs, Search, Story, StoryWhole
from watchers.stories.corpus import KnownText

_TITLE, _OUTLET, _COPIES = 160, 60, 6
_ORIGINS: Final = {"seed": "from the corpus", "added": "added by your admin", "marked": "marked by an editor"}


def line(story: Story) -> Line:
    """A story in a list."""
    first = story.tellers[0] if story.tellers else None
    facts = [when(story.opened_at), *([said(first.outlet, _OUTLET)] if first and first.outlet else [])]
    if copied := _copied(story):
        facts.append(copied)
    outlet = first.outlet if first and first.outlet else ""
    return Line(
        id=story.id,
        text=f"- **{said(story.title or '(untitled)', _TITLE)}** · {' · '.join(facts)}",
        label=story.title or "(untitled)",
        hint=" · ".join(filter(None, (outlet, copied))),
    )


def _copied(story: Story) -> str:
    others = one_an_outlet(story.tellers[1:], without=story.tellers[:1])
    return counted(len(others), "copy", "copies") if others else ""


def not_whole(found: Search) -> str:
    """That older stories were not looked at, where that is so."""
    return "" if found.whole else f"Only the newest are here (at most {READ:,} articles are read): ask for fewer days."


def shown(whole: StoryWhole, guild: str) -> Embed:
    """A story: who had it first, who followed, which watches, where it was told, whether it is known."""
    story = whole.story
    first = story.tellers[:1]
    copies = one_an_outlet(story.tellers[1:], without=first)
    body = [
        *(address(teller.url) for teller in first),
        *(f"**First** {_teller(teller)}" for teller in first),
        f"**Found** {when(story.opened_at)}",
        f"**Watches** {named(whole.watches) or 'none (any more)'}",
        f"**Known** {_known(whole.known)}",
        *([f"\n**Copies ({len(copies)})**", *_listed(copies)] if copies else []),
    ]
    return card(
        said(story.title or "(untitled)", _TITLE),
        filter(None, body),
        fields=(
            ("Told", "\n".join(went(whole.told, guild, None)) or "nowhere: no route leads its watches to a channel"),
        ),
        footer=f"story #{story.id}",
    )


def _teller(teller: Teller) -> str:
    outlet = said(teller.outlet or UNNAMED_OUTLET, _OUTLET)
    return f"{outlet} · {when(teller.published)}" if teller.published else outlet


def _listed(copies: Sequence[Teller]) -> list[str]:
    lines = [f"- {titled(each.outlet or UNNAMED_OUTLET, each.url, _OUTLET)}" for each in copies[:_COPIES]]
    return [*lines, f"… and {len(copies) - _COPIES} more"] if len(copies) > _COPIES else lines


def _known(known: KnownAs | None) -> str:
    if known is None:
        return "no"
    title = f" as “{said(known.title, _TITLE)}”" if known.title else ""
    return f"yes{title}, {_ORIGINS.get(known.origin, known.origin)} {when(known.since)}"


def made_known(text: KnownText, reading: Reading, *, new: bool) -> Embed:
    """The desk knows a page now, or did; and what was read of it."""
    title = said(text.title, _TITLE) if text.title else "(no headline)"
    facts = [said(text.outlet, _OUTLET), when(text.published) if text.published else ""]
    return card(
        "Known from now on" if new else "This story was known already",
        [
            " · ".join(filter(None, (f"**{title}**", *facts))),
            address(text.url),
            _read(text, reading),
            KNOWN_NOW,
        ],
        tone="good",
    )


def _read(text: KnownText, reading: Reading) -> str:
    if reading.outcome is not Outcome.OK:
        why = said(redact_text(reading.error or reading.outcome.value), 200)
        by = "its headline and its address" if text.title else "its address"
        return f"⚠️ The page can't be read ({why}): it is known by {by} alone."
    if text.fingerprint is None:
        return "⚠️ The page holds hardly any text: it is known by its headline and its address alone."
    return f"It was read: {text.fingerprint.words:,} words, by which copies are recognised."

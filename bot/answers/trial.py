"""Answers about a query that was tried: what it would have sent, by which words, and who brings that already."""

from collections import defaultdict
from collections.abc import Sequence

from discord import Embed

from bot.answers.links import titled
from bot.answers.reply import card, code, said, when
from bot.cards.spans import mark, marked_text, shorten
from bot.cards.text import clean, cut, escape
from bot.cards.words import UNNAMED_OUTLET, counted
from watchers.models import Why
from watchers.storage.trying import Part, Sample, Trial

_AROUND = 45  # characters kept on each side of a matched word
_LONGEST_TITLE = 140
_LONGEST_QUERY, _LONGEST_PART = 900, 200
_WORDS = 4  # matched words of a story that are named
_OVERLAP = 6  # other watches that are named


def tried(
    title: str,
    trial: Trial,
    *,
    query: str,
    going: str = "",
    notes: tuple[str, ...] = (),
    footer: str = "",
    before: Trial | None = None,
) -> Embed:
    """What a query would have sent. `title`, `going` and `notes` are safe markdown; `before`: what it was until now."""
    fields = [("Query", code(cut(query, _LONGEST_QUERY)))]
    if trial.overlap:
        fields.append(("Brought by other watches too", "\n".join(_overlap(trial))))
    if going:
        fields.append(("Goes to", going))
    if notes:
        fields.append(("Mind", "\n".join(f"- {note}" for note in notes)))
    if before is not None:
        fields.append(("As it is now", f"{counted(before.stories, 'story', 'stories')} in the last {_days(before)}"))
    body = _stories(trial) if trial.matched else _nothing(trial)
    return card(title, body, fields=fields, footer=footer, tone="ask")


def _stories(trial: Trial) -> list[str]:
    found = counted(trial.stories, "story", "stories") if trial.stories else "Nothing new"
    left = trial.matched - trial.known - trial.stories
    of = [
        f"{counted(trial.matched, 'article')} of {trial.looked_at} matched",
        *([counted(left, "copy", "copies")] if left else []),
        *([f"{trial.known} of known stories"] if trial.known else []),
    ]
    lines = [f"**{found} in the last {_days(trial)}**", f"-# {' · '.join(of)}{_cut(trial)}"]
    for sample in trial.samples:
        lines += ["", *_sample(sample)]
    if trial.stories > len(trial.samples):
        lines += ["", f"-# The newest {len(trial.samples)} of {trial.stories}"]
    return lines


def _sample(sample: Sample) -> list[str]:
    title = titled(sample.title, sample.url, _LONGEST_TITLE)
    lines = [f"**{title}** · {said(sample.outlet, 60) or UNNAMED_OUTLET} · {when(sample.at)}"]
    if sample.why:
        lines.append(f"> {_why(sample.why)}")
    return lines


def _why(why: Sequence[Why]) -> str:
    """The sentence that holds most of what matched, marked, and what else did. The headline is shown already."""
    told = defaultdict[str, list[str]](list)
    for each in why:
        told[each.sentence if each.field == "text" else ""].append(clean(each.text))
    sentence = max(told, key=lambda one: (bool(one), len(set(told[one]))))
    here = tuple(dict.fromkeys(told[sentence])) if sentence else ()
    shown = [marked_text(shorten(mark(clean(sentence), here), _AROUND), escape)] if sentence else []
    named = {word.casefold() for word in here}
    others = {word.casefold(): word for words in told.values() for word in words if word.casefold() not in named}
    also = ", ".join(f"**{escape(word)}**" for word in list(others.values())[:_WORDS])
    return " · also ".join([*shown, also]) if also else "".join(shown)


def _overlap(trial: Trial) -> list[str]:
    lines = [f"- {said(name)}: {number} of {trial.stories}" for name, number in trial.overlap[:_OVERLAP]]
    left = len(trial.overlap) - _OVERLAP
    return [*lines, f"- and {counted(left, 'watch', 'watches')} more"] if left > 0 else lines


def _nothing(trial: Trial) -> list[str]:
    if not trial.looked_at:
        return [
            f"**Nothing was read in the last {_days(trial)}** from the sources it listens to.",
            "Add sources by `/source add`, or wait until they were polled: `/source list` shows how they do.",
        ]
    articles = counted(trial.looked_at, "article was", "articles were")
    lines = [f"**Nothing in the last {_days(trial)}**: {articles} looked at{_cut(trial)}."]
    if trial.parts:
        lines.append("How often each part of the query occurs:")
        lines += [f"- {code(cut(part.words, _LONGEST_PART))}: {_often(part)}" for part in trial.parts]
    if all(part.articles for part in trial.parts):
        together = "but never all in one article" if len(trial.parts) > 1 else "but each time with what it excludes"
        lines.append(f"All of it occurs, {together}.")
    return lines


def _often(part: Part) -> str:
    return f"in {counted(part.articles, 'article')}" if part.articles else "**never**"


def _days(trial: Trial) -> str:
    return "day" if trial.days == 1 else f"{trial.days} days"


def _cut(trial: Trial) -> str:
    return f" (only the newest {trial.looked_at} were looked at)" if trial.cut else ""

"""Lines of marked words: making them, shortening them to what surrounds the marks, writing them as text.

sentence + words ─mark─▶ Line ─shorten─▶ Line ─marked_text | cut_marked─▶ text with **new** and ~~old~~
"""

import re
from collections.abc import Callable

from bot.cards.model import Line, Span, Style
from bot.cards.text import ELLIPSIS, cut, cut_front, units
from watchers.matching.normalise import NormalisedText

MARKS: dict[Style, str] = {"plain": "", "match": "**", "removed": "~~", "added": "**"}


def mark(sentence: str, words: tuple[str, ...]) -> Line:
    """`sentence` with each occurrence of each of `words` (exact spans, as the matcher saw them) marked.

    Words that the sentence doesn't hold are shown in front of it, so that no evidence is ever lost.
    """
    marked = [False] * len(sentence)
    missing: list[Span] = []
    for word in words:
        places = _places(word, sentence)
        for start, end in places:
            marked[start:end] = [True] * (end - start)
        if not places and word:
            missing += [Span(word, "match"), Span(": " if sentence else "")]
    return merge(
        (*missing, *(Span(letter, "match" if on else "plain") for letter, on in zip(sentence, marked, strict=True)))
    )


def holds(sentence: str, word: str) -> bool:
    """Whether `word` stands in `sentence` as a word, or words, of its own: by the matcher's rules, in any script."""
    return bool(_standing_alone(_anywhere(word, sentence), sentence))


def _places(word: str, sentence: str) -> list[tuple[int, int]]:
    """Where `word` stands as a word of its own in `sentence`; if nowhere, where it stands at all."""
    found = _anywhere(word, sentence)
    return _standing_alone(found, sentence) or found[:1]


def _anywhere(word: str, sentence: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(re.escape(word), sentence)] if word else []


def _standing_alone(places: list[tuple[int, int]], sentence: str) -> list[tuple[int, int]]:
    """Those of the places that begin where a word of the sentence begins, and end where one ends."""
    if not places:
        return []
    words = list(NormalisedText(sentence).spans())
    starts, ends = {start for start, _ in words}, {end for _, end in words}
    return [(start, end) for start, end in places if start in starts and end in ends]


def merge(line: Line) -> Line:
    """`line` without empty spans, and with neighbours of one style as one span."""
    runs: list[tuple[Style, list[str]]] = []
    for span in line:
        if not span.text:
            continue
        if runs and runs[-1][0] == span.style:
            runs[-1][1].append(span.text)
        else:
            runs.append((span.style, [span.text]))
    return tuple(Span("".join(texts), style) for style, texts in runs)


def shorten(line: Line, around: int) -> Line:
    """`line` with about `around` characters of plain text kept on each side of what is marked.

    Marked spans are never shortened. A line without any is cut at twice `around`.
    """
    if all(span.style == "plain" for span in line):
        return tuple(Span(cut(span.text, 2 * around)) for span in line)
    last = len(line) - 1
    return merge(tuple(_shorten_span(span, index == 0, index == last, around) for index, span in enumerate(line)))


def _shorten_span(span: Span, first: bool, last: bool, around: int) -> Span:
    text = span.text
    if span.style != "plain" or len(text) <= around * (1 if first or last else 2) + around // 4:
        return span
    if first:
        return Span(cut_front(text, around))
    if last:
        return Span(cut(text, around))
    return Span(f"{cut(text, around)} {cut_front(text, around)}".replace(f"{ELLIPSIS} {ELLIPSIS}", f" {ELLIPSIS} "))


def _as_is(text: str) -> str:
    return text


def marked_text(line: Line, escape: Callable[[str], str] = _as_is) -> str:
    """`line` as text: matched and new words between `**`, old ones between `~~`; blanks stay outside the marks."""
    text = ""
    for span in line:
        sign, core = MARKS[span.style], span.text.strip()
        if not sign or not core:
            text += escape(core).join(_blanks(span.text)) if core else " "
            continue
        before, after = _blanks(span.text)
        apart = " " if not before and text.endswith(("*", "~")) else before
        text += f"{apart}{sign}{escape(core)}{sign}{after}"
    return text


def _blanks(text: str) -> tuple[str, str]:
    return (" " if text[:1].isspace() else "", " " if text[-1:].isspace() else "")


def cut_marked(line: Line, limit: int, escape: Callable[[str], str] = _as_is) -> str:
    """`marked_text` of the longest beginning of `line` that has at most `limit` units, cut within a span."""
    text = marked_text(line, escape)
    if units(text) <= limit:
        return text
    kept: Line = ()
    for span in line:
        longer = (*kept, span)
        if units(marked_text(longer, escape)) > limit - 1:

            def with_more(text: str, kept: Line = kept, style: Style = span.style) -> int:
                return units(marked_text((*kept, Span(text, style)), escape))

            return marked_text((*kept, Span(cut(span.text, limit, with_more), span.style)), escape)
        kept = longer
    return marked_text(kept, escape)

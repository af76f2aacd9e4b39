"""A text and the places that matched → what is told of it: its own sentences, never a word of ours.

    sentences − furniture − the headline → the lead + those with matched words → in the text's order, within the limit

Only white space is changed. Where even the shortest usable sentence passes the limit, it is cut at a word, marked
with an ellipsis.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from watchers.stories.furniture import is_furniture
from watchers.stories.sentences import Sentence, paragraph_bounds, sentences

LEAST_SENTENCES: Final = 2  # where they fit
MOST_SENTENCES: Final = 4
EVIDENCE_LIMIT: Final = 240  # code points of a sentence shown as evidence

_REACH: Final = 4  # times what is shown of it, a sentence is looked for on both sides of a span
_READ: Final = 60_000  # code points: a summary says what a text begins with, and where it matched
_FURNITURE_PARAGRAPH: Final = 300  # code points: in a shorter one, what follows furniture is furniture
_LEAST_WORDS: Final = 4
_FINISHED: Final = re.compile(r"[.!?…。！？｡؟।॥։።။][\"'”’»›)\]」』】）》〉]*(?:\[\d{1,3}\])*$")
_KEY: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be told: on one line, with the matched words that stand in it."""

    order: int
    text: str
    terms: frozenset[str]
    finished: bool  # ends as a sentence does; a heading or a caption doesn't

    @property
    def torn(self) -> bool:
        """Whether a quotation begins or ends outside it."""
        return self.text.count("“") != self.text.count("”") or self.text.count('"') % 2 == 1


def summarise(
    text: str, spans: Sequence[tuple[int, int]], *, limit: int = 320, title: str | None = None
) -> tuple[str, ...]:
    """Up to four verbatim sentences of a text: its lead and those that hold the matched words.

    `spans` are the places of the matched words, in code points of `text`; `limit` is in code points of the result
    joined by single spaces. Sentences that repeat `title` are left out, and furniture is never told.
    """
    candidates = _candidates(text, spans, title)
    prose = [one for one in candidates if one.finished] or candidates
    if not prose:
        return ()
    chosen: list[_Candidate] = []
    for wanted in (prose[:1], *_by_new_terms(prose, prose[0].terms)):
        _choose(chosen, wanted, limit)
    whole_first = sorted(prose, key=lambda one: one.torn)
    while len(chosen) < LEAST_SENTENCES and _choose(chosen, whole_first, limit):
        pass
    if not chosen:
        cut = _cut_end(min(prose, key=lambda one: (not one.terms, one.order)).text, limit)
        return (cut,) if cut else ()
    return tuple(one.text for one in sorted(chosen, key=lambda one: one.order))


def sentence_around(text: str, start: int, end: int, *, limit: int = EVIDENCE_LIMIT) -> str:
    """The sentence in which a span stands, on one line; a long one is cut at words around the span, marked “…”."""
    first, last = start, end
    for paragraph_start, paragraph_end in paragraph_bounds(text):
        if paragraph_end <= start:
            continue
        if paragraph_start >= end:
            break
        near, far = _neighbourhood(text, paragraph_start, paragraph_end, (start, end), reach=_REACH * limit)
        for sentence in sentences(text[near:far]):
            if near + sentence.end > start and near + sentence.start < end:
                first = min(first, near + sentence.start)
                last = max(last, near + sentence.end)
    before, inside, after = (_one_line(part) for part in (text[first:start], text[start:end], text[end:last]))
    gap_before = " " if before and text[start - 1].isspace() else ""
    gap_after = " " if after and text[end].isspace() else ""
    whole = before + gap_before + inside + gap_after + after
    if len(whole) <= limit:
        return whole
    room = max(0, limit - len(inside) - 2)
    left = min(len(before + gap_before), max(room // 2, room - len(gap_after + after)))
    head = _cut_start(before + gap_before, left)
    return head + _cut_end(inside + gap_after + after, max(limit - len(head), min(len(inside) + 1, limit)))


def _neighbourhood(text: str, first: int, last: int, span: tuple[int, int], *, reach: int) -> tuple[int, int]:
    """What of a paragraph is looked at for a span: `reach` on both sides, or twice that to where lines begin and end.

    A sentence that goes on beyond is cut anyway. A paragraph may be as long as a page, with words of many watches.
    """
    near, far = max(first, span[0] - reach), min(last, span[1] + reach)
    line_end = text.find("\n", far, min(last, far + reach))
    return text.rfind("\n", max(first, near - reach), near) + 1 or near, far if line_end < 0 else line_end


def _choose(chosen: list[_Candidate], wanted: Sequence[_Candidate], limit: int) -> bool:
    """Add the first of those wanted that fits and isn't there yet; whether there was one."""
    room = limit - sum(len(one.text) + 1 for one in chosen)
    fitting = (one for one in wanted if len(one.text) <= room and one not in chosen)
    one = next(fitting, None) if len(chosen) < MOST_SENTENCES else None
    if one is not None:
        chosen.append(one)
    return one is not None


def _candidates(text: str, spans: Sequence[tuple[int, int]], title: str | None) -> list[_Candidate]:
    reach = max([_READ, *(end + _READ // 10 for _, end in spans)])
    places = sorted(spans)
    title_key = _key(title or "")
    found: list[_Candidate] = []
    told: set[str] = set()
    dropped = 0  # the number of a paragraph that is furniture as a whole
    lengths = [last - first for first, last in paragraph_bounds(text[:reach])]
    at = 0
    for order, sentence in enumerate(sentences(text[:reach])):
        line = _one_line(sentence.text)
        while at < len(places) and places[at][1] <= sentence.start:
            at += 1
        if sentence.paragraph == dropped:
            continue
        if is_furniture(line):
            dropped = sentence.paragraph if lengths[sentence.paragraph - 1] <= _FURNITURE_PARAGRAPH else 0
            continue
        key = _key(line)
        if not key or key in told or _repeats(key, title_key):
            continue
        told.add(key)
        terms = _terms_in(text, sentence, places, at)
        finished = bool(_FINISHED.search(line)) and (len(line.split()) >= _LEAST_WORDS or not line.isascii())
        found.append(_Candidate(order, line, terms, finished))
    return found


def _terms_in(text: str, sentence: Sentence, places: list[tuple[int, int]], first: int) -> frozenset[str]:
    """The words of the sorted `places`, from the one numbered `first` on, that stand in a sentence."""
    terms = set()
    while first < len(places) and places[first][0] < sentence.end:
        start, end = places[first]
        if end > sentence.start:
            terms.add(_key(text[start:end]))
        first += 1
    return frozenset(terms)


def _by_new_terms(candidates: list[_Candidate], covered: frozenset[str]) -> list[list[_Candidate]]:
    """For each place, whom to try: whole quotations before torn ones, then most matched words not yet told."""
    matched = [one for one in candidates if one.terms]
    ranked: list[list[_Candidate]] = []
    for _ in range(MOST_SENTENCES - 1):
        best = sorted(matched, key=lambda one: (one.torn, -len(one.terms - covered), one.order))
        ranked.append(best)
        if best:
            covered |= best[0].terms
    return ranked


def _repeats(key: str, title_key: str) -> bool:
    """Whether a sentence says the headline again, give or take a word."""
    if not title_key:
        return False
    shorter, longer = sorted((key, title_key), key=len)
    return shorter in longer and len(shorter) * 5 >= len(longer) * 4


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _key(text: str) -> str:
    return _KEY.sub("", text.casefold())


def _cut_end(line: str, limit: int) -> str:
    """At most `limit` code points of a line from its beginning, cut at a word where there is one."""
    if len(line) <= limit:
        return line
    if limit < 2:  # noqa: PLR2004 - no room for a letter and the mark
        return ""
    cut = line[: limit - 1]
    if not line[limit - 1].isspace() and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:–—-") + "…"


def _cut_start(line: str, limit: int) -> str:
    """At most `limit` code points of a line from its end, cut at a word where there is one."""
    if len(line) <= limit:
        return line
    cut = line[len(line) - limit :]
    if " " in cut.rstrip():
        cut = cut[cut.index(" ") + 1 :]
    return "…" + cut if cut.strip() else "…"

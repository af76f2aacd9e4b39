"""What changed between two texts of a page, paragraph by paragraph and word by word.

    old, new ─paragraphs→ aligned pairs ─words→ Change(heading, pieces)

Paragraphs that stand in both are passed over, those that only stand elsewhere are told as moved, similar ones are
compared by word, the rest is removed or added whole. Nothing is left out: `same` and `removed` pieces of a
change, joined, are the old paragraph but for its typography, `same` and `added` the new one, to the character.

Looking for the longest runs in common is cubic at worst, and a page is whatever its server says. So it takes a bounded
number of steps: beyond them, only what begins and ends alike is found, and less of a paragraph is shown as unchanged.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple
from unicodedata import normalize

from watchers.models import Change, Piece

MOVED = "moved"

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    }
    | {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"), "\u2026": "..."}
)
_BETWEEN_PARAGRAPHS = re.compile(r"\n\s*\n")
# A number is one, with its commas and points; so are the dots that lead to a page's number.
_TOKEN = re.compile(r"\s*(?:\d+(?:[.,]\d+)+|\w+|\.(?: ?\.)+|([^\w\s])\1*)")
_WORD = re.compile(r"\w+")
_HEADING = re.compile(r"(?:#+\s+)?[^\W_](?:(?! \| ).)*[^.;,|]", re.DOTALL)  # no row of a table, no list item
_HEADING_LENGTH = 100
_HEADING_WORDS = 12
_SIMILAR = 0.5  # of the words: below, two paragraphs have nothing but stock words in common
_MOST_PAIRS = 40_000  # comparisons of paragraphs in one replaced stretch
_MOST_STEPS = 4_000_000  # about half a second
_STEPS_A_WORD = 5  # to look where else it stands, beside one for each place
_MANY_PAIRS = 4_000_000  # of words: beyond, frequent ones are passed over at first
_LEAST_SAME = 2  # words between two changes, to be shown as unchanged


class _Pair(NamedTuple):
    """A paragraph's place in the old and in the new text; None where it does not stand."""

    old: int | None
    new: int | None


class _Steps:
    """How many steps may still be taken."""

    def __init__(self, most: int) -> None:
        self.left = most


class _Matcher(SequenceMatcher[str]):
    """Finds the longest runs in common, as long as there are steps left; then what begins and ends alike."""

    def __init__(self, old: Sequence[str], new: Sequence[str], steps: _Steps, *, skip_frequent: bool) -> None:
        super().__init__(None, old, new, autojunk=skip_frequent)
        self._old, self._new = old, new
        self._places: dict[str, list[int]] = self.b2j  # type: ignore[attr-defined]  # documented, and not in its types
        self._steps = steps

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """The longest run in common of two ranges; the first of those that are as long."""
        old, new = self._old, self._new
        old_end, new_end = len(old) if ahi is None else ahi, len(new) if bhi is None else bhi
        in_old, in_new, size = alo, blo, 0
        before: dict[int, int] = {}  # by place in the new: how long a run ends there and at the last place in the old
        for place in range(alo, old_end):
            if self._steps.left <= 0:
                break
            ending = {}
            there = self._places.get(old[place], [])
            for other in there[bisect_left(there, blo) : bisect_left(there, new_end)]:
                run = ending[other] = before.get(other - 1, 0) + 1
                if run > size:
                    in_old, in_new, size = place - run + 1, other - run + 1, run
            self._steps.left -= len(ending) + _STEPS_A_WORD
            before = ending
        # What is too frequent to be looked for, and what was not come to.
        while in_old > alo and in_new > blo and old[in_old - 1] == new[in_new - 1]:
            in_old, in_new, size = in_old - 1, in_new - 1, size + 1
        while in_old + size < old_end and in_new + size < new_end and old[in_old + size] == new[in_new + size]:
            size += 1
        if size == 0:
            in_old, in_new = old_end, new_end
            while in_old > alo and in_new > blo and old[in_old - 1] == new[in_new - 1]:
                in_old, in_new, size = in_old - 1, in_new - 1, size + 1
        return Match(in_old, in_new, size)


def text_hash(text: str) -> str:
    """The identity of a version, 64 hexadecimal digits: spacing, line breaks and typography make no difference."""
    return blake2b(_key(text).encode(errors="replace"), digest_size=32).hexdigest()


def changes(old: str, new: str) -> tuple[Change, ...]:
    """Every changed paragraph, in the order of the new text. Paragraphs are separated by a blank line.

    A paragraph that stands elsewhere unchanged has the heading `moved` and one `same` piece.
    """
    before, after = _paragraphs(old), _paragraphs(new)
    steps = _Steps(_MOST_STEPS)
    pairs = [pair for pair in _aligned(before, after, steps) if not _is_same(pair, before, after)]
    if steps.left <= 0:
        return whole(old, new)
    headings = _headings(before), _headings(after)
    gone = Counter(before[pair.old] for pair in pairs if pair.old is not None and pair.new is None)
    come = Counter(after[pair.new] for pair in pairs if pair.new is not None and pair.old is None)
    moved = gone & come
    to_skip = moved.copy()  # the place where a moved paragraph was: told at its new one
    told = []
    for pair in pairs:
        if pair.new is None and pair.old is not None and to_skip[before[pair.old]]:
            to_skip[before[pair.old]] -= 1
        elif pair.old is None and pair.new is not None and moved[after[pair.new]]:
            moved[after[pair.new]] -= 1
            told.append(Change(heading=MOVED, pieces=(Piece(op="same", text=after[pair.new]),)))
        else:
            told.append(_change(pair, before, after, headings, steps))
    return tuple(told)


def whole(old: str, new: str) -> tuple[Change, ...]:
    """Every paragraph that only one of the texts has, whole: first those of the old one. Compares nothing."""
    told = []
    for text, other, is_new in ((old, new, False), (new, old, True)):
        paragraphs, there = _paragraphs(text), Counter(map(_key, _paragraphs(other)))
        for paragraph, heading in zip(paragraphs, _headings(paragraphs), strict=True):
            key = _key(paragraph)
            if there[key]:
                there[key] -= 1
            else:
                told.append(
                    Change(heading=heading, pieces=(Piece(op="added" if is_new else "removed", text=paragraph),))
                )
    return tuple(told)


def _paragraphs(text: str) -> list[str]:
    return [stripped for part in _BETWEEN_PARAGRAPHS.split(text) if (stripped := part.strip())]


def _is_same(pair: _Pair, before: Sequence[str], after: Sequence[str]) -> bool:
    return pair.old is not None and pair.new is not None and _key(before[pair.old]) == _key(after[pair.new])


def _key(paragraph: str) -> str:
    """Spacing is no change, nor are marks that a site sets once straight, once typographic: ' and ’, - and –."""
    return " ".join(normalize("NFC", paragraph).translate(_TYPOGRAPHY).split())


def _aligned(before: Sequence[str], after: Sequence[str], steps: _Steps) -> Iterator[_Pair]:
    old_keys, new_keys = ([_key(paragraph) for paragraph in side] for side in (before, after))
    matcher = _Matcher(old_keys, new_keys, steps, skip_frequent=True)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            yield from _paired(old_keys, new_keys, range(old_start, old_end), range(new_start, new_end), steps)


def _paired(
    before: Sequence[str], after: Sequence[str], old_places: Sequence[int], new_places: Sequence[int], steps: _Steps
) -> Iterator[_Pair]:
    """The paragraphs of one replaced stretch, the most similar ones together, without crossing.

    The longest-common-subsequence recurrence with similarity as weight (Needleman and Wunsch, 1970, no gap cost).
    """
    old_words = [Counter(_WORD.findall(before[place].casefold())) for place in old_places]
    new_words = [Counter(_WORD.findall(after[place].casefold())) for place in new_places]
    needed = len(new_places) * sum(len(words) + 1 for words in old_words)
    if len(old_places) * len(new_places) > _MOST_PAIRS or needed >= steps.left:
        yield from (_Pair(place, None) for place in old_places)
        yield from (_Pair(None, place) for place in new_places)
        return
    steps.left -= needed
    alike = [[_similarity(one, other) for other in new_words] for one in old_words]
    best = [[0.0] * (len(new_places) + 1) for _ in range(len(old_places) + 1)]
    for row in range(len(old_places) - 1, -1, -1):
        for column in range(len(new_places) - 1, -1, -1):
            together = alike[row][column] + best[row + 1][column + 1] if alike[row][column] else 0.0
            best[row][column] = max(together, best[row + 1][column], best[row][column + 1])
    row = column = 0
    while row < len(old_places) and column < len(new_places):
        if alike[row][column] and best[row][column] == alike[row][column] + best[row + 1][column + 1]:
            yield _Pair(old_places[row], new_places[column])
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            yield _Pair(old_places[row], None)
            row += 1
        else:
            yield _Pair(None, new_places[column])
            column += 1
    yield from (_Pair(place, None) for place in old_places[row:])
    yield from (_Pair(None, place) for place in new_places[column:])


def _similarity(one: Counter[str], other: Counter[str]) -> float:
    """The share of words in common (Dice's coefficient), or 0 where the paragraphs are not similar."""
    total = one.total() + other.total()
    common = sum(min(one[word], other[word]) for word in one.keys() & other.keys())
    share = 2 * common / total if total else 0.0
    return share if share >= _SIMILAR else 0.0


def _change(
    pair: _Pair,
    before: Sequence[str],
    after: Sequence[str],
    headings: tuple[Sequence[str | None], Sequence[str | None]],
    steps: _Steps,
) -> Change:
    old_headings, new_headings = headings
    if pair.old is not None and pair.new is not None:
        return Change(heading=new_headings[pair.new], pieces=_pieces(before[pair.old], after[pair.new], steps))
    if pair.new is not None:
        return Change(heading=new_headings[pair.new], pieces=(Piece(op="added", text=after[pair.new]),))
    assert pair.old is not None
    return Change(heading=old_headings[pair.old], pieces=(Piece(op="removed", text=before[pair.old]),))


def _headings(paragraphs: Sequence[str]) -> list[str | None]:
    """The heading that each paragraph stands under; a heading stands by itself."""
    found: list[str | None] = []
    above = None
    for paragraph in paragraphs:
        is_heading = _is_heading(paragraph)
        found.append(None if is_heading else above)
        if is_heading:
            above = paragraph.lstrip("# ")
    return found


def _is_heading(paragraph: str) -> bool:
    return (
        len(paragraph) <= _HEADING_LENGTH
        and len(_WORD.findall(paragraph)) <= _HEADING_WORDS
        and _HEADING.fullmatch(paragraph) is not None
    )


def _pieces(old: str, new: str, steps: _Steps) -> tuple[Piece, ...]:
    old_tokens, new_tokens = ([found.group() for found in _TOKEN.finditer(side)] for side in (old, new))
    # Compared without the space before them, so that a word inserted in front of another leaves that one as it was.
    old_words, new_words = ([_key(token) for token in side] for side in (old_tokens, new_tokens))
    skip_frequent = len(old_words) * len(new_words) > _MANY_PAIRS
    opcodes = _Matcher(old_words, new_words, steps, skip_frequent=skip_frequent).get_opcodes()
    pieces: list[Piece] = []
    removed: list[str] = []
    added: list[str] = []
    for position, (tag, old_start, old_end, new_start, new_end) in enumerate(opcodes):
        gone, come = old_tokens[old_start:old_end], new_tokens[new_start:new_end]
        inner = 0 < position < len(opcodes) - 1
        if tag != "equal" or (inner and sum(bool(_WORD.search(token)) for token in gone) < _LEAST_SAME):
            removed += gone
            added += come
            continue
        for one, other in zip(gone, come, strict=True):
            word = other.lstrip()  # typography is no change: shown as it is now
            if one != other:
                removed.append(one[: len(one) - len(one.lstrip())])
                added.append(other[: -len(word)])
            pieces += _replaced("".join(removed), "".join(added))
            removed, added = [], []
            pieces.append(Piece(op="same", text=word if one != other else one))
    return _joined([*pieces, *_replaced("".join(removed), "".join(added))])


def _replaced(removed: str, added: str) -> list[Piece]:
    """Words for words; the space before both stays outside, where marks can't stand against it."""
    space = removed[: len(removed) - len(removed.lstrip())]
    if not removed or not added or added[: len(added) - len(added.lstrip())] != space:
        space = ""
    return [
        Piece(op="same", text=space),
        Piece(op="removed", text=removed[len(space) :]),
        Piece(op="added", text=added[len(space) :]),
    ]


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one kind made one, empty ones left out."""
    filled = (piece for piece in pieces if piece.text)
    return tuple(
        Piece(op=op, text="".join(piece.text for piece in run))
        for op, run in groupby(filled, key=lambda piece: piece.op)
    )

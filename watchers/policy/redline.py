"""What changed between two texts of a page, paragraph by paragraph and word by word.

    old, new ─paragraphs→ aligned pairs ─words→ Change(heading, pieces)

Paragraphs that stand in both are passed over, those that only stand elsewhere are told as moved, similar ones are
compared by word, the rest is removed or added whole. Nothing is left out: `same` and `removed` pieces of a
change, joined, are the old paragraph, `same` and `added` the new one, to the character.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple

from watchers.models import Change, Piece

MOVED = "moved"

_BETWEEN_PARAGRAPHS = re.compile(r"\n\s*\n")
_TOKEN = re.compile(r"\s*(\w+|[^\w\s])")
_WORD = re.compile(r"\w+")
_HEADING = re.compile(r"(?:#+\s+)?[^\W_](?:(?! \| ).)*[^.;,|]", re.DOTALL)  # no row of a table, no list item
_HEADING_LENGTH = 100
_HEADING_WORDS = 12
_SIMILAR = 0.5  # of the words: below, two paragraphs have nothing but stock words in common
_MOST_PAIRS = 40_000  # comparisons of paragraphs in one replaced stretch
_MOST_TOKEN_PAIRS = 4_000_000  # beyond, a pair of paragraphs is told whole: comparing words is quadratic
_LEAST_SAME = 2  # words between two changes, to be shown as unchanged


class _Pair(NamedTuple):
    """A paragraph's place in the old and in the new text; None where it does not stand."""

    old: int | None
    new: int | None


def text_hash(text: str) -> str:
    """The identity of a version, 64 hexadecimal digits: spacing and line breaks make no difference."""
    return blake2b(" ".join(text.split()).encode(errors="replace"), digest_size=32).hexdigest()


def changes(old: str, new: str) -> tuple[Change, ...]:
    """Every changed paragraph, in the order of the new text. Paragraphs are separated by a blank line.

    A paragraph that stands elsewhere unchanged has the heading `moved` and one `same` piece.
    """
    before, after = _paragraphs(old), _paragraphs(new)
    pairs = [pair for pair in _aligned(before, after) if not _is_same(pair, before, after)]
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
            told.append(_change(pair, before, after))
    return tuple(told)


def _paragraphs(text: str) -> list[str]:
    return [stripped for part in _BETWEEN_PARAGRAPHS.split(text) if (stripped := part.strip())]


def _is_same(pair: _Pair, before: Sequence[str], after: Sequence[str]) -> bool:
    return pair.old is not None and pair.new is not None and before[pair.old] == after[pair.new]


def _aligned(before: Sequence[str], after: Sequence[str]) -> Iterator[_Pair]:
    # Spacing is no change: paragraphs are compared as `text_hash` compares texts.
    old_keys, new_keys = ([" ".join(part.split()) for part in side] for side in (before, after))
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(None, old_keys, new_keys).get_opcodes():
        if tag != "equal":
            yield from _paired(old_keys, new_keys, range(old_start, old_end), range(new_start, new_end))


def _paired(
    before: Sequence[str], after: Sequence[str], old_places: Sequence[int], new_places: Sequence[int]
) -> Iterator[_Pair]:
    """The paragraphs of one replaced stretch, the most similar ones together, without crossing.

    The longest-common-subsequence recurrence with similarity as weight (Needleman and Wunsch, 1970, no gap cost).
    """
    if len(old_places) * len(new_places) > _MOST_PAIRS:
        yield from (_Pair(place, None) for place in old_places)
        yield from (_Pair(None, place) for place in new_places)
        return
    old_words = [Counter(_WORD.findall(before[place].casefold())) for place in old_places]
    new_words = [Counter(_WORD.findall(after[place].casefold())) for place in new_places]
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
    share = 2 * (one & other).total() / total if total else 0.0
    return share if share >= _SIMILAR else 0.0


def _change(pair: _Pair, before: Sequence[str], after: Sequence[str]) -> Change:
    heading = _heading(after, pair.new) if pair.new is not None else _heading(before, pair.old or 0)
    if pair.new is None:
        return Change(heading=heading, pieces=(Piece(op="removed", text=before[pair.old or 0]),))
    if pair.old is None:
        return Change(heading=heading, pieces=(Piece(op="added", text=after[pair.new]),))
    return Change(heading=heading, pieces=_pieces(before[pair.old], after[pair.new]))


def _heading(paragraphs: Sequence[str], place: int) -> str | None:
    for paragraph in reversed(paragraphs[:place]):
        if (
            len(paragraph) <= _HEADING_LENGTH
            and len(_WORD.findall(paragraph)) <= _HEADING_WORDS
            and _HEADING.fullmatch(paragraph)
        ):
            return paragraph.lstrip("# ")
    return None


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    old_tokens, new_tokens = ([found.group() for found in _TOKEN.finditer(side)] for side in (old, new))
    if len(old_tokens) * len(new_tokens) > _MOST_TOKEN_PAIRS:
        return _joined(_replaced(old, new))
    # Compared without the space before them, so that a word inserted in front of another leaves that one as it was.
    matcher = SequenceMatcher(
        None, [token.lstrip() for token in old_tokens], [token.lstrip() for token in new_tokens], autojunk=False
    )
    pieces: list[Piece] = []
    removed = added = ""
    opcodes = matcher.get_opcodes()
    for position, (tag, old_start, old_end, new_start, new_end) in enumerate(opcodes):
        gone, come = old_tokens[old_start:old_end], new_tokens[new_start:new_end]
        inner = 0 < position < len(opcodes) - 1
        if tag != "equal" or (inner and sum(bool(_WORD.search(token)) for token in gone) < _LEAST_SAME):
            removed, added = removed + "".join(gone), added + "".join(come)
            continue
        for one, other in zip(gone, come, strict=True):
            word = one.lstrip()
            if one != other:
                removed, added = removed + one[: -len(word)], added + other[: -len(word)]
            pieces += _replaced(removed, added)
            removed = added = ""
            pieces.append(Piece(op="same", text=word if one != other else one))
    return _joined([*pieces, *_replaced(removed, added)])


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

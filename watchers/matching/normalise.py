r"""The one text normaliser: a text as a stream of plain words, each knowing where it stands in the original.

    text ─folding→ plain characters ─boundaries→ marked ends ─here→ haystack  b" nypd s chief \x02 the council "

A haystack is UTF-8, lower-case words and barriers (`SENTENCE`, `PARAGRAPH`) with one space before, between and
after, so that b" chief " is found as a whole word and never across a barrier. A place in it is said by the index of the
space before and of the space after. What leads back to the original is worked out only when a place is asked for: most
texts answer no watch.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from watchers.matching.boundaries import mark_boundaries
from watchers.matching.folding import JOINER, PARAGRAPH, POINT, SENTENCE, fold, folded_runs, is_accent
from watchers.matching.offsets import Offsets

SENTENCE_TOKEN: Final = SENTENCE.encode()
PARAGRAPH_TOKEN: Final = PARAGRAPH.encode()
BARRIERS: Final = frozenset([SENTENCE_TOKEN, PARAGRAPH_TOKEN])
# More words than any NEAR may span lie between two paragraphs, so that distance alone keeps them apart.
PARAGRAPH_DISTANCE: Final = 10_000

_MARKS = (JOINER, SENTENCE, PARAGRAPH, POINT)
_JOINER_BYTE = JOINER.encode()
_SPACE = ord(" ")
_PADDED = {barrier: b" %b  " % barrier for barrier in BARRIERS}
_PADDING = 3  # spaces of it
_WORD = re.compile(rb"[^ \x02\x03]+")
_LEADING_BLANKS = re.compile(rb"[ \t\r\n\x03]*")


def _byte_table() -> bytes:
    """Lower-case for letters, a space for what separates words; bytes of other scripts and barriers stay."""
    table = bytearray(b" " * 128 + bytes(range(128, 256)))
    for byte in range(128):
        if chr(byte).isalnum():
            table[byte] = ord(chr(byte).lower())
    for barrier in BARRIERS:
        table[barrier[0]] = barrier[0]
    table[ord(POINT)] = ord(".")
    return bytes(table)


_BYTE_TABLE = _byte_table()


class NormalisedText:
    """A text and its haystack."""

    def __init__(self, text: str) -> None:
        self.text = text
        for mark in _MARKS:
            if mark in text:
                text = text.replace(mark, " ")
        self._marked = mark_boundaries(fold(text)).encode()
        plain = self._marked.translate(_BYTE_TABLE, _JOINER_BYTE)
        for barrier, padded in _PADDED.items():
            plain = plain.replace(barrier, padded)
        # Runs without two spaces side by side, some with one before or after; a barrier ends its run.
        self._pieces = plain.split(b"  ")
        self._runs = [piece.strip(b" ") for piece in self._pieces]
        self.haystack = b" %b " % b" ".join(filter(None, self._runs))

    def words(self) -> list[bytes]:
        """The words, in order, without barriers."""
        return _WORD.findall(self.haystack)

    def written_words(self, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, str]]:
        """The words between two indexes, each plain and as it is written in the original."""
        for word in _WORD.finditer(self.haystack, start, len(self.haystack) if end is None else end):
            first, last = self.span(word.start() - 1, word.end())
            yield word[0], self.text[first:last]

    def spans(self) -> Iterator[tuple[int, int]]:
        """Where each word stands in the original: start and end, in code points."""
        return (self.span(word.start() - 1, word.end()) for word in _WORD.finditer(self.haystack))

    def word_numbers(self, indexes: Iterable[int]) -> dict[int, int]:
        """How many words stand before each index of the haystack; a paragraph's end counts `PARAGRAPH_DISTANCE`."""
        numbers: dict[int, int] = {}
        number = reached = 0
        for index in sorted(indexes):
            number += self.haystack.count(b" ", reached, index)
            number -= self.haystack.count(SENTENCE_TOKEN, reached, index)
            number += self.haystack.count(PARAGRAPH_TOKEN, reached, index) * (PARAGRAPH_DISTANCE - 1)
            numbers[index] = number
            reached = index
        return numbers

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Start and end, in code points of the original, of the words between two spaces of the haystack."""
        first, last = self._in_marked(start + 1), self._in_marked(end)
        if self.text.isascii():
            return first, last
        first, last = self._folded.before(first), self._folded.before(last - 1) + 1
        while last < len(self.text) and is_accent(self.text[last]):
            last += 1  # the accent of the last letter belongs to it
        return first, last

    def paragraph(self, start: int) -> int:
        """The number, from 1, of the paragraph of the word behind a space of the haystack."""
        return 1 + self.haystack.count(PARAGRAPH_TOKEN, 0, start) - self._leading

    def _in_marked(self, index: int) -> int:
        for offsets in self._ways_back:
            index = offsets.before(index)
        return index

    # ── from the marked text to the haystack, and back ───────────────────────────────────────────────────

    @cached_property
    def _ways_back(self) -> tuple[Offsets, ...]:
        """From the haystack to the marked text, by way of that without joiners where it has some."""
        squeezed = Offsets(self._squeezed_runs())
        if _JOINER_BYTE not in self._marked:
            return (squeezed,)
        joiners = re.finditer(_JOINER_BYTE, self._marked)
        return squeezed, Offsets([(0, 0), *((at.start() - before, at.end()) for before, at in enumerate(joiners))])

    def _squeezed_runs(self) -> Iterator[tuple[int, int]]:
        after, before = 1, 0
        for piece, run in zip(self._pieces, self._runs, strict=True):
            if run:
                yield after, before + (piece[0] == _SPACE)
                after += len(run) + 1
                if run[-1] < _SPACE:  # a barrier
                    before -= _PADDING
            before += len(piece) + 2

    @cached_property
    def _folded(self) -> Offsets:
        """From the marked text to the original."""
        return Offsets(folded_runs(self.text))

    @cached_property
    def _leading(self) -> int:
        """How many blank lines stand before everything else: they end no paragraph."""
        leading = _LEADING_BLANKS.match(self._marked)
        return leading[0].count(PARAGRAPH_TOKEN) if leading else 0

r"""The one text normaliser: a text as a stream of plain words, each knowing where it stands in the original.

    text ─folding→ plain characters ─boundaries→ marked ends ─here→ haystack  b" nypd s chief \x02 the council "

A haystack is UTF-8, lower-case words and barriers (`SENTENCE`, `PARAGRAPH`) with one space before, between and
after, so that b" chief " is found as a whole word and never across a barrier. What leads back to the original
(tokens, spans, paragraphs) is worked out only when something was found: most texts answer no watch.
"""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import Final

from watchers.matching.boundaries import mark_boundaries
from watchers.matching.folding import JOINER, PARAGRAPH, POINT, SENTENCE, Offsets, fold, is_accent

SENTENCE_TOKEN: Final = SENTENCE.encode()
PARAGRAPH_TOKEN: Final = PARAGRAPH.encode()
BARRIERS: Final = frozenset([SENTENCE_TOKEN, PARAGRAPH_TOKEN])
# More words than any NEAR may span lie between two paragraphs, so that distance alone keeps them apart.
PARAGRAPH_DISTANCE: Final = 10_000

_MARKS = (JOINER, SENTENCE, PARAGRAPH, POINT)
_TOKEN = re.compile(
    f"[{SENTENCE}{PARAGRAPH}]|[0-9A-Za-z{POINT}\u0080-\U0010ffff][0-9A-Za-z{POINT}{JOINER}\u0080-\U0010ffff]*"
)


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
    """A text and its haystack. `tokens` are its words and barriers in order; indexes below are into them."""

    def __init__(self, text: str) -> None:
        self.text = text
        for mark in _MARKS:
            if mark in text:
                text = text.replace(mark, " ")
        self._marked = mark_boundaries(fold(text))
        separated = self._marked.encode().translate(_BYTE_TABLE, JOINER.encode())
        for barrier in BARRIERS:
            separated = separated.replace(barrier, b" %b " % barrier)
        self.haystack = b" %b " % b" ".join(separated.split())

    @cached_property
    def tokens(self) -> list[bytes]:
        """Words and barriers, in order."""
        return self.haystack.split()

    @cached_property
    def positions(self) -> list[int]:
        """How many words stand before each token; a paragraph's end counts `PARAGRAPH_DISTANCE` words."""
        steps = {SENTENCE_TOKEN: 0, PARAGRAPH_TOKEN: PARAGRAPH_DISTANCE}
        return list(accumulate((steps.get(token, 1) for token in self.tokens), initial=0))

    def words(self) -> list[bytes]:
        """The tokens without barriers."""
        return [token for token in self.tokens if token not in BARRIERS]

    def tokens_at(self, start: int, end: int) -> tuple[int, int]:
        """The indexes of the first and the last token of `haystack[start:end]`, which begins with a space."""
        return bisect_right(self._starts, start + 1) - 1, bisect_right(self._starts, end - 1) - 1

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Start and end, in code points of the original, of the tokens from `first` to `last`."""
        start, end = self._marked_spans[first][0], self._marked_spans[last][1]
        if self.text.isascii():
            return start, end
        start, end = self._offsets.original(start), self._offsets.original(end - 1) + 1
        while end < len(self.text) and is_accent(self.text[end]):
            end += 1  # the accent of the last letter belongs to it
        return start, end

    def written(self, index: int) -> str:
        """A token as it is written in the original."""
        start, end = self.span(index, index)
        return self.text[start:end]

    def paragraph(self, index: int) -> int:
        """The number, from 1, of the paragraph that a token stands in."""
        leading = len(self._marked) - len(self._marked.lstrip(f" \t\r\n{PARAGRAPH}"))
        return 1 + self._marked.count(PARAGRAPH, leading, self._marked_spans[index][0])

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(token) + 1 for token in self.tokens), initial=1))

    @cached_property
    def _marked_spans(self) -> list[tuple[int, int]]:
        return [token.span() for token in _TOKEN.finditer(self._marked)]

    @cached_property
    def _offsets(self) -> Offsets:
        return Offsets(self.text)

"""The way back through an edited text: where what stands at an index stood before the edits."""

import sys
from bisect import bisect_right
from collections.abc import Iterable, Sequence


class Offsets:
    """Leads an index into an edited text back to the text before. Immutable."""

    def __init__(self, runs: Iterable[tuple[int, int]]) -> None:
        """`runs` is where each run of unmoved text starts: after the edits, and before them. In order, at least one."""
        after, before = zip(*runs, strict=True)
        self._after: Sequence[int] = after
        self._before: Sequence[int] = (*before, sys.maxsize)

    def before(self, index: int) -> int:
        """Index after the edits → index before them."""
        following = bisect_right(self._after, index)
        before = self._before[following - 1] + index - self._after[following - 1]
        # What one character grew to is led back to that character, and not into the next run.
        return min(before, self._before[following] - 1)

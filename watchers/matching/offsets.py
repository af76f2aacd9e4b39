"""The way back through an edited text: where what stands at an index stood before the edits."""

from bisect import bisect_right
from collections.abc import Iterable


class Offsets:
    """Leads an index into an edited text back to the text before. Immutable."""

    def __init__(self, runs: Iterable[tuple[int, int]]) -> None:
        """`runs` is where each run of unmoved text starts: after the edits, and before them. In order."""
        pairs = list(runs)
        self._after = [after for after, _ in pairs]
        self._before = [before for _, before in pairs]

    def before(self, index: int) -> int:
        """Index after the edits → index before them."""
        run = bisect_right(self._after, index) - 1
        before = self._before[run] + index - self._after[run]
        # What one character grew to is led back to that character, and not into the next run.
        return min(before, self._before[run + 1] - 1) if run + 1 < len(self._before) else before

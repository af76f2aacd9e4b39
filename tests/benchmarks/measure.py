"""How a row is measured: both sides in turn within one run, several rounds, the median of each.

Turns let a busy machine disturb both sides alike. Work of one thread is measured in CPU time; whatever waits for disks
or sockets in real time, and its row says so.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from typing import Any, ClassVar, Final

_MARKS: Final = {True: "reached", False: "below", None: ""}
UNITS: Final = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table: what was done, what it cost here and at the peer, and how the two compare."""

    HEADINGS: ClassVar = ("work", "Wiredesk", "beside", "ratio", "reach", "")
    ALIGNED: ClassVar = ("---", "---", "---", "--:", "--:", "---")

    work: str
    ours: str
    peer: str
    ratio: float | None  # None: the peer is not there, and `peer` says why
    least: float | None = None  # what the ratio is to reach, where more is better …
    most: float | None = None  # … or where less is

    @property
    def reached(self) -> bool | None:
        """Whether the ratio is where it is to be; None where there is none, or nothing to reach."""
        if self.ratio is None or (self.least is None and self.most is None):
            return None
        return (self.least is None or self.ratio >= self.least) and (self.most is None or self.ratio <= self.most)

    @property
    def cells(self) -> tuple[str, ...]:
        """As the table shows them."""
        ratio = "" if self.ratio is None else f"{_rounded(self.ratio)} ×"
        reach = "" if self.least is None else f"≥ {self.least:,g} ×"
        if self.most is not None:
            reach = f"≤ {self.most:,g} ×"
        return self.work, self.ours, self.peer, ratio, reach, _MARKS[self.reached]


def _rounded(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


def faster(
    work: str, ours: float, peer: float, *, unit: str, beside: str, least: float | None = None, times: int = 1
) -> Row:
    """The row of a work that took us `ours` seconds and a peer `peer`, for `times` units: how many times faster."""
    return Row(
        work=work,
        ours=f"{shown(ours / times)} {unit}".strip(),
        peer=f"{beside}: {shown(peer / times)}",
        ratio=peer / ours,
        least=least,
    )


def grown(work: str, large: float, small: float, *, unit: str, beside: str, most: float, times: int = 1) -> Row:
    """The row of a work that is compared with itself on less: how many times as long it takes."""
    return Row(
        work=work,
        ours=f"{shown(large / times)} {unit}",
        peer=f"{beside}: {shown(small / times)}",
        ratio=large / small,
        most=most,
    )


def alone(work: str, ours: float, *, unit: str, reason: str, times: int = 1) -> Row:
    """The row of a work whose peer can't be asked."""
    return Row(work=work, ours=f"{shown(ours / times)} {unit}".strip(), peer=reason, ratio=None)


def shown(seconds: float) -> str:
    """A duration with two or three figures and its unit."""
    size, unit = next(((size, unit) for size, unit in UNITS if seconds >= size), UNITS[-1])
    figure = seconds / size
    return f"{figure:.0f} {unit}" if figure >= 100 else f"{figure:.2g} {unit}"


def medians(
    works: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, float]:
    """The median seconds of each work. Every round does each of them once, in turn."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            began = clock()
            work()
            taken[name].append(clock() - began)
    return {name: median(seconds) for name, seconds in taken.items()}


def peer(name: str) -> Any:
    """The module of a peer that is no dependency of ours; None where it is not installed."""
    return import_module(name) if find_spec(name) else None


def not_here(name: str) -> str:
    """Why a row stands alone."""
    return f"`{name}` is not installed"

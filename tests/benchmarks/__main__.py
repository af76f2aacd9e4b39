"""`python -m tests.benchmarks [GROUP …] [--markdown]`: every row measured, then the table."""

import argparse
import sys
import time
from collections.abc import Callable, Iterable
from typing import Final

import structlog
from rich.console import Console
from rich.table import Table

from tests.benchmarks import copies, feeds, inserts, matching, passes, polls
from tests.benchmarks.measure import Row

GROUPS: Final[dict[str, Callable[[], Iterable[Row]]]] = {
    "matching": matching.rows,
    "copies": copies.rows,
    "feeds": feeds.rows,
    "polls": polls.rows,
    "inserts": inserts.rows,
    "passes": passes.rows,
}
HEADINGS: Final = ("work", "Wiredesk", "beside", "ratio", "reach", "")
MARKS: Final = {True: "reached", False: "below", None: ""}


def main() -> None:
    """Measure the groups that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Speed, as ratios beside peers.")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"one or more of: {', '.join(GROUPS)}")
    parser.add_argument("--markdown", action="store_true", help="the table as it stands in docs/performance.md")
    asked = parser.parse_args()
    if unknown := set(asked.groups) - GROUPS.keys():
        parser.error(f"no such group: {', '.join(sorted(unknown))}: name one of {', '.join(GROUPS)}")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    progress = Console(stderr=True)
    rows: list[Row] = []
    for name in asked.groups or GROUPS:
        began = time.monotonic()
        progress.print(f"{name} …", end="")
        rows += GROUPS[name]()
        progress.print(f" {time.monotonic() - began:.0f} s")
    if asked.markdown:
        sys.stdout.write(_markdown(rows))
    else:
        Console().print(_table(rows))


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{_rounded(row.ratio)} ×"
    reach = "" if row.least is None else f"≥ {row.least:,g} ×"
    if row.most is not None:
        reach = f"≤ {row.most:,g} ×"
    return row.work, row.ours, row.peer, ratio, reach, MARKS[row.reached]


def _rounded(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


def _table(rows: Iterable[Row]) -> Table:
    table = Table(*HEADINGS)
    for row in rows:
        table.add_row(*_cells(row))
    return table


def _markdown(rows: Iterable[Row]) -> str:
    lines = [HEADINGS, ("---", "---", "---", "--:", "--:", "---"), *map(_cells, rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    main()

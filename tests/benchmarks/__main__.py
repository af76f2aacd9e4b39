"""`python -m tests.benchmarks [GROUP …] [--markdown]`: every row measured, then a table of each kind of rows."""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog
from rich.console import Console
from rich.table import Table

from tests.benchmarks import commands, copies, feeds, growth, inserts, matching, memory, passes, polls, starting
from tests.benchmarks.commands import Wait
from tests.benchmarks.measure import Row

GROUPS: Final[dict[str, Callable[[], Iterable[Row | Wait]]]] = {
    "matching": matching.rows,
    "copies": copies.rows,
    "feeds": feeds.rows,
    "polls": polls.rows,
    "inserts": inserts.rows,
    "starting": starting.rows,
    "passes": passes.rows,
    "growth": growth.rows,
    "memory": memory.rows,
    "commands": commands.rows,
}


def main() -> None:
    """Measure the groups that are named, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description="Speed, beside peers and under load."
    )
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"one or more of: {', '.join(GROUPS)}")
    parser.add_argument("--markdown", action="store_true", help="the table as it stands in docs/performance.md")
    asked = parser.parse_args()
    if unknown := set(asked.groups) - GROUPS.keys():
        parser.error(f"no such group: {', '.join(sorted(unknown))}: name one of {', '.join(GROUPS)}")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    progress = Console(stderr=True)
    rows: list[Row | Wait] = []
    for name in asked.groups or GROUPS:
        began = time.monotonic()
        progress.print(f"{name} …", end="")
        rows += GROUPS[name]()
        progress.print(f" {time.monotonic() - began:.0f} s")
    for kind in (Row, Wait):
        if of_kind := [row for row in rows if isinstance(row, kind)]:
            _show(of_kind, markdown=asked.markdown)


def _show(rows: Sequence[Row | Wait], *, markdown: bool) -> None:
    """One table, of rows of one kind."""
    kind = type(rows[0])
    if markdown:
        lines = [kind.HEADINGS, kind.ALIGNED, *(row.cells for row in rows)]
        sys.stdout.write("".join(f"| {' | '.join(cells)} |\n" for cells in lines))
        return
    table = Table(*kind.HEADINGS)
    for row in rows:
        table.add_row(*row.cells)
    Console().print(table)


if __name__ == "__main__":
    main()

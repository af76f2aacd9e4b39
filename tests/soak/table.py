"""What many trials came to: a table by database and way, one by misfortunes; for a terminal, or as Markdown.

Results ─by_way, by_misfortune→ Grid ─printed | markdown
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from rich.console import Console
from rich.table import Table

from tests.soak.plan import Misfortune
from tests.soak.trial import Result


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows below a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def by_way(results: Sequence[Result]) -> Grid:
    """How many trials, what befell them, what was posted, and in how many something did not hold."""
    ways = sorted({(result.database, result.way) for result in results})
    groups = [[one for one in results if (one.database, one.way) == way] for way in ways] + [list(results)]
    rows = [
        ("trials", *(str(len(group)) for group in groups)),
        ("starts", *(str(sum(one.lives for one in group)) for group in groups)),
        *((what.value, *(str(sum(one.struck[what] for one in group)) for group in groups)) for what in Misfortune),
        ("posts", *(str(sum(one.posts for one in group)) for group in groups)),
        ("marked doubles", *(str(sum(one.doubles for one in group)) for group in groups)),
        ("with problems", *(str(sum(bool(one.problems) for one in group)) for group in groups)),
        ("seconds a trial", *(f"{fmean(one.seconds for one in group):.1f}" for group in groups)),
    ]
    return Grid(("", *(" · ".join(way) for way in ways), "all"), tuple(rows))


def by_misfortune(results: Sequence[Result]) -> Grid:
    """In how many trials each struck, how often in all, and in how many of these trials something did not hold."""
    rows = []
    for what in Misfortune:
        struck = [result for result in results if result.struck[what]]
        times, wrong = sum(result.struck[what] for result in struck), sum(bool(result.problems) for result in struck)
        rows.append((what.value, str(len(struck)), str(times), str(wrong)))
    return Grid(("misfortune", "trials", "times", "with problems"), tuple(rows))


def printed(grid: Grid, console: Console) -> None:
    table = Table(*grid.head)
    for row in grid.rows:
        table.add_row(*row)
    console.print(table)


def markdown(grid: Grid) -> str:
    rows = [grid.head, tuple("---" for _ in grid.head), *grid.rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)

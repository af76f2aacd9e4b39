"""What many trials came to: a table by database and way, and one of misfortunes; for a terminal, or as Markdown.

Results ─by_way, by_misfortune→ Grid ─printed | markdown
"""

from collections import Counter
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
    head = ("database", "way", "trials", "starts", *(what.value for what in Misfortune))
    head += ("posts", "marked doubles", "with problems", "seconds a trial")
    ways = sorted({(result.database, result.way) for result in results})
    groups = [(*way, [one for one in results if (one.database, one.way) == way]) for way in ways]
    if len(groups) > 1:
        groups.append(("all", "", list(results)))
    return Grid(head, tuple((database, way, *_counts(group)) for database, way, group in groups))


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


def _counts(results: Sequence[Result]) -> tuple[str, ...]:
    struck = sum((result.struck for result in results), Counter[Misfortune]())
    return (
        *map(str, (len(results), sum(result.lives for result in results))),
        *(str(struck[what]) for what in Misfortune),
        *map(str, (sum(result.posts for result in results), sum(result.doubles for result in results))),
        str(sum(bool(result.problems) for result in results)),
        f"{fmean(result.seconds for result in results):.1f}",
    )

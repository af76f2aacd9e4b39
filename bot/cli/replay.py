"""`wiredesk replay FILE.jsonl`: what the desk would have made of each article of a file.

lines of the file ─read_lines→ articles ─replay→ decisions → a JSON line or a table's row each, and the count
"""

import sys
from pathlib import Path
from typing import Annotated, Final

import structlog
import typer
from rich.progress import Progress, TextColumn

from bot.cli import context
from bot.cli.extract import STDIN
from bot.cli.output import answer_console, emit, table
from bot.replay_desk import asked, chosen
from watchers.errors import ConfigError
from watchers.replaying import Decided, Piece, read_lines
from watchers.replaying import replay as replay_pieces
from watchers.stories.corpus import KnownText, read_corpus

log = structlog.get_logger(__name__)

NONE: Final = "none"


def replay(
    file: Annotated[
        Path,
        typer.Argument(
            help="Articles, one JSON object a line; - reads them from standard input.", metavar="FILE.jsonl"
        ),
    ],
    watchlist: Annotated[Path | None, typer.Option("--watchlist", help="Ask the watches of this file.")] = None,
    query: Annotated[str | None, typer.Option("--query", help="Ask one watch with this query.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Take every article for a match.")] = False,
    corpus: Annotated[str, typer.Option("--corpus", help="A file of known stories, or none.")] = NONE,
    database: Annotated[str | None, typer.Option("--database", help="Keep it all in this database (a URL).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines on standard output.")] = False,
) -> None:
    """Say of each article in a file what it is: new, copy, known, unmatched or a revision. Nothing is sent."""
    settings = context.settings()
    options = chosen(settings, watchlist_file=watchlist, query=query, everything=everything)
    pieces = _pieces(file)
    known = _known(corpus)
    told: list[Decided] = []
    beside = answer_console(as_json=True)
    with (
        asked(settings, database, options, known, now=context.now()) as desk,
        Progress(
            *Progress.get_default_columns(),
            TextColumn("{task.completed} of {task.total}"),
            console=beside,
            transient=True,
            disable=not beside.is_terminal,  # else it would leave an empty line
        ) as progress,
    ):
        task = progress.add_task("Replaying", total=len(pieces))
        for batch in replay_pieces(desk.database, pieces, desk.told, desk.hear):
            told.extend(batch)
            progress.advance(task, len(batch))
            for decided in batch if as_json else ():
                emit(_line(decided))
    stories = len({decided.story for decided in told if decided.story and not decided.story.startswith("known:")})
    if as_json:
        emit({"event": "stories", "stories": stories, "merged": 0})
        return
    console = answer_console(as_json=False)
    rows = [
        (decided.line, decided.decision.value, decided.story, ", ".join(decided.watches), decided.title, decided.of)
        for decided in told
    ]
    table(console, ("line", "decision", "story", "watches", "title", "of"), rows, empty="The file holds no article.")
    console.print(f"{len(told)} articles, {stories} {'story' if stories == 1 else 'stories'}.")


def _pieces(file: Path) -> list[Piece]:
    if str(file) == STDIN:
        return read_lines(sys.stdin.buffer, STDIN)
    try:
        with file.open("rb") as lines:
            return read_lines(lines, str(file))
    except OSError as error:
        raise ConfigError(f"{file}:1: can't be read ({error.strerror}): name a file of JSON Lines") from None


def _known(corpus: str) -> tuple[KnownText, ...]:
    if corpus == NONE:
        return ()
    texts, problems = read_corpus([Path(corpus)])
    if not texts:
        raise ConfigError(*problems or [f"{corpus}: no known story in it: name a file that `corpus add` can read"])
    for problem in problems:
        log.warning(problem)
    return texts


def _line(decided: Decided) -> dict[str, object]:
    return {
        "line": decided.line,
        "url": decided.url,
        "decision": decided.decision.value,
        "story": decided.story,
        "of": decided.of,
        "watches": list(decided.watches),
        "score": None if decided.score is None else round(decided.score, 3),
        "hint": None,
    }

"""`wiredesk corpus …`: the stories that the desk knows already, and so never tells.

files, folders, addresses ─add→ known stories of the desk; ─build→ a file of citations and fingerprints, without texts
"""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from bot.cards.words import counted
from bot.cli import context
from bot.cli.output import answer_console, emit, rfc3339, table
from bot.cli.rows import Json
from bot.cli.waiting import waiting
from bot.known_pages import gather
from watchers.errors import CannotRun, ConfigError
from watchers.storage import known
from watchers.stories.corpus import KnownText, dump_corpus, passed_over
from watchers.stories.corpus_files import FORMS

app = typer.Typer(
    name="corpus", help="The stories that the desk knows already.", no_args_is_help=True, rich_markup_mode=None
)
Given = Annotated[
    list[str], typer.Argument(metavar="PATH…", help="Files (.txt .md .html .jsonl .csv, feeds), folders, addresses.")
]


@app.command("add")
def add(paths: Given, as_json: Json = False) -> None:
    """Make stories known to the desk: their copies, excerpts and addresses are recorded, not told."""
    with context.database() as database:
        desk = context.desk_of(database)
        texts, problems = _gathered(paths)
        with database.writing() as connection:
            added = known.add(connection, desk, texts, origin="added", now=context.now())
    if as_json:
        emit({"read": len(texts), "added": added, "problems": len(problems)})
        return
    typer.echo(f"{len(texts)} {_stories(len(texts))} read, {added} of them new to the desk.")


@app.command("list")
def list_known(as_json: Json = False) -> None:
    """List the known stories, in order of addition."""
    with context.database() as database:
        desk = context.desk_of(database)
        with database.reading() as connection:
            found = known.every(connection, desk)
    if as_json:
        for story in found:
            emit(
                {
                    "id": str(story.id),
                    "title": story.title,
                    "url": story.url,
                    "outlet": story.outlet,
                    "published": rfc3339(story.published),
                    "origin": story.origin,
                }
            )
        return
    rows = [
        (story.id, story.title or "(a text without a headline)", story.outlet, rfc3339(story.published), story.url)
        for story in found
    ]
    columns = ("id", "title", "outlet", "published", "url")
    table(answer_console(as_json=False), columns, rows, empty="No known story: add some with `wiredesk corpus add`.")


@app.command("build")
def build(
    paths: Given,
    output: Annotated[Path, typer.Option("-o", "--output", help="The corpus file to write (.jsonl).")],
    as_json: Json = False,
) -> None:
    """Write a corpus file: citations and fingerprints, none of the texts. It needs no database."""
    if output.suffix.lower() != ".jsonl":
        raise ConfigError(f"{output}: a corpus file ends in .jsonl: rename it")
    texts, problems = _gathered(paths)
    try:
        output.write_text(dump_corpus(texts), encoding="utf-8")
    except OSError as error:
        raise CannotRun(f"{output}: can't be written ({error.strerror}): name another file") from error
    if as_json:
        emit({"file": str(output), "stories": len(texts), "problems": len(problems)})
        return
    typer.echo(f"{output}: {len(texts)} {_stories(len(texts))}.")


def _gathered(paths: list[str]) -> tuple[list[KnownText], list[str]]:
    """What could be read; the problems of the rest are told beside it.

    If that is nothing, raises CannotRun where addresses alone gave nothing, else ConfigError.
    """
    with waiting("Reading …"):
        gathered = gather(context.settings(), paths)
    texts, problems = gathered.known, gathered.problems
    for path in paths:
        if path.strip() and (left := passed_over(Path(path))):
            context.log.warning(_left_alone(path, left))
    if not texts and problems and not gathered.wrong:
        raise CannotRun("\n".join(problems))
    if not texts:
        raise ConfigError(*problems or [f"{', '.join(paths)}: no known story in it: name files that hold articles"])
    for problem in problems:
        context.log.warning(problem)
    return texts, problems


def _left_alone(folder: str, left: Counter[str]) -> str:
    ordered = sorted(left.items(), key=lambda kind: (-kind[1], kind[0]))
    kinds = ", ".join(f"{number} {ending or 'without an ending'}" for ending, number in ordered)
    number = counted(left.total(), "file was", "files were")
    return f"{folder}: {number} passed over ({kinds}): read are {' '.join(FORMS)}"


def _stories(count: int) -> str:
    return "story" if count == 1 else "stories"

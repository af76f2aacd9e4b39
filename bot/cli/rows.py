"""The commands that all nouns share: pause, resume, adopt, remove; and how a noun's rows are answered.

NAME ─find→ Row ─verb→ changed ─→ a sentence, or with `--json` the row as the noun's `list` has it
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

import typer

from bot.cli import context
from bot.cli.output import answer_console, emit, table
from watchers.storage import told
from watchers.storage.database import Database
from watchers.storage.uses import Noun
from watchers.storage.watchlist import ABSENT, FILE, SAID

Verb = Literal["pause", "resume", "adopt"]
Lines = Callable[[Database, int], Sequence[Mapping[str, Any]]]  # the JSON lines of a desk's rows of one noun
Json = Annotated[bool, typer.Option("--json", help="JSON Lines on standard output.")]
Named = Annotated[str, typer.Argument(metavar="NAME", help="Its name, as `list` shows it.")]

_DO: Final = {"pause": told.pause, "resume": told.resume, "adopt": told.adopt}
_DONE: Final[dict[Verb, tuple[str, str]]] = {  # what is said where something changed, and where nothing did
    "pause": ("paused", "was paused already"),
    "resume": ("resumed", "was not paused"),
    "adopt": ("adopted: the watch-list file no longer changes it", "is the desk's own already"),
}
_HELP: Final[dict[Verb, str]] = {
    "pause": "Let {} rest until it is resumed.",
    "resume": "Let {} that is paused work again.",
    "adopt": "Take {} over from the watch-list file. The file no longer changes it.",
}


def noun_commands(noun: Noun, *, summary: str) -> typer.Typer:
    """The commands of a noun, empty as yet."""
    return typer.Typer(name=noun, help=summary, no_args_is_help=True, rich_markup_mode=None)


def add_verbs(app: typer.Typer, noun: Noun, verbs: Sequence[Verb], lines: Lines) -> None:
    """Give a noun these verbs. `lines` are its rows as `list --json` prints them."""
    for verb in verbs:
        app.command(verb, help=_HELP[verb].format(_a(noun)))(_changing(noun, verb, lines))


def add_remove(app: typer.Typer, noun: Noun, lines: Lines) -> None:
    """Give a noun `remove`."""

    def remove(name: Named, as_json: Json = False) -> None:
        with context.database() as database:
            desk = context.desk_of(database)
            with database.writing() as connection:
                row = told.find(connection, desk, noun, name)
                was = _line_of(lines, database, desk, name)
                told.remove(connection, desk, row)
        if as_json:
            emit(dict(was) | {"state": "removed"})
        else:
            typer.echo(f"{noun} {name}: removed")

    app.command("remove", help=f"Delete {_a(noun)} made by command, or adopted.")(remove)


def answer(
    found: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    row: Callable[[Mapping[str, Any]], Sequence[object]],
    *,
    as_json: bool,
    empty: str,
) -> None:
    """Answer a noun's `list`: its JSON lines, or a table with a row of each."""
    if as_json:
        for line in found:
            emit(line)
    else:
        table(answer_console(as_json=False), columns, [row(line) for line in found], empty=empty)


def _line_of(lines: Lines, database: Database, desk: int, name: str) -> Mapping[str, Any]:
    return next(line for line in lines(database, desk) if line["name"] == name)


def added(noun: Noun, name: str, lines: Lines, database: Database, desk: int, *, as_json: bool, more: str = "") -> None:
    """Answer that a row was made."""
    if as_json:
        emit(_line_of(lines, database, desk, name))
    else:
        typer.echo(f"{noun} {name}: added{more}")


def _changing(noun: Noun, verb: Verb, lines: Lines) -> Callable[[str, bool], None]:
    def change(name: Named, as_json: Json = False) -> None:
        with context.database() as database:
            desk = context.desk_of(database)
            with database.writing() as connection:
                row = told.find(connection, desk, noun, name)
                changed = _DO[verb](connection, row)
            line = _line_of(lines, database, desk, name)
        if verb == "resume" and row.origin == FILE and row.reason in {ABSENT, SAID}:
            context.log.warning(
                f"the watch-list file had paused this {noun}, and will again when it changes: adopt it to keep it",
                reason=row.reason,
            )
        if as_json:
            emit(line)
        else:
            typer.echo(f"{noun} {name}: {_DONE[verb][not changed]}")

    return change


def _a(noun: Noun) -> str:
    return f"an {noun}" if noun == "entity" else f"a {noun}"

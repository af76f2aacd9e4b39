"""`wiredesk desk …`: the desks of the database, one a server beside the watch-list file's, and an end to one."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from bot.cli import context
from bot.cli.output import emit, rfc3339
from bot.cli.rows import Json, answer
from watchers.storage import guilds
from watchers.storage.guilds import Listed

app = typer.Typer(
    name="desk",
    help="The desks of this database: the watch-list file's, and those of Discord servers.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_desks(as_json: Json = False) -> None:
    """List every desk with its server and how it stands."""
    with context.database() as database, database.reading() as connection:
        found = [_line(desk) for desk in guilds.listed(connection)]
    columns = ("desk", "server", "sources", "watches", "state", "since", "origin")
    answer(found, columns, _row, as_json=as_json, empty="No desk.")


@app.command("remove")
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, as `list` shows it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a server's desk with everything in it. This can't be taken back."""
    with context.database() as database:
        with database.reading() as connection:
            desk = guilds.find(connection, name)
        if not yes:
            called = f"{name} ({desk.label})" if desk.label else name
            typer.confirm(
                f"Delete {called} with {desk.watches} watches, {desk.sources} sources and all it told?",
                abort=True,
                err=True,
            )
        with database.writing() as connection:
            guilds.remove(connection, desk.id)
    if as_json:
        emit(_line(desk) | {"state": "removed"})
    else:
        typer.echo(f"desk {name}: removed")


def _line(desk: Listed) -> dict[str, Any]:
    line = asdict(desk) | {"since": rfc3339(desk.since)}
    del line["id"]
    return line


def _row(line: Mapping[str, Any]) -> tuple[object, ...]:
    server = line["label"] or line["guild"]
    return (line["name"], server, line["sources"], line["watches"], line["state"], line["since"], line["origin"])

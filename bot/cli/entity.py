"""`wiredesk entity …`: the named things that queries call `@name`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from bot.cli import context
from bot.cli.entries import entry
from bot.cli.rows import Json, add_remove, add_verbs, added, answer, noun_commands
from bot.entries import named
from config.watchlist import Entity
from watchers.storage import listing, told
from watchers.storage.database import Database

app = noun_commands("entity", summary="Named things with aliases, which queries call @name.")


def lines(database: Database, desk: int) -> list[dict[str, Any]]:
    """The desk's entities as JSON lines."""
    with database.reading() as connection:
        return [asdict(entity) for entity in listing.entities_of(connection, desk)]


@app.command("list")
def list_entities(as_json: Json = False) -> None:
    """List the desk's entities with all their names."""
    with context.database() as database:
        found = lines(database, context.desk_of(database))
    columns = ("entity", "full name", "aliases", "state", "origin")
    answer(found, columns, _row, as_json=as_json, empty="No entity.")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What queries call it, without the @.")],
    full_name: Annotated[str, typer.Argument(metavar="FULL_NAME", help="Its full name, which is looked for too.")],
    alias: Annotated[
        list[str] | None, typer.Option("--alias", metavar="NAME", help="Another name it goes by; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add an entity."""
    made = entry(Entity, name=full_name, aliases=tuple(alias or ()))
    with context.database() as database:
        desk = context.desk_of(database)
        with database.writing() as connection:
            told.add_entity(connection, desk, named(name), made)
        added("entity", name, lines, database, desk, as_json=as_json, more=f": queries call it @{name}")


def _row(line: Mapping[str, Any]) -> tuple[object, ...]:
    return ("@" + line["name"], line["full_name"], ", ".join(line["aliases"]), line["state"], line["origin"])


add_verbs(app, "entity", ("adopt",), lines)
add_remove(app, "entity", lines)

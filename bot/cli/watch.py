"""`wiredesk watch …`: queries, and where their alerts go. Trying a query out is in `watch_trial`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from bot.cli import context
from bot.cli.entries import entry
from bot.cli.queries import understood
from bot.cli.rows import Json, add_remove, add_verbs, added, answer, noun_commands
from bot.cli.watch_trial import try_query
from bot.entries import named
from config.watchlist import Route, Watch
from watchers.models import When
from watchers.storage import desks, listing, told
from watchers.storage.database import Database

app = noun_commands("watch", summary="Queries, and where their alerts go.")


def lines(database: Database, desk: int) -> list[dict[str, Any]]:
    """The desk's watches as JSON lines."""
    with database.reading() as connection:
        return [asdict(watch) for watch in listing.watches_of(connection, desk)]


@app.command("list")
def list_watches(as_json: Json = False) -> None:
    """List the watches, where they go, and what they matched."""
    with context.database() as database:
        found = lines(database, context.desk_of(database))
    columns = ("name", "state", "matches", "goes to", "origin", "query")
    answer(found, columns, _row, as_json=as_json, empty="No watch: add one, or name some in the watch-list file.")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the watch is called.")],
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="As '(\"face recognition\" OR @clearview) AND police'.")
    ],
    channel: Annotated[
        list[str], typer.Option("--channel", metavar="CHANNEL", help="Where its alerts go; may be repeated.")
    ],
    when: Annotated[When, typer.Option("--when", help="At once, or in digests.")] = "now",
    mention: Annotated[
        str | None, typer.Option("--mention", metavar="ID", help="The id of the one role to ping.")
    ] = None,
    quiet: Annotated[
        str | None, typer.Option("--quiet", metavar="HOURS", help="Hours without alerts, as 22:00-07:00.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag; may be repeated.")] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source", metavar="SOURCE", help="Listen to this source, or to those of this tag, alone; may be repeated."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Add a watch. It hears what comes in from now on; `watch test` tries a query on what came before."""
    routes = tuple(
        entry(Route, channel=each, when=when, mention=mention, quiet=quiet) for each in dict.fromkeys(channel)
    )
    made = entry(Watch, query=query, tags=tuple(tag or ()), sources=tuple(source or ()), routes=routes)
    named(name)
    with context.database() as database:
        desk = context.desk_of(database)
        with database.writing() as connection:
            (view,) = (view for view in desks.load(connection).desks if view.id == desk)
            understood(query, view.entities)
            told.add_watch(connection, desk, name, made, now=context.now())
        added("watch", name, lines, database, desk, as_json=as_json)


def _row(line: Mapping[str, Any]) -> tuple[object, ...]:
    goes_to = ", ".join(_route(route) for route in line["routes"]) or "nowhere"
    return (line["name"], line["state"], line["matches"], goes_to, line["origin"], line["query"])


def _route(route: dict[str, Any]) -> str:
    details = [
        "" if route["when"] == "now" else route["when"],
        f"role {route['mention']}" if route["mention"] else "",
        f"quiet {route['quiet']}" if route["quiet"] else "",
    ]
    told_more = ", ".join(filter(None, details))
    return f"{route['channel']} ({told_more})" if told_more else str(route["channel"])


app.command("test")(try_query)
add_verbs(app, "watch", ("pause", "resume", "adopt"), lines)
add_remove(app, "watch", lines)

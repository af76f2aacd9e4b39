"""`wiredesk source …`: what is polled, and how it does. Trying an address out is in `source_look`."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from bot.cards.words import distance
from bot.cli import context, source_look
from bot.cli.entries import entry
from bot.cli.output import answer_console, emit, rfc3339, table
from bot.cli.rows import Json, Named, add_remove, add_verbs, added, answer, noun_commands
from bot.cli.source_look import NOT_A_FEED, Address, Ignore, Kind, Select, look
from bot.cli.waiting import waiting
from bot.entries import named
from bot.source_trial import TITLE_FROM_SUMMARY
from config.names import free_name
from config.watchlist import Source
from watchers.errors import ConfigError
from watchers.fetch.redact import redact_text, redact_url
from watchers.models import Outcome, Parsed, ReadPolicy, SourceMemory, Trust
from watchers.storage import listing, told
from watchers.storage.database import Database

SOON = timedelta(minutes=1)  # what is due by then is due now

app = noun_commands("source", summary="What is polled: feeds, sitemaps and pages.")


def lines(database: Database, desk: int) -> list[dict[str, Any]]:
    """The desk's sources as JSON lines."""
    with database.reading() as connection:
        return [
            asdict(source) | {"next_at": rfc3339(source.next_at)} for source in listing.sources_of(connection, desk)
        ]


@app.command("list")
def list_sources(as_json: Json = False) -> None:
    """List the sources and how they do. Secrets in addresses are left out."""
    with context.database() as database:
        found = lines(database, context.desk_of(database))
    columns = ("name", "kind", "state", "items", "last", "next", "origin", "trouble")
    answer(found, columns, _row, as_json=as_json, empty="No source: add one, or name some in the watch-list file.")


@app.command("items")
def list_items(name: Named, as_json: Json = False) -> None:
    """List what a source has shown, or the versions of a page. The latest poll's come first, in the source's order."""
    with context.database() as database:
        desk = context.desk_of(database)
        with database.reading() as connection:
            found = listing.items_of(connection, told.find(connection, desk, "source", name).id)
    if as_json:
        for item in found:
            emit(asdict(item) | {"published": rfc3339(item.published), "first_seen": rfc3339(item.first_seen)})
        return
    rows = [
        (_minute(item.published), _minute(item.first_seen), item.title or item.summary[:TITLE_FROM_SUMMARY], item.url)
        for item in found
    ]
    columns = ("published (UTC)", "first seen", "title", "url")
    table(answer_console(as_json=False), columns, rows, empty="It has shown nothing yet.")


@app.command("add")
def add(
    url: Address,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What it is called; without, its title.")
    ] = None,
    every: Annotated[
        str | None,
        typer.Option("--every", metavar="SPAN", help="How often, as 15m; without, as often as it brings something."),
    ] = None,
    read: Annotated[ReadPolicy, typer.Option("--read", help="Which of its articles are read on their pages.")] = "all",
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="TAG", help="A tag, by which watches may choose; may be repeated."),
    ] = None,
    kind: Kind = "auto",
    select: Select = None,
    ignore: Ignore = None,
    trust: Annotated[Trust, typer.Option("--trust", help="How far it is to be trusted.")] = "normal",
    as_json: Json = False,
) -> None:
    """Follow an address from now on. It is looked at first; one that only fails now is added with a warning."""
    made = entry(
        Source,
        url=url,
        kind=kind,
        every=every,
        read=read,
        tags=tuple(tag or ()),
        trust=trust,
        select=select,
        ignore=ignore,
    )
    if name is not None:
        named(name)
    settings = context.settings()
    with waiting("Looking …"):
        memory = SourceMemory(kind=kind, select=select, ignore=ignore)
        parsed = asyncio.run(look(settings, url, memory, to_follow=True))
    if parsed.feeds:
        raise ConfigError(f"{redact_url(url)}: {NOT_A_FEED}:", *(f"  {feed}" for feed in parsed.feeds))
    if parsed.kind in {"feed", "sitemap"} and (select is not None or ignore is not None):
        raise ConfigError(f"--select, --ignore: they are for pages, and this is a {parsed.kind}: leave them out")
    with context.database() as database:
        desk = context.desk_of(database)
        with database.writing() as connection:
            taken = {source.name for source in listing.sources_of(connection, desk)}
            chosen = name or free_name(parsed.title, url, taken)
            told.add_source(connection, desk, chosen, made)
        if parsed.outcome is not Outcome.OK:
            reason = redact_text(parsed.error or "")
            context.log.warning("it fails now, and is added", outcome=parsed.outcome.value, error=reason)
        added("source", chosen, lines, database, desk, as_json=as_json, more=_found(parsed))


def _minute(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def _row(line: Mapping[str, Any]) -> tuple[object, ...]:
    trouble = line["reason"] if line["state"] == "paused" else line["last_error"]
    return (
        *(line[key] for key in ("name", "kind", "state", "items", "last_outcome")),
        _next(line),
        line["origin"],
        trouble,
    )


def _next(line: Mapping[str, Any]) -> str | None:
    """When a source is polled next, for people."""
    if line["state"] == "paused":
        return None
    now = context.now()
    planned = now if line["next_at"] is None else datetime.fromisoformat(line["next_at"])
    return "now" if planned - now < SOON else distance(planned, now)


def _found(parsed: Parsed) -> str:
    if parsed.outcome is not Outcome.OK:
        return ""
    shown = f"a {parsed.kind}" + (f", “{parsed.title}”" if parsed.title else "")
    return f": {shown}" + (f", that shows {parsed.entries} items now" if parsed.kind != "page" else "")


app.command("test")(source_look.try_address)
add_verbs(app, "source", ("pause", "resume", "adopt"), lines)
add_remove(app, "source", lines)

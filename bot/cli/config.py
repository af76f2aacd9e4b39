"""`wiredesk check`, `apply` and `export`: the watch-list file and what the database has of it.

file ─check→ what it holds, or every problem; file ─apply→ rows, and what that changed; rows ─export→ a file's text
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.cards.words import counted
from bot.cli import context
from bot.cli.output import answer_console, emit, table
from bot.cli.rows import Json
from bot.live_channels import view_of, why_unusable
from bot.looking import is_there
from bot.prepare import SEED_CORPUS, apply_file, load_seeds, read_watchlist, scratch, upgraded
from config.settings import SHIPPED_WATCHLIST
from config.watchlist import Watchlist
from config.watchlist_dump import dump_watchlist
from watchers.errors import ConfigError
from watchers.storage import watchlist

_KINDS: Final = ("added", "changed", "paused", "removed", "kept")
_NOUNS: Final = {"entity": "entities", "watch": "watches", "source": "sources", "channel": "channels"}
_KEPT = "kept: it is people's own, or a watch of theirs needs it"


def check(
    file: Annotated[Path | None, typer.Argument(help="A watch-list file; without one, the desk's.")] = None,
    as_json: Json = False,
) -> None:
    """Check the settings and the watch list. Exit 2 with every problem, each with its line and what to do."""
    problems: list[str] = []
    bot = False
    path = file or Path(os.environ.get("WIREDESK_WATCHLIST") or SHIPPED_WATCHLIST)
    try:
        bot = context.settings().discord_token is not None
    except ConfigError as error:
        problems.extend(error.problems)
    try:
        told = read_watchlist(path)
    except ConfigError as error:
        raise ConfigError(*problems, *error.problems) from None
    if problems:
        raise ConfigError(*problems)
    for warning in (*_unusable(told, bot=bot), *_without_route(told)):
        context.log.warning(warning)
    counts = {noun: len(getattr(told, noun)) for noun in _NOUNS.values()}
    if as_json:
        emit({"file": str(path), **counts})
        return
    held = ", ".join(counted(counts[plural], singular, plural) for singular, plural in _NOUNS.items())
    typer.echo(f"{path}: all right: {held}")


def apply(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete what the file no longer has, not only pause it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Apply the watch-list file to the database, and show what changed. A running desk follows at once."""
    settings, now = context.settings(), context.now()
    read_watchlist(settings.watchlist)  # a wrong file is told before a database is made for it
    # A dry run leaves no database where there was none.
    with scratch() if dry_run and not is_there(settings) else upgraded(settings, now) as database:
        changes = apply_file(database, settings.watchlist, now=now, prune=prune, dry_run=dry_run)
        if not dry_run:
            load_seeds(database, SEED_CORPUS, now)
    found = [(kind, *row.partition(" ")[::2]) for kind in _KINDS for row in getattr(changes, kind)]
    if as_json:
        for kind, noun, name in found:
            emit({"change": kind, "noun": noun, "name": name or None})
        emit({"event": "applied", "dry_run": dry_run, **{kind: len(getattr(changes, kind)) for kind in _KINDS}})
        return
    console = answer_console(as_json=False)
    rows = [(_KEPT if kind == "kept" else kind, noun, name) for kind, noun, name in found]
    table(console, ("change", "what", "name"), rows, empty="Nothing to change: the database has it all.")
    if dry_run and changes:
        console.print("A dry run: nothing was changed.")


def export() -> None:
    """Print the desk as a watch-list file: the file's rows and those that people made."""
    with context.database() as database, database.reading() as connection:
        told = watchlist.export(connection, context.desk_of(database))
    sys.stdout.write(dump_watchlist(told))


def _unusable(told: Watchlist, *, bot: bool) -> Iterator[str]:
    for name, channel in told.channels.items():
        if (reason := why_unusable(view_of(name, channel), os.environ, bot=bot)) is not None:
            yield f"channel {name} can't be used yet: {reason}"


def _without_route(told: Watchlist) -> Iterator[str]:
    for name, watch in told.watches.items():
        if not watch.routes:
            yield f"watch {name} tells nobody: give it routes"

"""`wiredesk db …`: the database's schema and its backups. None of these fills a new database with anything."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import context
from bot.cli.output import emit
from bot.cli.rows import Json
from bot.cli.waiting import waiting
from bot.prepare import opened_as_is, save_backup
from watchers.errors import CannotRun
from watchers.storage import backup, migrate

app = typer.Typer(
    name="db", help="The database: its schema, and backups of it.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("upgrade")
def upgrade(as_json: Json = False) -> None:
    """Bring the database to this program's schema, after a backup of what it holds."""
    settings = context.settings()
    with opened_as_is(settings) as database:
        saved: list[Path] = []
        done = migrate.upgrade(database, before=lambda: saved.append(save_backup(database, settings, context.now())))
    if as_json:
        emit({"schema": migrate.head(), "upgraded": done, "backup": str(saved[0]) if saved else None})
        return
    typer.echo(f"The database is at schema {migrate.head()}{'' if done else ' already'}.")
    if saved:
        typer.echo(f"What it held before: {saved[0]}")


@app.command("backup")
def save(as_json: Json = False) -> None:
    """Write a backup into the data folder, and print its path. A desk may be running meanwhile."""
    settings = context.settings()
    with opened_as_is(settings) as database, waiting("Writing a backup …"):
        with database.reading() as connection:
            if migrate.current(connection) is None:
                raise CannotRun("there is nothing in the database yet: no backup was written")
        path = save_backup(database, settings, context.now())
    if as_json:
        emit({"file": str(path), "bytes": path.stat().st_size})
        return
    typer.echo(str(path))


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `db backup` or the desk wrote.")], as_json: Json = False
) -> None:
    """Fill an empty database from a backup, of SQLite or PostgreSQL alike."""
    with opened_as_is(context.settings()) as database, waiting(f"Restoring {file} …"):
        rows = backup.restore(database, file)
    if as_json:
        emit({"file": str(file), "rows": rows})
        return
    typer.echo(f"Restored {rows} rows from {file}.")

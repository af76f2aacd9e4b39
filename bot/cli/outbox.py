"""`wiredesk outbox …`: what was told, what waits, and what no channel would take.

deliveries ─list→ a line each; dead letters ─retry→ pending again; dead and waiting ones ─drop→ superseded
"""

from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli import context
from bot.cli.output import answer_console, emit, rfc3339, table
from bot.cli.rows import Json
from config.problems import listed as either
from watchers.errors import CannotRun, ConfigError
from watchers.storage import outbox
from watchers.storage.outbox import Listed

app = typer.Typer(
    name="outbox", help="What was told, what waits, and dead letters.", no_args_is_help=True, rich_markup_mode=None
)
_COLUMNS = ("alert", "channel", "state", "attempts", "error", "at")

Alert = Annotated[str, typer.Argument(metavar="ALERT", help="Its key, as `list` shows it.")]


@app.command("list")
def list_deliveries(
    state: Annotated[
        list[str] | None, typer.Option("--state", help="Only those in this state; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the deliveries, in the order in which they were made."""
    unknown = [name for name in state or () if name not in outbox.STATES]
    if unknown:
        raise ConfigError(f"--state {unknown[0]}: no such state: use {either(outbox.STATES)}")
    with context.database() as database, database.reading() as connection:
        found = outbox.listed(connection, states=state or None)
    _answer(found, as_json=as_json, empty="No such delivery." if state else "Nothing was told yet.")


@app.command("retry")
def retry_deliveries(
    alert: Annotated[str | None, typer.Argument(metavar="[ALERT]", help="Its key, as `list` shows it.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every dead letter, as without ALERT.")] = False,
    as_json: Json = False,
) -> None:
    """Send dead letters again: those of one alert, or all."""
    if alert is not None and everything:
        raise ConfigError("outbox retry: name one alert, or give --all, not both")
    with context.database() as database, database.writing() as connection:
        found = outbox.retry(connection, alert, now=context.now())
        resting = outbox.resting(connection, found)
    if alert is not None and not found:
        raise CannotRun(f"{alert}: it has no dead letter: see `wiredesk outbox list --state dead`")
    for channel in resting:
        context.log.warning(f"channel {channel} is paused: its alerts wait until `wiredesk channel resume {channel}`")
    _answer(found, as_json=as_json, empty="There is no dead letter.")


@app.command("drop")
def drop_deliveries(alert: Alert, as_json: Json = False) -> None:
    """Never tell an alert where it was not told yet: its dead letters and waiting deliveries are put aside."""
    with context.database() as database, database.writing() as connection:
        found = outbox.drop(connection, alert, now=context.now())
    if not found:
        raise CannotRun(f"{alert}: nothing of it is dead or waiting: see `wiredesk outbox list`")
    _answer(found, as_json=as_json, empty="")


def _answer(found: list[Listed], *, as_json: bool, empty: str) -> None:
    lines = [{**asdict(delivery), "at": rfc3339(delivery.at)} for delivery in found]
    if as_json:
        for line in lines:
            emit({key: line[key] for key in _COLUMNS})
        return
    rows = [[line[column] for column in _COLUMNS] for line in lines]
    table(answer_console(as_json=False), _COLUMNS, rows, empty=empty)

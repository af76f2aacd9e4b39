"""`wiredesk outbox …`: what was told, what waits, and what no channel would take.

deliveries ─list→ a line each; dead letters ─retry→ pending again; dead and waiting ones ─drop→ superseded

What is named is an alert, by its key, or one delivery, by the Ref that its card shows.
"""

from collections.abc import Sequence
from typing import Annotated

import typer

from bot.cli import context
from bot.cli.outbox_rows import COLUMNS, line, row
from bot.cli.output import answer_console, emit, table
from bot.cli.rows import Json
from config.problems import listed as either
from watchers.errors import CannotRun, ConfigError
from watchers.storage import outbox
from watchers.storage.delivery_list import DeliveryView, deliveries_of, named

app = typer.Typer(
    name="outbox", help="What was told, what waits, and dead letters.", no_args_is_help=True, rich_markup_mode=None
)
_NAMED = "Its key, as `list` shows it, or a card's Ref: then in that channel alone."

Alert = Annotated[str, typer.Argument(metavar="ALERT", help=_NAMED)]


@app.command("list")
def list_deliveries(
    alert: Annotated[
        str | None, typer.Argument(metavar="[ALERT]", help="Only this one: its key, or the Ref on its card.")
    ] = None,
    state: Annotated[
        list[str] | None, typer.Option("--state", help="Only those in this state; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the deliveries, in the order in which they were made, with what each that waits is waiting for."""
    unknown = [name for name in state or () if name not in outbox.STATES]
    if unknown:
        raise ConfigError(f"--state {unknown[0]}: no such state: use {either(outbox.STATES)}")
    with context.database() as database, database.reading() as connection:
        which = None if alert is None else named(connection, alert)
        found = deliveries_of(connection, now=context.now(), states=state or (), which=which)
    _answer(found, as_json=as_json, empty="No such delivery." if state or alert else "Nothing was told yet.")


@app.command("retry")
def retry_deliveries(
    alert: Annotated[str | None, typer.Argument(metavar="[ALERT]", help=_NAMED)] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every dead letter, as without ALERT.")] = False,
    as_json: Json = False,
) -> None:
    """Send dead letters again: those of one alert, or all."""
    if alert is not None and everything:
        raise ConfigError("outbox retry: name one alert, or give --all, not both")
    now = context.now()
    with context.database() as database, database.writing() as connection:
        changed = outbox.retry(connection, None if alert is None else named(connection, alert), now=now)
        resting = outbox.resting(connection, changed)
        found = deliveries_of(connection, now=now, ids=[each.id for each in changed])
    if alert is not None and not found:
        raise CannotRun(f"{alert}: it has no dead letter: see `wiredesk outbox list --state dead`")
    for channel in resting:
        context.log.warning(f"channel {channel} is paused: its alerts wait until `wiredesk channel resume {channel}`")
    _answer(found, as_json=as_json, empty="There is no dead letter.")


@app.command("drop")
def drop_deliveries(alert: Alert, as_json: Json = False) -> None:
    """Never tell an alert where it was not told yet: its dead letters and waiting deliveries are put aside."""
    now = context.now()
    with context.database() as database, database.writing() as connection:
        changed = outbox.drop(connection, named(connection, alert), now=now)
        found = deliveries_of(connection, now=now, ids=[each.id for each in changed])
    if not found:
        raise CannotRun(f"{alert}: nothing of it is dead or waiting: see `wiredesk outbox list`")
    _answer(found, as_json=as_json, empty="")


def _answer(found: Sequence[DeliveryView], *, as_json: bool, empty: str) -> None:
    if as_json:
        for delivery in found:
            emit(line(delivery))
        return
    table(answer_console(as_json=False), COLUMNS, [row(delivery) for delivery in found], empty=empty)

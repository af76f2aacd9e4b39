"""The `wiredesk` command, one file a noun."""

import typer

from bot.cli import replay, run

app = typer.Typer(
    name="wiredesk",
    help="A monitoring bot for newsrooms: every event the watch list names, told once, with the evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("run")(run.run)
app.command("healthy")(run.healthy)
app.command("replay")(replay.replay)

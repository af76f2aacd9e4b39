"""The `wiredesk` command, one file a noun."""

import typer

from bot import logs
from bot.cli import channel, config, corpus, db, desk, doctor, entity, outbox, replay, run, source, watch
from bot.cli.extract import extract

app = typer.Typer(
    name="wiredesk",
    help="A monitoring bot for newsrooms: every event the watch list names, told once, with the evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback()(logs.configure)
app.command("run")(run.run)
app.command("healthy")(run.healthy)
app.command("replay")(replay.replay)
app.add_typer(source.app)
app.add_typer(watch.app)
app.add_typer(entity.app)
app.add_typer(channel.app)
app.add_typer(desk.app)
app.command("extract")(extract)
app.command("check")(config.check)
app.command("apply")(config.apply)
app.command("export")(config.export)
app.command("doctor")(doctor.doctor)
app.add_typer(corpus.app)
app.add_typer(outbox.app)
app.add_typer(db.app)

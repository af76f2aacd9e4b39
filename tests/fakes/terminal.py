"""`wiredesk …` as a terminal gives it, in this process. Typer builds the commands for every run: here they are kept."""

import os
from collections.abc import Mapping, Sequence
from unittest.mock import patch

from typer.main import get_command
from typer.testing import CliRunner, Result

from bot.cli import app

_commands = get_command(app)


def give(arguments: Sequence[str], settings: Mapping[str, str], stdin: str | bytes | None = None) -> Result:
    """Give a command with these `WIREDESK_…` variables and no others."""
    unset = dict.fromkeys(name for name in os.environ if name.startswith("WIREDESK_"))
    with patch("typer.testing._get_command", return_value=_commands):
        return CliRunner(env={**unset, **settings}).invoke(app, list(arguments), input=stdin)

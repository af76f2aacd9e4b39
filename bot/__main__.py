"""`wiredesk …`: the command, and its exit code: 0 done, 1 could not be done, 2 told wrongly."""

import sys
import traceback
from io import TextIOWrapper
from types import TracebackType

from bot.cli import app
from watchers.errors import ConfigError, WiredeskError, leaves
from watchers.fetch.redact import redact_text


def main() -> None:
    """Run the command line of this process."""
    # A terminal that can't show a letter shows a question mark, and the desk goes on.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.excepthook = _show_bug
    try:
        app()
    except ConfigError as error:
        sys.exit(_told(error, 2))
    except WiredeskError as error:
        sys.exit(_told(error, 1))
    except ExceptionGroup as group:
        ours, bug = leaves(group)
        if bug is not None or ours is None:
            raise
        sys.exit(_told(ours, 1))


def _told(error: BaseException, code: int) -> int:
    sys.stderr.write(redact_text(f"{error}\n"))
    return code


def _show_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A traceback as ever, without the secrets of addresses that its message may quote."""
    sys.stderr.write(redact_text("".join(traceback.format_exception(kind, error, trace))))


if __name__ == "__main__":
    main()

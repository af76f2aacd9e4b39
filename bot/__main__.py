"""`wiredesk …`: logs to standard error, the command, and its exit code: 0 done, 1 could not be done, 2 told wrongly."""

import logging
import sys

import structlog

from bot.cli import app
from watchers.errors import ConfigError, WiredeskError


def main() -> None:
    """Run the command line of this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        app()
    except ConfigError as error:
        sys.exit(_told(error, 2))
    except WiredeskError as error:
        sys.exit(_told(error, 1))
    except ExceptionGroup as group:
        ours, bugs = group.split(WiredeskError)
        if bugs is not None or ours is None:
            raise
        sys.exit(_told(ours.exceptions[0], 1))


def _told(error: BaseException, code: int) -> int:
    sys.stderr.write(f"{error}\n")
    return code


if __name__ == "__main__":
    main()

"""Logs go to standard error, one event a line; standard output carries answers only."""

import logging
import sys

import structlog


def configure() -> None:
    """Send every log of this process to standard error, as it is now.

    Beside cards on a terminal only what needs somebody is shown; a log file has every failed poll too.
    """
    level = logging.WARNING if sys.stderr.isatty() else logging.INFO
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                pad_event_to=0,
                exception_formatter=structlog.dev.plain_traceback,  # the other one shows variables, and so secrets
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    logging.getLogger("discord").setLevel(logging.ERROR)  # its troubles are told by `bot.line`, with what to do
    logging.getLogger("discord.client").setLevel(logging.CRITICAL)  # each reconnection, with a traceback
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)  # each lost connection, with a traceback

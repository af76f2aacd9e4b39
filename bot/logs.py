"""Logs go to standard error, one event a line; standard output carries answers only.

Whatever is logged, the secrets of addresses in it are taken out: also of a defect's message, which may quote anything.
"""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from watchers.fetch.redact import redact_text


def configure() -> None:
    """Send every log of this process to standard error, as it is now.

    Beside cards on a terminal only what needs somebody is shown; a log file has every failed poll too.
    """
    level = logging.WARNING if sys.stderr.isatty() else logging.INFO
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_blanks,
            _without_secrets,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                pad_event_to=0,
                exception_formatter=structlog.dev.plain_traceback,  # the other one shows variables, and so secrets
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Discreet("%(levelname)s:%(name)s:%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for library in ("httpx", "apprise", "urllib3"):  # they would name each address that they ask, a webhook's too
        logging.getLogger(library).setLevel(logging.WARNING)
    logging.getLogger("discord").setLevel(logging.ERROR)  # its troubles are told by `bot.line`, with what to do
    logging.getLogger("discord.client").setLevel(logging.CRITICAL)  # each reconnection, with a traceback
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)  # each lost connection, with a traceback


class _Discreet(logging.Formatter):
    """How libraries' own records are shown."""

    def format(self, record: logging.LogRecord) -> str:
        return redact_text(super().format(record))


def _without_blanks(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: value for key, value in event.items() if value is not None}


def _without_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: redact_text(value) if isinstance(value, str) else value for key, value in event.items()}

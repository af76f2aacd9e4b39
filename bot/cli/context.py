"""What every command begins with: settings from the environment, and the opened database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import structlog

from bot.prepare import opened
from config.settings import Settings, load_settings
from watchers.errors import CannotRun, ConfigError
from watchers.fetch.guard import AllowHosts
from watchers.storage import watchlist
from watchers.storage.database import Database

_ALLOW_HOSTS: Final = "WIREDESK_ALLOW_HOSTS"

log = structlog.get_logger(__name__)


def settings() -> Settings:
    """The settings of this process. Raises ConfigError with every problem, also where the command asks nobody."""
    problems: list[str] = []
    try:
        AllowHosts.parse(os.environ.get(_ALLOW_HOSTS, ""))
    except ConfigError as error:
        problems.extend(f"{_ALLOW_HOSTS}: {problem}" for problem in error.problems)
    try:
        loaded = load_settings(os.environ)
    except ConfigError as error:
        raise ConfigError(*problems, *error.problems) from None
    if problems:
        raise ConfigError(*problems)
    for warning in loaded.warnings:
        log.warning(warning)
    return loaded


def now() -> datetime:
    """The time, for commands that record when something was done."""
    return datetime.now(UTC)


@contextmanager
def database() -> Iterator[Database]:
    """The database of the settings, at today's schema."""
    with opened(settings(), now()) as found:
        yield found


def desk_of(found: Database) -> int:
    """The desk that commands speak to: the watch-list file's."""
    with found.reading() as connection:
        desk = watchlist.desk_id(connection)
    if desk is None:
        raise CannotRun("the database has no desk: run `wiredesk apply` first")
    return desk

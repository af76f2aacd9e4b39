"""What commands, buttons and forms need of the program around them. Made by the composition root."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.directory import Directory
from bot.looking import Look
from watchers.listening import Listener
from watchers.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The desks' back room: all that chat may reach."""

    database: Database
    directory: Directory
    listener: Listener
    look: Look
    clock: Callable[[], datetime]
    refresh: Callable[[], Awaitable[None]]  # after an edit: channels and names are what was told, at once
    most_watches: int  # that a desk may have
    most_sources: int
    version: str

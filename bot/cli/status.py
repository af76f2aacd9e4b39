"""The quiet line at the foot of a terminal: polled, failing, waiting. Nothing where there is no terminal."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status

from bot.cards.words import counted
from watchers.report import Report
from watchers.storage.standing import Standing


class StatusLine:
    """Shown while a desk runs; cards print above it."""

    def __init__(self, console: Console) -> None:
        self._status: Status | None = None
        if console.is_terminal:
            self._status = console.status("Starting …", spinner="dots")
        self._total = Report()

    def __enter__(self) -> Self:
        if self._status:
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status:
            self._status.stop()

    def polled(self, report: Report) -> None:
        """Count a poll in."""
        self._total.add(report)
        total = self._total
        new = counted(total.items_new, "new article")
        self._show(f"{total.polled} polled · {total.failed} failed · {new}")

    def standing(self, now: Standing) -> None:
        """Show how the desk stands."""
        polled = counted(now.polled, "source")
        self._show(f"{polled} polled · {now.failing} failing · {now.waiting} waiting · Ctrl-C ends")

    def _show(self, text: str) -> None:
        if self._status:
            self._status.update(text)

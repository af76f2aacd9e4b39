"""The quiet line at the foot of a terminal: polled, failing, waiting. Nothing where there is no terminal."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status

from watchers.report import Report


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
        if self._status:
            total = self._total
            self._status.update(
                f"{total.polled} polled · {total.failed} failed · {total.items_new} new · {total.matched} matched · "
                f"{total.alerts} alerts"
            )

"""What a run came to: the `summary` line, and the same for people.

Tally (before the run) … the run … → the counts
"""

import time
from dataclasses import dataclass, field
from typing import Any

from bot.cards.words import counted
from watchers.report import Report
from watchers.storage import outbox, sources
from watchers.storage.database import Database


@dataclass(frozen=True, slots=True)
class Tally:
    """How things stood when a run began."""

    sources: int
    last_alert: int
    began: float = field(default_factory=time.monotonic)

    @classmethod
    def begin(cls, database: Database) -> "Tally":
        """Count what there is."""
        with database.reading() as connection:
            return cls(sources=sources.count(connection)[0], last_alert=outbox.last_alert(connection))

    def line(self, database: Database, report: Report, delivered: int) -> dict[str, Any]:
        """The `summary` line of a run that has ended. `alerts` are the alert rows that it committed, of every kind."""
        with database.reading() as connection:
            alerts, pending = outbox.alerts_since(connection, self.last_alert), outbox.waiting(connection)
        return {
            "event": "summary",
            "sources": self.sources,
            **report.as_dict(),
            "alerts": alerts,
            "delivered": delivered,
            "pending": pending,
            "seconds": round(time.monotonic() - self.began, 1),
        }


def sentence(line: dict[str, Any]) -> str:
    """The counts, for people."""
    sources_polled = f"{line['polled']} of {counted(line['sources'], 'source')} polled"
    return (
        f"{sources_polled} ({line['failed']} failed) in {line['seconds']} s: "
        f"{line['items_new']} new, {line['matched']} matched, {line['known']} known, {line['copies']} copies; "
        f"{line['delivered']} delivered, {line['pending']} waiting."
    )

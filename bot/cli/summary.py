"""What a run came to: the `summary` line, and the same for people.

Tally (before the run) … the run … ─line→ the counts ─sentence→ for people
                                    └show_trouble→ what failed or is polled no more, lame channels, dead letters
"""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from bot.cards.words import counted
from bot.cli.output import table
from watchers.report import Report
from watchers.storage import outbox, sources, unusable
from watchers.storage.database import Database

_OF_THE_DEAD: Final = (
    "Dead letters are not sent again by themselves. See them: wiredesk outbox list --state dead. "
    "Mend what refuses them, then: wiredesk outbox retry"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How things stood when a run began."""

    sources: int
    last_alert: int
    gone: frozenset[int]  # follows of sources that are gone for good
    began: float = field(default_factory=time.monotonic)

    @classmethod
    def begin(cls, database: Database) -> "Tally":
        """Count what there is."""
        with database.reading() as connection:
            return cls(
                sources=sources.count(connection)[0],
                last_alert=outbox.last_alert(connection),
                gone=frozenset(each.follow_id for each in sources.gone(connection)),
            )

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

    def show_trouble(self, database: Database, console: Console) -> None:
        """Name what failed, and what could not be delivered: nothing that is dead may be silent."""
        with database.reading() as connection:
            failing = sources.failing(connection)
            gone = [each for each in sources.gone(connection) if each.follow_id not in self.gone]
            lame = unusable.listed(connection)
            dead = Counter((each.channel, each.error) for each in outbox.listed(connection, states=(outbox.DEAD,)))
        rows = [(each.name, each.outcome, each.error) for each in failing]
        for each in gone:
            advice = f"it is paused; ask it again: wiredesk source resume {each.name}"
            rows.append((each.name, each.outcome, f"{each.error}: {advice}"))
        if rows:
            table(console, ("failed", "outcome", "why"), rows, empty="")
        for channel in lame:
            told = f"{channel.name} can't be used: {channel.reason}. {_waits(channel.waiting)}"
            console.print(Text(told), soft_wrap=True)
        if dead:
            table(
                console,
                ("channel", "dead letters", "why"),
                [(name, number, error) for (name, error), number in dead.items()],
                empty="",
            )
            console.print(Text(_OF_THE_DEAD), soft_wrap=True)  # commands are copied whole


def _waits(number: int) -> str:
    if not number:
        return "Nothing waits for it."
    return f"{counted(number, 'alert')} {'waits' if number == 1 else 'wait'} until it can."


def sentence(line: dict[str, Any]) -> str:
    """The counts, for people."""
    sources_polled = f"{line['polled']} of {counted(line['sources'], 'source')} polled"
    return (
        f"{sources_polled} ({line['failed']} failed) in {line['seconds']} s: "
        f"{line['items_new']} new, {line['matched']} matched, {line['known']} known, {line['copies']} copies; "
        f"{line['delivered']} delivered, {line['pending']} waiting."
    )

"""The counts of a poll and of a whole run, as the `summary` line tells them."""

from dataclasses import dataclass, fields

from watchers.models import Decision
from watchers.storage.recording import Recorded


@dataclass(slots=True)
class Report:
    """What was done. `polled` = ok + `not_modified` + `failed`; `items_new` are canonical addresses first seen."""

    polled: int = 0
    not_modified: int = 0
    failed: int = 0
    items_new: int = 0
    matched: int = 0
    known: int = 0
    copies: int = 0
    joined: int = 0
    alerts: int = 0

    def add(self, other: "Report") -> None:
        """Count another report in."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def as_dict(self) -> dict[str, int]:
        """The counts by name, in the order of the `summary` line."""
        return {each.name: int(getattr(self, each.name)) for each in fields(self)}

    def count(self, recorded: Recorded) -> None:
        """Count a recorded article in; one that was placed before and is as it was counts for nothing."""
        fresh = [placed for placed in recorded.placed if not placed.repeated]
        decisions = {placed.placement.decision for placed in fresh}
        self.items_new += recorded.saved.is_new
        self.matched += any(placed.watches for placed in fresh)
        self.known += Decision.KNOWN in decisions
        self.copies += Decision.COPY in decisions
        self.joined += Decision.JOINED in decisions
        self.alerts += sum(placed.alerted for placed in recorded.placed)

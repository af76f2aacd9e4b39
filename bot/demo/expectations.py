"""What a desk should be told in the demo, and what it should not be, and why: read from the labels in the data.

    Edition ─expectations→ Told (once each) and Held (with its reason), the policy's changes, the corrections

These are the answers to compare a run with; nothing here takes part in deciding.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from bot.demo.edition import DemoItem, Role, load_edition

Reason = Literal["copy", "excerpt", "known", "unmatched"]

_REASONS: dict[Role, Reason] = {"copy": "copy", "excerpt": "excerpt", "known": "known", "other": "unmatched"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report that is told exactly once. A copy that is polled first may lend it its headline."""

    event: str
    headline: str
    outlet: str
    path: str  # on the server, from the root
    headlines: tuple[str, ...]  # its own and those of its copies
    copies: int
    excerpts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An item that is recorded and not told."""

    event: str
    headline: str
    outlet: str
    path: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """The whole day's answers, in order of publication."""

    items: int
    told: tuple[Told, ...]
    held: tuple[Held, ...]
    policy_changes: int  # alerts for the policy page: the change, and its reversion
    corrections: tuple[str, ...]  # paths of articles whose text changes later


def expectations() -> Expectations:
    """The answers for the shipped day."""
    edition = load_edition()
    return Expectations(
        items=len(edition.items),
        told=tuple(_told(item, edition.items) for item in edition.items if item.role == "report"),
        held=tuple(
            Held(
                event=item.event,
                headline=item.headline,
                outlet=item.outlet.name,
                path=item.path,
                reason=_REASONS[item.role],
            )
            for item in edition.items
            if item.role != "report"
        ),
        policy_changes=sum(earlier != later for earlier, later in pairwise(map(edition.policy_text, edition.hours))),
        corrections=tuple(item.path for item in edition.items if item.correction is not None),
    )


def _told(report: DemoItem, items: tuple[DemoItem, ...]) -> Told:
    taken = [item for item in items if item.source == report.path]
    copies = [item for item in taken if item.role == "copy"]
    return Told(
        event=report.event,
        headline=report.headline,
        outlet=report.outlet.name,
        path=report.path,
        headlines=tuple(dict.fromkeys([report.headline, *(copy.headline for copy in copies)])),
        copies=len(copies),
        excerpts=len(taken) - len(copies),
    )

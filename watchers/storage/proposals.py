"""Watches as someone would have them, between their preview and their yes.

Proposal ─keep→ a draft's number        draft ─of_draft→ Proposal ─save→ a watch, or the change of one
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection

from config.watchlist import Watch
from watchers.storage import drafts, editing
from watchers.storage.audit import By
from watchers.storage.drafts import Draft
from watchers.storage.leading import Lead


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A watch, and where it is to be led. `row` and `seen`: the watch that is edited, and its query by then."""

    name: str
    query: str = ""
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    lead: Lead | None = None
    row: int | None = None
    seen: str | None = None

    @property
    def act(self) -> str:
        """What saving it is."""
        return "watch add" if self.row is None else "watch edit"


def keep(connection: Connection, by: By, proposal: Proposal, *, instead_of: int | None = None) -> int:
    """Keep a proposal, in place of an earlier one; returns its number."""
    if instead_of is not None:
        drafts.done(connection, by, instead_of)
    return drafts.keep(connection, replace(by, act=proposal.act), proposal.name, asdict(proposal))


def of_draft(draft: Draft) -> Proposal:
    """What was kept."""
    content: Mapping[str, Any] = draft.content
    return Proposal(
        name=content["name"],
        query=content["query"],
        tags=tuple(content["tags"]),
        sources=tuple(content["sources"]),
        lead=None if content["lead"] is None else Lead(**content["lead"]),
        row=content["row"],
        seen=content["seen"],
    )


def save(
    connection: Connection, by: By, draft: int, proposal: Proposal, entry: Watch, *, lead: Lead | None, quota: int
) -> None:
    """Make it a watch, led as `lead` says, or change the watch that it is of; the draft is done with.

    `entry` is the proposal as the watch list has it.
    """
    if proposal.row is None:
        editing.add_watch(connection, by, proposal.name, entry, quota=quota, lead=lead)
    else:
        editing.change_watch(connection, by, proposal.row, entry, seen=proposal.seen)
    drafts.done(connection, by, draft)

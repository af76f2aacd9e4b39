"""What is polled: one row a source, with all that the next poll needs; one follow a desk that listens to it.

Where desks differ, the most demanding wins: the shortest `every`, the fullest `read`. A source is polled while at least
one follow of it is active and the server has not said that it is gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, and_, bindparam, exists, func, or_, select, update

from watchers.models import Outcome, ReadPolicy, SourceKindName, SourceMemory, Validators
from watchers.storage import meta
from watchers.storage.desks import ACTIVE, PAUSED
from watchers.storage.items import IS_UNREAD
from watchers.storage.schema import desks, follows, items, sources

AHEAD = timedelta(minutes=1)  # between moments that one desk takes side by side; more is a clock that was put back
_READ_ORDER: tuple[ReadPolicy, ...] = ("never", "matched", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowView:
    """One desk's interest in a source."""

    desk_id: int
    name: str
    tags: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source as it stands before a poll.

    `every`, `read` and `follows` are what people told until `generation`; see `as_told_now`.
    """

    id: int
    url: str  # as told; shown to people
    address: str  # where it is polled: the url, or where three agreeing permanent redirects led
    kind: SourceKindName
    title: str
    outlet: str | None
    language: str | None
    memory: SourceMemory
    validators: Validators
    body_hash: str | None
    moved_to: str | None
    moved_count: int
    last_outcome: Outcome | None
    failures: int
    failing_since: datetime | None
    told_failing: bool
    first_ok_at: datetime | None
    last_ok_at: datetime | None
    last_new_at: datetime | None
    next_at: datetime | None
    retry_at: datetime | None
    every: float | None
    read: ReadPolicy
    follows: tuple[FollowView, ...]
    told_silent: bool = False  # told to fail for its silence, which only something new ends
    min_interval: float | None = None  # seconds, and hours of UTC to skip: what the publisher asked for at last
    skip_hours: frozenset[int] = frozenset()
    has_unread: bool = False  # items that wait to be read
    generation: int = 0

    @property
    def name(self) -> str:
        """What people call it: its name at the first desk that follows it."""
        return self.follows[0].name if self.follows else self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A source that a desk follows, and what its last poll came to."""

    follow_id: int
    name: str
    outcome: str
    error: str | None


def load(connection: Connection, source_id: int) -> SourceState | None:
    """One source with the active follows it has; None when it is not there any more."""
    row = connection.execute(_LOAD, {"source": source_id}).mappings().first()
    if row is None:
        return None
    return _state(row, _told(connection, source_id))


def as_told_now(connection: Connection, state: SourceState) -> SourceState:
    """The state with who follows the source now, and how: people may change that while it is polled and read.

    Those who followed a source until it was gone are still told what it showed before.
    """
    generation = meta.generation(connection)
    if generation == state.generation:
        return state
    told = _told(connection, state.id)
    if not told["follows"] and connection.execute(select(sources.c.gone).where(_THIS), {"source": state.id}).scalar():
        told = {}
    return replace(state, generation=generation, **told)


def _told(connection: Connection, source_id: int) -> dict[str, Any]:
    """What of a state comes from its follows."""
    active: Sequence[RowMapping] = connection.execute(_FOLLOWS, {"source": source_id}).mappings().all()
    return {
        "every": min((follow["every"] for follow in active if follow["every"] is not None), default=None),
        "read": max((follow["read"] for follow in active), key=_READ_ORDER.index, default="all"),
        "follows": tuple(
            FollowView(desk_id=follow["desk_id"], name=follow["name"], tags=frozenset(follow["tags"]))
            for follow in active
        ),
    }


def _state(row: RowMapping, told: Mapping[str, Any]) -> SourceState:
    return SourceState(
        id=row["id"],
        url=row["url"],
        address=row["address"] or row["url"],
        kind=row["kind"],
        title=row["title"],
        outlet=row["outlet"],
        language=row["language"],
        memory=SourceMemory(
            kind=row["found_kind"] or row["kind"],
            learned=row["kind"] == "auto" and row["found_kind"] is not None,
            seen_entries=frozenset(row["seen_entries"]),
            select=row["select"] or None,
            ignore=row["ignore"] or None,
        ),
        validators=Validators(row["etag"], row["last_modified"]),
        body_hash=row["body_hash"],
        moved_to=row["moved_to"],
        moved_count=row["moved_count"],
        last_outcome=Outcome(row["last_outcome"]) if row["last_outcome"] else None,
        failures=row["failures"],
        failing_since=row["failing_since"],
        told_failing=row["told_failing"],
        told_silent=row["told_silent"],
        min_interval=row["min_interval"],
        skip_hours=frozenset(row["skip_hours"]),
        has_unread=bool(row["has_unread"]),
        first_ok_at=row["first_ok_at"],
        last_ok_at=row["last_ok_at"],
        last_new_at=row["last_new_at"],
        next_at=row["next_at"],
        retry_at=row["retry_at"],
        generation=row["generation"] or 0,
        **told,
    )


def _polled() -> Any:
    return and_(
        sources.c.gone.is_(False),
        exists().where(follows.c.source_id == sources.c.id, _followed()),
    )


def _followed() -> Any:
    """Active, and of a desk that the bot has not been removed from."""
    here = exists().where(desks.c.id == follows.c.desk_id, desks.c.left_at.is_(None))
    return and_(follows.c.state == ACTIVE, here)


def _is_past(moment: Column[datetime], now: datetime) -> Any:
    """Whether a source's moment has come. What a clock that was ahead wrote doesn't count."""
    return or_(moment.is_(None), moment <= now, sources.c.last_polled_at > now + AHEAD)


# Built once, for they are asked at every poll.
_THIS = sources.c.id == bindparam("source")
_LOAD = select(
    sources,
    exists().where(items.c.source_id == sources.c.id, IS_UNREAD).label("has_unread"),
    meta.GENERATION_NOW.label("generation"),
).where(_THIS)
_FOLLOWS = select(follows).where(follows.c.source_id == bindparam("source"), _followed()).order_by(follows.c.id)
_SAVE = update(sources).where(_THIS)
# And at every tick. One statement for both would look at every source.
_NEVER_PLANNED = (
    select(sources.c.id).where(sources.c.next_at.is_(None), _polled()).order_by(sources.c.id).limit(bindparam("most"))
)
_DUE = (
    select(sources.c.id)
    .where(sources.c.next_at <= bindparam("now"), _polled())
    .order_by(sources.c.next_at)
    .limit(bindparam("most"))
)


def due(connection: Connection, now: datetime, limit: int) -> list[int]:
    """Sources whose time has come: the new ones, then the longest waiting."""
    found = list(connection.execute(_NEVER_PLANNED, {"most": limit}).scalars())
    if len(found) < limit:
        found += connection.execute(_DUE, {"now": now, "most": limit - len(found)}).scalars()
    return found


def set_right(connection: Connection, now: datetime) -> None:
    """What a clock that was ahead planned is due now."""
    planned_ahead = and_(sources.c.last_polled_at > now + AHEAD, sources.c.next_at > now)
    connection.execute(update(sources).where(planned_ahead).values(next_at=now))


def every_active(connection: Connection, now: datetime) -> list[int]:
    """Every source that is polled, whatever its schedule; not those whose server asked us to wait."""
    return list(
        connection.execute(
            select(sources.c.id).where(_polled(), _is_past(sources.c.retry_at, now)).order_by(sources.c.id)
        ).scalars()
    )


def count(connection: Connection) -> tuple[int, int]:
    """How many sources are polled, and how many of them fail now."""
    failing = select(func.count()).select_from(sources).where(_polled(), sources.c.failures > 0)
    polled = select(func.count()).select_from(sources).where(_polled())
    return connection.execute(polled).scalar_one(), connection.execute(failing).scalar_one()


def failing(connection: Connection) -> list[Trouble]:
    """What is polled and fails now, in the order of the watch list."""
    return _troubles(connection, and_(follows.c.state == ACTIVE, sources.c.failures > 0))


def gone(connection: Connection) -> list[Trouble]:
    """What is polled no more because its server said that it is gone for good, in the order of the watch list."""
    return _troubles(connection, sources.c.gone)


def _troubles(connection: Connection, chosen: ColumnElement[bool]) -> list[Trouble]:
    rows = connection.execute(
        select(follows.c.id, follows.c.name, sources.c.last_outcome, sources.c.last_error)
        .join(sources, sources.c.id == follows.c.source_id)
        .where(chosen)
        .order_by(follows.c.id)
    )
    return [Trouble(follow_id=row.id, name=row.name, outcome=row.last_outcome, error=row.last_error) for row in rows]


def recognised(connection: Connection) -> dict[str, SourceKindName]:
    """What sources of kind `auto` turned out to be, by address, secrets and all."""
    found = select(sources.c.url, sources.c.found_kind).where(
        sources.c.kind == "auto", sources.c.found_kind.is_not(None)
    )
    return {row.url: row.found_kind for row in connection.execute(found)}


def any_reached(connection: Connection) -> bool:
    """Whether any polled source has ever given an answer, whatever it said."""
    answered = ("ok", "not_modified", "blocked", "missing", "empty")
    return (
        connection.execute(select(sources.c.id).where(_polled(), sources.c.last_outcome.in_(answered)).limit(1)).first()
        is not None
    )


def save(connection: Connection, source_id: int, columns: Mapping[str, Any]) -> None:
    """Write what a poll decided."""
    connection.execute(_SAVE, {**columns, "source": source_id})


def ask_anew(connection: Connection, source_id: int) -> None:
    """A source that is followed from now on, or otherwise than before, is due at once, unless its server says when."""
    connection.execute(update(sources).where(sources.c.id == source_id).values(gone=False, next_at=sources.c.retry_at))


def pause_gone(connection: Connection, source_id: int, reason: str) -> None:
    """Pause a source everywhere: the server says that it will never be back."""
    connection.execute(update(sources).where(sources.c.id == source_id).values(gone=True))
    connection.execute(update(follows).where(follows.c.source_id == source_id).values(state=PAUSED, reason=reason))
    meta.bump_generation(connection)

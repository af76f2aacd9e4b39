"""One recorded article's place at one desk: asked for, decided, written and told, in its article's transaction.

    Arrival, Saved ─facts→ stories.place ─Placement→ story, placement, fingerprint ─tell→ alert and deliveries

Deciding is pure and elsewhere (`stories.place`, `stories.telling`, `slots`): here facts are asked for, and written.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from watchers.models import Decision, Evidence, Match, Reading
from watchers.slots import Due, due
from watchers.storage import articles, copies, outbox, posts
from watchers.storage.articles import Saved
from watchers.storage.desks import DeskView, WatchView
from watchers.storage.items import StoredItem
from watchers.storage.outbox import Address
from watchers.storage.rows import insert_rows
from watchers.storage.schema import matches as match_rows
from watchers.storage.schema import placements, stories
from watchers.stories.canonical import title_key
from watchers.stories.fingerprint import Fingerprint
from watchers.stories.place import Facts, KnownHit, Placement, is_settled, place
from watchers.stories.telling import headline, story_alert

_EVIDENCE = TypeAdapter(tuple[Evidence, ...])
# Built once: what is done for every article costs more to put together than to run.
_HERE = (placements.c.desk_id == bindparam("desk")) & (placements.c.article_id == bindparam("article"))
_PLACED = select(placements).where(_HERE)
_PLACE = insert(placements)
_OPEN = insert(stories).returning(stories.c.id)
_MATCH = (
    match_rows.c.desk_id,
    match_rows.c.watch_id,
    match_rows.c.article_id,
    match_rows.c.evidence,
    match_rows.c.at,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How this desk tells, from its settings."""

    summary_limit: int = 320
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article on its way in. `matches` has an entry for each desk that the source serves, empty if none matched."""

    names: tuple[str, ...]  # canonical addresses that led to it, or its item's key
    cited: tuple[str, ...] = ()  # what it calls itself: asked for known stories only, for pages err about it
    source_id: int | None
    reading: Reading
    text_hash: str
    fingerprint: Fingerprint | None
    matches: Mapping[int, tuple[Match, ...]]
    item: StoredItem | None = None
    silent: bool = False
    held: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What an article came to be at one desk."""

    desk_id: int
    placement: Placement
    repeated: bool  # it had this place already, and nothing about it changed
    watches: tuple[str, ...]
    alerted: bool


def place_at(
    connection: Connection,
    arrival: Arrival,
    desk: DeskView,
    saved: Saved,
    *,
    before: Placement | None,
    known: KnownHit | None,
    found: dict[int, copies.Overlap],
    manner: Manner,
    now: datetime,
) -> Placed:
    """Place a recorded article and tell what follows.

    `before` is where it stands already; `known` and `found`, the stored texts that it overlaps with, are asked for
    only where that leaves anything open.
    """
    matches = arrival.matches[desk.id]
    watches = {watch.id: watch for watch in desk.watches}
    settled = is_settled(before, matched=bool(matches))
    _write_matches(connection, desk.id, saved, matches, now)
    placement = place(
        Facts(
            placed=before,
            text_changed=saved.text_changed,
            matched=bool(matches),
            known=known,
            member=None
            if settled or not matches or known is not None
            else copies.nearest_member(connection, desk.id, _newcomer(arrival, saved, now), found),
        )
    )
    story_id = placement.story_id
    if placement.decision is Decision.NEW and story_id is None:
        story_id = _open_story(connection, desk.id, saved.article_id, headline(arrival.reading), now)
        placement = Placement(decision=Decision.NEW, story_id=story_id)
    if not settled:
        _write_placement(connection, desk.id, saved.article_id, placement, replacing=before is not None, now=now)
        if placement.decision is Decision.COPY and story_id is not None:
            posts.raise_wanted(connection, story_id, now)
    if story_id is not None and arrival.fingerprint is not None and (saved.text_changed or not settled):
        articles.set_fingerprint(connection, saved.article_id, copies.store(connection, arrival.fingerprint))
    alerted = False
    if story_id is not None and matches and not arrival.silent:
        named = [(watches[match.watch_id].name, match) for match in matches]
        alerted = outbox.tell(
            connection,
            desk.id,
            story_alert(
                story_id,
                arrival.reading,
                named,
                first_seen=now if arrival.item is None else arrival.item.first_seen,
                earlier=copies.related_known(connection, desk.id, arrival.fingerprint, found),
                summary_limit=manner.summary_limit,
                demo=manner.demo,
            ),
            addresses(desk, [watches[match.watch_id] for match in matches], held=arrival.held, now=now),
            now=now,
            story_id=story_id,
            even_unaddressed=placement.decision is Decision.NEW and not settled,
        )
    return Placed(
        desk_id=desk.id,
        placement=placement,
        repeated=settled and not saved.text_changed,
        watches=tuple(watches[match.watch_id].name for match in matches),
        alerted=alerted,
    )


def _newcomer(arrival: Arrival, saved: Saved, now: datetime) -> copies.Newcomer:
    return copies.Newcomer(
        article_id=saved.article_id,
        text=arrival.fingerprint,
        title_key=title_key(arrival.reading.title, arrival.reading.outlet)[: articles.LONGEST_KEY],
        outlet=arrival.reading.outlet,
        published=arrival.reading.published or now,
    )


def addresses(desk: DeskView, told_by: list[WatchView], *, held: str | None, now: datetime) -> tuple[Address, ...]:
    """Where the watches' routes lead: one address a channel; the soonest route wins, mentions are united."""
    by_channel: dict[int, list[tuple[Due, str | None]]] = defaultdict(list)
    for watch in told_by:
        for route in watch.routes:
            moment = due(route.when, now=now, timezone=desk.timezone, digest_at=desk.digest_at, quiet=route.quiet)
            by_channel[route.channel_id].append((moment, route.mention))
    result = []
    for channel_id, ways in by_channel.items():
        soonest = min((moment for moment, _ in ways), key=lambda moment: (moment.at, moment.slot is not None))
        if held is not None and soonest.slot is None:
            soonest = Due(soonest.at, held)
        mentions = tuple(dict.fromkeys(mention for _, mention in ways if mention))
        result.append(Address(channel_id=channel_id, due=soonest, mentions=mentions))
    return tuple(result)


def placed_before(connection: Connection, desk_id: int, article_id: int) -> Placement | None:
    """Where an article stands at a desk already."""
    row = connection.execute(_PLACED, {"desk": desk_id, "article": article_id}).first()
    if row is None:
        return None
    return Placement(
        decision=Decision(row.decision),
        story_id=row.story_id,
        known_id=row.known_id,
        of_article_id=row.of_article_id,
        score=row.score,
    )


def _write_placement(
    connection: Connection, desk_id: int, article_id: int, placement: Placement, *, replacing: bool, now: datetime
) -> None:
    columns: dict[str, Any] = {
        "decision": placement.decision.value,
        "story_id": placement.story_id,
        "known_id": placement.known_id,
        "of_article_id": placement.of_article_id,
        "score": placement.score,
        "at": now,
    }
    if replacing:
        replaced = update(placements).where(_HERE).values(**columns)
        connection.execute(replaced, {"desk": desk_id, "article": article_id})
    else:
        connection.execute(_PLACE, columns | {"desk_id": desk_id, "article_id": article_id})


def _open_story(connection: Connection, desk_id: int, article_id: int, title: str, now: datetime) -> int:
    story = {"desk_id": desk_id, "title": title, "article_id": article_id, "opened_at": now}
    story_id: int = connection.execute(_OPEN, story).scalar_one()
    return story_id


def _write_matches(
    connection: Connection, desk_id: int, saved: Saved, matches: tuple[Match, ...], now: datetime
) -> None:
    if not matches:
        return
    if not saved.is_new:
        again = match_rows.c.watch_id.in_([match.watch_id for match in matches])
        connection.execute(delete(match_rows).where(match_rows.c.article_id == saved.article_id, again))
    rows = [
        (desk_id, match.watch_id, saved.article_id, _EVIDENCE.dump_json(match.evidence).decode(), now)
        for match in matches
    ]
    insert_rows(connection, _MATCH, rows, written=(match_rows.c.evidence,))

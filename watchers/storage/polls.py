"""A poll's transaction: what the source showed and what that means for the source are committed together.

Validators are saved only beside the items that were parsed from the same body: a crash in between asks for it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from sqlalchemy import Connection, select

from watchers.models import AlertKind, FetchResult, Item, Parsed
from watchers.policy.watching import HeardChange
from watchers.polling import FirstLook, Verdict, judge
from watchers.sources.recognise import ItemKeys, recognise
from watchers.storage import items, notices, outbox, sources, versions
from watchers.storage.placing import addresses
from watchers.storage.recording import check_generation
from watchers.storage.schema import items as items_table
from watchers.storage.sources import SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll as it was answered. `parsed` is None where nothing was there to parse (304, same body, failure)."""

    state: SourceState
    fetched: FetchResult
    digest: str | None  # of the body, if it was answered with one
    parsed: Parsed | None
    now: datetime
    random: Random
    demo: bool


def record_items(
    connection: Connection, poll: Poll, shown: Sequence[tuple[Item, ItemKeys]], first_look: FirstLook
) -> tuple[Verdict, bool]:
    """Recognise what a feed showed and write it: unseen items as unread, edited ones to be read again.

    `shown` has the parsed items, each with its keys. Returns also whether there is anything to read now.
    """
    state, now = poll.state, poll.now
    recognition = recognise(
        shown,
        items.known(connection, state.id, [keys for _, keys in shown]),
        entries=0 if poll.parsed is None else poll.parsed.entries,
        first_poll=state.first_ok_at is None,
    )
    held = f"held:{state.id}:{now:%Y-%m-%dT%H:%M:%S}" if recognition.held else None
    known_since = None if recognition.held or not recognition.new else _known_since(connection, state.id)
    unseen = [
        (item, keys, first_look.is_silent(item, first_ok_at=state.first_ok_at, known_since=known_since, now=now))
        for item, keys in recognition.new
    ]
    items.add(connection, state.id, unseen, now=now, held=held)
    for item_id, item, keys in recognition.edited:
        items.edit(connection, item_id, item, keys)
    for item_id, keys in recognition.rekeyed:
        items.rekey(connection, item_id, keys)
    return _conclude(connection, poll, found_new=bool(unseen)), bool(unseen or recognition.edited)


def _known_since(connection: Connection, source_id: int) -> datetime | None:
    """When the second-oldest item of a source was published: the oldest may be one that the feed keeps pinned."""
    times = select(items_table.c.published).where(
        items_table.c.source_id == source_id, items_table.c.published.is_not(None)
    )
    return connection.execute(times.order_by(items_table.c.published).offset(1).limit(1)).scalar()


def record_page(connection: Connection, poll: Poll, heard: HeardChange) -> tuple[Verdict, int]:
    """Write a page's new version and tell the desks whose watches name it. Returns also how many alerts.

    Raises:
        StaleMatchesError: the desks changed since the page was matched; nothing was written.
    """
    told = 0
    if heard.change.is_new:
        check_generation(connection, heard.told)
        versions.add(connection, poll.state.id, heard.change.version, poll.now)
        for desk, alert, watches in heard.alerts:
            told += outbox.tell(
                connection,
                desk.id,
                alert,
                addresses(desk, list(watches), held=None, now=poll.now),
                now=poll.now,
                even_unaddressed=True,
            )
    return _conclude(connection, poll, found_new=heard.change.is_new), told


def _conclude(connection: Connection, poll: Poll, *, found_new: bool) -> Verdict:
    # The next poll is planned by what is told now: an `every` that came while this one was out is not overwritten.
    state = replace(poll.state, every=sources.as_told_now(connection, poll.state).every)
    verdict = judge(
        state,
        poll.fetched,
        poll.parsed,
        digest=poll.digest,
        published=items.publication_times(connection, state.id),
        found_new=found_new,
        now=poll.now,
        random=poll.random,
    )
    sources.save(connection, state.id, verdict.columns)
    if verdict.turned is not None:
        kind = AlertKind.SOURCE_FAILING if verdict.turned == "failing" else AlertKind.SOURCE_RECOVERED
        silent = verdict.columns["told_silent"] or state.told_silent  # it answers, and has nothing to say
        notices.about_source(
            connection,
            state,
            kind,
            verdict.reason,
            since=state.last_new_at if silent else state.failing_since or poll.now,
            next_try=None if silent or verdict.gone else verdict.columns["next_at"],
            demo=poll.demo,
            now=poll.now,
        )
    if verdict.gone:
        sources.pause_gone(connection, state.id, verdict.error or "410")
    return verdict

"""What must hold of a world and its desk's database once everything is told. Each function returns what does not.

Recorded  what the feeds showed, and nothing else
Told      each story once to each channel, in order, and the outbox knows of exactly these posts
Whole     the database itself: its pages, its indexes, what its rows point at
Saved     a backup, restored: the same rows
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Table, select, text

from tests.fakes.discord import Channel as Room
from tests.soak.world import Attempt, Chat, World
from watchers.storage.database import Database
from watchers.storage.outbox import SENT
from watchers.storage.schema import channels, deliveries, follows, items, metadata


def not_recorded(world: World, connection: Connection) -> list[str]:
    """What the feeds showed = what is recorded, each entry once, and read."""
    rows = connection.execute(
        select(follows.c.name, items.c.title, items.c.state).join(items, items.c.source_id == follows.c.source_id)
    ).all()
    recorded = sorted((row.name, row.title) for row in rows)
    shown = sorted((f"outlet-{outlet}", story.headline) for story in world.stories for outlet in story.outlets)
    problems = [f"{unread.title!r} of {unread.name} is left unread" for unread in rows if unread.state != "read"]
    if recorded != shown:
        missing, strange = [entry for entry in shown if entry not in recorded], len(recorded) - len(shown)
        problems.append(f"{len(shown)} entries were shown, {len(recorded)} are recorded ({strange:+}): no {missing}")
    return problems


def not_told(world: World, connection: Connection) -> list[str]:
    """Nothing waits any more; each channel has every story once and in order, as the outbox has it."""
    rows = connection.execute(
        select(channels.c.name, deliveries.c.id, deliveries.c.state, deliveries.c.alert_key, deliveries.c.digest_id)
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .order_by(deliveries.c.id)
    ).all()
    problems = [f"{row.name}: {row.alert_key} is {row.state}" for row in rows if row.state != SENT]
    seen = {
        name: [_number(post.post.reference) for post in chat.attempts if post.accepted]
        for name, chat in world.chats.items()
    }
    seen |= {name: [_number(reference) for reference, _ in _posts(room)] for name, room in world.rooms.items()}
    for name, posted in seen.items():
        sent = {row.id for row in rows if row.name == name and row.digest_id is None and row.state == SENT}
        if sent != set(posted):
            problems.append(f"{name}: the outbox sent {sorted(sent)}, the channel has {posted}")
    for name, chat in world.chats.items():
        problems += [f"{name}: {problem}" for problem in _wrong_with(chat, world)]
    for name, room in world.rooms.items():
        problems += [f"{name}: {problem}" for problem in _wrong_in(room, world)]
    if world.discord:
        # A desk that was killed during a global limit doesn't know of it when it starts.
        problems += [wrong for wrong in world.discord.violations if "during a global limit" not in wrong]
    return problems


def doubles(world: World) -> int:
    """Posts that a webhook's channel has more than once."""
    accepted = [[post.post.reference for post in chat.attempts if post.accepted] for chat in world.chats.values()]
    return sum(len(references) - len(set(references)) for references in accepted)


def posts(world: World) -> int:
    """All that stands in the channels."""
    return sum(sum(post.accepted for post in chat.attempts) for chat in world.chats.values()) + sum(
        len(room.messages) for room in world.rooms.values()
    )


def not_whole(connection: Connection) -> list[str]:
    """The database's own checks, and rows that point at nothing."""
    if connection.dialect.name == "sqlite":
        found = [str(line) for line in connection.execute(text("PRAGMA integrity_check")).scalars() if line != "ok"]
    else:
        found = _index_damage(connection)
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            there, parent = key.parent, key.column.table.alias()
            lost = connection.execute(
                select(there).where(
                    there.is_not(None), ~select(parent).where(parent.c[key.column.name] == there).exists()
                )
            ).scalars()
            found += [f"{table.name}.{there.name} points at {value}, which is not there" for value in lost]
    return found


def _index_damage(connection: Connection) -> list[str]:
    """Each index holds each row, and each page of each table can be read (`amcheck`)."""
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS amcheck"))
    connection.execute(
        text(
            "SELECT bt_index_check(i.indexrelid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        )
    )
    pages = connection.execute(
        text(
            "SELECT c.relname, h.msg FROM pg_class c, LATERAL verify_heapam(c.oid) h "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        )
    )
    return [f"{row.relname}: {row.msg}" for row in pages]


def not_the_same(one: Database, other: Database) -> list[str]:
    """Every row of every table, in both."""
    with one.reading() as here, other.reading() as there:
        return [
            f"{table.name}: {len(ours)} rows, restored {len(theirs)}, not the same"
            for table in metadata.sorted_tables
            if (ours := _rows(here, table)) != (theirs := _rows(there, table))
        ]


def _rows(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]


def _number(reference: str) -> int:
    return int(reference.rpartition("-")[2])


def _posts(room: Room) -> list[tuple[str, str]]:
    """Reference and all that is told, of each post."""
    return [
        (post.text.rpartition("ref ")[2].split()[0], f"{post.text}{[file.content for file in post.attachments]}")
        for post in room.messages
    ]


def _wrong_in(room: Room, world: World) -> list[str]:
    """What the bot posted: nothing twice, and nothing marked."""
    told = _posts(room)
    problems = _untold(world, told)
    problems += [f"{reference} is marked, though it stands once" for reference, said in told if "resent" in said]
    order = [_number(reference) for reference, _ in told]
    if order != sorted(set(order)):
        problems.append(f"out of order, or doubled: {order}")
    return problems


def _wrong_with(chat: Chat, world: World) -> list[str]:
    """What a webhook took: what came again is marked, and its reply was lost."""
    accepted = [attempt for attempt in chat.attempts if attempt.accepted]
    by_reference: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in accepted:
        by_reference[attempt.post.reference].append(attempt)
    problems = _untold(world, ((reference, _shown(first)) for reference, (first, *_) in by_reference.items()))
    for reference, attempts in by_reference.items():
        for first, again in pairwise(attempts):
            if not again.post.resent:
                problems.append(f"{reference} came again without a mark")
            if first.answered and (first.life == again.life or first.life in world.well_ended):
                problems.append(f"{reference} came again though its reply was not lost")
    order = [_number(attempt.post.reference) for attempt in accepted]
    if order != sorted(order):
        problems.append(f"out of order: {order}")
    return problems


def _shown(attempt: Attempt) -> str:
    """All that a post tells: a long digest goes on in its file."""
    return f"{attempt.post.payload}{attempt.post.files}"


def _untold(world: World, posted: Iterable[tuple[str, str]]) -> list[str]:
    """Stories that are not told as often as they should be."""
    told = list(posted)
    problems = []
    for story in world.stories:
        references = [reference for reference, said in told if story.headline in said]
        if len(references) != story.told:
            problems.append(f"{story.headline!r} was told {len(references)} times, not {int(story.told)}: {references}")
    return problems

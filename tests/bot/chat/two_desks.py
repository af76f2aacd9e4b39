"""Two servers whose desks keep secrets from each other: every word of theirs is marked, and what leaves is watched.

    async with two_desks(folder) as both:
        seen = await both.watched(both.left, asking)      # what the bot sent to Discord meanwhile, checked

A mark is a word that no one else has (`alfa017`): a desk's names, queries, labels, addresses, headlines, texts and tags
are made of them, and the ids that Discord gave its server are some. Those of the other's that people type are theirs.
"""

import contextlib
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from simcord.results import InteractionResult
from simcord.types import HttpLogEntry
from sqlalchemy import Connection, Integer, Table, bindparam, select, update
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from config.watchlist import Entity, Source, Watch
from tests.bot.chat.newsroom import Room, Server, newsroom
from tests.bot.chat.posted import BODY, bring, desk_of, post, tell
from tests.fakes.web import Reply, Web
from watchers.models import Alert, AlertKind, Outcome, Reading, Why
from watchers.storage import editing, feedback, known, tag_routes, told
from watchers.storage.audit import Actor, By
from watchers.storage.leading import Lead
from watchers.storage.schema import channels, desks, entities, follows, metadata, sources
from watchers.stories.corpus import KnownText

FEED: Final = """<?xml version="1.0"?><rss version="2.0"><channel><title>{0} news</title><link>{1}</link>
<item><title>{0} at the harbor</title><link>{1}/1</link></item></channel></rss>"""
PAGE: Final = f"<html><head><title>The quay</title></head><body><article><p>{BODY}</p></article></body></html>"
COMMON: Final = "/common"  # an address that both desks follow
NAME: Final = "common"  # of something of everything, at both desks
LEADS: Final = ("desks", "channels", "routes", "tag_routes")  # where alerts go, and whom they call
_ID: Final = re.compile(r"\d{17,20}")


@dataclass(slots=True)
class Side:
    """One of the servers, and what only it may see."""

    server: Server
    web: Web
    prefix: str
    used: int = 0
    typed: set[str] = field(default_factory=set)  # marks of the other's that people typed here

    def mark(self) -> str:
        """One more."""
        self.used += 1
        return f"{self.prefix}{self.used:03}"

    @property
    def desk(self) -> int:
        return desk_of(self.server)

    @property
    def marks(self) -> list[str]:
        return [f"{self.prefix}{number:03}" for number in range(1, self.used + 1)]


@dataclass(slots=True)
class Both:
    """The two, and the Discord that they are in."""

    room: Room
    web: Web
    left: Side
    right: Side
    _file: sqlite3.Connection
    _files: set[str] = field(default_factory=set)
    _rows: dict[tuple[int, int], dict[str, list[tuple[Any, ...]]]] = field(default_factory=dict)

    def other(self, side: Side) -> Side:
        return self.right if side is self.left else self.left

    # ── what belongs to whom ─────────────────────────────────────────────────────────────────────────────

    def marks_in(self, side: Side, text: str) -> set[str]:
        """Marks of a server's in a text: its words, and the ids that Discord gave to what is there."""
        words = set(re.findall(rf"{side.prefix}\d{{3}}", text.casefold()))
        return words | (set(_ID.findall(text)) & self._ids(side))

    def _ids(self, side: Side) -> set[str]:
        backend = self.room.env.backend
        guild = backend.guilds[side.server.guild.id]
        of_server = [room for room in backend.channels.values() if room.guild_id == guild.id]
        messages = [number for room in of_server for number in backend.messages.get(room.id, {})]
        members = guild.members.keys() - {backend.bot_user.id}
        return {str(each) for each in (guild.id, *guild.roles, *members, *(room.id for room in of_server), *messages)}

    def rows(self, side: Side) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of a desk's, by table: its own, those that hang on them, and the sources that it follows."""
        (version,) = self._file.execute("PRAGMA data_version").fetchone()  # another one when others wrote
        if (side.desk, version) not in self._rows:
            found = {name: self._file.execute(query, {"desk": side.desk}) for name, query in QUERIES.items()}
            self._rows[side.desk, version] = {name: sorted(rows, key=repr) for name, rows in found.items()}
        return self._rows[side.desk, version]

    def ids(self, side: Side, table: str) -> list[int]:
        """The numbers of a desk's rows, the oldest first."""
        return sorted(row[0] for row in self.rows(side)[table])

    # ── what leaves ──────────────────────────────────────────────────────────────────────────────────────

    async def watched(self, side: Side, asking: Awaitable[InteractionResult]) -> InteractionResult:
        """Let one ask, and check what must hold of every answer and of both desks."""
        other = self.other(side)
        log = self.room.env.backend.http_requests
        before, start = self.rows(other), len(log)
        result = await asking
        sent = log[start:]
        assert result.acknowledged, "nothing was answered"
        leaked = self.marks_in(other, self._text_of(sent)) - side.typed
        assert not leaked, f"{other.prefix}'s were shown to {side.prefix}: {sorted(leaked)} in {sent}"
        kept = self.marks_in(other, repr(self.rows(side))) - side.typed
        assert not kept, f"{other.prefix}'s were stored at {side.prefix}: {sorted(kept)}"
        leads = repr([self.rows(side)[table] for table in LEADS])
        away = set(_ID.findall(leads)) & self._ids(other)
        assert not away, f"{side.prefix} leads to what is {other.prefix}'s: {sorted(away)}"
        assert not self._astray(side), f"rows of {side.prefix} hang on the other's: {self._astray(side)}"
        after = self.rows(other)
        changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
        assert not changed, f"{side.prefix} changed the rows of {other.prefix}: {changed}"
        for request in sent:
            _calls_nobody(request)
        return result

    def _astray(self, side: Side) -> list[tuple[str, Any]]:
        """What a desk's rows refer to of what only a desk has, and its own doesn't."""
        rows = self.rows(side)
        return [
            (f"{table}.{column}", row)
            for table, column, place, above in REFERENCES
            for has in [{None, *(each[0] for each in rows[above])}]
            for row in rows[table]
            if row[place] not in has
        ]

    def _text_of(self, sent: list[HttpLogEntry]) -> str:
        blobs = self.room.env.backend.cdn._blobs
        new = blobs.keys() - self._files
        self._files |= new
        files = [blobs[url].decode(errors="replace") for url in new if "/given" not in url]
        return "\n".join([*(f"{each.path} {json.dumps(each.json, ensure_ascii=False)}" for each in sent), *files])


def _of(table: Table) -> bool:
    return table in {desks, sources} or "desk_id" in table.c or _above(table) is not None


def _above(table: Table) -> Any:
    """The column by which a table's rows hang on a desk's."""
    return next((key.parent for key in table.foreign_keys if "desk_id" in key.column.table.c), None)


def _query(table: Table) -> str:
    """SQL for the rows of a table that are the desk `:desk`'s."""
    desk = bindparam("desk", type_=Integer)
    if table is desks:
        asked = select(table).where(table.c.id == desk)
    elif table is sources:
        asked = select(table).where(table.c.id.in_(select(follows.c.source_id).where(follows.c.desk_id == desk)))
    elif "desk_id" in table.c:
        asked = select(table).where(table.c.desk_id == desk)
    else:
        column = _above(table)
        (key,) = column.foreign_keys
        above = key.column.table
        asked = select(table).where(column.in_(select(key.column).where(above.c.desk_id == desk)))
    return str(asked.compile(dialect=sqlite_dialect(paramstyle="named")))


QUERIES: Final = {table.name: _query(table) for table in metadata.sorted_tables if _of(table)}
# What refers to what only one desk has: (table, its column, the column's place in a row, the table referred to).
REFERENCES: Final = [
    (name, key.parent.name, metadata.tables[name].c.keys().index(key.parent.name), key.column.table.name)
    for name in QUERIES
    for key in metadata.tables[name].foreign_keys
    if key.column.table.name in QUERIES and key.column.table is not sources  # which are shared
]


def _calls_nobody(request: HttpLogEntry) -> None:
    """Whether a request that says something says that nobody is to be called."""
    body: Mapping[str, Any] = request.json if isinstance(request.json, dict) else {}
    said = body.get("data") if "/interactions/" in request.path else body
    if isinstance(said, dict) and (said.get("content") or said.get("embeds")):
        assert said.get("allowed_mentions") == {"parse": []}, f"this may call people: {request}"
        assert "/interactions/" not in request.path or body.get("type") != 4 or said.get("flags") == 64, (
            f"everybody sees this answer: {request}"
        )


# ── how they are furnished ───────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def two_desks(folder: Path) -> AsyncIterator[Both]:
    """Open them, each with one of everything."""
    async with Web() as web:
        web.serve(COMMON, Reply(body=FEED.format("Common", web.url(COMMON)).encode()))
        web.serve("*", Reply(body=PAGE.encode()))
        async with newsroom(folder, allow_hosts=web.place) as room:
            left, right = [Side(await room.server(f"{name}001"), web, name, used=1) for name in ("alfa", "bravo")]
            for side in (left, right):
                await _furnish(room, side)
            await room.office.refresh()
            await room.office.directory.refresh_stories()
            with contextlib.closing(sqlite3.connect(folder / "wiredesk.sqlite3")) as file:
                yield Both(room, web, left, right, file)


async def _furnish(room: Room, side: Side) -> None:
    server, word, mark = side.server, side.mark(), side.mark
    server.guild.create_text_channel(mark())
    server.guild.create_role(mark())
    names = [mark(), mark()]
    for path in names:
        side.web.serve(f"/{path}", Reply(body=FEED.format(mark(), side.web.url(f"/{mark()}")).encode()))
    tag, entity = mark(), mark()

    def furnish(connection: Connection, desk: int) -> None:
        for name, secret in zip(names, ("", f"?key={mark()}"), strict=True):
            told.add_source(connection, desk, name, Source(url=side.web.url(f"/{name}{secret}"), tags=(tag,)))
        told.add_source(connection, desk, NAME, Source(url=side.web.url(COMMON), tags=(NAME, mark())))
        told.add_entity(connection, desk, entity, Entity(name=f"{mark()} Works", aliases=(mark(),)))
        told.add_entity(connection, desk, NAME, Entity(name=mark()))
        told.add_entity(connection, desk, mark(), Entity(name=mark()))
        channel = connection.execute(select(channels.c.name).where(channels.c.desk_id == desk)).scalar_one()
        for query in (f'"harbor {word}"', f"{word} OR @{entity}", "regatta"):
            watch = Watch.model_validate({"query": query, "routes": [channel], "tags": [tag]})
            told.add_watch(connection, desk, mark(), watch, now=room.now[0])
        by = By(desk=desk, actor=Actor(str(server.bo.id), mark()), act="watch add", now=room.now[0])
        same = Watch.model_validate({"query": mark(), "routes": [channel], "tags": [NAME, mark()]})
        editing.add_watch(connection, by, NAME, same, quota=9)
        for each in (tag, NAME):
            tag_routes.put(connection, replace(by, act="route set"), each, Lead(chat_id=None, name=channel))
        newest = select(entities.c.id).where(entities.c.desk_id == desk).order_by(entities.c.id.desc()).limit(1)
        connection.execute(update(entities).where(entities.c.id == newest.scalar_subquery()).values(origin="file"))

    await room.database.write(furnish, side.desk)
    await room.office.refresh()
    for source in names:
        text = " ".join(f"The harbor {word} was mended by {mark()}, says {mark()}." for _ in range(4))
        path = side.web.url(f"/{mark()}")
        await bring(room, server, _article(mark(), text, path, mark()), through=(source,))
        await post(room, server)
    # The same story at both desks, from sources of their own: who else has it stays with each.
    regatta = "The great regatta was the talk of the town, and nobody remembers who won it in the end. " * 4
    await bring(room, server, _article("Regatta", regatta, side.web.url("/regatta"), "Wire"), through=(NAME,))
    await bring(room, server, _article("Regatta", regatta, side.web.url(f"/{mark()}"), mark()), through=(names[0],))
    await post(room, server)
    why = Why(watch=NAME, term=mark(), field="text", paragraph=1, text=mark(), sentence=mark())
    kind = AlertKind.POLICY_CHANGED
    await tell(room, server, Alert(key=f"{kind}:1:2", kind=kind, title=mark(), watches=(NAME,), why=(why,)))
    by = By(desk=side.desk, actor=Actor(str(server.bo.id), mark()), act="alert dismiss", now=room.now[0])
    await room.database.write(feedback.dismiss, by, (await post(room, server)).alert_id, feedback.Reason.OLD)
    address = side.web.url("/regatta")
    had = KnownText(url=address, urls=(address,), title=mark(), outlet=mark())
    await room.database.write(known.add, side.desk, [had], origin="added", now=room.now[0])


def _article(title: str, text: str, url: str, outlet: str) -> Reading:
    return Reading(outcome=Outcome.OK, title=title, text=text, url=url, outlet=outlet)

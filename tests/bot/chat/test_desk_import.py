"""`/desk import`: a file becomes watches, sources and entities, previewed first."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from config.watchlist import Watchlist
from tests.bot.chat.newsroom import NOW, Room, Server, message, words
from watchers.storage import audit, guilds, watchlist
from watchers.storage.audit import Actor, By

SOURCES = {"courier": {"url": "https://courier.example/feed", "tags": ["local"]}}
ENTITIES = {"port": {"name": "Port Police", "aliases": ["PPD"]}}
WATCHES = {"cameras": {"query": "camera* AND @port", "sources": ["local"]}}
OPML = b"""<opml version="2.0"><body><outline text="Herald" xmlUrl="https://herald.example/rss"/></body></opml>"""


def file_of(**sections: Any) -> tuple[str, bytes]:
    return "ours.yaml", yaml.safe_dump({"version": 1, **sections}).encode()


WHOLE = file_of(entities=ENTITIES, watches=WATCHES, sources=SOURCES)


async def give(server: Server, who: str, file: tuple[str, bytes], mode: str | None = None) -> InteractionResult:
    options: dict[str, Any] = {"file": file} | ({} if mode is None else {"mode": mode})
    actor: MemberActor = getattr(server, who)
    return await actor.slash(server.channel, "desk import", **options)


def told(room: Room, desk: int | None = None) -> Watchlist:
    with room.database.reading() as connection:
        return watchlist.export(connection, desk or room.desk)


# ── preview ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_file_is_previewed_and_nothing_is_done(room: Room) -> None:
    answer = words(await give(room.first, "ann", WHOLE))
    assert "Preview of ours.yaml: nothing is done yet" in answer
    assert "**Merge** adds to what is there: 3 added" in answer
    assert "watch: cameras" in answer
    assert told(room).watches == {}


async def test_a_preview_is_merged_by_its_button(room: Room) -> None:
    answer = await give(room.first, "ann", WHOLE)
    await room.ann.click(message(answer), label="Merge")
    assert "Imported" in words(answer)
    assert list(told(room).watches) == ["cameras"]
    assert told(room).sources["courier"].tags == ("local",)
    with room.database.reading() as connection:
        acts = [(entry.act, entry.noun, entry.name) for entry in audit.entries(connection, room.desk, limit=3)]
    assert acts == [
        ("desk import", "watch", "cameras"),
        ("desk import", "source", "courier"),
        ("desk import", "entity", "port"),
    ]


async def test_a_preview_s_button_works_after_a_restart(room: Room) -> None:
    answer = await give(room.first, "ann", WHOLE)
    await room.restart()
    await room.ann.click(message(answer), label="Merge")
    assert list(told(room).watches) == ["cameras"]


async def test_a_discarded_preview_is_forgotten(room: Room) -> None:
    answer = await give(room.first, "ann", WHOLE)
    await room.ann.click(message(answer), label="Discard")
    assert "Nothing was saved" in words(answer)
    assert told(room).watches == {}


async def test_every_problem_of_a_file_is_told_with_its_line(room: Room) -> None:
    broken = ("ours.yaml", b"version: 1\nwatches:\n  a: {query: 'x AND'}\n  b: {sources: [none], query: y}\n")
    answer = words(await give(room.first, "ann", broken))
    assert "ours.yaml\\:3" in answer
    assert "ours.yaml\\:4" in answer


async def test_of_very_many_problems_the_first_are_told(room: Room) -> None:
    lines = "".join(f"  w{number}: {{query: 'x AND'}}\n" for number in range(500))
    answer = words(await give(room.first, "ann", ("ours.yaml", f"version: 1\nwatches:\n{lines}".encode())))
    assert "w0" in answer
    assert "488 more" in answer


async def test_a_file_that_is_too_large_is_refused_unread(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.desk_import.LARGEST", 10)
    monkeypatch.setattr("discord.Attachment.read", None)
    assert "split the file" in words(await give(room.first, "ann", WHOLE))


# ── merge and replace ────────────────────────────────────────────────────────────────────────────────────


async def test_opml_adds_sources_and_leaves_what_is_known_as_it_is(room: Room) -> None:
    await give(
        room.first, "ann", file_of(sources={"herald": {"url": "https://herald.example/rss", "every": "15m"}}), "merge"
    )
    answer = words(await give(room.first, "ann", ("feeds.opml", OPML), "merge"))
    assert "There was nothing to change" in answer
    assert told(room).sources["herald"].every is not None


async def test_merging_changes_people_s_rows_and_removes_none(room: Room) -> None:
    await give(room.first, "ann", WHOLE, "merge")
    other = file_of(entities={"port": {"name": "Harbour Police"}})
    assert "1 changed" in words(await give(room.first, "ann", other, "merge"))
    assert told(room).entities["port"].names == ("Harbour Police", "PPD")
    assert list(told(room).watches) == ["cameras"]


async def test_replacing_removes_what_the_file_doesn_t_have(room: Room) -> None:
    await give(room.first, "ann", WHOLE, "merge")
    answer = words(await give(room.first, "ann", file_of(sources=SOURCES), "replace"))
    assert "2 removed" in answer
    assert (told(room).watches, told(room).entities) == ({}, {})
    assert list(told(room).sources) == ["courier"]


async def test_what_was_exported_replaces_itself_without_a_change(room: Room) -> None:
    await give(room.first, "bo", WHOLE, "merge")
    exported = await room.bo.slash(room.channel, "desk export")
    (file,) = message(exported).attachments
    content = await file.read()
    assert "There was nothing to change" in words(await give(room.first, "bo", (file.filename, content), "replace"))


async def test_a_quota_holds_for_an_import_as_a_whole(room: Room) -> None:
    many = {f"s{number}": {"url": f"https://s{number}.example/feed"} for number in range(51)}
    answer = words(await give(room.first, "ann", file_of(sources=many), "merge"))
    assert "51 sources, and may have 50" in answer
    assert told(room).sources == {}


async def test_an_editor_s_watches_go_to_the_desk_s_channel(room: Room) -> None:
    elsewhere = file_of(
        watches={"quay": {"query": "quay", "routes": ["other"]}},
        channels={"other": {"kind": "discord", "id": str(room.channel.id)}},
    )
    answer = words(await give(room.first, "ann", elsewhere, "merge"))
    assert "they need the permission Manage Server" in answer
    assert [route.channel for route in told(room).watches["quay"].routes] == ["newsroom"]


async def test_who_manages_the_server_imports_channels_and_routes(room: Room) -> None:
    press = room.first.guild.create_text_channel("press")
    elsewhere = file_of(
        desk={"timezone": "Europe/London"},
        watches={"quay": {"query": "quay", "routes": [{"channel": "press", "mention": str(room.first.editors.id)}]}},
        channels={"press": {"kind": "discord", "id": str(press.id)}},
    )
    await give(room.first, "bo", elsewhere, "merge")
    (route,) = told(room).watches["quay"].routes
    assert (route.channel, route.mention) == ("press", str(room.first.editors.id))
    assert told(room).desk.timezone == "Europe/London"


# ── what never comes from chat ───────────────────────────────────────────────────────────────────────────


async def test_hard_case_94_channels_of_another_server_are_refused_named_and_on_record(room: Room) -> None:
    herald = await room.server("Herald")
    stolen = file_of(
        watches={"quay": {"query": "quay", "routes": ["theirs"]}},
        channels={"theirs": {"kind": "discord", "id": str(herald.channel.id)}},
    )
    answer = words(await give(room.first, "bo", stolen, "merge"))
    assert "channel theirs: not a channel of this server" in answer
    assert [route.channel for route in told(room).watches["quay"].routes] == ["newsroom"]
    with room.database.reading() as connection:
        refused = [entry for entry in audit.entries(connection, room.desk, limit=9) if entry.refused]
    assert [(entry.act, entry.noun, entry.name) for entry in refused] == [("desk import", "channel", "theirs")]


@pytest.mark.parametrize(
    "channel",
    [
        {"kind": "webhook", "url_env": "DISCORD_TOKEN"},
        {"kind": "apprise", "url_file": "/etc/passwd"},
        {"kind": "terminal"},
    ],
)
async def test_only_channels_of_the_server_come_from_chat(room: Room, channel: Mapping[str, str]) -> None:
    away = file_of(watches={"quay": {"query": "quay", "routes": ["away"]}}, channels={"away": channel})
    answer = words(await give(room.first, "bo", away, "merge"))
    assert "comes from the watch-list file only" in answer
    assert "away" not in told(room).channels
    assert [route.channel for route in told(room).watches["quay"].routes] == ["newsroom"]


async def test_a_role_of_another_server_is_never_mentioned(room: Room) -> None:
    herald = await room.server("Herald")
    calling = file_of(
        watches={"quay": {"query": "quay", "routes": [{"channel": "here", "mention": str(herald.editors.id)}]}},
        channels={"here": {"kind": "discord", "id": str(room.channel.id)}},
    )
    assert "no role of this server" in words(await give(room.first, "bo", calling, "merge"))
    assert told(room).watches["quay"].routes[0].mention is None


async def test_another_desk_is_not_touched(room: Room) -> None:
    herald = await room.server("Herald")
    await give(herald, "ann", WHOLE, "merge")
    await give(room.first, "ann", WHOLE, "merge")
    await give(room.first, "ann", file_of(sources={"x": {"url": "https://x.example/feed"}}), "replace")
    assert list(told(room, herald.desk).watches) == ["cameras"]
    assert list(told(room).watches) == []


async def test_hard_case_93_who_lost_the_role_since_the_preview_imports_nothing(room: Room) -> None:
    answer = await give(room.first, "ann", WHOLE)
    await room.database.write(_other_editors, room.desk)
    await room.office.refresh()
    assert "is for editors" in words(await room.ann.click(message(answer), label="Merge"))
    assert told(room).watches == {}


def _other_editors(connection: Any, desk: int) -> None:
    by = By(desk=desk, actor=Actor("1", "Bo"), act="desk setup", now=NOW)
    guilds.change(connection, by, editors_role="1")


async def test_rows_of_the_watch_list_file_are_never_touched(room: Room) -> None:
    herald = await room.server("Herald", set_up=False)
    of_file = Watchlist.model_validate({"desk": {"guild": str(herald.guild.id)}, "entities": ENTITIES})
    await room.database.write(watchlist.apply, of_file, now=NOW)
    await room.office.refresh()
    other = file_of(entities={"port": {"name": "Harbour Police"}})
    answer = words(await give(herald, "bo", other, "replace"))
    assert "The watch-list file's, untouched: 1 entity: port" in answer
    with room.database.reading() as connection:
        assert watchlist.export(connection, watchlist.desk_id(connection) or 0).entities["port"].name == "Port Police"

"""Servers that are desks: set up, left, returned to, and deleted with everything that is their own."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text

from config.watchlist import Entity, Route, Source, Watch
from tests.storage.building import NOW, Desk, reading, watch_list
from watchers.errors import ConfigError
from watchers.storage import audit, drafts, editing, guilds, known, sending, sources, tag_routes, told
from watchers.storage.audit import Actor, By
from watchers.storage.guilds import GRACE, Setup
from watchers.storage.leading import Lead
from watchers.storage.schema import channels, dismissals, metadata, mutes
from watchers.stories.corpus import KnownText

ANN = Actor("1", "Ann")
WANTED = Setup(label="Herald", chat_id="11", channel="newsroom", editors_role="7", timezone=None)
COURIER = Source(url="https://courier.example/feed")
SECRET = Source(url="https://paper.example/feed?token=0123456789abcdef0123456789abcdef")


def set_up(desk: Desk, guild: str = "4711") -> int:
    return desk.write(guilds.set_up, guild, ANN, WANTED, now=NOW).desk


def follow(desk: Desk, herald: int) -> None:
    """The second desk listens to the first one's source, and is led to its own channel."""
    watch = Watch(query='"harbor cameras"', routes=(Route(channel="newsroom"),))
    by = By(desk=herald, actor=ANN, act="watch add", now=NOW)
    desk.write(editing.add_source, by, "the-courier", COURIER, quota=9)
    desk.write(editing.add_watch, by, "cameras", watch, quota=9)


def send_all(desk: Desk) -> None:
    """Every channel takes what is due; its posts follow their stories."""
    for channel_id in desk.read(sending.channels_with_work, desk.now):
        while (taken := desk.write(sending.take, channel_id, now=desk.now, burst=9)) is not None:
            desk.write(sending.mark_sent, taken, message_id=f"m{taken.id}", now=desk.now)


def fill(desk: Desk, herald: int) -> None:
    """Something of everything that a desk can have."""
    follow(desk, herald)
    desk.bring(reading())
    send_all(desk)
    desk.bring(reading("Cameras off", url="https://courier.example/again"))
    by = By(desk=herald, actor=ANN, act="watch add", now=NOW)
    desk.write(drafts.keep, by, "next", {"query": "x"})
    old = KnownText(url="https://old.example/1", urls=("https://old.example/1",), title="Old")
    desk.write(known.add, herald, [old], origin="desk", now=NOW)
    desk.write(tag_routes.put, by, "local", Lead(chat_id=None, name="newsroom"))
    desk.write(told.add_entity, herald, "port", Entity(name="Port Police"))

    def judge(connection: Connection) -> None:
        watch_id = told.find(connection, herald, "watch", "cameras").id
        muted = {"desk_id": herald, "watch_id": watch_id, "source_id": desk.source().id, "until": NOW}
        connection.execute(insert(mutes).values(**muted))
        alert_id = connection.execute(text(f"SELECT MIN(id) FROM alerts WHERE desk_id = {herald}")).scalar_one()
        connection.execute(
            insert(dismissals).values(
                desk_id=herald, alert_id=alert_id, watch="cameras", term="", reason="old", actor="1", at=NOW
            )
        )

    desk.write(judge)


def rows(desk: Desk) -> dict[str, list[Any]]:
    """Every row of every table, but for `meta`, which counts edits."""

    def read(connection: Connection) -> dict[str, list[Any]]:
        return {
            table.name: list(connection.execute(select(table).order_by(*table.primary_key.columns)))
            for table in metadata.sorted_tables
            if table.name != "meta"
        }

    return desk.read(read)


def channels_of(connection: Connection, desk_id: int) -> set[int]:
    return set(connection.execute(select(channels.c.id).where(channels.c.desk_id == desk_id)).scalars())


# ── set up ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_server_becomes_a_desk_with_its_channel_and_its_editors(desk: Desk) -> None:
    made = desk.write(guilds.set_up, "4711", ANN, WANTED, now=NOW)
    assert (made.new, made.admin_channel, made.timezone, made.of_file) == (True, "newsroom", "UTC", frozenset())
    (entry,) = desk.read(audit.entries, made.desk, limit=9)
    assert entry.after is not None
    assert (entry.act, entry.after["editors_role"], entry.after["label"]) == ("desk setup", "7", "Herald")


def test_setting_up_again_is_the_same_desk(desk: Desk) -> None:
    first = set_up(desk)
    again = desk.write(guilds.set_up, "4711", ANN, WANTED, now=NOW)
    assert (again.desk, again.new) == (first, False)
    assert desk.read(lambda c: c.execute(select(channels).where(channels.c.desk_id == first)).all())[1:] == []


def test_two_servers_are_two_desks(desk: Desk) -> None:
    assert set_up(desk, "1") != set_up(desk, "2")


# ── left and returned ────────────────────────────────────────────────────────────────────────────────────


def test_hard_case_98_a_desk_whose_server_lost_the_bot_rests_and_works_again_when_it_returns(desk: Desk) -> None:
    herald = set_up(desk)
    desk.write(editing.add_source, By(desk=herald, actor=ANN, act="", now=NOW), "herald", SECRET, quota=9)
    polled = desk.read(sources.every_active, NOW)
    assert desk.write(guilds.left, "4711", NOW)
    assert [each.name for each in desk.told.desks] == ["desk"]
    assert len(desk.read(sources.every_active, NOW)) == len(polled) - 1
    assert desk.write(guilds.returned, "4711", "Herald")
    assert [each.name for each in desk.told.desks] == ["desk", "server-4711"]
    assert desk.read(sources.every_active, NOW) == polled


def test_hard_case_98_a_desk_that_was_left_is_deleted_after_thirty_days_and_not_before(desk: Desk) -> None:
    set_up(desk)
    desk.write(guilds.left, "4711", NOW)
    assert desk.write(guilds.remove_expired, NOW + GRACE - timedelta(seconds=1)) is None
    assert desk.write(guilds.remove_expired, NOW + GRACE) == "server-4711"
    assert desk.write(guilds.remove_expired, NOW + GRACE) is None
    assert [each.name for each in desk.read(guilds.listed)] == ["desk"]


def test_the_file_s_desk_outlives_its_server(desk: Desk) -> None:
    desk.apply(watch_list(desk={"guild": "4711"}))
    desk.write(guilds.left, "4711", NOW)
    assert desk.write(guilds.remove_expired, NOW + GRACE) is None


# ── deleted ──────────────────────────────────────────────────────────────────────────────────────────────


def test_hard_case_98_a_deleted_desk_leaves_nothing_and_takes_nothing_of_another(desk: Desk) -> None:
    herald = set_up(desk)
    fill(desk, herald)
    full, mine = rows(desk), desk.read(channels_of, desk.id)
    desk.write(guilds.remove, herald)
    left = rows(desk)
    for table in metadata.sorted_tables:
        before, after = full.get(table.name, []), left.get(table.name, [])
        if "desk_id" in table.c:
            assert any(row.desk_id == herald for row in before), f"{table.name}: the test fills it"
            assert after == [row for row in before if row.desk_id == desk.id], table.name
        elif "channel_id" in table.c:
            assert any(row.channel_id not in mine for row in before), f"{table.name}: the test fills it"
            assert after == [row for row in before if row.channel_id in mine], table.name
        elif table.name not in {"desks", "known_addresses"}:
            assert after == before, table.name
    assert left["known_addresses"] == []


def test_the_address_of_a_desk_s_secret_goes_with_it(desk: Desk) -> None:
    herald = set_up(desk)
    desk.write(editing.add_source, By(desk=herald, actor=ANN, act="", now=NOW), "paper", SECRET, quota=9)
    desk.write(guilds.remove, herald)
    assert desk.number("sources") == 1


def test_what_only_a_deleted_desk_followed_is_polled_no_more(desk: Desk) -> None:
    herald = set_up(desk)
    other = Source(url="https://herald.example/feed")
    desk.write(editing.add_source, By(desk=herald, actor=ANN, act="", now=NOW), "own", other, quota=9)
    desk.write(guilds.remove, herald)
    assert desk.read(sources.every_active, NOW) == [desk.source().id]
    assert desk.number("sources") == 2


def test_the_file_s_desk_is_not_deleted(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="watch-list file's"):
        desk.write(guilds.remove, desk.id)


def test_a_desk_is_found_by_its_name_or_the_one_that_may_be_meant(desk: Desk) -> None:
    set_up(desk)
    assert desk.read(guilds.find, "server-4711").guild == "4711"
    with pytest.raises(ConfigError, match="did you mean server-4711"):
        desk.read(guilds.find, "server-4712")


def test_desks_are_listed_with_how_they_stand(desk: Desk) -> None:
    herald = set_up(desk)
    follow(desk, herald)
    desk.write(guilds.set_posting, By(desk=herald, actor=ANN, act="desk pause-all", now=NOW), active=False)
    _, paused = desk.read(guilds.listed)
    assert (paused.state, paused.sources, paused.watches, paused.label) == ("paused", 1, 1, "Herald")
    desk.write(guilds.left, "4711", NOW)
    assert (desk.read(guilds.listed)[1].state, desk.read(guilds.listed)[1].since) == ("left", NOW)

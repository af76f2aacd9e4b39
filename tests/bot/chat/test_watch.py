"""`/watch add`: tried on what the desk read, then saved, from Discord."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from tests.bot.chat.newsroom import NOW, Room, fill, message, newsroom, shown, words
from tests.bot.chat.reading import bring, follow
from watchers.storage import listing
from watchers.storage.listing import WatchListing
from watchers.storage.schema import drafts

QUERY = '"harbor cameras"'
LEAD = "The harbor cameras were switched off on Monday, after a year of complaints from the eastern quay."
OTHER = "A brass band played until the street lamps came on, and everyone went home by the back stairs at last."


def _saved(room: Room) -> list[WatchListing]:
    with room.database.reading() as connection:
        return listing.watches_of(connection, room.desk)


# ── the preview ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_watch_is_shown_with_what_it_would_have_sent_and_saved_on_demand(room: Room) -> None:
    await follow(room, "courier")
    await bring(room, "courier", "Quay goes dark", LEAD)
    await bring(room, "courier", "A band on the quay", OTHER)
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY, tag="quay, local")
    assert "1 story in the last 7 days" in words(answer)
    assert "1 article of 2 matched" in words(answer)
    assert "[Quay goes dark](https://courier.example/Quay-goes-dark)** · Courier" in words(answer)
    assert "The **harbor cameras** were switched off" in words(answer)
    assert _saved(room) == []
    await room.ann.click(message(answer), label="Save")
    assert shown(answer).title == "cameras"
    (saved,) = _saved(room)
    assert (saved.query, saved.tags, saved.sources) == (QUERY, ("quay", "local"), None)
    assert [(route.channel, route.when) for route in saved.routes] == [("newsroom", "now")]


async def test_copies_and_known_stories_are_not_counted(room: Room) -> None:
    await follow(room, "courier")
    await follow(room, "gull")
    await bring(room, "courier", "Quay goes dark", LEAD)
    await bring(room, "gull", "Cameras off at the harbor", LEAD)
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY)
    assert "1 story in the last 7 days" in words(answer)
    assert "1 copy" in words(answer)


async def test_other_watches_that_bring_the_same_are_named(room: Room) -> None:
    await follow(room, "courier")
    first = await room.ann.slash(room.channel, "watch add", name="quay", query="quay")
    await room.ann.click(message(first), label="Save")
    await bring(room, "courier", "Quay goes dark", LEAD)
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY)
    assert "Brought by other watches too: - quay: 1 of 1" in words(answer)


async def test_where_nothing_would_have_been_sent_the_part_that_never_occurs_is_named(room: Room) -> None:
    await follow(room, "courier")
    await bring(room, "courier", "Quay goes dark", LEAD)
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query='quay AND ("gull wing" OR zeppelin)')
    assert "Nothing in the last 7 days" in words(answer)
    assert "1 article was looked at" in words(answer)
    assert '- `quay`: in 1 article\n- `"gull wing" OR zeppelin`: **never**' in words(answer)


async def test_a_desk_that_has_read_nothing_is_told_so(room: Room) -> None:
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY)
    assert "Nothing was read in the last 7 days" in words(answer)
    assert "/source add" in words(answer)


async def test_only_sources_that_the_watch_listens_to_count(room: Room) -> None:
    await follow(room, "courier", tags=("local",))
    await follow(room, "gull")
    await bring(room, "courier", "Quay goes dark", LEAD)
    await bring(room, "gull", "Band plays on the quay", f"{OTHER} The harbor cameras saw nothing of it.")
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY, sources="local")
    assert "1 article of 1 matched" in words(answer)
    assert "Band plays" not in words(answer)


async def test_another_desks_reading_is_never_shown(room: Room) -> None:
    herald = await room.server("Herald")
    await follow(room, "secret", desk=herald.desk)
    await bring(room, "secret", "Quay goes dark", LEAD)
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY)
    assert "Nothing was read" in words(answer)


# ── what is wrong is said, and what was written is kept ──────────────────────────────────────────────────


async def test_a_bad_query_is_shown_with_a_caret_and_edited_on(room: Room) -> None:
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query="harbor cameras")
    assert "harbor cameras\n       ^" in words(answer)
    opened = await room.ann.click(message(answer), label="Edit")
    await fill(room.ann, opened, {"Query": QUERY})
    assert "what it would have sent" in words(answer)
    await room.ann.click(message(answer), label="Save")
    assert [watch.query for watch in _saved(room)] == [QUERY]


async def test_without_a_query_a_form_asks_for_it(room: Room) -> None:
    await follow(room, "courier", tags=("local",))
    opened = await room.ann.slash(room.channel, "watch add", name="cameras", when="daily")
    answer = await fill(room.ann, opened, {"Query": f"{QUERY}\nOR quay", "Tags": "quay", "Sources": "local"})
    await room.ann.click(message(answer), label="Save")
    (saved,) = _saved(room)
    assert (saved.query, saved.tags, saved.sources) == (f"{QUERY}\nOR quay", ("quay",), ("local",))
    assert [route.when for route in saved.routes] == ["daily"]


async def test_an_unknown_source_is_named_and_the_form_can_be_opened_again(room: Room) -> None:
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY, sources="courrier")
    assert "Sources courrier" in words(answer)
    opened = await room.ann.click(message(answer), label="Edit")
    await fill(room.ann, opened, {"Query": QUERY, "Sources": ""})
    assert "what it would have sent" in words(answer)


async def test_a_name_that_is_taken_is_refused_before_anything_is_written(room: Room) -> None:
    first = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY)
    await room.ann.click(message(first), label="Save")
    answer = await room.ann.slash(room.channel, "watch add", name="cameras")
    assert "there is a watch of this name" in words(answer)


async def test_discarded_is_not_saved(room: Room) -> None:
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY)
    await room.ann.click(message(answer), label="Discard")
    assert words(answer) == "Nothing was saved."
    assert _saved(room) == []


async def test_a_preview_is_saved_after_a_restart(room: Room) -> None:
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY)
    await room.restart()
    await room.ann.click(message(answer), label="Save")
    assert [watch.name for watch in _saved(room)] == ["cameras"]


async def test_nobody_else_decides_on_a_preview(room: Room) -> None:
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY)
    await room.database.write(_taken_over)
    pressed = await room.ann.click(message(answer), label="Save")
    assert "done with, or too old" in words(pressed)
    assert _saved(room) == []


def _taken_over(connection: Connection) -> None:
    connection.execute(update(drafts).values(actor="1"))


# ── channels ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_editor_leads_a_watch_to_a_channel_that_has_alerts(room: Room) -> None:
    answer = await room.ann.slash(
        room.channel, "watch add", name="cameras", query=QUERY, channel=room.channel, when="hourly"
    )
    assert f"<#{room.channel.id}> once an hour" in words(answer)
    await room.ann.click(message(answer), label="Save")
    (saved,) = _saved(room)
    assert [(route.channel, route.when) for route in saved.routes] == [("newsroom", "hourly")]


async def test_only_who_manages_the_server_opens_a_new_channel_to_alerts(room: Room) -> None:
    quiet = room.first.guild.create_text_channel("quiet")
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY, channel=quiet)
    assert "no alerts are led to this channel yet" in words(answer)
    answer = await room.bo.slash(room.channel, "watch add", name="cameras", query=QUERY, channel=quiet)
    await room.bo.click(message(answer), label="Save")
    (saved,) = _saved(room)
    assert [route.channel for route in saved.routes] == ["quiet"]


@pytest.mark.parametrize("days", [6, 8])
async def test_a_week_is_looked_back(room: Room, days: int) -> None:
    await follow(room, "courier")
    await bring(room, "courier", "Quay goes dark", LEAD)
    room.now[0] = NOW + timedelta(days=days)
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY)
    assert ("1 story" in words(answer)) is (days == 6)


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_hard_case_99_a_desk_has_no_more_watches_than_its_quota(tmp_path: Path) -> None:
    async with newsroom(tmp_path, most_watches=1) as room:
        first, second = [
            await room.ann.slash(room.channel, "watch add", name=name, query=QUERY) for name in ("first", "second")
        ]
        await room.ann.click(message(first), label="Save")
        await room.ann.click(message(second), label="Save")
        assert "This desk may have 1 watches, and has no room for 2" in words(second)
        third = await room.ann.slash(room.channel, "watch add", name="third")
        assert "no room for 2" in words(third)
        assert [watch.name for watch in _saved(room)] == ["first"]

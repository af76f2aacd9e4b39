"""`/watch edit`, show, list, test, pause, resume, remove, undo, from Discord."""

from datetime import timedelta

import pytest

from config.watchlist import Watch, Watchlist
from tests.bot.chat.newsroom import NOW, Room, fill, message, shown, words
from tests.bot.chat.reading import bring, follow
from watchers.storage import audit, editing, guilds, told, watchlist

QUERY = '"harbor cameras"'
LEAD = "The harbor cameras were switched off on Monday, after a year of complaints from the eastern quay."


@pytest.fixture
async def watched(room: Room) -> Room:
    """The newsroom with a watch of its own, called cameras, and a source."""
    await follow(room, "courier", tags=("local",))
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query=QUERY, tag="quay")
    await room.ann.click(message(answer), label="Save")
    return room


def _watch(room: Room, name: str = "cameras") -> dict[str, object] | None:
    with room.database.reading() as connection:
        return editing.snapshot(connection, room.desk, "watch", name)


# ── edit ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_changed_query_is_tried_before_it_is_saved(watched: Room) -> None:
    await bring(watched, "courier", "Quay goes dark", LEAD)
    opened = await watched.ann.slash(watched.channel, "watch edit", name="cameras")
    answer = await fill(watched.ann, opened, {"Query": "quay", "Tags": "quay", "Sources": ""})
    assert "1 story in the last 7 days" in words(answer)
    assert "As it is now: 1 story in the last 7 days" in words(answer)
    assert "Listens" not in words(answer)
    await watched.ann.click(message(answer), label="Save")
    assert "`quay`" in words(answer)
    assert "Listens" in words(answer)


async def test_other_tags_are_saved_at_once(watched: Room) -> None:
    opened = await watched.ann.slash(watched.channel, "watch edit", name="cameras")
    answer = await fill(watched.ann, opened, {"Query": QUERY, "Tags": "quay, night", "Sources": ""})
    assert "**Tags** quay, night" in words(answer)


async def test_a_change_by_somebody_else_is_not_overwritten(watched: Room) -> None:
    answers = []
    for query in ("quay", "pier"):
        opened = await watched.ann.slash(watched.channel, "watch edit", name="cameras")
        answers.append(await fill(watched.ann, opened, {"Query": query}))
    for answer in answers:
        await watched.ann.click(message(answer), label="Save")
    assert "someone changed its query meanwhile" in words(answers[1])
    watch = _watch(watched)
    assert watch is not None
    assert watch["query"] == "quay"


async def test_a_watch_of_the_file_is_read_only_until_it_is_adopted(room: Room) -> None:
    await _of_file(room)
    answer = await room.ann.slash(room.channel, "watch edit", name="harbor")
    assert "comes from the watch-list file" in words(answer)
    adopted = await room.ann.click(message(answer), label="Adopt this watch")
    assert shown(adopted).title == "harbor"
    opened = await room.ann.slash(room.channel, "watch edit", name="harbor")
    assert opened.modal is not None


async def _of_file(room: Room) -> None:
    """Have the file feed the newsroom's desk, with one watch."""
    entries = Watchlist.model_validate(
        {"desk": {"guild": str(room.first.guild.id)}, "watches": {"harbor": {"query": "harbor"}}}
    )
    with room.database.writing() as connection:
        guilds.remove(connection, room.desk)
        watchlist.apply(connection, entries, now=NOW)
        desk = watchlist.desk_id(connection)
        assert desk is not None
        by = audit.By(desk=desk, actor=audit.Actor("1", "Bo"), act="desk setup", now=NOW)
        guilds.change(connection, by, editors_role=str(room.first.editors.id))
    room.first.desk = desk
    await room.office.refresh()


# ── show, list, test ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_watch_is_shown_with_where_it_goes_and_what_it_brought(watched: Room) -> None:
    quiet = watched.first.guild.create_text_channel("quiet")
    for channel in (quiet, watched.channel):
        await watched.bo.slash(watched.channel, "route set", channel=channel, tag="quay", when="daily")
    await bring(watched, "courier", "Quay goes dark", LEAD)
    told_of = words(await watched.cy.slash(watched.channel, "watch show", name="cameras"))
    assert f"<#{watched.channel.id}> at once" in told_of
    assert f"<#{quiet.id}> once a day · by the tag quay" in told_of
    assert f"<#{watched.channel.id}> once a day" not in told_of
    assert "**Sent** 0 in 7 days" in told_of
    assert "1 article ever matched" in told_of


async def test_a_watch_whose_entity_is_gone_says_that_it_can_t_be_heard(watched: Room) -> None:
    broken = Watch(query="@port AND quay")
    await watched.database.write(told.add_watch, watched.desk, "broken", broken, now=NOW)
    await watched.office.refresh()
    told_of = words(await watched.ann.slash(watched.channel, "watch show", name="broken"))
    assert "Can't be heard" in told_of
    assert "there is no entity @port" in told_of


async def test_a_long_query_is_told_whole_in_a_file(watched: Room) -> None:
    long = Watch(query=" OR ".join(f"word{number}" for number in range(400)))
    await watched.database.write(told.add_watch, watched.desk, "long", long, now=NOW)
    await watched.office.refresh()
    answer = await watched.cy.slash(watched.channel, "watch show", name="long")
    assert "word399" not in words(answer)
    (file,) = message(answer).attachments
    assert await file.read() == long.query.encode()


async def test_the_list_is_of_a_tag_and_a_state(watched: Room) -> None:
    other = await watched.ann.slash(watched.channel, "watch add", name="ferries", query="ferry")
    await watched.ann.click(message(other), label="Save")
    await watched.ann.slash(watched.channel, "watch pause", name="ferries")
    every = words(await watched.cy.slash(watched.channel, "watch list"))
    assert "**cameras** #quay" in every
    assert "**ferries** ⏸" in every
    assert "ferries" not in words(await watched.cy.slash(watched.channel, "watch list", tag="quay"))
    assert "cameras" not in words(await watched.cy.slash(watched.channel, "watch list", state="paused"))


async def test_a_watch_is_tested_on_more_days(watched: Room) -> None:
    await bring(watched, "courier", "Quay goes dark", LEAD)
    watched.now[0] = NOW + timedelta(days=10)
    week = await watched.cy.slash(watched.channel, "watch test", name="cameras")
    assert "Nothing was read in the last 7 days" in words(week)
    answer = await watched.cy.slash(watched.channel, "watch test", name="cameras", days=14)
    assert "1 story in the last 14 days" in words(answer)


# ── pause, resume, remove ────────────────────────────────────────────────────────────────────────────────


async def test_a_watch_rests_for_some_hours_and_is_resumed_by_its_button(watched: Room) -> None:
    answer = await watched.ann.slash(watched.channel, "watch pause", name="cameras", hours=6)
    until = NOW + timedelta(hours=6)
    assert f"Paused** · listens again <t:{int(until.timestamp())}:R>" in words(answer)
    resumed = await watched.ann.click(message(answer), label="Resume")
    assert "Listens" in words(resumed)


async def test_a_pause_without_an_end_is_given_one(watched: Room) -> None:
    await watched.ann.slash(watched.channel, "watch pause", name="cameras")
    answer = await watched.ann.slash(watched.channel, "watch pause", name="cameras", hours=6)
    assert "Paused** · listens again" in words(answer)


async def test_a_pause_that_is_over_ends_by_itself(watched: Room) -> None:
    await watched.ann.slash(watched.channel, "watch pause", name="cameras", hours=6)
    await watched.database.write(told.wake, NOW + timedelta(hours=6))
    await watched.office.refresh()
    assert "Listens" in words(await watched.cy.slash(watched.channel, "watch show", name="cameras"))


async def test_a_watch_is_removed_only_after_it_was_asked_twice(watched: Room) -> None:
    asked = await watched.ann.slash(watched.channel, "watch remove", name="cameras")
    assert "Remove this watch?" in words(asked)
    assert _watch(watched) is not None
    await watched.ann.click(message(asked), label="Yes, remove it")
    assert _watch(watched) is None


# ── undo ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_change_is_taken_back_and_said(watched: Room) -> None:
    opened = await watched.ann.slash(watched.channel, "watch edit", name="cameras")
    answer = await fill(watched.ann, opened, {"Query": "quay"})
    await watched.ann.click(message(answer), label="Save")
    told_of = words(await watched.ann.slash(watched.channel, "watch undo"))
    assert "**watch edit** of **cameras** by ann" in told_of
    assert '- query: `quay` → `"harbor cameras"`' in told_of


async def test_a_removed_watch_comes_back_with_its_routes(watched: Room) -> None:
    before = _watch(watched)
    asked = await watched.ann.slash(watched.channel, "watch remove", name="cameras")
    await watched.ann.click(message(asked), label="Yes, remove it")
    told_of = words(await watched.ann.slash(watched.channel, "watch undo"))
    assert "is there again" in told_of
    assert _watch(watched) == before


async def test_with_nothing_to_take_back_it_says_so(room: Room) -> None:
    assert "There is no change of a watch" in words(await room.ann.slash(room.channel, "watch undo"))


async def test_a_route_is_taken_back_only_by_who_may_set_it(watched: Room) -> None:
    await watched.bo.slash(watched.channel, "route set", channel=watched.channel, watch="cameras", when="daily")
    led = _watch(watched)
    told_of = words(await watched.ann.slash(watched.channel, "watch undo"))
    assert "Manage Server" in told_of
    assert _watch(watched) == led
    await watched.bo.slash(watched.channel, "watch undo")
    assert _watch(watched) != led


async def test_a_form_takes_every_tag_that_it_is_filled_with(watched: Room) -> None:
    tags = tuple(f"a-long-tag-of-the-quay-{number}" for number in range(60))
    await watched.database.write(told.add_watch, watched.desk, "tagged", Watch(query="quay", tags=tags), now=NOW)
    await watched.office.refresh()
    opened = await watched.ann.slash(watched.channel, "watch edit", name="tagged")
    assert opened.modal is not None
    for label in opened.modal["components"]:
        field = label["component"]
        assert len(field.get("value", "")) <= field["max_length"]

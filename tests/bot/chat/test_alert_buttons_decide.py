"""The buttons under an alert that change what is told next: Mute… and Add to known."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from tests.bot.chat.newsroom import Room, message, shown, words
from tests.bot.chat.posted import BODY, bring, follow, post, post_story, press, story, tell
from watchers.models import Alert, AlertKind, Decision
from watchers.storage import audit, meta, told
from watchers.storage import known as known_rows
from watchers.storage.audit import Entry
from watchers.storage.feedback import MUTE_LASTS
from watchers.storage.recording import Recorded
from watchers.storage.schema import deliveries

NEXT = story("Boats found", text="Two boats were found by the harbor cameras.", url="https://courier.example/boats")
TWO = {"cameras": '"harbor cameras"', "quays": "quay"}


def _decision(recorded: Recorded) -> Decision:
    (placed,) = recorded.placed
    return placed.placement.decision


def _acts(room: Room) -> list[Entry]:
    with room.database.reading() as connection:
        return [entry for entry in audit.entries(connection, room.desk, limit=20) if entry.act.startswith("alert ")]


def _count(room: Room, table: Any) -> int:
    with room.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


# ── mute ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_muted_source_is_not_heard_by_the_watch_for_a_day(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    answer = await room.ann.click(alert.message, label="Mute…")
    until = int((room.now[0] + MUTE_LASTS).timestamp())
    assert shown(answer).title == "courier muted for cameras"
    assert f"<t:{until}:f>" in words(answer)
    assert _decision(await bring(room, room.first, NEXT)) is Decision.UNMATCHED


async def test_a_mute_ends_by_itself(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    await room.ann.click(alert.message, label="Mute…")
    room.now[0] += MUTE_LASTS - timedelta(seconds=1)
    await room.database.write(told.wake, room.now[0])
    assert _decision(await bring(room, room.first, NEXT)) is Decision.UNMATCHED
    room.now[0] += timedelta(seconds=1)
    await room.database.write(told.wake, room.now[0])
    later = story("Dog found", text="A dog was found by the harbor cameras.", url="https://courier.example/dog")
    assert _decision(await bring(room, room.first, later)) is Decision.NEW


async def test_a_mute_is_taken_back(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    answer = await room.ann.click(alert.message, label="Mute…")
    await room.ann.click(message(answer), label="Undo")
    assert shown(answer).title == "cameras hears courier again"
    assert _decision(await bring(room, room.first, NEXT)) is Decision.NEW


async def test_a_mute_is_for_one_watch_and_one_source(room: Room) -> None:
    await follow(room, room.first, queries=TWO, sources=("courier", "ledger"))
    alert = await post_story(room, room.first)
    asked = await room.ann.click(alert.message, label="Mute…")
    assert shown(asked).title == "Mute its source for which watch?"
    options = message(asked).components[0]["components"][0]["options"]
    assert [option["label"] for option in options] == ["cameras", "quays"]
    await room.ann.select(message(asked), values=[options[0]["value"]])
    assert shown(asked).title == "courier muted for cameras"
    quay = story("Quay swept", text="The quay was swept by the harbor cameras.", url="https://courier.example/swept")
    (placed,) = (await bring(room, room.first, quay)).placed
    assert placed.watches == ("quays",)
    elsewhere = story("Boats", text="Boats seen by harbor cameras.", url="https://ledger.example/boats")
    (placed,) = (await bring(room, room.first, elsewhere, through=("ledger",))).placed
    assert placed.watches == ("cameras",)


async def test_all_sources_of_the_desk_that_showed_the_article_are_muted(room: Room) -> None:
    await follow(room, room.first, sources=("courier", "ledger", "herald"))
    alert = await post_story(room, room.first, through=("courier", "ledger"))
    assert shown(await room.ann.click(alert.message, label="Mute…")).title == "courier, ledger muted for cameras"


async def test_a_page_is_muted_by_the_alert_of_its_change(room: Room) -> None:
    await follow(room, room.first, sources=("courier", "policy"))
    changed = Alert(key="policy.changed:2:7", kind=AlertKind.POLICY_CHANGED, title="Policy", watches=("cameras",))
    await tell(room, room.first, changed)
    alert = await post(room, room.first)
    assert shown(await room.ann.click(alert.message, label="Mute…")).title == "policy muted for cameras"


async def test_an_alert_whose_source_the_desk_follows_no_more_has_nothing_to_mute(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    with room.database.writing() as connection:
        told.remove(connection, room.desk, told.find(connection, room.desk, "source", "courier"))
    await room.office.refresh()
    assert "nothing to mute" in words(await room.ann.click(alert.message, label="Mute…"))


async def test_an_alert_whose_watch_is_gone_has_nothing_to_mute(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    with room.database.writing() as connection:
        told.remove(connection, room.desk, told.find(connection, room.desk, "watch", "cameras"))
    await room.office.refresh()
    assert "nothing to mute for them" in words(await room.ann.click(alert.message, label="Mute…"))


async def test_another_desks_watch_is_not_muted(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    other = await room.server("Another")
    await follow(room, other)
    with room.database.reading() as connection:
        theirs = told.find(connection, other.desk or 0, "watch", "cameras").id
    answer = await press(room, room.ann, alert.message, f"wd:unmute:{alert.alert_id}:{theirs}")
    assert "not there any more" in str(answer.response.embeds[0].description)


async def test_a_mute_and_its_end_are_on_record_and_taken_over_at_once(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    with room.database.reading() as connection:
        before = meta.generation(connection)
    await room.ann.click(message(await room.ann.click(alert.message, label="Mute…")), label="Undo")
    undone, muted = _acts(room)
    what = {"alert": alert.alert_id, "watch": "cameras", "sources": ["courier"]}
    until = (room.now[0] + MUTE_LASTS).isoformat()
    assert (muted.act, muted.before, muted.after) == ("alert mute", None, what | {"muted_until": until})
    assert (undone.act, undone.before, undone.after) == ("alert mute", what, None)
    with room.database.reading() as connection:
        assert meta.generation(connection) == before + 2


# ── known ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_copies_of_a_story_that_was_made_known_are_told_no_more(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    answer = await room.ann.click(alert.message, label="Add to known")
    assert shown(answer).title == "Known from now on"
    sent = _count(room, deliveries)
    copy = story("Cameras go dark", text=f"From our partners.\n\n{BODY}", url="https://ledger.example/1")
    assert _decision(await bring(room, room.first, copy)) is Decision.KNOWN
    assert _count(room, deliveries) == sent


async def test_a_story_is_made_known_once(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    await room.ann.click(alert.message, label="Add to known")
    assert shown(await room.bo.click(alert.message, label="Add to known")).title == "This story was known already"
    with room.database.reading() as connection:
        (story_of_desk,) = known_rows.every(connection, room.desk)
    assert (story_of_desk.title, story_of_desk.url) == ("Quay goes dark", "https://courier.example/quay")
    (entry,) = _acts(room)
    assert (entry.act, entry.name) == ("alert known", "Quay goes dark")


async def test_what_one_desk_knows_another_does_not(room: Room) -> None:
    other = await room.server("Another")
    for server in (room.first, other):
        await follow(room, server)
    alert = await post_story(room, room.first)
    await room.ann.click(alert.message, label="Add to known")
    with room.database.reading() as connection:
        assert known_rows.every(connection, other.desk or 0) == []

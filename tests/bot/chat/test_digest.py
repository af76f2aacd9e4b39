"""`/digest now`: what was told, for the asker alone."""

from datetime import timedelta

from config.watchlist import Watch
from tests.bot.chat import posted
from tests.bot.chat.newsroom import Room, message, words
from watchers.models import Alert, AlertKind
from watchers.storage import told

HOUR = timedelta(hours=1)


async def test_what_was_told_in_the_last_hours_is_one_card(room: Room) -> None:
    await posted.follow(room, room.first)
    await posted.post_story(room, room.first)
    answer = await room.cy.slash(room.channel, "digest now")
    assert "1 alert in the last 24 hours" in words(answer)
    assert "Quay goes dark" in words(answer)
    assert "nothing was posted" in words(answer)


async def test_what_was_told_before_or_not_yet_is_left_out(room: Room) -> None:
    await posted.follow(room, room.first)
    await posted.bring(room, room.first, posted.story())
    assert "Nothing was told" in words(await room.cy.slash(room.channel, "digest now"))
    await posted.post(room, room.first)
    room.now[0] += 3 * HOUR
    assert "Nothing was told" in words(await room.cy.slash(room.channel, "digest now", hours=2))
    assert "Quay goes dark" in words(await room.cy.slash(room.channel, "digest now", hours=4))


async def test_a_tag_chooses_the_watches(room: Room) -> None:
    await posted.follow(room, room.first)
    tagged = Watch.model_validate({"query": "parade", "tags": ["streets"]})
    await room.database.write(told.add_watch, room.desk, "parades", tagged, now=room.now[0])
    await room.office.refresh()
    await posted.post_story(room, room.first)
    parade = Alert(key="story.new:90", kind=AlertKind.STORY_NEW, title="A parade", watches=("parades",))
    await posted.tell(room, room.first, parade)
    await posted.post(room, room.first)
    said = words(await room.cy.slash(room.channel, "digest now", tag="streets"))
    assert "A parade" in said
    assert "Quay" not in said
    assert "with the tag nowhere" in words(await room.cy.slash(room.channel, "digest now", tag="nowhere"))


async def test_what_does_not_fit_is_attached_whole(room: Room) -> None:
    await posted.follow(room, room.first)
    for number in range(60):
        title = f"Story {number} " + "with a long headline " * 10
        alert = Alert(key=f"story.new:{number}", kind=AlertKind.STORY_NEW, title=title, watches=("cameras",))
        await posted.tell(room, room.first, alert)
        await posted.post(room, room.first, burst=99)
    answer = await room.cy.slash(room.channel, "digest now")
    (file,) = message(answer).attachments
    assert "more" in words(answer)
    assert file.size > 10_000


async def test_another_server_is_told_nothing_of_it(room: Room) -> None:
    await posted.follow(room, room.first)
    await posted.post_story(room, room.first)
    other = await room.server("The Other")
    assert "Nothing was told" in words(await other.cy.slash(other.channel, "digest now"))

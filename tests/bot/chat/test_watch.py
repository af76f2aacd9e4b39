"""`/watch …`: what the desk listens for, from Discord."""

from tests.bot.chat.newsroom import Room, message, shown, words
from tests.bot.chat.reading import bring, follow
from watchers.storage import listing


async def test_a_watch_is_shown_with_what_it_would_have_sent_before_it_is_saved(room: Room) -> None:
    await follow(room, "courier")
    await bring(
        room, "courier", "Harbor cameras go dark on the quay", "The harbor cameras were switched off on Monday."
    )
    answer = await room.ann.slash(room.channel, "watch add", name="cameras", query='"harbor cameras"')
    assert "1 story in the last 7 days" in words(answer)
    assert "Harbor cameras go dark" in words(answer)
    with room.database.reading() as connection:
        assert listing.watches_of(connection, room.desk) == []
    await room.ann.click(message(answer), label="Save")
    assert shown(answer).title == "cameras"
    with room.database.reading() as connection:
        (saved,) = listing.watches_of(connection, room.desk)
    assert (saved.query, [route.channel for route in saved.routes]) == ('"harbor cameras"', ["newsroom"])

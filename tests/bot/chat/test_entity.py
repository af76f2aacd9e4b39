"""`/entity …`: named things, from Discord."""

from dataclasses import replace

from bot.client import DeskClient
from tests.bot.chat.newsroom import Room, fill, message, shown, words
from watchers.storage import audit


async def test_an_entity_that_was_added_is_shown_and_on_record(room: Room) -> None:
    answer = await room.ann.slash(room.channel, "entity add", name="nypd", full_name="New York Police", aliases="NYPD")
    assert shown(answer).title == "@nypd"
    assert "NYPD" in words(answer)
    with room.database.reading() as connection:
        (entry,) = [entry for entry in audit.entries(connection, room.desk, limit=5) if entry.noun == "entity"]
    assert (entry.act, entry.name, entry.before) == ("entity add", "nypd", None)
    assert entry.actor.id == str(room.ann.id)


async def test_an_entity_is_edited_in_a_form_that_has_its_names(room: Room) -> None:
    await room.ann.slash(room.channel, "entity add", name="nypd", full_name="New York Police", aliases="NYPD")
    opened = await room.ann.slash(room.channel, "entity edit", name="nypd")
    answer = await fill(room.ann, opened, {"Full name": "City Police", "Other names": "NYPD\nthe finest"})
    assert "City Police" in words(answer)
    assert "the finest" in words(answer)


async def test_an_entity_is_removed_only_after_it_was_asked_twice(room: Room) -> None:
    await room.ann.slash(room.channel, "entity add", name="nypd", full_name="New York Police")
    asked = await room.ann.slash(room.channel, "entity remove", name="nypd")
    assert "Remove this entity?" in words(asked)
    await room.ann.click(message(asked), label="Yes, remove it")
    assert "removed" in words(asked)
    assert message(asked).components == []
    assert "None yet" in words(await room.ann.slash(room.channel, "entity list"))


async def test_who_only_reads_is_told_who_may_edit(room: Room) -> None:
    answer = await room.cy.slash(room.channel, "entity add", name="nypd", full_name="New York Police")
    assert "is for editors" in words(answer)


async def test_a_list_opens_its_rows(room: Room) -> None:
    for number in range(10):
        await room.ann.slash(room.channel, "entity add", name=f"e{number}", full_name=f"Entity {number}")
    first = await room.ann.slash(room.channel, "entity list")
    assert "Page 1 of 2" in words(first)
    await room.ann.click(message(first), label="More ›")
    assert "Page 2 of 2" in words(first)
    opened = await room.ann.select(message(first), values=["10"])
    assert shown(opened).title == "@e9"


async def test_a_form_takes_every_name_that_it_is_filled_with(room: Room) -> None:
    long, many = "Harbour Police " * 20, ", ".join(f"officer number {number}" for number in range(400))
    await room.ann.slash(room.channel, "entity add", name="port", full_name=long.strip())
    opened = await room.ann.slash(room.channel, "entity edit", name="port")
    assert opened.modal is not None
    for label in opened.modal["components"]:
        field = label["component"]
        assert len(field.get("value", "")) <= field["max_length"]
    await room.ann.slash(room.channel, "entity add", name="crew", full_name="Crew", aliases=many)
    assert "longer than a form takes" in words(await room.ann.slash(room.channel, "entity edit", name="crew"))


async def test_a_button_that_this_version_knows_nothing_of_says_so(room: Room) -> None:
    await room.ann.slash(room.channel, "entity add", name="nypd", full_name="New York Police")
    asked = await room.ann.slash(room.channel, "entity remove", name="nypd")
    client = room.env.bot
    assert isinstance(client, DeskClient)
    client.nouns = {**client.nouns, "entity": replace(client.nouns["entity"], verbs={})}
    await room.ann.click(message(asked), label="Yes, remove it")
    assert "another version of Wiredesk" in words(asked)

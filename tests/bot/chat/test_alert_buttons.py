"""The buttons under an alert, and what they answer: Why?, Not relevant. Who may press them, and where."""

import json

import discord
import pytest

from bot.buttons.alert import alert_view
from config.watchlist import Watch
from tests.bot.chat.newsroom import Room, message, shown, words
from tests.bot.chat.posted import BODY, Posted, bring, desk_of, follow, post, post_story, press, story, tell
from watchers.models import Alert, AlertKind, Outgoing
from watchers.storage import audit, feedback, told
from watchers.storage.feedback import Dismissed, Reason


def _labels(alert: Posted) -> list[str]:
    rows = [row for row in alert.message.components if isinstance(row, discord.ActionRow)]
    return [button.label or "" for row in rows for button in row.children if isinstance(button, discord.Button)]


def _dismissed(room: Room, watch: str = "cameras") -> list[Dismissed]:
    with room.database.reading() as connection:
        return feedback.dismissed(connection, room.desk, watch)


async def test_a_story_has_four_buttons(room: Room) -> None:
    await follow(room, room.first)
    assert _labels(await post_story(room, room.first)) == ["Why?", "Not relevant", "Mute…", "Add to known"]


@pytest.mark.parametrize(
    "kind", [AlertKind.SOURCE_FAILING, AlertKind.SOURCE_RECOVERED, AlertKind.DESK_NOTICE, AlertKind.DIGEST]
)
def test_what_no_watch_brought_has_no_buttons(kind: AlertKind) -> None:
    assert (
        alert_view(Outgoing(reference="WD-1", alert=Alert(key=f"{kind}:1", kind=kind, title="x"), alert_id=1)) is None
    )


def test_an_alert_without_a_row_has_no_buttons() -> None:
    alert = Alert(key="story.new:1", kind=AlertKind.STORY_NEW, title="x")
    assert alert_view(Outgoing(reference="WD-1", alert=alert)) is None


# ── why ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_why_shows_the_sentences_with_the_words_marked_and_the_watch_with_its_query(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    answer = words(await room.cy.click(alert.message, label="Why?"))
    assert 'Watch cameras: `"harbor cameras"`' in answer
    assert "the **harbor cameras** along" in answer
    assert "(paragraph 1)" in answer


async def test_why_names_the_watches_that_matched_the_article_as_well(room: Room) -> None:
    await follow(room, room.first, queries={"cameras": '"harbor cameras"'})
    alert = await post_story(room, room.first)
    await follow(room, room.first, queries={"storms": "storms"}, sources=())
    await bring(room, room.first, story(text=BODY + "\n\nThe end."))
    assert "Matched as well: storms" in words(await room.cy.click(alert.message, label="Why?"))


async def test_why_says_where_else_it_was_sent_and_not_where_it_is_asked(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    asked_here = words(await room.cy.click(alert.message, label="Why?"))
    again = await room.env.bot.get_channel(room.channel.id).send("again", view=alert_view(alert.outgoing))  # type: ignore[union-attr, arg-type]
    asked_there = words(await room.cy.click(again, label="Why?"))
    assert "Also sent to" not in asked_here
    assert f"Also sent to: <#{room.channel.id}> · [post](" in asked_there
    assert f"/{room.first.guild.id}/{room.channel.id}/{alert.message.id})" in asked_there


async def test_why_says_that_a_watch_is_gone(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    with room.database.writing() as connection:
        told.remove(connection, room.desk, told.find(connection, room.desk, "watch", "cameras"))
    await room.office.refresh()
    answer = words(await room.cy.click(alert.message, label="Why?"))
    assert "This watch is gone" in answer
    assert "**harbor cameras**" in answer


async def test_why_says_that_the_watch_of_today_would_not_bring_it(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    with room.database.writing() as connection:
        row = told.find(connection, room.desk, "watch", "cameras")
        told.change(connection, row, {"query": Watch(query="drones").query})
    await room.office.refresh()
    answer = words(await room.cy.click(alert.message, label="Why?"))
    assert "`drones`" in answer
    assert "Today it would not bring this" in answer


async def test_why_of_a_watch_whose_query_lost_its_entity_says_so(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    with room.database.writing() as connection:
        told.change(connection, told.find(connection, room.desk, "watch", "cameras"), {"query": "@nobody"})
    await room.office.refresh()
    assert "can't be understood: there is no entity @nobody" in words(
        await room.cy.click(alert.message, label="Why?")
    ).replace("\\", "")


async def test_why_shows_what_a_stranger_wrote_escaped(room: Room) -> None:
    await follow(room, room.first)
    hostile = story(title="@everyone [win](https://evil.example)", text="<@1> harbor cameras ||x|| `y` " + BODY)
    answer = words(await room.cy.click((await post_story(room, room.first, hostile)).message, label="Why?"))
    assert "@everyone" not in answer
    assert "\\[win\\]" in answer
    assert "\\<@" in answer


async def test_why_stays_within_discords_limits_however_much_there_is(room: Room) -> None:
    many = {f"watch-{number}": " OR ".join(['"harbor cameras"', "quay", f"word{number}" * 9]) for number in range(30)}
    await follow(room, room.first, queries=many)
    long = story(title="The quay " * 90, text="\n\n".join(f"{BODY} {'quay ' * 400}." for _ in range(8)))
    embed = shown(await room.cy.click((await post_story(room, room.first, long)).message, label="Why?"))
    assert len(embed) <= 6000
    assert "watch-29" in json.dumps(embed.to_dict())


async def test_a_policy_change_tells_why_by_the_pages_two_texts(room: Room) -> None:
    await follow(room, room.first)
    changed = Alert(
        key="policy.changed:1:2", kind=AlertKind.POLICY_CHANGED, title="Camera policy", watches=("cameras",)
    )
    await tell(room, room.first, changed)
    alert = await post(room, room.first)
    assert _labels(alert) == ["Why?", "Not relevant", "Mute…"]
    assert "Policy changed" in words(await room.cy.click(alert.message, label="Why?"))


# ── not relevant ─────────────────────────────────────────────────────────────────────────────────────────


async def test_not_relevant_asks_why_and_counts_it_by_watch_and_term(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    asked = await room.ann.click(alert.message, label="Not relevant")
    assert [each["label"] for each in message(asked).components[0]["components"]] == [
        "Wrong entity",
        "Off topic",
        "Old",
        "Duplicate",
    ]
    await room.ann.click(message(asked), label="Off topic")
    assert "`harbor cameras` ×1" in words(asked)
    assert _dismissed(room) == [Dismissed(term="harbor cameras", reason=Reason.OFF_TOPIC, count=1)]


async def test_a_second_answer_of_the_same_person_takes_the_place_of_the_first(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    for who, label in ((room.ann, "Old"), (room.ann, "Duplicate"), (room.bo, "Duplicate")):
        await who.click(message(await who.click(alert.message, label="Not relevant")), label=label)
    assert _dismissed(room) == [Dismissed(term="harbor cameras", reason=Reason.DUPLICATE, count=2)]


async def test_a_dismissal_is_on_record(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    await room.ann.click(message(await room.ann.click(alert.message, label="Not relevant")), label="Old")
    with room.database.reading() as connection:
        entry = audit.entries(connection, room.desk, limit=1)[0]
    assert (entry.act, entry.noun, entry.name, entry.actor.id) == (
        "alert dismiss",
        "alert",
        "Quay goes dark",
        str(room.ann.id),
    )
    assert entry.after == {"alert": alert.alert_id, "dismissed": "old"}


# ── who, where, and after a restart ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("label", ["Not relevant", "Mute…", "Add to known"])
async def test_who_only_reads_may_not_judge_an_alert(room: Room, label: str) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    assert "is for editors" in words(await room.cy.click(alert.message, label=label))


@pytest.mark.parametrize("label", ["Not relevant", "Mute…", "Add to known"])
async def test_hard_case_93_a_role_lost_since_the_alert_was_posted_is_lost_for_its_buttons(
    room: Room, label: str
) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    room.env.backend.remove_member_role(room.first.guild.id, room.ann.id, room.first.editors.id)
    assert "is for editors" in words(await room.ann.click(alert.message, label=label))


async def test_hard_case_93_a_role_lost_since_the_question_is_lost_for_its_answer(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    asked = await room.ann.click(alert.message, label="Not relevant")
    room.env.backend.remove_member_role(room.first.guild.id, room.ann.id, room.first.editors.id)
    assert "is for editors" in words(await room.ann.click(message(asked), label="Old"))
    assert _dismissed(room) == []


async def test_the_buttons_work_after_a_restart(room: Room) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    asked = await room.ann.click(alert.message, label="Not relevant")
    muted = await room.ann.click(alert.message, label="Mute…")
    await room.restart()
    assert shown(await room.cy.click(alert.message, label="Why?")).title == "Why this alert?"
    assert shown(await room.ann.click(alert.message, label="Add to known")).title == "Known from now on"
    await room.ann.click(message(asked), label="Old")
    assert shown(asked).title == "Counted as old"
    await room.ann.click(message(muted), label="Undo")
    assert shown(muted).title == "cameras hears courier again"


@pytest.mark.parametrize(
    "name",
    ["wd:alert:why:{}", "wd:alert:dismiss:{}", "wd:alert:mute:{}", "wd:alert:known:{}", "wd:dismiss:old:{}"],
)
async def test_an_alert_of_another_server_is_not_there(room: Room, name: str) -> None:
    await follow(room, room.first)
    alert = await post_story(room, room.first)
    other = await room.server("Another")
    await follow(room, other)
    theirs = await post_story(room, other, story("Their own affair", url="https://courier.example/theirs"))
    answer = await press(room, other.ann, theirs.message, name.format(alert.alert_id))
    told = json.dumps([embed.to_dict() for embed in answer.response.embeds])
    assert "not there any more" in told
    assert "Quay" not in told
    with room.database.reading() as connection:
        for desk in (room.desk, desk_of(other)):
            assert feedback.dismissed(connection, desk, "cameras") == []

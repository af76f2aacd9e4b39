"""`/help`: what the desk can do."""

import re

import pytest
from discord import app_commands

from bot.answers.help import TOPICS
from bot.cards.text import units
from bot.commands import COMMANDS
from tests.bot.chat.newsroom import Room, shown, words
from watchers.matching.query import compile_query


@pytest.mark.parametrize("topic", TOPICS)
async def test_every_topic_is_a_page_that_a_phone_shows(room: Room, topic: str) -> None:
    answer = await room.cy.slash(room.channel, "help", topic=topic)
    assert shown(answer).title == TOPICS[topic].title
    assert units(words(answer)) < 1_600
    assert max(len(line) for line in (shown(answer).description or "").splitlines()) <= 110


async def test_without_a_topic_it_says_where_to_start(room: Room) -> None:
    assert "`/source add`" in words(await room.cy.slash(room.channel, "help"))


async def test_before_setup_it_says_how_to_set_up(room: Room) -> None:
    other = await room.server("The Other", set_up=False)
    said = words(await other.cy.slash(other.channel, "help", topic="routes"))
    assert "not set up here yet" in said
    assert "`/desk setup`" in said


def commands() -> set[str]:
    found = set()
    for command in COMMANDS:
        if isinstance(command, app_commands.Group):
            found |= {each.qualified_name for each in command.walk_commands()}
        else:
            found.add(command.qualified_name)
    return found


def test_every_command_that_is_named_is_there() -> None:
    text = "\n".join(line for topic in TOPICS.values() for line in (*topic.lines, *sum(topic.parts, ())))
    named = set(re.findall(r"`/([a-z]+(?: [a-z-]+)?)`", text))
    assert named
    assert named <= commands()


def test_every_query_that_is_shown_is_one() -> None:
    lines = "\n".join(TOPICS["watches"].lines)
    queries = [query for query in re.findall(r"`([^`]+)`", lines) if not query.startswith("/")]
    assert len(queries) > 8
    for query in queries:
        compile_query(query, {"nypd": ("NYPD",)})


async def test_who_may_do_what_names_every_command(room: Room) -> None:
    fields = shown(await room.cy.slash(room.channel, "help", topic="permissions")).fields
    manage, edit, see = ((field.value or "").splitlines() for field in fields)
    assert "`/desk` setup" in manage
    assert "`/source` add · test · pause · resume · remove" in edit
    assert "`/status`" in see
    assert sum(max(line.count("·") + 1, 1) for line in (*manage, *edit, *see)) == len(
        commands() - {"Why this alert?", "Add to known stories", "Watch this link"}
    )

"""What docs/editor.md shows is what there is in Discord: every command, every button, with pictures that exist."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from discord import app_commands

from bot.buttons.alert import alert_view
from bot.commands import COMMANDS, DRAFTS, NOUNS
from tests.bot.alerts import outgoing
from tests.meta.discord_pictures.alerts import pictured
from watchers.models import AlertKind
from watchers.storage.feedback import Reason

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "editor.md").read_text(encoding="utf-8")
PICTURES = DOCS / "images" / "discord"
PICTURE = re.compile(r"!\[[^\]]{10,}\]\((images/discord/[\w-]+\.png)\)")
NO_VERBS = {"choose"}  # a menu's, not a button's
FIXED = {"Discard", "Cancel", "Yes, remove it", "Undo", "‹ Back", "More ›", "Adopt this watch"}


def sections() -> Iterator[tuple[list[str], str]]:
    """What each heading names (several by commas), and what stands below it."""
    parts = re.split(r"^#+ (.+)$", PAGE, flags=re.MULTILINE)
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        yield heading.split(", "), body


def slash_commands() -> list[str]:
    found: list[str] = []
    for command in COMMANDS:
        if isinstance(command, app_commands.Group):
            found += [each.qualified_name for each in command.walk_commands()]
        elif isinstance(command, app_commands.Command):
            found.append(command.name)
    return found


def under_an_alert() -> list[str]:
    view = alert_view(replace(outgoing(), alert_id=1))
    assert view is not None
    return [cast(Any, button).item.label for button in view.children]


@pytest.mark.parametrize("command", slash_commands())
def test_every_command_has_a_section_with_a_picture_of_its_answer(command: str) -> None:
    (body,) = [body for named, body in sections() if f"/{command}" in named]
    assert PICTURE.search(body)


def test_no_section_is_of_a_command_that_is_not_there() -> None:
    named = {name.removeprefix("/") for names, _ in sections() for name in names if name.startswith("/")}
    assert named == set(slash_commands())


@pytest.mark.parametrize("label", under_an_alert())
def test_every_button_under_an_alert_has_a_section_with_a_picture(label: str) -> None:
    (body,) = [body for named, body in sections() if label in named]
    assert PICTURE.search(body)


def test_every_menu_of_a_message_is_followed_by_a_picture() -> None:
    menus = [command.name for command in COMMANDS if isinstance(command, app_commands.ContextMenu)]
    assert len(menus) == 3
    for menu in menus:
        after = PAGE.partition(f"**{menu}**")[2]
        assert PICTURE.match(after.split("\n\n")[1]), menu


def test_every_other_button_is_named() -> None:
    verbs = {verb for noun in NOUNS.values() for verb in noun.verbs} | {
        verb for drafted in DRAFTS.values() for verb in drafted.verbs
    }
    labels = FIXED | {verb.capitalize() for verb in verbs - NO_VERBS} | {reason.capitalize() for reason in Reason}
    assert [label for label in sorted(labels) if f"**{label}**" not in PAGE] == []


def test_every_picture_is_shown_and_every_kind_of_alert_has_one() -> None:
    shown = {path for page in DOCS.glob("*.md") for path in PICTURE.findall(page.read_text(encoding="utf-8"))}
    assert shown == {str(path.relative_to(DOCS)) for path in PICTURES.glob("*.png")}
    assert set(pictured()) == set(AlertKind)

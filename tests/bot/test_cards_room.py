"""What a Discord message has no room for: what it shows, what it says of the rest, and the file with all of it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import card_for
from bot.cards.message import Message, message_for
from bot.cards.text import cut, units
from tests.bot.alerts import DIGEST, POLICY, STORY, hostile_alerts, outgoing
from tests.bot.payloads import is_within_limits
from watchers.models import Alert, AlertKind, Change, Piece


def _message(alert: Alert, *, with_file: bool = True) -> Message:
    return message_for(card_for(outgoing(alert)), with_file=with_file)


def _description(message: Message) -> str:
    (embed,) = message.payload["embeds"]
    return str(embed["description"])


def test_a_message_that_shows_everything_has_no_file() -> None:
    assert _message(POLICY).attachment is None
    assert "attachments" not in _message(POLICY).payload


@pytest.mark.parametrize("paragraphs", [1, 2, 40])
def test_a_change_too_long_to_show_comes_as_a_file_too(paragraphs: int) -> None:
    text = " ".join(f"word{number}" for number in range(9000 // paragraphs))
    changes = (Change(heading="Section", pieces=(Piece(op="added", text=text),)),) * paragraphs
    message = _message(replace(POLICY, changes=changes))
    assert message.attachment is not None
    assert message.attachment.text.count(text) == paragraphs
    assert message.payload["attachments"] == [{"id": "0", "filename": "change.txt"}]


def test_a_digest_too_long_to_show_says_how_many_are_missing_and_comes_as_a_file() -> None:
    members = tuple(replace(STORY, story=str(number), title=f"Story number {number}") for number in range(100))
    message = _message(replace(DIGEST, members=members))
    assert message.attachment is not None
    assert message.attachment.text.count("Story number") == 100
    description = _description(message)
    shown = description.count("Story number")
    assert description.endswith(f"\n-# … and {100 - shown} more in digest.txt")
    assert units(description) <= 4096
    assert units(description) + units("- Story number 1") * 30 > 4096


def _one_line_members(number: int) -> tuple[Alert, ...]:
    return tuple(
        Alert(
            key=f"story.new:{each}",
            kind=AlertKind.STORY_NEW,
            title=f"Story {each:02d}",
            watches=("w",),
            story=str(each),
        )
        for each in range(number)
    )


@pytest.mark.parametrize("number", [13, 40, 120])
def test_a_digest_shows_all_entries_that_there_is_room_for(number: int) -> None:
    message = _message(replace(DIGEST, members=_one_line_members(number)))
    assert message.attachment is None
    description = _description(message)
    assert re.findall(r"^- Story (\d+)$", description, re.MULTILINE) == [f"{each:02d}" for each in range(number)]


@given(st.lists(st.integers(1, 290), min_size=1, max_size=60), st.booleans())
@settings(max_examples=15)
def test_a_digest_passes_over_no_entry_that_would_have_fitted(lengths: list[int], with_file: bool) -> None:
    members = tuple(
        replace(each, title="x" * length) for each, length in zip(_one_line_members(len(lengths)), lengths, strict=True)
    )
    lines = ["- " + cut("x" * length, 240) for length in lengths]
    message = _message(replace(DIGEST, members=members), with_file=with_file)
    file = " in digest.txt" if with_file else ""
    candidates = [
        "\n".join([f"**w** ({len(lines)})", *lines[:shown], *([f"-# … and {left} more{file}"] if left else [])])
        for shown in range(1, len(lines) + 1)
        for left in [len(lines) - shown]
    ]
    expected = next(text for text in reversed(candidates) if len(text) <= 4096)
    assert _description(message) == expected
    assert (message.attachment is not None) == (with_file and expected != candidates[-1])


def test_a_long_change_that_no_file_can_go_with_is_shown_as_far_as_there_is_room() -> None:
    changes = tuple(
        Change(heading=f"Section {number}", pieces=(Piece(op="added", text="word " * 40),)) for number in range(1, 40)
    )
    message = _message(replace(POLICY, changes=changes), with_file=False)
    description = _description(message)
    shown = len(re.findall(r"Section \d+", description))
    assert shown > 10
    assert description.endswith(f"\n\n-# … and {39 - shown} more")
    assert (message.attachment, message.payload.get("attachments")) == (None, None)


@pytest.mark.parametrize("paragraphs", [1, 2])
def test_a_paragraph_that_no_file_can_go_with_says_that_it_is_shortened(paragraphs: int) -> None:
    text = " ".join(f"word{number}" for number in range(900))
    changes = (Change(heading="Section", pieces=(Piece(op="added", text=text),)),) * paragraphs
    message = _message(replace(POLICY, changes=changes), with_file=False)
    description = _description(message)
    assert description.endswith("\n\n-# Shortened")
    assert 3800 < units(description) <= 4096


@given(hostile_alerts)
@settings(max_examples=15)
def test_a_message_without_a_file_is_within_every_limit_too(alert: Alert) -> None:
    is_within_limits(_message(alert, with_file=False).payload)


def test_a_long_change_shows_its_first_paragraphs_and_says_where_the_rest_is() -> None:
    changes = tuple(
        Change(heading=f"Section {number}", pieces=(Piece(op="added", text="word " * 40),)) for number in range(1, 24)
    )
    description = _description(_message(replace(POLICY, changes=changes)))
    assert re.findall(r"Section (\d+)", description) == ["1", "2", "3", "4", "5"]
    assert description.endswith("\n\n-# … and 18 more in change.txt")
    assert len(description) <= 1600


def test_a_file_keeps_within_what_discord_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cards.message._ATTACHMENT_BYTES", 9001)
    change = Change(heading=None, pieces=(Piece(op="added", text="é" * 10_000),))
    attachment = _message(replace(POLICY, changes=(change,))).attachment
    assert attachment is not None
    assert 8990 < len(attachment.text.encode()) <= 9001

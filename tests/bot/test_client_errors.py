"""What goes wrong with an event of Discord's: a sentence for what has one, a traceback for a bug."""

from typing import cast

import pytest

from bot.client import DeskClient
from bot.office import Office
from watchers.errors import CannotRun


async def _told_of(error: Exception, capsys: pytest.CaptureFixture[str]) -> str:
    client = DeskClient(cast("Office", None))
    try:
        raise error
    except type(error):
        await client.on_error("on_ready")
    return capsys.readouterr().out


async def test_a_full_disk_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    said = await _told_of(CannotRun("the disk is full: free some space"), capsys)
    assert "the disk is full: free some space" in said
    assert "Traceback" not in said


async def test_a_bug_is_told_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    said = await _told_of(KeyError("guild"), capsys)
    assert "a bug" in said
    assert "Traceback" in said

"""Pictures are taken here: what somebody saw becomes a page, and that a PNG for the documentation.

post or answer ─shown→ Shown ─Album.keep→ render_page ─shoot→ docs/images/discord/NAME.png
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import discord
from simcord.results import InteractionResult, ResponseMessage

from tests.meta.discord_page import WIDTH, Shown, render_page, shoot
from tests.meta.discord_pictures.gull import Gull

FOLDER: Final = Path(__file__).parents[3] / "docs" / "images" / "discord"
ZONE: Final = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Album:
    """Takes the pictures that are wanted; without any named, all."""

    gull: Gull
    wanted: Collection[str] = ()
    kept: list[str] = field(default_factory=list)

    def keep(self, name: str, *shown: Shown, width: int = WIDTH, now: datetime | None = None) -> None:
        """Take a picture of messages, one below the other. `width` is in CSS pixels; without `now` it is the desk's."""
        if name in self.kept:
            raise ValueError(f"two pictures are called {name}")
        self.kept.append(name)
        if self.wanted and name not in self.wanted:
            return
        moment = (now or self.gull.clock()).astimezone(ZONE)
        page = render_page(shown, now=moment, names=self.gull.names, width=width)
        shoot(page, FOLDER / f"{name}.png", width=width)


async def posted(message: discord.Message) -> Shown:
    """A post as the channel shows it."""
    payload = {
        "content": message.content,
        "embeds": [embed.to_dict() for embed in message.embeds],
        "components": [row.to_dict() for row in message.components],
        "attachments": [{"filename": file.filename} for file in message.attachments],
    }
    return Shown(payload, files=await _texts(message.attachments))


async def answered(result: InteractionResult, invoked: str | None = None, by: str = "Ann") -> Shown:
    """An answer as who asked sees it now. `invoked`: what was asked; without, it came of a press."""
    if result.modal is not None and result.response is None:
        return Shown({}, modal=result.modal)
    assert result.response is not None, "nothing was answered"
    return await _message(result.response, invoked, by)


async def _message(message: ResponseMessage, invoked: str | None, by: str) -> Shown:
    payload: dict[str, Any] = {
        "content": message.content,
        "embeds": [embed.to_dict() for embed in message.embeds],
        "components": message.components,
        "attachments": [{"filename": file.filename} for file in message.attachments],
    }
    return Shown(payload, invoked=invoked, by=by, ephemeral=message.ephemeral, files=await _texts(message.attachments))


async def _texts(attachments: Collection[discord.Attachment]) -> dict[str, str]:
    return {file.filename: (await file.read()).decode() for file in attachments}

"""The buttons under an alert: Why?, Not relevant, Mute…, Add to known.

Outgoing ─alert_view→ a row of buttons, each with the alert's row    press ─AlertButton→ an answer only its presser sees
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Self

import discord

from bot.answers.reply import Reply
from bot.asking import Ask, Press
from bot.buttons.alert_feedback import dismiss_reply, known_reply, mute_question
from bot.buttons.alert_why import why_reply
from bot.buttons.base import Pressed, view_of
from watchers.models import AlertKind, Outgoing
from watchers.storage import alerts

_OF_STORY: Final = ("why", "dismiss", "mute", "known")
_OF_KIND: Final[Mapping[AlertKind, tuple[str, ...]]] = {
    AlertKind.STORY_NEW: _OF_STORY,
    AlertKind.STORY_UPDATE: _OF_STORY,
    AlertKind.STORY_HOT: _OF_STORY,
    AlertKind.POLICY_CHANGED: ("why", "dismiss", "mute"),
}
_LABELS: Final = {"why": "Why?", "dismiss": "Not relevant", "mute": "Mute…", "known": "Add to known"}


async def _why(ask: Ask, alert_id: int) -> Reply:
    message = ask.interaction.message
    kept = await ask.read(alerts.find, ask.desk.id, alert_id)
    return await why_reply(ask, kept, None if message is None else str(message.id))


_ANSWERS: Final[Mapping[str, Callable[[Ask, int], Awaitable[Reply]]]] = {
    "why": _why,
    "dismiss": dismiss_reply,
    "mute": mute_question,
    "known": known_reply,
}


class AlertButton(
    Pressed,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"wd:alert:(?P<verb>why|dismiss|mute|known):(?P<alert>\d{1,9})",
):
    """Asks or says something about an alert."""

    def __init__(self, verb: str, alert: int) -> None:
        """`alert` is the alert's row."""
        self.verb, self.alert = verb, alert
        super().__init__(discord.ui.Button(label=_LABELS[verb], custom_id=f"wd:alert:{verb}:{alert}"))

    @classmethod
    async def from_custom_id(cls, _: Press, __: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button of a post."""
        return cls(match["verb"], int(match["alert"]))

    def act(self) -> str:
        """As the permissions call it."""
        return f"alert {self.verb}"

    async def pressed(self, ask: Ask) -> None:
        """Answer beside the post, which stays as it is."""
        await ask.think()
        await ask.answer(await _ANSWERS[self.verb](ask, self.alert))


def alert_view(outgoing: Outgoing) -> discord.ui.View | None:
    """The buttons under a delivery's post; None where its kind has none, or its row isn't known."""
    verbs = _OF_KIND.get(outgoing.alert.kind, ())
    if outgoing.alert_id is None or not verbs:
        return None
    return view_of(*(AlertButton(verb, outgoing.alert_id) for verb in verbs))

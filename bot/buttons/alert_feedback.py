"""What follows a press under an alert, in answers that only the presser sees: reasons, a choice of watches, an undo.

Not relevant ─ReasonButton→ counted        Mute… ─(MuteSelect)→ muted ─UnmuteButton→ heard again
"""

import re
from typing import Any, Self

import discord

from bot.answers import alert as answers
from bot.answers.reply import Reply
from bot.asking import Ask, Press
from bot.buttons.base import Pressed, view_of
from watchers.errors import ConfigError
from watchers.models import Alert
from watchers.storage import alerts, feedback
from watchers.storage.feedback import Reason
from watchers.storage.names import NamedWatch

_OPTIONS = 25  # Discord's limit for a menu


class ReasonButton(
    Pressed,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=rf"wd:dismiss:(?P<reason>{'|'.join(Reason)}):(?P<alert>\d{{1,9}})",
):
    """Says why an alert is not relevant."""

    def __init__(self, reason: Reason, alert: int) -> None:
        """`alert` is the alert's row."""
        self.reason, self.alert = reason, alert
        super().__init__(discord.ui.Button(label=reason.capitalize(), custom_id=f"wd:dismiss:{reason}:{alert}"))

    @classmethod
    async def from_custom_id(cls, _: Press, __: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button of an answer."""
        return cls(Reason(match["reason"]), int(match["alert"]))

    def act(self) -> str:
        """As the button under the alert."""
        return "alert dismiss"

    async def pressed(self, ask: Ask) -> None:
        """Count it, and tell what that makes."""
        await ask.interaction.response.defer()
        alert = await ask.write(feedback.dismiss, ask.by, self.alert, self.reason)
        counts = [(watch, await ask.read(feedback.dismissed, ask.desk.id, watch)) for watch in alert.watches]
        await ask.turn(Reply(embed=answers.counted_as(self.reason, counts)))


class MuteSelect(Pressed, discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"wd:mute-watch:(?P<alert>\d{1,9})"):
    """Chooses the watch that is not to hear an alert's source."""

    def __init__(self, alert: int, options: list[discord.SelectOption] | None = None) -> None:
        """`options` are only there when the menu is made: a chosen one comes with the press."""
        self.alert = alert
        super().__init__(
            discord.ui.Select(
                placeholder="For which watch?",
                custom_id=f"wd:mute-watch:{alert}",
                options=options or [discord.SelectOption(label="…")],
            )
        )

    @classmethod
    async def from_custom_id(cls, _: Press, item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        """The menu of an answer."""
        return cls(int(match["alert"]), getattr(item, "options", None))

    def act(self) -> str:
        """As the button under the alert."""
        return "alert mute"

    async def pressed(self, ask: Ask) -> None:
        """Mute it, in place of the question."""
        await ask.interaction.response.defer()
        await ask.turn(await mute_reply(ask, self.alert, int(self.item.values[0])))


class UnmuteButton(
    Pressed,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"wd:unmute:(?P<alert>\d{1,9}):(?P<watch>\d{1,9})",
):
    """Takes a mute back."""

    def __init__(self, alert: int, watch: int) -> None:
        """Both are rows."""
        self.alert, self.watch = alert, watch
        super().__init__(discord.ui.Button(label="Undo", custom_id=f"wd:unmute:{alert}:{watch}"))

    @classmethod
    async def from_custom_id(cls, _: Press, __: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button of an answer."""
        return cls(int(match["alert"]), int(match["watch"]))

    def act(self) -> str:
        """Who may mute may take it back."""
        return "alert mute"

    async def pressed(self, ask: Ask) -> None:
        """Let the watch hear again."""
        await ask.interaction.response.defer()
        heard = await ask.write(feedback.unmute, ask.by, self.alert, self.watch)
        await ask.turn(Reply(embed=answers.unmuted(heard)))


async def dismiss_reply(ask: Ask, alert_id: int) -> Reply:
    """The question why an alert is not relevant."""
    kept = await ask.read(alerts.find, ask.desk.id, alert_id)
    return Reply(
        embed=answers.ask_reason(kept.alert), view=view_of(*(ReasonButton(reason, kept.id) for reason in Reason))
    )


async def mute_question(ask: Ask, alert_id: int) -> Reply:
    """Mute an alert's source for its watch, or ask for which of its watches."""
    kept = await ask.read(alerts.find, ask.desk.id, alert_id)
    watches = _watches(ask, kept.alert)
    if not watches:
        raise ConfigError("the watches that brought this alert are gone: there is nothing to mute for them")
    if len(watches) == 1:
        return await mute_reply(ask, kept.id, watches[0].id)
    options = [discord.SelectOption(label=watch.name[:100], value=str(watch.id)) for watch in watches[:_OPTIONS]]
    return Reply(embed=answers.ask_watch(kept.alert), view=view_of(MuteSelect(kept.id, options)))


def _watches(ask: Ask, alert: Alert) -> list[NamedWatch]:
    """The watches that an alert was told for, as far as they are there."""
    return [watch for watch in ask.desk.watches if watch.name in alert.watches]


async def mute_reply(ask: Ask, alert_id: int, watch_id: int) -> Reply:
    """Mute an alert's sources for one of its watches, with a way back."""
    mute = await ask.write(feedback.mute, ask.by, alert_id, watch_id)
    return Reply(embed=answers.muted(mute), view=view_of(UnmuteButton(alert_id, watch_id)))


async def known_reply(ask: Ask, alert_id: int) -> Reply:
    """Make an alert's story known."""
    kept = await ask.read(alerts.find, ask.desk.id, alert_id)
    new = await ask.write(feedback.make_known, ask.by, kept.id)
    return Reply(embed=answers.made_known(kept.alert, new=new))

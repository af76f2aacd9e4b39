"""The answer to `/digest now`: what was told, as the digest that channels get. Pure."""

from collections.abc import Sequence
from datetime import datetime

import discord
from discord import Embed

from bot.answers.reply import Reply, card, said, text_file
from bot.cards import card_for
from bot.cards.message import message_for
from bot.cards.words import counted
from watchers.models import Alert, AlertKind, Outgoing


def digest(members: Sequence[Alert], *, span: str, now: datetime) -> Reply:
    """The members as one digest; its whole text as a file where the embed could show only its beginning."""
    alert = Alert(
        key=AlertKind.DIGEST.value,
        kind=AlertKind.DIGEST,
        title=f"{counted(len(members), 'alert')} in {span}",
        published=now,
        watches=tuple(dict.fromkeys(name for member in members for name in member.watches)),
        members=tuple(members),
        demo=any(member.demo for member in members),
    )
    message = message_for(card_for(Outgoing(reference="", alert=alert)))
    embed: Embed = discord.Embed.from_dict(message.payload["embeds"][0])
    embed.title = alert.title
    embed.set_footer(text="Only you see this: nothing was posted.")
    whole = message.attachment
    return Reply(embed=embed, file=None if whole is None else text_file(whole.filename, whole.text))


def nothing(span: str, tag: str) -> Reply:
    """Nothing was told."""
    of_tag = f" by watches with the tag {said(tag, 80)}" if tag else ""
    return Reply(embed=card("Nothing was told", f"Nothing{of_tag} in {span}. Ask for more hours, or see `/status`."))

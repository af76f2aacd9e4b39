"""What the menu of a message offers: Why this alert? · Add to known stories · Watch this link.

message ─alerts.of_message→ an alert of the desk's ─→ as its buttons        any other message ─links→ what it links to

A menu's interaction brings the message it was opened on, so that no right to read messages is needed.
"""

import discord
from discord import app_commands

from bot.answers.reply import Reply, card
from bot.asking import Ask, Asked
from bot.buttons.alert_feedback import known_reply
from bot.buttons.alert_why import why_reply
from bot.commands.links import links_in, with_link
from watchers.storage import alerts
from watchers.storage.alerts import Kept


@app_commands.context_menu(name="Why this alert?")
@app_commands.guild_only()
async def why_this_alert(interaction: Asked, message: discord.Message) -> None:
    """Tell why a message was sent, if it is an alert of the desk's."""
    ask = Ask(interaction, "alert why")
    await ask.think()
    kept = await _alert(ask, message)
    if kept is None:
        await ask.answer(
            Reply(embed=card("This message is no alert", "Open the menu on a post that Wiredesk sent for a watch."))
        )
    else:
        await ask.answer(await why_reply(ask, kept, str(message.id)))


@app_commands.context_menu(name="Add to known stories")
@app_commands.guild_only()
async def add_to_known(interaction: Asked, message: discord.Message) -> None:
    """Make an alert's story known; of any other message, the story that it links to."""
    ask = Ask(interaction, "alert known")
    await ask.think()
    kept = await _alert(ask, message)
    if kept is not None and kept.story_id is not None:
        await ask.answer(await known_reply(ask, kept.id))
    else:
        await ask.answer(await with_link(ask, "link known", links_in(message)))


@app_commands.context_menu(name="Watch this link")
@app_commands.guild_only()
async def watch_this_link(interaction: Asked, message: discord.Message) -> None:
    """Show what following a message's link would bring."""
    ask = Ask(interaction, "source add")
    await ask.think()
    await ask.answer(await with_link(ask, "link watch", links_in(message)))


async def _alert(ask: Ask, message: discord.Message) -> Kept | None:
    return await ask.read(alerts.of_message, ask.desk.id, str(message.id))


MENUS = (why_this_alert, add_to_known, watch_this_link)

"""`/digest now`: what the desk's channels were told in the last hours, as one digest for the asker alone."""

from datetime import timedelta
from typing import Final

from discord import app_commands

from bot.answers import digest as answers
from bot.asking import Ask, Asked
from bot.cards.words import counted
from bot.commands import choices
from watchers.storage import looking_back

MOST: Final = 200  # alerts of one digest, the newest
group = app_commands.Group(name="digest", description="What was told, in one card")


@group.command(name="now", description="What this desk's channels were told in the last hours, for you alone")
@app_commands.describe(hours="How many hours back; without, 24", tag="Only by watches with this tag")
@app_commands.autocomplete(tag=choices.tags)
async def now(interaction: Asked, hours: app_commands.Range[int, 1, 168] = 24, tag: str = "") -> None:
    """Gather it."""
    ask = Ask(interaction, "digest now")
    await ask.think()
    moment = ask.office.clock()
    told = await ask.read(looking_back.told_since, ask.desk.id, moment - timedelta(hours=hours), limit=MOST)
    if tag:
        tagged = {watch.name for watch in ask.desk.watches if tag in watch.tags}
        told = [alert for alert in told if tagged.intersection(alert.watches)]
    span = f"the last {counted(hours, 'hour')}"
    await ask.answer(answers.digest(told, span=span, now=moment) if told else answers.nothing(span, tag))

"""`/status`: what fails, what waits, what was told last. Of the asker's desk only."""

from discord import app_commands

from bot.answers import status as answers
from bot.answers.reply import Reply
from bot.asking import Ask, Asked
from watchers.storage import desk_standing, health


@app_commands.command(name="status", description="How the desk does: failing sources, the queue, the last alert")
async def command(interaction: Asked) -> None:
    """Gather it."""
    ask = Ask(interaction, "status")
    await ask.think()
    sources = await ask.read(health.every, ask.desk.id)
    standing = await ask.read(desk_standing.of_desk, ask.desk.id, ask.office.clock())
    embed = answers.status(
        ask.desk,
        sources,
        standing,
        guild=str(interaction.guild_id),
        version=ask.office.version,
        latency=interaction.client.latency,
    )
    await ask.answer(Reply(embed=embed))

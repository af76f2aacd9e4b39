"""`/help`: what the desk can do, a page a topic; and how to set it up where it isn't."""

from discord import app_commands

from bot.answers import help as answers
from bot.answers.reply import Reply
from bot.asking import Ask, Asked, desk_of


@app_commands.command(name="help", description="What Wiredesk can do, and how")
@app_commands.describe(topic="What about; without, where to start")
@app_commands.choices(
    topic=[app_commands.Choice(name=topic.choice, value=name) for name, topic in answers.TOPICS.items()]
)
async def command(interaction: Asked, topic: str = "start") -> None:
    """Show the page, from memory."""
    ask = Ask(interaction, "help")
    if desk_of(interaction) is None:
        await ask.answer(Reply(embed=answers.before_setup()))
        return
    tree = interaction.client.tree
    commands = [found.qualified_name for found in tree.walk_commands() if isinstance(found, app_commands.Command)]
    await ask.answer(Reply(embed=answers.topic(topic, commands)))

"""A bot on discord.py that uses each kind of command, component and answer once, to try the fake with."""

import asyncio
import io
from typing import Any

import aiohttp
import discord as dpy
from discord import app_commands

Interaction = dpy.Interaction["Desk"]


class Form(dpy.ui.Modal, title="New watch"):
    query: Any = dpy.ui.TextInput(label="Query", default="wind", max_length=20)
    note: Any = dpy.ui.TextInput(label="Note", required=False)

    async def on_submit(self, interaction: dpy.Interaction) -> None:
        if interaction.message:
            await interaction.response.edit_message(content=f"{self.query.value}, edited")
        else:
            await interaction.response.send_message(f"{self.query.value}/{self.note.value}", ephemeral=True)


class LabelledForm(dpy.ui.Modal, title="Routes"):
    name: Any = dpy.ui.Label(text="Name", component=dpy.ui.TextInput())
    where: Any = dpy.ui.Label(text="Channel", component=dpy.ui.ChannelSelect())
    when: Any = dpy.ui.Label(
        text="When", component=dpy.ui.Select(options=[dpy.SelectOption(label="At once", value="now", default=True)])
    )

    async def on_submit(self, interaction: dpy.Interaction) -> None:
        picked = self.where.component.values[0]
        when = self.when.component.values[0]
        await interaction.response.send_message(f"{self.name.component.value} to {picked.mention} {when}")


class Row(dpy.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @dpy.ui.button(label="Why?", custom_id="why")
    async def why(self, interaction: dpy.Interaction, _: Any) -> None:
        await interaction.response.send_message("because", ephemeral=True)

    @dpy.ui.button(label="Mute", custom_id="mute")
    async def mute(self, interaction: dpy.Interaction, _: Any) -> None:
        await interaction.response.edit_message(content="muted", view=None)

    @dpy.ui.button(label="Slow", custom_id="slow")
    async def slow(self, interaction: dpy.Interaction, _: Any) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="slowly")

    @dpy.ui.button(label="Edit", custom_id="edit")
    async def edit(self, interaction: dpy.Interaction, _: Any) -> None:
        await interaction.response.send_modal(Form())

    @dpy.ui.button(label="Closed", custom_id="closed", disabled=True)
    async def closed(self, interaction: dpy.Interaction, _: Any) -> None:
        raise AssertionError("nobody can press this")

    @dpy.ui.select(custom_id="reason", placeholder="Why not?", options=[dpy.SelectOption(label="Old", value="o")])
    async def reason(self, interaction: dpy.Interaction, chosen: Any) -> None:
        await interaction.response.send_message(f"reason {chosen.values[0]}", ephemeral=True)

    @dpy.ui.select(cls=dpy.ui.RoleSelect, custom_id="role", placeholder="Whom?")
    async def role(self, interaction: dpy.Interaction, chosen: Any) -> None:
        await interaction.response.send_message(f"role {chosen.values[0].name}", ephemeral=True)


class Desk(dpy.Client):
    """A bot that uses each kind of command and answer once."""

    def __init__(self) -> None:
        super().__init__(intents=dpy.Intents(guilds=True, guild_messages=True), guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        self.failed: asyncio.Queue[BaseException] = asyncio.Queue()
        watch = app_commands.Group(name="watch", description="Watches")
        inner: list[Any] = [add, show, typed, think, followed]
        for command in inner:
            watch.add_command(command)
        outer: list[Any] = [watch, form, labelled, wrong, slow, only_here]
        for command in outer:
            self.tree.add_command(command)
        self.tree.add_command(app_commands.ContextMenu(name="Why this alert?", callback=why_this))
        self.tree.on_error = self.keep  # type: ignore[method-assign]  # discord.py's own way to set it

    async def keep(self, _: Any, error: BaseException) -> None:
        self.failed.put_nowait(error)

    async def setup_hook(self) -> None:
        self.add_view(Row())
        await self.tree.sync()


@app_commands.command(description="x")
async def add(interaction: Interaction, name: str) -> None:
    await interaction.response.send_message(f"**{name}** @everyone", view=Row(), embed=dpy.Embed(title="kept"))


@app_commands.command(description="x")
async def show(interaction: Interaction, name: str, tag: str | None = None) -> None:
    await interaction.response.send_message(name, ephemeral=True)


@show.autocomplete("name")
async def names(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{typed} of {interaction.namespace.tag}", value="7")]


@app_commands.command(description="x")
@app_commands.choices(when=[app_commands.Choice(name="At once", value="now")])
async def typed(
    interaction: Interaction,
    channel: dpy.TextChannel,
    role: dpy.Role,
    user: dpy.Member,
    days: app_commands.Range[int, 1, 7],
    share: float,
    quiet: bool,
    when: app_commands.Choice[str],
    file: dpy.Attachment,
) -> None:
    text = f"{channel.name} {role.name} {user.name} {days} {share} {quiet} {when.value} {(await file.read()).decode()}"
    await interaction.response.send_message(text)


@app_commands.command(description="x")
async def think(interaction: Interaction, public: bool = False) -> None:
    await interaction.response.defer(ephemeral=not public, thinking=True)
    await interaction.edit_original_response(content="thought", attachments=[dpy.File(io.BytesIO(b"all"), "all.txt")])


@app_commands.command(description="x")
async def followed(interaction: Interaction) -> None:
    await interaction.response.defer(thinking=True)
    await interaction.followup.send("first")
    await interaction.followup.send("second", ephemeral=True)


@app_commands.command(description="x")
async def form(interaction: Interaction) -> None:
    await interaction.response.send_modal(Form())


@app_commands.command(description="x")
async def labelled(interaction: Interaction) -> None:
    await interaction.response.send_modal(LabelledForm())


@app_commands.command(description="x")
async def wrong(interaction: Interaction) -> None:
    """Answers a command by updating a message that doesn't exist, and then twice."""
    where = f"{dpy.http.Route.BASE}/interactions/{interaction.id}/{interaction.token}/callback"
    codes = []
    async with aiohttp.ClientSession() as session:
        for body in ({"type": 7, "data": {"content": "x"}}, {"type": 4, "data": {"content": "x"}}, {"type": 5}):
            async with session.post(where, json=body) as reply:
                codes.append((await reply.json())["code"] if reply.status != 204 else 0)
    await interaction.followup.send(str(codes))


@app_commands.command(description="x")
async def slow(interaction: Interaction) -> None:
    await asyncio.sleep(0.2)
    await interaction.response.send_message("late")


@app_commands.command(description="x")
@app_commands.guild_only()
async def only_here(interaction: Interaction) -> None:
    assert isinstance(interaction.user, dpy.Member)
    roles = " ".join(role.name for role in interaction.user.roles[1:])
    await interaction.response.send_message(f"{roles} {interaction.permissions.manage_guild}", ephemeral=True)


async def why_this(interaction: Interaction, message: dpy.Message) -> None:
    await interaction.response.send_message(f"because {message.content}", ephemeral=True)

"""Interactions with the fake Discord: what people do, and what an unmodified discord.py client answers."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import aiohttp
import discord as dpy
import pytest
from discord import app_commands

from tests.fakes.discord import Answer, Channel, FakeDiscord, Guild, Member, Upload
from tests.fakes.discord.client import running

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


@pytest.fixture
def discord() -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        yield fake


@pytest.fixture
def guild(discord: FakeDiscord) -> Guild:
    return discord.guild("The Daily")


@pytest.fixture
def room(guild: Guild) -> Channel:
    return guild.channel("newsroom")


@pytest.fixture
def ann(guild: Guild) -> Member:
    return guild.member("ann", roles=[guild.role("editors")])


@pytest.fixture
async def desk(discord: FakeDiscord, room: Channel) -> AsyncIterator[Desk]:
    desk = Desk()
    async with running(discord, desk):
        yield desk
        assert desk.failed.empty()


async def does(act: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    return await asyncio.to_thread(act, *arguments, **options)


async def test_commands_are_listed_as_synced(discord: FakeDiscord, guild: Guild, desk: Desk) -> None:
    names = {command["name"] for command in discord.commands()}
    assert {"watch", "form", "Why this alert?"} <= names
    assert discord.commands(guild) == []
    assert discord.syncs == 1
    before = {command["name"]: command["id"] for command in discord.commands()}
    await desk.tree.sync()
    assert {command["name"]: command["id"] for command in discord.commands()} == before
    assert {command.name for command in await desk.tree.fetch_commands()} == names


async def test_a_slash_command_is_answered(discord: FakeDiscord, room: Channel, ann: Member, desk: Desk) -> None:
    answer: Answer = await does(discord.slash, ann, room, "watch add", name="wind")
    assert (answer.type, answer.deferred, answer.ephemeral, answer.content) == (4, False, False, "**wind** @everyone")
    assert answer.embeds[0]["title"] == "kept"
    assert answer.labels == ["Why?", "Mute", "Slow", "Edit", "Closed"]
    assert room.messages == [answer.message]
    assert answer.pinged == {"everyone"}
    assert list(discord.latencies) == ["watch add"]


async def test_options_are_typed_by_the_synced_definition(
    discord: FakeDiscord, guild: Guild, room: Channel, ann: Member, desk: Desk
) -> None:
    given: dict[str, Any] = {
        "channel": room,
        "role": ann.roles[0],
        "user": ann,
        "days": 3,
        "share": 0.5,
        "quiet": True,
        "when": "At once",
        "file": Upload("a.yaml", b"rows: []"),
    }
    answer = await does(discord.slash, ann, room, "watch typed", **given)
    assert answer.content == "newsroom editors ann 3 0.5 True now rows: []"
    elsewhere = discord.guild("Elsewhere").channel("secret")
    for wrong in ({"days": 8}, {"days": "3"}, {"when": "later"}, {"channel": elsewhere}, {"quiet": 1}, {"new": "x"}):
        with pytest.raises(AssertionError):
            await does(discord.slash, ann, room, "watch typed", **given | wrong)
    with pytest.raises(AssertionError, match="required"):
        await does(discord.slash, ann, room, "watch typed", channel=room)
    with pytest.raises(AssertionError, match="no command 'unwatch' is synced"):
        await does(discord.slash, ann, room, "unwatch")


async def test_autocomplete_sends_what_is_filled_in_so_far(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    offered = await does(discord.autocomplete, ann, room, "watch show", "name", "wi", tag="energy")
    assert offered == [{"name": "wi of energy", "value": "7"}]
    with pytest.raises(AssertionError, match="no autocomplete"):
        await does(discord.autocomplete, ann, room, "watch show", "tag", "e")


async def test_a_deferred_answer_is_waited_for(discord: FakeDiscord, room: Channel, ann: Member, desk: Desk) -> None:
    answer = await does(discord.slash, ann, room, "watch think")
    assert (answer.type, answer.deferred, answer.ephemeral) == (5, True, True)
    final = await does(answer.final)
    assert (final.content, final.ephemeral, final.attachments[0].content) == ("thought", True, b"all")
    assert room.messages == []
    await does((await does(discord.slash, ann, room, "watch think", public=True)).final)
    assert [post.content for post in room.messages] == ["thought"]


async def test_the_first_follow_up_fills_a_deferred_answer(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    answer = await does(discord.slash, ann, room, "watch followed")
    assert (await does(answer.final)).content == "first"
    await does(discord.until, lambda: answer.followups, "the second follow-up")
    assert [(post.content, post.ephemeral) for post in answer.followups] == [("second", True)]


async def test_buttons_answer_update_and_defer(discord: FakeDiscord, room: Channel, ann: Member, desk: Desk) -> None:
    shown = await does(discord.slash, ann, room, "watch add", name="wind")
    why = await does(discord.press, ann, shown, "Why?")
    assert (why.type, why.content, why.ephemeral) == (4, "because", True)
    slow = await does(discord.press, ann, room.messages[0], custom_id="slow")
    assert (slow.type, (await does(slow.final)).content) == (6, "slowly")
    muted = await does(discord.press, ann, shown, label="Mute")
    assert (muted.type, shown.content, shown.labels, shown.embeds[0]["title"]) == (7, "muted", [], "kept")
    with pytest.raises(AssertionError, match="0 buttons are 'Mute'"):
        await does(discord.press, ann, shown, "Mute")


async def test_what_cannot_be_pressed_is_not_pressed(
    discord: FakeDiscord, guild: Guild, room: Channel, ann: Member, desk: Desk
) -> None:
    shown = await does(discord.slash, ann, room, "watch add", name="wind")
    with pytest.raises(AssertionError, match="disabled"):
        await does(discord.press, ann, shown, "Closed")
    private = await does(discord.press, ann, shown, "Why?")
    with pytest.raises(AssertionError, match="bob doesn't see"):
        await does(discord.press, guild.member("bob"), private, "Why?")
    with pytest.raises(AssertionError, match="not in the server"):
        await does(discord.press, discord.guild("Elsewhere").member("eve"), shown, "Why?")
    room.deny("view_channel", target=ann)
    with pytest.raises(AssertionError, match="can't see #newsroom"):
        await does(discord.press, ann, shown, "Why?")
    shown.message.delete()
    with pytest.raises(AssertionError, match="deleted"):
        await does(discord.press, guild.owner, shown, "Why?")


async def test_selects_send_values_and_what_they_refer_to(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    shown = await does(discord.slash, ann, room, "watch add", name="wind")
    assert (await does(discord.choose, ann, shown, "Why not?", "Old")).content == "reason o"
    assert (await does(discord.choose, ann, shown, "role", [ann.roles[0]])).content == "role editors"
    with pytest.raises(AssertionError, match="the select offers"):
        await does(discord.choose, ann, shown, "reason", "New")


async def test_a_modal_is_filled_in_by_label(discord: FakeDiscord, room: Channel, ann: Member, desk: Desk) -> None:
    opened = await does(discord.slash, ann, room, "form")
    assert (opened.type, opened.modal.title, opened.modal.field("Query").value) == (9, "New watch", "wind")
    assert (await does(discord.submit, ann, opened, {"Note": "n"})).content == "wind/n"
    again = await does(discord.slash, ann, room, "form")
    with pytest.raises(AssertionError, match="Query"):
        await does(discord.submit, ann, again, {"Query": "x" * 21})
    with pytest.raises(AssertionError, match="no field 'Name'"):
        await does(discord.submit, ann, again, {"Name": "x"})


async def test_a_modal_of_a_button_can_change_its_message(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    shown = await does(discord.slash, ann, room, "watch add", name="wind")
    opened = await does(discord.press, ann, shown, "Edit")
    submitted = await does(discord.submit, ann, opened, {"Query": "tide"})
    assert (submitted.type, shown.content) == (7, "tide, edited")


async def test_a_modal_with_labels_and_selects(discord: FakeDiscord, room: Channel, ann: Member, desk: Desk) -> None:
    opened = await does(discord.slash, ann, room, "labelled")
    sent = await does(discord.submit, ann, opened, {"Name": "wind", "Channel": [room]})
    assert sent.content == f"wind to {room.mention} now"


async def test_a_message_menu_carries_the_whole_message(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    said = room.say(ann, "https://a.example")
    answer = await does(discord.menu, ann, room, "Why this alert?", said)
    assert (answer.content, answer.ephemeral) == ("because https://a.example", True)


async def test_each_interaction_carries_the_roles_and_permissions_of_the_moment(
    discord: FakeDiscord, guild: Guild, room: Channel, ann: Member, desk: Desk
) -> None:
    async def told() -> str:
        return str((await does(discord.slash, ann, room, "only_here")).content)

    assert await told() == "editors False"
    chiefs = guild.role("chiefs", "manage_guild")
    discord.grant(ann, chiefs)
    assert await told() == "editors chiefs True"
    discord.revoke(ann, chiefs)
    assert await told() == "editors False"


async def test_in_direct_messages_only_what_is_offered_there(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    answer = await does(discord.direct, ann, "watch show", name="wind")
    assert (answer.content, answer.message.channel.guild) == ("wind", None)
    with pytest.raises(AssertionError, match="not offered in direct messages"):
        await does(discord.direct, ann, "only_here")


async def test_a_first_answer_after_the_deadline_is_none(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    discord.deadline = 0.05
    with pytest.raises(AssertionError, match=r"waited 0.05 s for the first answer to 'slow'"):
        await does(discord.slash, ann, room, "slow")
    await does(discord.until, lambda: discord.requests[-1].path.endswith("/callback"), "the late answer")
    await does(discord.until, lambda: discord.requests[-1].status == 404, "its refusal")
    assert "10062" in str(await desk.failed.get())


async def test_an_answer_has_to_fit_and_comes_once(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    answer = await does(discord.slash, ann, room, "wrong")
    await does(discord.until, lambda: answer.followups, "what was refused")
    assert answer.followups[0].content == "[50035, 0, 40060]"
    assert "does not fit an interaction of type 2" in discord.violations.pop(0)
    discord.violations.clear()


async def test_the_token_of_an_interaction_ends_after_a_quarter_of_an_hour(
    discord: FakeDiscord, room: Channel, ann: Member, desk: Desk
) -> None:
    answer = await does(discord.slash, ann, room, "watch show", name="x")
    discord.leap(901)
    where = f"{discord.api}/webhooks/{discord.application_id}/{answer.exchange.token}"
    async with aiohttp.ClientSession() as session, session.post(where, json={"content": "late"}) as reply:
        assert (reply.status, (await reply.json())["code"]) == (401, 50027)

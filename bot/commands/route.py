"""`/route …`: where the alerts of watches and of tags go, when, and whom they call.

/route set | clear ─editing, tag_routes→ the routes as they are now        /route test ─outbox→ an alert that says so
"""

from typing import Literal

import discord
from discord import app_commands

from bot.answers import route as answers
from bot.answers.reply import Reply
from bot.asking import Ask, Asked
from bot.buttons.base import view_of
from bot.buttons.rows import RowButton, list_reply
from bot.commands import choices, leads
from bot.commands.entries import refuse_file_row
from bot.commands.places import Place, own_place, own_role
from bot.entries import named
from bot.nouns import Listing, Noun
from watchers.errors import ConfigError
from watchers.storage import brought, editing, leading, tag_routes
from watchers.storage.brought import Leads
from watchers.storage.leading import Lead
from watchers.storage.names import NamedChannel, NamedWatch

group = app_commands.Group(name="route", description="Where alerts go, when, and whom they call")


@group.command(name="set", description="Lead a watch's alerts, or those of all watches with a tag, to a channel")
@app_commands.describe(
    channel="Where the alerts go",
    watch="The watch; or choose a tag",
    tag="A tag: every watch that has it, now or later",
    role="The role that each alert calls",
    when="When they go: at once, or collected",
    quiet="Hours without alerts by the desk's clock, as 22:00-07:00; what comes then goes out after them",
)
@app_commands.autocomplete(watch=choices.watches, tag=choices.tags)
async def set_(
    interaction: Asked,
    channel: app_commands.Transform[int, Place],
    watch: str | None = None,
    tag: str | None = None,
    role: discord.Role | None = None,
    when: Literal["now", "hourly", "daily"] = "now",
    quiet: str | None = None,
) -> None:
    """Lead it there, and show all its routes."""
    ask = Ask(interaction, "route set")
    await ask.think()
    target = _target(ask, watch, tag)
    mention = None if role is None else str((await own_role(ask, role)).id)
    lead = await leads.lead_of(ask, channel, when=when, mention=mention, quiet=quiet)
    assert lead is not None  # a channel was chosen
    if isinstance(target, str):
        await ask.write(tag_routes.put, ask.by, target, lead)
    else:
        await ask.write(editing.set_route, ask.by, target.id, lead)
    await ask.answer(await _of_target(ask, target, leads.warnings(ask, lead)))


@group.command(name="list", description="What comes to which channel, when, and who is called")
async def list_(interaction: Asked) -> None:
    """Show the first page."""
    ask = Ask(interaction, "route list")
    await ask.think()
    await ask.answer(await list_reply(ask, "route"))


@group.command(name="clear", description="Lead a watch or a tag to a channel no more")
@app_commands.describe(
    watch="The watch; or choose a tag", tag="The tag", channel="The channel; without one, to none at all"
)
@app_commands.autocomplete(watch=choices.watches, tag=choices.tags, channel=choices.channels)
async def clear(
    interaction: Asked, watch: str | None = None, tag: str | None = None, channel: str | None = None
) -> None:
    """Take the route away, and show those that are left."""
    ask = Ask(interaction, "route clear")
    await ask.think()
    target = _target(ask, watch, tag)
    name = None if channel is None else choices.chosen("channel", channel, ask.desk.channels).name
    if isinstance(target, str):
        await ask.write(tag_routes.clear, ask.by, target, name)
    else:
        await ask.write(editing.clear_route, ask.by, target.id, name)
    await ask.answer(await _of_target(ask, target, []))


@group.command(name="test", description="Send a test alert to a channel, by the way that alerts take")
@app_commands.describe(channel="A channel that alerts are led to")
async def try_(interaction: Asked, channel: app_commands.Transform[int, Place]) -> None:
    """Send it."""
    ask = Ask(interaction, "route test")
    await ask.think()
    place = await own_place(ask, channel)
    known = [row for row in ask.desk.channels if row.chat_id == str(place.id)]
    if not known:
        raise ConfigError(f"#{place.name}: nothing is led to this channel yet: do it by /route set, then test it")
    await _try(ask, known[0].id)


def _target(ask: Ask, watch: str | None, tag: str | None) -> NamedWatch | str:
    """What is to be led: a watch, or a tag by its name."""
    if (watch is None) == (tag is None):
        raise ConfigError("watch, tag: choose one of the two")
    if watch is None:
        return named((tag or "").removeprefix("#"))
    found: NamedWatch = choices.chosen("watch", watch, ask.desk.watches)
    refuse_file_row(found, "watch")
    return found


async def _of_target(ask: Ask, target: NamedWatch | str, warnings: list[str]) -> Reply:
    """All routes of what was led."""
    found = await ask.read(brought.leads, ask.desk.id)
    if isinstance(target, str):
        having = [watch.name for watch in ask.desk.watches if target in watch.tags]
        return Reply(embed=answers.of_tag(target, _of_tag(found, target), having, ask.desk, warnings))
    leads_of_it = brought.in_force(target.name, target.tags, found)
    return Reply(embed=answers.of_watch(target.name, leads_of_it, ask.desk, warnings))


def _of_tag(found: list[Leads], tag: str) -> list[Leads]:
    return [each for each in found if each.tag == tag]


# ── rows: the channels ───────────────────────────────────────────────────────────────────────────────────


async def page(ask: Ask, _: str) -> Listing:
    """The list, by channel."""
    found = await ask.read(brought.leads, ask.desk.id)
    lines = [
        answers.line(channel, [each for each in found if each.channel_id == channel.id], ask.desk)
        for channel in ask.desk.channels
    ]
    return Listing(
        title="Where alerts go",
        lines=tuple(lines),
        empty="Nowhere yet. Lead a watch or a tag to a channel by `/route set`.",
    )


async def show(ask: Ask, row: int) -> Reply:
    """All that comes to a channel."""
    channel = _channel(ask, row)
    found = [each for each in await ask.read(brought.leads, ask.desk.id) if each.channel_id == channel.id]
    buttons = view_of(RowButton("route", "test", channel.id)) if channel.chat_id is not None else None
    return Reply(embed=answers.of_channel(channel, found, ask.desk), view=buttons)


def _channel(ask: Ask, row: int) -> NamedChannel:
    found: NamedChannel = choices.chosen("channel", f"row:{row}", ask.desk.channels)
    return found


async def _try(ask: Ask, row: int) -> None:
    channel = _channel(ask, row)
    if channel.chat_id is None:
        raise ConfigError(f"{channel.name}: only channels of this server are tested here: use `wiredesk channel test`")
    await ask.write(leading.send_test, ask.by, channel.id)
    stands_in_the_way = leads.warnings(ask, Lead(chat_id=channel.chat_id, name=channel.name))
    await ask.answer(answers.tested(channel, stands_in_the_way, waits=ask.desk.posting != "active"))


NOUN = Noun(name="route", lister=page, shower=show, verbs={"test": _try})

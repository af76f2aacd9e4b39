"""A newsroom's server in a simulated Discord: a real database, the real client, people with roles.

    async with newsroom(folder) as room:
        answer = await room.ann.slash(room.channel, "entity add", name="nypd", full_name="Police")
        assert shown(answer).title == "@nypd"

Ann is an editor, Bo manages the server, Cy only reads.
"""

import pickle
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle
from simcord.env import Env
from simcord.results import InteractionResult, ResponseMessage

from bot import __version__
from bot.client import DeskClient
from bot.directory import Directory
from bot.looking import Look
from bot.office import Office
from tests.fakes.databases import scratch
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import AllowHosts, Guard
from watchers.listening import Listener
from watchers.reading.worker import Worker
from watchers.storage import guilds
from watchers.storage.audit import Actor, By
from watchers.storage.database import Database

LOOK_EVERY = 0.002  # seconds, at whether all that follows from what people did has been done; simcord's own is 0.05
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(slots=True)
class Server:
    """One server with its people; its desk is set up unless told otherwise."""

    guild: GuildHandle
    channel: ChannelHandle
    editors: RoleHandle
    ann: MemberActor  # an editor
    bo: MemberActor  # manages the server
    cy: MemberActor  # only reads
    desk: int | None


@dataclass(slots=True)
class Room:
    """The simulated Discord with one server, and more where a test opens them."""

    env: Env
    office: Office
    first: Server
    now: list[datetime]

    @property
    def database(self) -> Database:
        return self.office.database

    @property
    def channel(self) -> ChannelHandle:
        return self.first.channel

    @property
    def ann(self) -> MemberActor:
        return self.first.ann

    @property
    def bo(self) -> MemberActor:
        return self.first.bo

    @property
    def cy(self) -> MemberActor:
        return self.first.cy

    @property
    def desk(self) -> int:
        assert self.first.desk is not None
        return self.first.desk

    async def server(self, name: str, *, set_up: bool = True) -> Server:
        """One more server."""
        return await _server(self.env, self.office, name, set_up=set_up)

    async def restart(self) -> None:
        """The same desk with a new client, as after a restart."""
        await self.env.restart_bot(_client(self.office))


_in_discord_s_words: dict[tuple[type, str], bytes] = {}


def _client(office: Office) -> DeskClient:
    """A client whose commands are put into Discord's words once for all tests; each time takes as long as a test."""
    client = DeskClient(office)
    for command in client.tree.get_commands():
        command.to_dict = partial(_payload, command, command.to_dict)  # type: ignore[method-assign]
    return client


def _payload(command: Any, to_dict: Callable[[Any], dict[str, Any]], tree: Any) -> dict[str, Any]:
    kind = type(command), command.name
    if kind not in _in_discord_s_words:
        _in_discord_s_words[kind] = pickle.dumps(to_dict(tree))
    payload: dict[str, Any] = pickle.loads(_in_discord_s_words[kind])
    return payload


async def _server(env: Env, office: Office, name: str, *, set_up: bool) -> Server:
    guild = env.create_guild(name)
    channel = guild.create_text_channel("newsroom")
    editors = guild.create_role("editors")
    managers = guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    ann, bo, cy = (
        guild.add_member(env.create_user(f"{who}-{guild.id}"), roles=roles)
        for who, roles in (("ann", [editors]), ("bo", [managers]), ("cy", []))
    )
    desk = None
    if set_up:
        desk = await office.database.write(_set_up, guild, channel, editors, office.clock())
        await office.refresh()
    return Server(guild, channel, editors, ann, bo, cy, desk)


def _set_up(connection: Any, guild: GuildHandle, channel: ChannelHandle, editors: RoleHandle, now: datetime) -> int:
    desk = guilds.make(connection, str(guild.id), now=now)
    by = By(desk=desk, actor=Actor("1", "Bo"), act="desk setup", now=now)
    name = guilds.chat_channel(connection, desk, str(channel.id), channel.name or "")
    guilds.change(connection, by, admin_channel=name, editors_role=str(editors.id), label=guild.name)
    return desk


@asynccontextmanager
async def newsroom(
    folder: Path, *, allow_hosts: str = "", most_watches: int = 50, most_sources: int = 50
) -> AsyncIterator[Room]:
    """Open it, and close it again."""
    now = [NOW]
    async with AsyncExitStack() as stack:
        database = stack.enter_context(scratch(folder))
        guard = Guard(AllowHosts.parse(allow_hosts))
        fetcher = await stack.enter_async_context(
            Fetcher(guard=guard, version=__version__, random=Random(1), clock=lambda: now[0])
        )
        worker = Worker(processes=1)
        stack.push_async_callback(worker.aclose)
        directory = Directory(database)
        office = Office(
            database=database,
            directory=directory,
            listener=Listener(database),
            look=Look(guard=guard, fetcher=fetcher, worker=worker),
            clock=lambda: now[0],
            refresh=directory.refresh,
            most_watches=most_watches,
            most_sources=most_sources,
            version=__version__,
        )
        env = Env(_client(office), settle_timeout=60.0)
        env._settle_internal = partial(env._settle_internal, idle=LOOK_EVERY)  # type: ignore[method-assign]
        await env.start()
        stack.push_async_callback(env.shutdown)
        yield Room(env, office, await _server(env, office, "The Daily Gull", set_up=True), now)


def message(answer: InteractionResult) -> ResponseMessage:
    """What was answered, as it stands now."""
    assert answer.response is not None, "nothing was answered"
    assert answer.ephemeral, "only the asker may see an answer"
    return answer.response


def shown(answer: InteractionResult) -> discord.Embed:
    """The embed of an answer."""
    (embed,) = message(answer).embeds
    return embed


def words(answer: InteractionResult) -> str:
    """All words of an answer's embed, one part a line."""
    embed = shown(answer)
    fields = [f"{field.name}: {field.value}" for field in embed.fields]
    return "\n".join(filter(None, (embed.title, embed.description, *fields, embed.footer.text)))


async def fill(who: MemberActor, opened: InteractionResult, values: dict[str, Any]) -> InteractionResult:
    """Send the form that was opened, its fields given by their labels; the others stay as they are."""
    assert opened.modal is not None, "no form was opened"
    ids = {
        label["label"]: label["component"]["custom_id"]
        for label in opened.modal["components"]
        if label["component"].get("custom_id")
    }
    return await who.submit_modal(opened, {ids[label]: value for label, value in values.items()})

"""The newsroom that is photographed: “The Daily Gull”, a server in a simulated Discord with a whole desk behind it.

    Clock (set by hand) → City ─Pipeline→ database ─Drain, Keeper→ DiscordChannel → posts in the server
                                              ↑ DeskClient answers Ann (an editor), Bo (manages), Cy (reads)

Nothing is told to the desk but by its own commands; sources are polled one after another, so that each run is the same.
"""

import io
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

import discord
from rich.console import Console
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle
from simcord.env import Env

from bot.buttons.alert import alert_view
from bot.channels.discord import Poster
from bot.client import DeskClient
from bot.demo.edition import load_edition
from bot.directory import Directory
from bot.live_channels import Channels
from bot.looking import Look
from bot.office import Office
from tests.meta.discord_pictures.city import City, guard
from watchers.clock import Clock
from watchers.delivery import Drain
from watchers.fetch.transport import guarded_client
from watchers.intake import Intake
from watchers.listening import Listener
from watchers.pacing import Traffic
from watchers.pipeline import Pipeline
from watchers.policy.snapshots import Snapshots
from watchers.policy.watching import PageWatcher
from watchers.polling import FirstLook
from watchers.posts import Keeper
from watchers.reading.worker import Worker
from watchers.storage import desks, meta, migrate, sources
from watchers.storage.database import Database
from watchers.storage.location import database_url
from watchers.storage.placing import Manner

VERSION: Final = "1.0"
_STEP: Final = timedelta(minutes=5)
_MOST: Final = 100  # sources polled in a step


@dataclass(frozen=True, slots=True)
class _Here:
    """The bot's way to its Discord, for the channels that post."""

    env: Env

    @property
    def client(self) -> discord.Client:
        return self.env.bot


@dataclass(frozen=True, slots=True, kw_only=True)
class Gull:
    """The newsroom, at a moment of its day."""

    env: Env
    clock: Clock
    database: Database
    office: Office
    pipeline: Pipeline
    drain: Drain
    keeper: Keeper
    guild: GuildHandle
    places: Mapping[str, ChannelHandle]
    roles: Mapping[str, RoleHandle]
    ann: MemberActor  # an editor
    bo: MemberActor  # manages the server
    cy: MemberActor  # only reads

    @property
    def newsroom(self) -> ChannelHandle:
        """Where people ask."""
        return self.places["newsroom"]

    @property
    def names(self) -> dict[str, str]:
        """What channels, roles and people are called, by their ids."""
        named = {str(place.id): name for name, place in self.places.items()}
        named |= {str(role.id): name for name, role in self.roles.items()}
        return named | {str(who.id): who.name for who in (self.ann, self.bo, self.cy)}

    async def until(self, clock: str) -> None:
        """Let the day go on until a time of it, as HH:MM: polls, posts, edits."""
        hour, minute = map(int, clock.split(":"))
        end = self.clock().replace(hour=hour, minute=minute)
        while self.clock() < end:
            self.clock.set(min(self.clock() + _STEP, end))
            await self.work()

    async def pass_minutes(self, minutes: int) -> None:
        """Let people take their time, while the desk works."""
        self.clock.set(self.clock() + timedelta(minutes=minutes))
        await self.work()

    async def work(self) -> None:
        """Do what is due now."""
        for source in sorted(await self.database.read(sources.due, self.clock(), _MOST)):
            await self.pipeline.check_source(source)
        await self.office.refresh()
        await self.drain.once(patience=60)
        await self.keeper.once()


@asynccontextmanager
async def daily_gull(folder: Path) -> AsyncIterator[Gull]:
    """Open the newsroom in the morning; its desk is not set up yet."""
    clock = Clock(load_edition().moment(load_edition().settings.hours[0]), speed=0)
    async with AsyncExitStack() as stack:
        database = stack.enter_context(Database(database_url("", folder), durable=False))
        migrate.upgrade(database)
        await database.write(meta.put, meta.INSTANCE, "the daily gull")  # else references differ each time
        city = await stack.enter_async_context(City(clock))
        worker = Worker(processes=1)
        stack.push_async_callback(worker.aclose)
        listener, directory, traffic = Listener(database), Directory(database), Traffic()

        async def refresh() -> None:
            channels.refresh(await database.read(desks.load))
            await directory.refresh()

        office = Office(
            database=database,
            directory=directory,
            listener=listener,
            look=Look(guard=guard(), fetcher=city, worker=worker),
            clock=clock,
            refresh=refresh,
            most_watches=200,
            most_sources=200,
            version=VERSION,
        )
        env = Env(DeskClient(office))
        await env.start()
        stack.push_async_callback(env.shutdown)
        http = await stack.enter_async_context(guarded_client(guard(), timeout=1.0))
        poster = Poster(_Here(env), alert_view)
        channels = Channels({}, Console(file=io.StringIO()), http, clock, poster)
        pages = PageWatcher(database=database, worker=worker, snapshots=Snapshots(folder / "snapshots"))
        intake = Intake(
            database=database,
            fetcher=city,
            worker=worker,
            listener=listener,
            clock=clock,
            manner=Manner(),
            patient=False,
        )
        pipeline = Pipeline(
            database=database,
            fetcher=city,
            worker=worker,
            listener=listener,
            pages=pages,
            intake=intake,
            clock=clock,
            first_look=FirstLook(span=timedelta(days=1)),
            random=Random(1),
        )
        drain = Drain(
            database=database,
            channels=channels,
            clock=clock,
            random=Random(1),
            burst=10,
            on_delivered=lambda _: None,
            traffic=traffic,
        )
        keeper = Keeper(database=database, channels=channels, clock=clock, traffic=traffic)
        yield _in_server(
            env, clock=clock, database=database, office=office, pipeline=pipeline, drain=drain, keeper=keeper
        )


def _in_server(
    env: Env,
    *,
    clock: Clock,
    database: Database,
    office: Office,
    pipeline: Pipeline,
    drain: Drain,
    keeper: Keeper,
) -> Gull:
    guild = env.create_guild("The Daily Gull")
    editors = guild.create_role("editors")
    roles = {"editors": editors, "city-desk": guild.create_role("city-desk")}
    managers = guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    ann, bo, cy = (
        guild.add_member(env.create_user(who), roles=having)
        for who, having in (("Ann", [editors]), ("Bo", [managers]), ("Cy", []))
    )
    return Gull(
        env=env,
        clock=clock,
        database=database,
        office=office,
        pipeline=pipeline,
        drain=drain,
        keeper=keeper,
        guild=guild,
        places={name: guild.create_text_channel(name) for name in ("newsroom", "policing", "courts", "overview")},
        roles=roles,
        ann=ann,
        bo=bo,
        cy=cy,
    )

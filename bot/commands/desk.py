"""`/desk …`: the desk itself: set up, paused, exported, and what was done at it. Importing is in `desk_import`.

/desk setup ─checked against the server→ guilds.set_up → its settings, what the bot lacks, what to do next
/desk audit ─entries→ pages of eight → one act with the row before and after it
"""

import asyncio

import discord
from discord import app_commands

from bot.answers import desk as answers
from bot.answers.reply import Reply
from bot.asking import Ask, Asked
from bot.buttons.rows import list_reply
from bot.commands import choices
from bot.commands.entries import entry
from bot.commands.places import Place, own_place, own_role
from bot.invitation import missing
from bot.nouns import Listing, Noun
from config.watchlist import Desk
from config.watchlist_dump import dump_watchlist
from watchers.storage import audit, exporting, guilds
from watchers.storage.guilds import Setup

_ACTS = 400  # shown at most; all are kept

group = app_commands.Group(name="desk", description="This server's desk: settings, import and export, what was done")


@group.command(name="setup", description="Make this server a desk, or change its settings (Manage Server)")
@app_commands.describe(
    channel="Where alerts and notices go, unless a watch says otherwise",
    editors_role="Who may edit watches, sources and entities",
    timezone="For digests and quiet hours: search a city, as New York",
)
@app_commands.autocomplete(timezone=choices.timezones)
async def setup(
    interaction: Asked,
    channel: app_commands.Transform[int, Place],
    editors_role: discord.Role,
    timezone: str | None = None,
) -> None:
    """Make or change the desk, and say what to do next."""
    ask = Ask(interaction, "desk setup")
    await ask.think()
    place = await own_place(ask, channel)
    role = await own_role(ask, editors_role)
    wanted = Setup(
        label=place.guild.name,
        chat_id=str(place.id),
        channel=place.name,
        editors_role=str(role.id),
        timezone=None if timezone is None else entry(Desk, timezone=timezone).timezone,
    )
    made = await ask.write(guilds.set_up, str(place.guild.id), ask.actor, wanted, now=ask.office.clock())
    await ask.answer(
        answers.set_up(
            made,
            channel=place.id,
            role=role.id,
            lacking=missing(place.permissions_for(place.guild.me)),
            empty=not (ask.desk.watches and ask.desk.sources),
        )
    )


@group.command(name="export", description="The desk's watch list as a file")
async def export(interaction: Asked) -> None:
    """Attach the watch list, without what is secret."""
    ask = Ask(interaction, "desk export")
    await ask.think()
    shared = await ask.office.database.read_long(exporting.share, ask.desk.id)
    text = await asyncio.to_thread(dump_watchlist, shared.watchlist)
    await ask.answer(answers.exported(text, shared))


@group.command(name="pause-all", description="Let all alerts wait; sources are still read")
async def pause_all(interaction: Asked) -> None:
    """Hold the desk's alerts back."""
    await _set_posting(Ask(interaction, "desk pause-all"), active=False)


@group.command(name="resume-all", description="Let alerts go out again, those that waited first")
async def resume_all(interaction: Asked) -> None:
    """Let the desk's alerts go."""
    await _set_posting(Ask(interaction, "desk resume-all"), active=True)


async def _set_posting(ask: Ask, *, active: bool) -> None:
    await ask.think()
    await ask.write(guilds.set_posting, ask.by, active=active)
    await ask.answer(answers.posting(active=active))


@group.command(name="audit", description="Who did what at this desk, the newest first")
async def audit_(interaction: Asked) -> None:
    """Show the first page."""
    ask = Ask(interaction, "desk audit")
    await ask.think()
    await ask.answer(await list_reply(ask, "audit"))


async def acts(ask: Ask, _: str) -> Listing:
    """The list of acts."""
    entries = await ask.read(audit.entries, ask.desk.id, limit=_ACTS)
    in_all = await ask.read(audit.count, ask.desk.id)
    return Listing(
        title="What was done here",
        lines=tuple(map(answers.line, entries)),
        empty="Nothing was done yet.",
        head=f"The newest {_ACTS} of {in_all} acts." if in_all > _ACTS else "",
    )


async def act(ask: Ask, row: int) -> Reply:
    """One act."""
    return Reply(embed=answers.shown(await ask.read(audit.one, ask.desk.id, row)))


NOUN = Noun(name="audit", lister=acts, shower=act)

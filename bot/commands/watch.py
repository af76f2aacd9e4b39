"""`/watch …`: what the desk listens for. Each is tried on what the desk read lately before it is saved.

/watch add | edit ─Proposal→ propose (watch_preview) ─Save→ editing → its card
/watch pause | resume | remove | undo ─editing→ its card
"""

from datetime import timedelta
from typing import Literal

from discord import app_commands
from discord.ui import View

from bot.answers import trial as trial_answers
from bot.answers import watch as answers
from bot.answers.reply import Reply, done, said, text_file
from bot.asking import Ask, Asked
from bot.buttons.base import view_of
from bot.buttons.drafts import Drafted
from bot.buttons.rows import RowButton, list_reply, really
from bot.commands import choices, leads
from bot.commands import watch_preview as previews
from bot.commands.entries import listed, refuse_file_row
from bot.commands.places import Place
from bot.commands.watch_preview import WatchForm
from bot.entries import named
from bot.nouns import Listing, Noun
from bot.permissions import Right
from watchers.errors import ConfigError, QueryError
from watchers.matching.query import compile_query
from watchers.storage import brought, editing, feedback
from watchers.storage.drafts import Draft
from watchers.storage.names import NamedWatch
from watchers.storage.proposals import Proposal

_LONGEST_TAG = 60  # characters of a tag that a list's button carries

group = app_commands.Group(name="watch", description="What the desk listens for, and what it would have found")
Choice = app_commands.autocomplete(name=choices.watches)
State = Literal["active", "paused"]


@group.command(name="add", description="Add a watch: shows what it would have sent before it is saved")
@app_commands.describe(
    name="Its name, as police-facial-recognition",
    query="What to listen for; leave it out to write it in a form",
    channel="Where its alerts go; without one to the desk's own channel",
    when="When they go: at once, or collected",
    tag="Its tags, separated by commas",
    sources="Names or tags of the sources it listens to, separated by commas; without any all of them",
)
@app_commands.autocomplete(tag=choices.tags, sources=choices.source_words)
async def add(
    interaction: Asked,
    name: app_commands.Range[str, 1, 80],
    query: app_commands.Range[str, 1, 4000] | None = None,
    channel: app_commands.Transform[int, Place] | None = None,
    when: Literal["now", "hourly", "daily"] = "now",
    tag: str = "",
    sources: str = "",
) -> None:
    """Show what it would have sent, or a form for the query."""
    ask = Ask(interaction, "watch add")
    if query is not None:
        await ask.think()
    if any(watch.name == named(name) for watch in ask.desk.watches):
        raise ConfigError(f"{name}: there is a watch of this name: take another one, or edit that by /watch edit")
    editing.check_quota("watch", len(ask.desk.watches) + 1, ask.office.most_watches)
    proposal = Proposal(
        name=name,
        query=query or "",
        tags=listed(tag),
        sources=listed(sources),
        lead=await leads.lead_of(ask, channel, when=when),
    )
    if query is None:
        await interaction.response.send_modal(WatchForm(proposal))
    else:
        await previews.propose(ask, proposal)


@group.command(name="edit", description="Change a watch's query, tags or sources in a form")
@app_commands.describe(name="The watch")
@Choice
async def edit(interaction: Asked, name: str) -> None:
    """Open the form with the watch as it is."""
    ask = Ask(interaction, "watch edit")
    await _edit(ask, of_name(ask, name).id)


@group.command(name="show", description="A watch: its query, where it leads, what it sent and what was dismissed")
@app_commands.describe(name="The watch")
@Choice
async def show_(interaction: Asked, name: str) -> None:
    """Show it."""
    ask = Ask(interaction, "watch show")
    await ask.think()
    await ask.answer(await show(ask, of_name(ask, name).id))


@group.command(name="list", description="The desk's watches")
@app_commands.describe(tag="Only those with this tag", state="Only those that listen, or that are paused")
@app_commands.autocomplete(tag=choices.tags)
async def list_(interaction: Asked, tag: str = "", state: State | None = None) -> None:
    """Show the first page."""
    ask = Ask(interaction, "watch list")
    await ask.think()
    await ask.answer(await list_reply(ask, "watch", f"{state or ''}:{tag[:_LONGEST_TAG]}"))


@group.command(name="test", description="What a watch would have sent in the last days")
@app_commands.describe(name="The watch", days="How many days back")
@Choice
async def try_(interaction: Asked, name: str, days: app_commands.Range[int, 1, 30] = previews.DAYS) -> None:
    """Try its query."""
    ask = Ask(interaction, "watch test")
    await ask.think()
    await _try(ask, of_name(ask, name).id, days)


@group.command(name="pause", description="Let a watch rest, for some hours or until it is resumed")
@app_commands.describe(name="The watch", hours="For how many hours; without, until /watch resume")
@Choice
async def pause(interaction: Asked, name: str, hours: app_commands.Range[int, 1, 8760] | None = None) -> None:
    """Let it rest."""
    ask = Ask(interaction, "watch pause")
    await ask.think()
    await _pause(ask, of_name(ask, name).id, hours)


@group.command(name="resume", description="Let a watch listen again")
@app_commands.describe(name="The watch")
@Choice
async def resume(interaction: Asked, name: str) -> None:
    """Let it work."""
    ask = Ask(interaction, "watch resume")
    await ask.think()
    await _resume(ask, of_name(ask, name).id)


@group.command(name="remove", description="Remove a watch and what is known of its matches")
@app_commands.describe(name="The watch")
@Choice
async def remove(interaction: Asked, name: str) -> None:
    """Ask whether it is meant."""
    ask = Ask(interaction, "watch remove")
    await ask.think()
    await ask.answer(await really(ask, "watch", of_name(ask, name).id))


@group.command(name="undo", description="Take back the last change of a watch, whoever made it")
async def undo(interaction: Asked) -> None:
    """Take it back, and say what it was."""
    ask = Ask(interaction, "watch undo")
    await ask.think()
    taken = await ask.write(editing.undo, ask.by, manages=ask.right >= Right.MANAGE)
    watch = next((watch for watch in ask.desk.watches if watch.name == taken.name), None)
    shown = None if watch is None else await show(ask, watch.id)
    await ask.answer(answers.undone(taken, shown))


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────


async def page(ask: Ask, filtered: str) -> Listing:
    """The list, of those with a state and a tag: "paused:policing"."""
    state, _, tag = filtered.partition(":")
    chosen = [
        watch
        for watch in ask.desk.watches
        if state in {"", watch.state} and (not tag or tag in {each[:_LONGEST_TAG] for each in watch.tags})
    ]
    of = f" tagged {said(tag)}" if tag else ""
    return Listing(
        title=f"Watches{of}{f', {state}' if state else ''}",
        lines=tuple(answers.line(watch) for watch in chosen),
        empty="None such. `/watch list` shows all." if state or tag else "None yet. Add one by `/watch add`.",
    )


async def show(ask: Ask, row: int) -> Reply:
    """A watch with what can be done with it."""
    watch = of_row(ask, row)
    found = await ask.read(brought.of, ask.desk.id, watch.id, now=ask.office.clock())
    dismissed = await ask.read(feedback.dismissed, ask.desk.id, watch.name)
    embed = answers.shown(watch, found, dismissed, ask.desk, broken=_broken(ask, watch))
    whole = text_file("query.txt", watch.query) if len(watch.query) > answers.QUERY_SHOWN else None
    return Reply(embed=embed, view=_buttons(watch), file=whole)


def _buttons(watch: NamedWatch) -> View:
    return view_of(*(RowButton("watch", verb, watch.id) for verb in _verbs(watch)))


def _verbs(watch: NamedWatch) -> tuple[str, ...]:
    if watch.origin == "file":
        return "test", "adopt"
    return "edit", "test", "pause" if watch.state == "active" else "resume", "remove"


def _broken(ask: Ask, watch: NamedWatch) -> str | None:
    try:
        compile_query(watch.query, ask.desk.entity_names)
    except QueryError as error:
        return str(error)
    return None


def of_name(ask: Ask, name: str) -> NamedWatch:
    """A watch of the desk, as it was chosen or written."""
    found: NamedWatch = choices.chosen("watch", name, ask.desk.watches)
    return found


def of_row(ask: Ask, row: int) -> NamedWatch:
    """A watch of the desk."""
    return of_name(ask, f"row:{row}")


async def _edit(ask: Ask, row: int) -> None:
    watch = of_row(ask, row)
    refuse_file_row(watch, "watch")
    proposal = Proposal(
        name=watch.name, query=watch.query, tags=watch.tags, sources=watch.sources, row=watch.id, seen=watch.query
    )
    await ask.interaction.response.send_modal(WatchForm(proposal))


async def _try(ask: Ask, row: int, days: int = previews.DAYS) -> None:
    watch = of_row(ask, row)
    trial = await previews.try_out(ask, watch.name, watch.query, watch.sources, days)
    embed = trial_answers.tried(f"{said(watch.name)}: what it would have sent", trial, query=watch.query)
    await ask.answer(Reply(embed=embed, view=_buttons(watch)))


async def _pause(ask: Ask, row: int, hours: int | None = None) -> None:
    until = None if hours is None else ask.office.clock() + timedelta(hours=hours)
    await ask.write(editing.pause, ask.by, "watch", row, until=until)
    await ask.answer(await show(ask, row))


async def _resume(ask: Ask, row: int) -> None:
    await ask.write(editing.resume, ask.by, "watch", row)
    await ask.answer(await show(ask, row))


async def _remove(ask: Ask, row: int) -> None:
    name = await ask.write(editing.remove, ask.by, "watch", row)
    await ask.answer(done(f"Watch {said(name)} is removed.", "`/watch undo` brings it back."))


async def _adopt(ask: Ask, row: int) -> None:
    await ask.write(editing.adopt, ask.by, "watch", row)
    await ask.answer(await show(ask, row))


async def _save(ask: Ask, draft: Draft) -> None:
    proposal = await previews.save(ask, draft)
    await ask.turn(await show(ask, of_name(ask, proposal.name).id))


NOUN = Noun(
    name="watch",
    lister=page,
    shower=show,
    verbs={
        "edit": _edit,
        "test": _try,
        "pause": _pause,
        "resume": _resume,
        "remove": _remove,
        "adopt": _adopt,
    },
    forms=frozenset(("edit",)),
)
DRAFTS = tuple(
    Drafted(act=act, verbs={"save": _save, "edit": previews.edit}, forms=frozenset(("edit",)))
    for act in ("watch add", "watch edit")
)

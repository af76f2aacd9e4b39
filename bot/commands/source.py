"""`/source …`: what is polled, and how it does. Following an address is in `source_add`.

/source list, show ─health→ answers        /source test ─look→ what it shows now        pause, resume, remove ─editing→
"""

from typing import Literal

from discord import app_commands

from bot import source_trial
from bot.answers import source as answers
from bot.answers.reply import Reply, done, said
from bot.asking import Ask, Asked
from bot.buttons.base import view_of
from bot.buttons.rows import RowButton, list_reply, really
from bot.commands import choices, source_add
from bot.commands.entries import listed
from bot.nouns import Listing, Noun
from watchers.models import ReadPolicy
from watchers.storage import editing, health
from watchers.storage.health import SourceHealth
from watchers.storage.names import NamedSource, NamedWatch
from watchers.storage.sources import FollowView

LATEST = 3  # of what a source showed
group = app_commands.Group(name="source", description="What is polled: feeds, sitemaps and pages")
Choice = app_commands.autocomplete(name=choices.sources)


@group.command(name="add", description="Follow an address: you see what it shows, and what would match, before saving")
@app_commands.describe(
    url="The address of a feed, a sitemap or a web page",
    name="What it is called; without, its title",
    every="How often to look, as 15m or 2h; without, as often as it has news",
    read="Which of its articles are read on their own pages; without, all",
    tag="Tags by which watches may choose it, separated by commas",
)
@app_commands.autocomplete(tag=choices.tags)
async def add(
    interaction: Asked,
    url: str,
    name: str = "",
    every: str | None = None,
    read: ReadPolicy = "all",
    tag: str = "",
) -> None:
    """Look at it, and answer with a preview."""
    ask = Ask(interaction, "source add")
    await ask.think()
    await source_add.propose(ask, url, name=name, every=every, read=read, tags=listed(tag))


@group.command(name="list", description="The desk's sources, and how each does")
@app_commands.describe(state="Only those that fail, work, are new or rest")
async def list_(interaction: Asked, state: Literal["failing", "ok", "new", "paused"] | None = None) -> None:
    """Show the first page."""
    ask = Ask(interaction, "source list")
    await ask.think()
    await ask.answer(await list_reply(ask, "source", state or ""))


@group.command(name="show", description="A source: how it does, what it showed last, which watches listen to it")
@app_commands.describe(name="The source")
@Choice
async def show_(interaction: Asked, name: str) -> None:
    """Show it."""
    ask = Ask(interaction, "source show")
    await ask.think()
    await ask.answer(await show(ask, _chosen(ask, name)))


@group.command(name="test", description="Look at a source now: what it shows and what would match. Nothing is stored")
@app_commands.describe(name="The source")
@Choice
async def test(interaction: Asked, name: str) -> None:
    """Look once."""
    ask = Ask(interaction, "source test")
    await ask.think()
    await _test(ask, _chosen(ask, name))


@group.command(name="pause", description="Look at a source no more, until it is resumed")
@app_commands.describe(name="The source")
@Choice
async def pause(interaction: Asked, name: str) -> None:
    """Let it rest."""
    ask = Ask(interaction, "source pause")
    await ask.think()
    await _pause(ask, _chosen(ask, name))


@group.command(name="resume", description="Look at a paused source again")
@app_commands.describe(name="The source")
@Choice
async def resume(interaction: Asked, name: str) -> None:
    """Let it work again."""
    ask = Ask(interaction, "source resume")
    await ask.think()
    await _resume(ask, _chosen(ask, name))


@group.command(name="remove", description="Follow a source no more")
@app_commands.describe(name="The source")
@Choice
async def remove(interaction: Asked, name: str) -> None:
    """Ask whether it is meant."""
    ask = Ask(interaction, "source remove")
    await ask.think()
    await ask.answer(await really(ask, "source", _chosen(ask, name)))


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────


async def page(ask: Ask, state: str) -> Listing:
    """The list, those in trouble first; perhaps only those in one state."""
    sources = await ask.read(health.every, ask.desk.id)
    found = [source for source in sources if state in {"", source.state}]
    found.sort(key=lambda source: health.STATES.index(source.state))
    empty = "None yet. Follow one by `/source add`: a feed's address, or any web page's."
    return Listing(
        title=f"Sources: {state}" if state else "Sources",
        lines=tuple(answers.line(source) for source in found),
        empty=empty if not sources else f"No source is {state}. {answers.summary(sources)}",
        head=answers.summary(sources),
    )


async def show(ask: Ask, row: int) -> Reply:
    """A source with what can be done with it."""
    source = await ask.read(health.one, ask.desk.id, row)
    number, latest = await ask.read(health.latest, ask.desk.id, row, LATEST)
    listening = [watch.name for watch in ask.desk.watches if _listens(watch, source)]
    verbs = ["test", "adopt"]
    if source.origin != "file":
        verbs = ["test", "resume" if source.state == "paused" else "pause", "remove"]
    return Reply(
        embed=answers.shown(source, number, latest, listening),
        view=view_of(*(RowButton("source", verb, row) for verb in verbs)),
    )


def _listens(watch: NamedWatch, source: SourceHealth) -> bool:
    chosen = set(watch.sources)
    return watch.state == "active" and (not chosen or source.name in chosen or not chosen.isdisjoint(source.tags))


def _chosen(ask: Ask, name: str) -> int:
    found: NamedSource = choices.chosen("source", name, ask.desk.sources)
    return found.id


async def _test(ask: Ask, row: int) -> None:
    source = await ask.read(health.one, ask.desk.id, row)
    url, memory = await ask.read(health.address_of, ask.desk.id, row)
    parsed = await source_trial.look(ask.office.look, url, memory)
    follow = FollowView(desk_id=ask.desk.id, name=source.name, tags=frozenset(source.tags))
    await ask.answer(Reply(embed=answers.tried(source.name, await source_add.tried(ask, url, parsed, follow))))


async def _pause(ask: Ask, row: int) -> None:
    await ask.write(editing.pause, ask.by, "source", row)
    await ask.answer(await show(ask, row))


async def _resume(ask: Ask, row: int) -> None:
    await ask.write(editing.resume, ask.by, "source", row)
    await ask.answer(await show(ask, row))


async def _remove(ask: Ask, row: int) -> None:
    name = await ask.write(editing.remove, ask.by, "source", row)
    await ask.answer(done(f"Source {said(name)} is followed no more."))


async def _adopt(ask: Ask, row: int) -> None:
    await ask.write(editing.adopt, ask.by, "source", row)
    await ask.answer(await show(ask, row))


NOUN = Noun(
    name="source",
    lister=page,
    shower=show,
    verbs={"test": _test, "pause": _pause, "resume": _resume, "remove": _remove, "adopt": _adopt},
)

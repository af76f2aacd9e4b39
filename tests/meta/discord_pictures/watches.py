"""Pictures of what the commands about watches and entities answer, and of what they refuse."""

from tests.bot.chat.newsroom import fill, message
from tests.meta.discord_pictures.album import Album, answered
from tests.meta.discord_pictures.gull import Gull

QUERY = '("license plate" OR camera*) AND (@papd OR police) AND NOT festival'


async def added(gull: Gull, album: Album) -> None:
    """A watch on its way: refused, tried, saved."""
    ask = gull.ann.slash
    here = gull.newsroom
    refused = await ask(here, "watch add", name="plates", query="(license plate OR camera*) AND police")
    album.keep("watch-refused", await answered(refused, "/watch add"))
    form = await ask(here, "watch add", name="plates")
    album.keep("watch-form", await answered(form, "/watch add"))
    tried = await ask(
        here, "watch add", name="plates", query=QUERY, tag="policing", channel=gull.places["policing"], when="hourly"
    )
    preview = await answered(tried, "/watch add")
    album.keep("watch-add", preview)
    await gull.ann.click(message(tried), label="Save")
    album.keep("watch-saved", await answered(tried, "/watch add"))
    nothing = await ask(here, "watch add", name="balloons", query='("weather balloon*" OR airship) AND police')
    album.keep("watch-nothing", await answered(nothing, "/watch add"))
    await gull.ann.click(message(nothing), label="Discard")


async def kept(gull: Gull, album: Album) -> None:
    """Watches that are there: shown, listed, tried, changed, paused, removed, brought back."""
    ask, here = gull.ann.slash, gull.newsroom
    album.keep("watch-list", await answered(await ask(here, "watch list"), "/watch list"))
    album.keep("watch-show", await answered(await ask(here, "watch show", name="face-recognition"), "/watch show"))
    album.keep("watch-test", await answered(await ask(here, "watch test", name="vendors", days=3), "/watch test"))
    opened = await ask(here, "watch edit", name="plates")
    form = await answered(opened, "/watch edit")
    query = QUERY.replace(" AND NOT festival", "")
    changed = await fill(gull.ann, opened, {"Query": query, "Tags": "policing", "Sources": "local, wire"})
    album.keep("watch-edit", form)
    album.keep("watch-change", await answered(changed))
    await gull.ann.click(message(changed), label="Save")
    paused = await ask(here, "watch pause", name="plates", hours=8)
    was = await answered(paused, "/watch pause")
    resumed = await ask(here, "watch resume", name="plates")
    album.keep("watch-pause", was, await answered(resumed, "/watch resume"))
    asked = await ask(here, "watch remove", name="plates")
    question = await answered(asked, "/watch remove")
    await gull.ann.click(message(asked), label="Yes, remove it")
    album.keep("watch-remove", question, await answered(asked, "/watch remove"))
    await gull.pass_minutes(2)
    album.keep("watch-undo", await answered(await ask(here, "watch undo"), "/watch undo"))


async def refused(gull: Gull, album: Album) -> None:
    """Who may not, and a row of the watch-list file with its way out."""
    reader = await gull.cy.slash(gull.newsroom, "watch pause", name="in-court")
    typo = await gull.ann.slash(gull.newsroom, "watch show", name="in-cort")
    album.keep("refused", await answered(reader, "/watch pause", "Cy"), await answered(typo, "/watch show"))
    locked = await gull.ann.slash(gull.newsroom, "watch edit", name="vendors")
    before = await answered(locked, "/watch edit")
    adopted = await gull.ann.click(message(locked), label="Adopt this watch")
    album.keep("refused-file", before, await answered(adopted))


async def entities(gull: Gull, album: Album) -> None:
    """Entities: added, listed, changed, removed."""
    ask, here = gull.ann.slash, gull.newsroom
    new = await ask(
        here, "entity add", name="board", full_name="Police Oversight Board", aliases="Oversight Board, POB"
    )
    album.keep("entity-add", await answered(new, "/entity add"))
    album.keep("entity-list", await answered(await ask(here, "entity list"), "/entity list"))
    opened = await ask(here, "entity edit", name="board")
    form = await answered(opened, "/entity edit")
    await fill(gull.ann, opened, {"Full name": "Police Oversight Board", "Other names": "Oversight Board"})
    album.keep("entity-edit", form)
    asked = await ask(here, "entity remove", name="papd")
    question = await answered(asked, "/entity remove")
    await gull.ann.click(message(asked), label="Yes, remove it")
    album.keep("entity-remove", question, await answered(asked, "/entity remove"))

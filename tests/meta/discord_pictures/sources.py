"""Pictures of what the commands about sources, stories and digests answer."""

from tests.bot.chat.newsroom import message
from tests.meta.discord_pictures.album import Album, answered
from tests.meta.discord_pictures.gull import Gull

KNOWN = "https://lantern-rights.example/2025/10/14/know-your-rights-when-you-rent-a-room"


async def sources(gull: Gull, album: Album) -> None:
    """Sources: followed, listed, shown, looked at, paused, removed."""
    ask, here = gull.ann.slash, gull.newsroom
    tried = await ask(here, "source add", url="https://ropewalk-business.example/latest.xml", tag="money")
    preview = await answered(tried, "/source add")
    await gull.ann.click(message(tried), label="Save")
    album.keep("source-add", preview, await answered(tried))
    choice = await ask(here, "source add", url="https://saltmarsh-sports.example/")
    album.keep("source-feeds", await answered(choice, "/source add"))
    album.keep("source-list", await answered(await ask(here, "source list"), "/source list"))
    album.keep("source-show", await answered(await ask(here, "source show", name="mill-street-post"), "/source show"))
    album.keep("source-test", await answered(await ask(here, "source test", name="quayside"), "/source test"))
    paused = await ask(here, "source pause", name="policy-412")
    was = await answered(paused, "/source pause")
    resumed = await ask(here, "source resume", name="policy-412")
    album.keep("source-pause", was, await answered(resumed, "/source resume"))
    await gull.pass_minutes(3)
    asked = await ask(here, "source remove", name="causeway")
    question = await answered(asked, "/source remove")
    await gull.ann.click(message(asked), label="Yes, remove it")
    album.keep("source-remove", question, await answered(asked, "/source remove"))
    await gull.pass_minutes(4)


async def stories(gull: Gull, album: Album) -> None:
    """Stories: found, shown, made known; and what was told, as a digest."""
    ask, here = gull.ann.slash, gull.newsroom
    found = await ask(here, "story search", text="police council")
    album.keep("story-search", await answered(found, "/story search"))
    chosen = message(found).components[0]["components"][0]["options"][2]["value"]
    opened = await gull.ann.select(message(found), values=[chosen])
    album.keep("story-show", await answered(opened))
    known = await ask(here, "story known", url=KNOWN)
    album.keep("story-known", await answered(known, "/story known"))
    album.keep("digest-now", await answered(await ask(here, "digest now", hours=2), "/digest now"))

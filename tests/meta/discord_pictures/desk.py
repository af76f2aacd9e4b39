"""Pictures of what the commands about the desk and its routes answer, and of help and status."""

import re
from pathlib import Path
from typing import Any

from sqlalchemy import update

from tests.bot.chat.newsroom import message
from tests.meta.discord_pictures.album import Album, answered
from tests.meta.discord_pictures.gull import Gull
from watchers.storage.schema import entities, follows, watches

WATCHLIST = Path(__file__).with_name("watchlist.yaml")
SCHOOLS = b"""
version: 1
entities:
  schools: {name: Port Alder Public Schools, aliases: [PAPS]}
watches:
  schools: {query: "@schools AND (camera* OR software)", tags: [schools]}
  camera-rules: {query: "camera* AND rules", tags: [policing, schools]}
sources:
  saltmarsh-sports: {url: "https://saltmarsh-sports.example/scores.rss", every: 2h, tags: [sports]}
"""
MEASURED = re.compile(r"database \S+ \w+ · Discord \d+ ms")  # is another each time
OF_FILE = ((watches, "vendors"), (follows, "city-clerk"), (entities, "plover"))


async def opened(gull: Gull, album: Album) -> None:
    """The desk is made, gets its watch list and its routes."""
    ask, here = gull.bo.slash, gull.newsroom
    welcome = await gull.ann.slash(here, "help")
    album.keep("help-before-setup", await answered(welcome, "/help"))
    made = await ask(here, "desk setup", channel=here, editors_role=gull.roles["editors"], timezone="Europe/London")
    album.keep("desk-setup", await answered(made, "/desk setup", "Bo"))
    await ask(here, "desk import", file=(WATCHLIST.name, WATCHLIST.read_bytes()), mode="merge")
    await gull.pass_minutes(10)
    previewed = await gull.ann.slash(here, "desk import", file=("schools.yaml", SCHOOLS))
    preview = await answered(previewed, "/desk import")
    await gull.ann.click(message(previewed), label="Merge")
    album.keep("desk-import", preview, await answered(previewed, "/desk import"))
    await gull.database.write(_of_file)
    await gull.office.refresh()


def _of_file(connection: Any) -> None:
    """Some rows are the watch-list file's, as on a desk that one feeds."""
    for table, name in OF_FILE:
        connection.execute(update(table).where(table.c.name == name).values(origin="file"))


async def routed(gull: Gull, album: Album) -> None:
    """Where alerts go."""
    ask, here = gull.bo.slash, gull.newsroom
    policing, courts, overview = (gull.places[name] for name in ("policing", "courts", "overview"))
    for name in ("face-recognition", "surveillance-policy", "camera-rules"):
        await ask(here, "route clear", watch=name)
    led = await ask(here, "route set", channel=policing, tag="policing", role=gull.roles["city-desk"])
    of_tag = await answered(led, "/route set", "Bo")
    led = await ask(here, "route set", channel=courts, watch="in-court", quiet="22:00-07:00")
    of_watch = await answered(led, "/route set", "Bo")
    album.keep("route-set", of_tag, of_watch)
    cleared = await ask(here, "route clear", watch="in-court", channel="newsroom")
    album.keep("route-clear", await answered(cleared, "/route clear", "Bo"))
    await ask(here, "route set", channel=overview, tag="policing", when="hourly")
    album.keep("route-list", await answered(await gull.ann.slash(here, "route list"), "/route list"))
    tested = await ask(here, "route test", channel=courts)
    await gull.work()
    album.keep("route-test", await answered(tested, "/route test", "Bo"))


async def run(gull: Gull, album: Album) -> None:
    """How the desk does, what was done at it, its list as a file, its alerts held and let go."""
    here = gull.newsroom
    standing = await answered(await gull.cy.slash(here, "status"), "/status", "Cy")
    footer = standing.payload["embeds"][0]["footer"]
    footer["text"] = MEASURED.sub("database 12.4 MB · Discord 41 ms", footer["text"])
    album.keep("status", standing)
    album.keep("help", await answered(await gull.cy.slash(here, "help"), "/help", "Cy"))
    rights = await gull.cy.slash(here, "help", topic="permissions")
    album.keep("help-permissions", await answered(rights, "/help", "Cy"))
    album.keep("desk-export", await answered(await gull.ann.slash(here, "desk export"), "/desk export"))
    listed = await gull.ann.slash(here, "desk audit")
    acts = await answered(listed, "/desk audit")
    album.keep("desk-audit", acts)
    act = message(listed).components[0]["components"][0]["options"][5]["value"]
    one = await gull.ann.select(message(listed), values=[act])
    album.keep("desk-act", await answered(one))
    held = await answered(await gull.ann.slash(here, "desk pause-all"), "/desk pause-all")
    album.keep("desk-pause", held, await answered(await gull.ann.slash(here, "desk resume-all"), "/desk resume-all"))

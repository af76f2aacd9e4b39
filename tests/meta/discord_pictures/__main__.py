"""Make the pictures: all, or those that are named."""

import asyncio
import logging
import sys
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from tests.meta.discord_pictures import alerts, desk, sources, watches
from tests.meta.discord_pictures.album import FOLDER, Album
from tests.meta.discord_pictures.gull import daily_gull


async def make(wanted: Collection[str]) -> None:
    """Live the day, and take the pictures on the way. Those that nobody takes any more are deleted."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        async with daily_gull(Path(folder)) as gull:
            album = Album(gull, wanted)
            await desk.opened(gull, album)
            await desk.routed(gull, album)
            await alerts.stories(gull, album)
            await alerts.others(gull, album)
            await gull.until("12:40")
            await alerts.buttons(gull, album)
            await alerts.menus(gull, album)
            await gull.pass_minutes(5)
            await watches.added(gull, album)
            await gull.pass_minutes(5)
            await watches.kept(gull, album)
            await watches.refused(gull, album)
            await gull.pass_minutes(5)
            await watches.entities(gull, album)
            await sources.sources(gull, album)
            await sources.stories(gull, album)
            await desk.run(gull, album)
            alerts.later(album)
    for picture in FOLDER.glob("*.png"):
        if picture.stem not in album.kept:
            picture.unlink()
    unknown = sorted(set(wanted) - set(album.kept))
    if unknown:
        sys.exit(f"no picture is called {', '.join(unknown)}: there are {', '.join(album.kept)}")


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(make(sys.argv[1:]))

"""`wiredesk doctor`: everything a desk needs, looked at once; each source and channel asked once. Nothing is stored."""

import asyncio
import os
from dataclasses import asdict

from rich.console import Console
from rich.progress import Progress

from bot import doctor_discord
from bot.cli import context
from bot.cli.output import answer_console, emit, table
from bot.cli.rows import Json
from bot.doctor import Finding, house, visit, watched
from bot.doctor_desk import Known, known
from config.settings import Settings


def doctor(as_json: Json = False) -> None:
    """Look at settings, database, channels and every source, and say what is wrong and what to do."""
    settings = context.settings()
    desk = known(settings)
    found = []
    for finding in house(settings, os.environ, context.now(), desk):
        found.append(finding)
        if as_json:
            emit(asdict(finding))
    found.extend(asyncio.run(_discord(settings, as_json=as_json)))
    found.extend(asyncio.run(_sources(settings, desk, as_json=as_json)))
    if as_json:
        return
    console = answer_console(as_json=False)
    order = {"source": 1}
    found.sort(key=lambda finding: (order.get(finding.check, 0), finding.ok if finding.check == "source" else True))
    links = [each.detail for each in found if each.subject == doctor_discord.INVITATION]
    rows = [
        ("ok" if each.ok else "!!", each.check, each.subject, "below" if each.detail in links else each.detail)
        for each in found
    ]
    table(console, ("", "check", "subject", "found"), rows, empty="")
    for link in links:
        # Never broken into lines: it is to be clicked, or copied whole.
        console.print(f"\nInvite the bot: {link}", soft_wrap=True, markup=False, highlight=False)
    wrong = sum(not each.ok for each in found)
    console.print(f"\n{wrong} of {len(found)} need a look." if wrong else f"\nAll {len(found)} are well.")


async def _discord(settings: Settings, *, as_json: bool) -> list[Finding]:
    found = []
    async for finding in doctor_discord.visit(settings, doctor_discord.places(settings)):
        found.append(finding)
        if as_json:
            emit(asdict(finding))
    return found


async def _sources(settings: Settings, desk: Known, *, as_json: bool) -> list[Finding]:
    found = []
    sources = watched(settings, desk)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Fetching each source once", total=len(sources))
        async for finding in visit(settings, sources, desk):
            found.append(finding)
            progress.advance(task)
            if as_json:
                emit(asdict(finding))
    return found

"""A desk on its schedule, until it is told to stop: the clockwork wired to signals and nightly upkeep."""

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Event

from bot.app import Newsdesk
from bot.prepare import save_backup
from config.settings import Settings
from watchers.scheduler import Scheduler
from watchers.storage import backup, outbox
from watchers.upkeep import Upkeep

BACKUPS_KEPT = 7
ENDING = (signal.SIGTERM, signal.SIGINT)


async def run_until_stopped(
    desk: Newsdesk, settings: Settings, *, beside: Callable[[Scheduler], None] | None = None
) -> str | None:
    """Take over what a crash left, then tick until Ctrl-C, SIGTERM, or whatever `beside` decides.

    Returns the name of the signal that ended it; None where `beside` did.
    """
    await desk.database.write(outbox.recover, desk.clock())
    scheduler = _scheduler(desk, settings)
    loop = asyncio.get_running_loop()
    received: list[str] = []

    def stop(number: signal.Signals) -> None:
        received.append(number.name)
        scheduler.stop()

    for number in ENDING:  # until the loop is closed: who asks again, while all is put away, breaks nothing off
        loop.add_signal_handler(number, stop, number)
    if beside is not None:
        beside(scheduler)
    async with desk.in_discord():
        await scheduler.run()
    return received[0] if received else None


def _scheduler(desk: Newsdesk, settings: Settings) -> Scheduler:
    def back_up(now: datetime, stop: Event) -> Path:
        path = save_backup(desk.database, settings, now, stop=stop)
        backup.prune(path.parent, BACKUPS_KEPT)
        return path

    upkeep = Upkeep(
        database=desk.database,
        listener=desk.listener,
        back_up=back_up,
        clock=desk.clock,
        demo=desk.drain.demo,
    )
    return Scheduler(
        database=desk.database,
        pipeline=desk.pipeline,
        drain=desk.drain,
        keeper=desk.keeper,
        refresh=desk.refresh,
        upkeep=upkeep.nightly,
        clock=desk.clock,
        on_polled=lambda _: None,  # on a schedule, how the desk stands says more than what was done
        on_beat=desk.outlook.on_beat,
    )

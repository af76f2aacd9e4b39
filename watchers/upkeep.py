"""What the desk does for itself each night: a backup, retention, and a note on watches and sources worth a look.

What nobody comes back for is deleted: texts, drafts, and desks whose server the bot was removed from.

Asked at every tick; acts once a local day, after half past three, and remembers the day in the database.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import structlog

from watchers.errors import CannotRun
from watchers.listening import Listener
from watchers.storage import drafts, guilds, hygiene, meta, notices
from watchers.storage.database import Database

log = structlog.get_logger(__name__)

AT = time(3, 30)
TEXTS_KEPT = timedelta(days=30)  # of articles that no watch matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """The nightly work."""

    database: Database
    listener: Listener
    back_up: Callable[[datetime, Event], object]  # blocking; runs in a thread, and ends soon after the event is set
    clock: Callable[[], datetime]
    demo: bool = False

    async def nightly(self) -> None:
        """Do the night's work if it is due and not done."""
        now = self.clock()
        desks = (await self.listener.current()).told.desks
        zone = ZoneInfo(desks[0].timezone) if desks else ZoneInfo("UTC")
        local = now.astimezone(zone)
        night = local.date() if local.time() >= AT else local.date() - timedelta(days=1)
        done = await self.database.read(meta.get, meta.UPKEEP)
        if done is None:
            # A new database has nothing to keep up: its first night is still to come.
            await self.database.write(meta.put, meta.UPKEEP, night.isoformat())
            return
        if done == night.isoformat():
            return
        await self._save(now, night)
        forgotten = await self.database.write(hygiene.forget_texts, now - TEXTS_KEPT)
        await self.database.write(drafts.forget, now)
        await self._remove_left(now)
        await self.database.write(hygiene.tell, demo=self.demo, now=now)
        await self.database.write(meta.put, meta.UPKEEP, night.isoformat())
        log.info("nightly upkeep done", texts_forgotten=forgotten)

    async def _remove_left(self, now: datetime) -> None:
        """Delete the desks whose server the bot was removed from long ago, each in a transaction of its own."""
        while (name := await self.database.write(guilds.remove_expired, now)) is not None:
            log.warning("a desk is deleted: its server has had no bot for 30 days", desk=name)

    async def _save(self, now: datetime, night: date) -> None:
        """Back up. A backup that can't be written is the admins' to hear of, and stops nothing."""
        try:
            await self._back_up(now)
        except (CannotRun, OSError) as error:
            log.error("no backup was written", error=str(error))
            text = f"No backup was written this night: {error}. Mend it, then: wiredesk db backup"
            for desk in (await self.listener.current()).told.desks:
                subject = f"backup:{desk.id}:{night.isoformat()}"
                await self.database.write(notices.notice, desk.id, subject, text, demo=self.demo, now=now)

    async def _back_up(self, now: datetime) -> None:
        stop = Event()
        try:
            await asyncio.to_thread(self.back_up, now, stop)
        finally:
            stop.set()  # where this is cancelled, the thread goes on, and the program's end would wait for it

"""One life of a desk: it is started, what was planned befalls it, and how it ended is judged.

    Life ─live→ a process · strikes at requests of the world · its exit code and what it said → problems

What strikes beside the desk (a command that makes a backup, somebody who holds the database, a server that restarts)
does so in a thread, so that the world answers on meanwhile.
"""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError

from tests.soak.plan import Life, Misfortune, Strike
from tests.soak.program import LONGEST, Run
from tests.soak.stage import LARGEST, Setting
from tests.soak.world import World
from watchers.errors import CannotRun
from watchers.storage.database import Database

QUIET = 1.2  # seconds without a request, after which nothing is to be expected any more, and the end strikes
NOTICED = 2.0  # seconds after which a desk that never met the full disk is told to stop
HELD = (0.2, 2.0)  # seconds for which somebody else has the database
JUMPS = tuple(hours * 3600.0 for hours in (-26, -1, -0.025, 0.025, 1, 26, 9 * 24))
LEFT = (0, 4 << 10, 16 << 10, 48 << 10)  # bytes on a full disk
REFUSALS = {
    Misfortune.FULL: ("the disk is full", "disk I/O error", "No space left", "can't be written", "can't be made"),
    Misfortune.RESTART: ("the database can't be reached",),
}
_LOOK_EVERY = 0.02


@dataclass(slots=True, kw_only=True)
class Living:
    """A life that is being led. `struck` and `problems` grow."""

    setting: Setting
    world: World
    life: Life
    struck: Counter[Misfortune] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    _run: Run | None = None
    _full_since: float | None = None
    _requests_before: int = 0
    _struck_end: bool = False
    _ending: threading.Lock = field(default_factory=threading.Lock)
    _ready: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)
    _aside: list[threading.Thread] = field(default_factory=list)

    def lead(self) -> None:
        """Start the desk, wait for its end, and judge that."""
        world, life = self.world, self.life
        for strike in life.beside:
            world.arm(strike.request, self._soon(self._beside, strike))
        if life.end.request:
            world.arm(life.end.request, self._end if not life.end.lag else self._soon(self._end_later))
        world.life += 1
        self._requests_before = world.requests
        self._run = self._start("run", *([] if life.on else ["--once"]), largest=self._largest())
        self._ready.set()
        if not life.end.request:
            self._soon(self._end_later)()
        try:
            code = self._wait(self._run)
        finally:
            world.disarm()
            self._over.set()
            for thread in self._aside:
                thread.join(LONGEST)
            if self._full_since is not None and self.setting.disk:
                self.setting.disk.free()
        if code == 0:
            world.well_ended.add(world.life)
        self.problems += self.wrong_with_end(code, self._run.said)

    def _start(self, *arguments: str, largest: int | None = None) -> Run:
        world = self.world
        return self.setting.program.start(
            *arguments, environment=world.environment, folder=world.folder, skew=world.clock, largest=largest
        )

    def _largest(self) -> int | None:
        """Where no disk can be filled, no file may grow beyond this: to the program that is the same."""
        if self.life.end.what is not Misfortune.FULL or self.setting.disk:
            return None
        self.struck[Misfortune.FULL] += 1
        low, high = LARGEST
        return int(low + (high - low) * self.life.end.size)

    def _wait(self, run: Run) -> int:
        until = time.monotonic() + LONGEST
        while (code := run.ended()) is None:
            now = time.monotonic()
            if now > until:
                run.kill()
                self.problems.append(f"not ended within {LONGEST:.0f} s: {run.said[-500:]}")
            if self.life.on and self._at_rest():
                self._end()
            if self._full_since is not None and now - self._full_since > NOTICED:
                self._full_since = now
                self._signal(signal.SIGTERM)
            time.sleep(_LOOK_EVERY)
        return code

    def _at_rest(self) -> bool:
        """It has polled, and asks nothing more."""
        return self.world.requests > self._requests_before and self.world.quiet > QUIET

    def _signal(self, number: int) -> None:
        self._ready.wait()
        assert self._run is not None
        with suppress(ProcessLookupError):  # it ended by itself in this moment
            os.kill(self._run.pid, number)

    def _end(self) -> bool:
        """Strike, once. True: the desk is dead."""
        with self._ending:
            if self._struck_end:
                return False
            self._struck_end = True
        what = self.life.end.what
        if what is Misfortune.FULL:
            self._fill()
        else:
            self.struck[what] += 1
            self._signal(signal.SIGKILL if what is Misfortune.KILL else signal.SIGTERM)
        return what is Misfortune.KILL

    def _end_later(self) -> None:
        if not self._over.wait(self.life.end.lag):
            self._end()

    def _fill(self) -> None:
        if self.setting.disk:
            self.struck[Misfortune.FULL] += 1
            self.setting.disk.fill(LEFT[int(self.life.end.size * len(LEFT))])
        self._full_since = time.monotonic()

    def _soon(self, work: Callable[..., None], *arguments: Strike) -> Callable[[], None]:
        """As an action that does it beside whoever calls it."""

        def begin() -> None:
            thread = threading.Thread(target=work, args=arguments, daemon=True)
            self._aside.append(thread)
            thread.start()

        return begin

    def _beside(self, strike: Strike) -> None:
        self.struck[strike.what] += 1
        match strike.what:
            case Misfortune.JUMP:
                self.world.skew.jump(JUMPS[int(strike.size * len(JUMPS))])
            case Misfortune.LOCK:
                self._hold(strike.size)
            case Misfortune.BACKUP:
                self._back_up()
            case _:
                assert self.setting.postgres is not None
                self.setting.postgres.restart("fast" if strike.size < 0.5 else "immediate")

    def _hold(self, size: float) -> None:
        """Write something as another program does, and take long for it."""
        with (
            suppress(CannotRun, DBAPIError, OSError),  # the server restarts meanwhile
            Database(self.setting.url) as database,
            database.writing(),
        ):
            self._over.wait(HELD[0] + (HELD[1] - HELD[0]) * size)

    def _back_up(self) -> None:
        run = self._start("db", "backup")
        code = run.wait()
        disturbed = self.struck[Misfortune.FULL] or self.struck[Misfortune.RESTART]
        if code != 0 and not disturbed:
            self.problems.append(f"a backup beside the desk ended with {code}: {run.said[-500:]}")

    def wrong_with_end(self, code: int, said: str) -> list[str]:
        """An end that nothing explains."""
        if "Traceback" in said:
            return [f"a bug: {said[-2000:]}"]
        if code == 0:
            stopped = self.struck[Misfortune.STOP] or self.struck[Misfortune.FULL] or not self.life.on
            return [] if stopped else [f"a desk ended that nobody stopped: {said[-500:]}"]
        if code == -signal.SIGKILL and self.struck[Misfortune.KILL]:
            return []
        # `run --once` has no end in good order, nor has a desk that only starts.
        if code == -signal.SIGTERM and (self.struck[Misfortune.STOP] or self.struck[Misfortune.FULL]):
            early = self.life.end.request == 0
            return [] if early or not self.life.on else [f"a stop ended the desk without order: {said[-500:]}"]
        refusals = [words for what in REFUSALS if self.struck[what] for words in REFUSALS[what]]
        if code == 1 and any(words in said for words in refusals):
            return []
        return [f"a desk ended with {code}: {said[-1000:]}"]

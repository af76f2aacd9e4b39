"""How long chat waits: every command, button and autocomplete of a busy desk, while it polls and while it doesn't.

    told, month → a database ─`wiredesk run` as a process→ the fake Discord ←people─ shifts: everything, again and again
                                └─polls→ press: outlets that have news whenever they are asked

First nothing is due, then everything is: 2,000 sources, each with new entries whose pages are read, matched, placed and
told. Three people work at once. Seconds to the first answer (Discord waits for three) and to the last.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGTERM
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import ClassVar, Final

from sqlalchemy import func, select, update

from tests.benchmarks import month, press, told
from tests.benchmarks.measure import shown
from tests.benchmarks.shifts import OUTLETS, TURNS, Person, Waits, left_out, shift, take_back
from tests.benchmarks.told import Place
from tests.fakes.discord import Channel, FakeDiscord, Guild
from tests.soak.program import Program
from watchers.storage import migrate, schema
from watchers.storage.database import Database
from watchers.storage.location import database_url

DEADLINE: Final = 3.0  # Discord's
PATIENCE: Final = 120.0  # the fake's in its place, so that what is late is measured
SETTLED: Final = 10.0  # seconds after the start in which sources begin to be polled
ROOMS: Final = ("newsroom", "city", "courts", "police", "weather")
_SAID: Final = 12_000  # characters of the desk's own words, where something went wrong
PHASES: Final = ("idle", "loaded")
PEOPLE: Final = 3  # at work at once
SPARE: Final = PEOPLE * TURNS * OUTLETS  # outlets that nobody follows yet, a phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A line of the table: what was asked for, and the p50 and p99 of its answers, without polling and with it."""

    HEADINGS: ClassVar = ("asked for", "times", "first answer", "polling", "last answer", "polling", "in 3 s")
    ALIGNED: ClassVar = ("---", "--:", "--:", "--:", "--:", "--:", "---")

    asked: str
    times: int
    first: tuple[str, str]
    last: tuple[str, str]
    in_time: str  # whether Discord's deadline was kept

    @property
    def cells(self) -> tuple[str, ...]:
        """As the table shows them."""
        return self.asked, str(self.times), *self.first, *self.last, self.in_time


def rows() -> Iterator[Wait]:
    """Every line of this group."""
    began = datetime.now(UTC)
    with (
        TemporaryDirectory(prefix="wiredesk-bench-") as folder,
        press.press(origins=told.SOURCES + len(PHASES) * SPARE, began=began) as outlets,
        FakeDiscord() as discord,
        Program() as program,
    ):
        discord.deadline = discord.timeout = PATIENCE
        newsroom = Newsroom(discord, program, Path(folder), outlets)
        newsroom.fill(began)
        waits = {}
        for number, phase in enumerate(PHASES):
            newsroom.due(number == 1, began)
            spare = outlets[told.SOURCES + number * SPARE :][:SPARE]
            with newsroom.running():
                if number == 1:
                    time.sleep(SETTLED)
                waits[phase] = newsroom.work(spare, number * PEOPLE)
        polls, articles = newsroom.done_since(began)
    yield from _lines(waits["idle"], waits["loaded"])
    beside = f"meanwhile: {polls:,} sources polled, {articles:,} articles read"
    yield Wait(asked=beside, times=0, first=("", ""), last=("", ""), in_time="")


def _lines(idle: Waits, loaded: Waits) -> Iterator[Wait]:
    for asked in sorted(idle.first):
        yield Wait(
            asked=asked,
            times=len(loaded.first[asked]),
            first=(_told(idle.first[asked]), _told(loaded.first[asked])),
            last=(_told(idle.last[asked]), _told(loaded.last[asked])),
            in_time="all" if max((*idle.first[asked], *loaded.first[asked])) < DEADLINE else "not all",
        )


def _told(seconds: list[float]) -> str:
    """The 50th and the 99th percentile."""
    if not seconds:
        return ""
    at = quantiles([*seconds, *seconds], n=100, method="inclusive")
    return f"{shown(at[49])} / {shown(at[98])}"


class Newsroom:
    """A chat server, and the desk that serves it."""

    def __init__(self, discord: FakeDiscord, program: Program, folder: Path, outlets: tuple[str, ...]) -> None:
        self.discord, self.program, self.folder, self.outlets = discord, program, folder, outlets
        self.guild: Guild = discord.guild("The Daily")
        self.rooms: list[Channel] = [self.guild.channel(name) for name in ROOMS]
        self.editors = self.guild.role("editors")
        self.people = [
            self.guild.member(f"ann{number}", roles=[self.editors], manage_guild=True) for number in range(PEOPLE)
        ]
        (folder / "watchlist.yaml").write_text("version: 1\n")

    def fill(self, began: datetime) -> None:
        place = Place(
            guild=self.guild.id, role=self.editors.id, channels=tuple((room.id, room.name) for room in self.rooms)
        )
        with self._database() as database:
            migrate.upgrade(database)
            with database.writing() as connection:
                month.fill(connection, told.set_up(connection, place, self.outlets, began))

    def due(self, due: bool, began: datetime) -> None:
        """Whether every source is due, or none for a day."""
        with self._database() as database, database.writing() as connection:
            connection.execute(update(schema.sources).values(next_at=began + timedelta(days=not due)))

    def done_since(self, began: datetime) -> tuple[int, int]:
        """How many sources were polled, and how many articles were read."""
        with self._database() as database, database.reading() as connection:
            polled = select(func.count()).where(schema.sources.c.last_polled_at > began)
            read = select(func.count()).where(schema.articles.c.first_seen > began)
            return connection.execute(polled).scalar_one(), connection.execute(read).scalar_one()

    @contextmanager
    def running(self) -> Iterator[None]:
        """The desk at work, its newest alerts posted."""
        environment = {
            "WIREDESK_WATCHLIST": str(self.folder / "watchlist.yaml"),
            "WIREDESK_DATA": str(self.folder / "data"),
            "WIREDESK_ALLOW_HOSTS": "127.0.0.1",
            "WIREDESK_DISCORD_API": self.discord.api,
            "WIREDESK_BURST": str(month.WAITING),
            "WIREDESK_MAX_WATCHES": str(2 * told.WATCHES),
            "WIREDESK_MAX_SOURCES": str(2 * told.SOURCES),
            "DISCORD_TOKEN": self.discord.token,
        }
        run = self.program.start("run", environment=environment, folder=self.folder)
        try:
            self.discord.wait_ready()
            self.discord.until(
                lambda: sum(len(room.messages) for room in self.rooms) >= month.WAITING, "the alerts that waited"
            )
            yield
        except AssertionError as error:
            error.add_note(run.said[-_SAID:])
            raise
        finally:
            run.signal(SIGTERM)
            assert run.wait(60) == 0, run.said
            self.discord.wait_gone()

    def work(self, spare: tuple[str, ...], first: int) -> Waits:
        """Everybody's shifts, all at once; every command, every autocomplete and every kind of button is in them.

        `first`: the number of the first person, by which everybody works on rows of their own.
        """
        waits = Waits()
        each = SPARE // PEOPLE
        people = [
            Person(
                discord=self.discord,
                who=member,
                number=first + number,
                rooms=self.rooms,
                editors=self.editors,
                waits=waits,
                outlets=iter(spare[number * each :][:each]),
            )
            for number, member in enumerate(self.people)
        ]
        with ThreadPoolExecutor(PEOPLE) as pool:
            list(pool.map(_shifts, people))
        take_back(people[0])
        missing = left_out(self.discord, waits)
        assert not missing, f"nobody used {', '.join(missing)}"
        return waits

    def _database(self) -> Database:
        return Database(database_url("", self.folder / "data"))


def _shifts(person: Person) -> None:
    for turn in range(TURNS):
        shift(person, turn)

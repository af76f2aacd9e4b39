"""The keeper: posts are edited until they show everyone who tells their story, beside the drain and at its pace."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.databases import scratch
from tests.fakes.leaping import leap
from tests.fakes.office import FakeChannel, Office, passed
from tests.storage.building import MINUTE, NOW, Desk, reading
from watchers.delivery import Channel
from watchers.models import Outgoing, Reading, Refused, Retry, SendResult, Sent
from watchers.posts import Keeper
from watchers.storage import posts

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class EditingChannel(FakeChannel):
    """One whose posts can be changed."""

    edit_answers: list[SendResult] = field(default_factory=list)
    edits: list[tuple[float, str, int]] = field(default_factory=list)  # when, which, showing how many copies

    async def edit(self, outgoing: Outgoing, message_id: str) -> SendResult:
        self.edits.append((passed(), message_id, len(outgoing.alert.copies)))
        if self.held is not None:
            await self.held.wait()
        return self.edit_answers.pop(0) if self.edit_answers else Sent(message_id)


@dataclass(slots=True)
class Newsroom:
    """An office whose newsroom can edit, and that was told of a story."""

    office: Office
    channel: EditingChannel
    keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        self.office.newsroom = self.channel
        drain = self.office.drain()
        self.keeper = Keeper(
            database=self.office.desk.database, channels=drain.channels, clock=drain.clock, traffic=drain.traffic
        )

    def copy(self, number: int = 1, *, story: int = 0) -> None:
        """One more outlet has the story."""
        self.office.desk.bring(_told(story, url=f"https://wire{number}.example/{story}", outlet=f"Wire {number}"))

    def keep(self) -> int:
        return leap(self.keeper.once())

    @property
    def shown(self) -> list[int]:
        return [copies for _, _, copies in self.channel.edits]


def _told(story: int, **more: str) -> Reading:
    return reading(f"Quay {story} goes dark", f"Harbor cameras {' '.join(f'w{story}x{n}' for n in range(90))}.", **more)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with scratch(tmp_path) as database:
        office = Office(Desk(database))
        made = Newsroom(office, EditingChannel("newsroom"))
        office.desk.bring(_told(0, url="https://courier.example/0"))
        assert office.once() == 1
        yield made


def test_a_copy_that_arrives_later_edits_the_post_once(newsroom: Newsroom) -> None:
    assert newsroom.keep() == 0
    newsroom.copy()
    assert newsroom.keep() == 1
    assert newsroom.keep() == 0
    assert newsroom.channel.edits == [(0.0, "77", 1)]


def test_many_copies_at_once_are_one_edit(newsroom: Newsroom) -> None:
    for number in range(5):
        newsroom.copy(number)
    newsroom.keep()
    assert newsroom.shown == [5]


def test_an_edit_is_no_post(newsroom: Newsroom) -> None:
    newsroom.copy()
    newsroom.keep()
    assert len(newsroom.channel.posts) == 1
    assert newsroom.office.once() == 0


def test_what_fails_is_tried_again_a_minute_later(newsroom: Newsroom) -> None:
    newsroom.channel.edit_answers = [Retry("503", maybe_taken=True)]
    newsroom.copy()
    assert newsroom.keep() == 0
    assert newsroom.keep() == 0
    newsroom.office.begin = NOW + MINUTE
    assert newsroom.keep() == 1
    assert newsroom.shown == [1, 1]


def test_a_service_that_names_its_wait_is_heeded(newsroom: Newsroom) -> None:
    newsroom.channel.edit_answers = [Retry("30046", after=3600.0)]
    newsroom.copy()
    newsroom.keep()
    newsroom.office.begin = NOW + HOUR - MINUTE
    assert newsroom.keep() == 0
    newsroom.office.begin = NOW + HOUR
    assert newsroom.keep() == 1


def test_a_post_that_people_deleted_is_never_edited_or_posted_again(newsroom: Newsroom) -> None:
    newsroom.channel.edit_answers = [Refused("10008")]
    newsroom.copy(1)
    newsroom.keep()
    newsroom.copy(2)
    newsroom.office.begin = NOW + HOUR
    assert newsroom.keep() == 0
    assert newsroom.office.once() == 0
    assert newsroom.shown == [1]


def test_a_channel_that_lets_nobody_in_is_left_alone_for_an_hour(newsroom: Newsroom) -> None:
    newsroom.office.desk.bring(_told(1, url="https://courier.example/1"))
    newsroom.office.once()
    newsroom.channel.edit_answers = [Refused("403", pause=True)]
    for story in (0, 1):
        newsroom.copy(1, story=story)
    assert newsroom.keep() == 0
    assert newsroom.shown == [1]
    newsroom.office.begin = NOW + HOUR
    assert newsroom.keep() == 1


def test_hard_case_85_a_global_limit_holds_back_edits_and_an_edit_tells_of_one(newsroom: Newsroom) -> None:
    newsroom.channel.edit_answers = [Retry("429", after=30.0, everywhere=True)]

    async def keep() -> list[float]:
        traffic = newsroom.keeper.traffic
        traffic.hold("somewhere", 5.0)
        before = await newsroom.keeper.once()
        await asyncio.sleep(5.0)
        return [before, await newsroom.keeper.once(), traffic.held("somewhere")]

    newsroom.copy()
    assert leap(keep()) == [0, 0, 30.0]
    assert [at for at, _, _ in newsroom.channel.edits] == [5.0]


def test_edits_and_posts_share_the_channel_s_pace(newsroom: Newsroom) -> None:
    newsroom.channel.pace = ((1, 10.0),)
    newsroom.copy()

    async def both() -> None:
        drain = newsroom.office.drain()
        drain.traffic = newsroom.keeper.traffic
        newsroom.office.tell("a")
        await drain.once()
        await newsroom.keeper.once()
        newsroom.office.tell("b")
        await drain.once()

    leap(both())
    assert newsroom.channel.at[1:] == [0.0, 20.0]
    assert [at for at, _, _ in newsroom.channel.edits] == [10.0]


def test_a_channel_that_is_not_connected_is_left(newsroom: Newsroom) -> None:
    newsroom.channel.ready = False
    newsroom.copy()
    assert newsroom.keep() == 0
    newsroom.channel.ready = True
    assert newsroom.keep() == 1


def test_a_channel_that_can_not_edit_is_left(newsroom: Newsroom) -> None:
    plain: dict[int, Channel] = {newsroom.office.desk.channel(): FakeChannel("newsroom")}
    newsroom.keeper.channels = lambda: plain
    newsroom.copy()
    assert newsroom.keep() == 0


def test_a_slow_channel_is_left_to_the_call_that_is_busy_with_it(newsroom: Newsroom) -> None:
    newsroom.copy()

    async def run() -> list[int]:
        newsroom.channel.held = asyncio.Event()
        first = asyncio.ensure_future(newsroom.keeper.once())
        while not newsroom.channel.edits:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
        second = await newsroom.keeper.once()
        newsroom.channel.held.set()
        return [second, await first]

    assert leap(run()) == [0, 1]


def test_a_copy_that_arrives_during_an_edit_is_in_the_next(newsroom: Newsroom) -> None:
    newsroom.copy(1)

    async def run() -> None:
        newsroom.channel.held = asyncio.Event()
        first = asyncio.ensure_future(newsroom.keeper.once())
        while not newsroom.channel.edits:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
        newsroom.copy(2)
        newsroom.channel.held.set()
        await first

    leap(run())
    newsroom.office.begin = NOW + posts.GATHER
    newsroom.keep()
    assert newsroom.shown == [1, 2]

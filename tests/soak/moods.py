"""How a world's outlets and its Discord answer: kind, but for so many troubles."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from tests.fakes.discord import Accept, Cut, RateLimited, Status, Trouble
from tests.fakes.web import Reply

_LOST: tuple[Trouble, ...] = (Status(500, accepts=True), Status(503, accepts=True), Cut(accepts=True))
_UNSENT: tuple[Trouble, ...] = (Status(500), Status(503), Cut())
Mood = Callable[[Reply], Reply]


def outlet_moods(random: Random, troubles: int) -> Iterator[Mood]:
    """What becomes of each answer with a feed."""
    while True:
        if troubles and random.random() < 0.3:
            troubles -= 1
            yield random.choice(_OUTLETS)
        else:
            yield _kind


def discord_moods(random: Random, troubles: int, count: Callable[[], bool]) -> Iterator[Trouble]:
    """An answer for each post and edit. `count` is asked at each, and kills the desk where its moment has come."""
    while True:
        if count():
            yield random.choice((Accept(), Cut()))  # taken, or lost on the way
        elif troubles and random.random() < 0.4:
            troubles -= 1
            limited = (
                RateLimited(round(random.uniform(0.05, 0.3), 2), random.choice(("user", "global", "shared"))),
                RateLimited(1, via=False),
            )
            yield random.choice((*limited, *_LOST, *_UNSENT))
        else:
            yield Accept()


def _kind(feed: Reply) -> Reply:
    return feed


def _broken(feed: Reply) -> Reply:
    return Reply(503, b"<h1>Service unavailable</h1>")


def _maintained(feed: Reply) -> Reply:
    return Reply(200, b"<!doctype html><title>Back soon</title><h1>We are improving our website</h1>")


def _truncated(feed: Reply) -> Reply:
    """Whole as HTTP has it, but its XML breaks off within an entry."""
    return replace(feed, body=feed.body[: len(feed.body) * 2 // 3])


def _cut(feed: Reply) -> Reply:
    """Less than it says, and then nothing."""
    headers = {**feed.headers, "Content-Length": str(len(feed.body)), "Connection": "close"}
    return replace(feed, body=feed.body[: len(feed.body) // 2], headers=headers)


def _empty(feed: Reply) -> Reply:
    return replace(feed, body=b"")


_OUTLETS: tuple[Mood, ...] = (_broken, _maintained, _truncated, _cut, _empty)

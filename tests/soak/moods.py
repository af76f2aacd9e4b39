"""How the fake Discord of a world answers: kind, but for so many troubles, and whatever it does when the desk dies."""

from collections.abc import Callable, Iterator
from random import Random

from tests.fakes.discord import Accept, Cut, RateLimited, Status, Trouble

_LOST: tuple[Trouble, ...] = (Status(500, accepts=True), Status(503, accepts=True), Cut(accepts=True))
_UNSENT: tuple[Trouble, ...] = (Status(500), Status(503), Cut())


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

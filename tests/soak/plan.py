"""What befalls a desk in each of its lives, as a seed draws it."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Misfortune(StrEnum):
    """What can happen. The first three end a life, the others go on beside it."""

    KILL = "SIGKILL"
    STOP = "SIGTERM"
    FULL = "disk full"
    JUMP = "clock jump"
    LOCK = "lock"
    BACKUP = "backup"
    RESTART = "server restart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """A misfortune, and its moment: at that request of the life, and so many seconds later.

    At request 0 the life has just begun. `size` is from 0 up to 1: how long, how full, how far.
    """

    what: Misfortune
    request: int
    lag: float = 0.0
    size: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One start of a desk. `on`: `run`, which only `end` ends; else `run --once`, which may end before."""

    on: bool
    end: Strike
    beside: tuple[Strike, ...] = ()


def draw(random: Random, *, lives: int, requests: int, among: frozenset[Misfortune]) -> list[Life]:
    """So many lives; in each, what strikes does so within so many requests."""
    return [_life(random, requests, among) for _ in range(lives)]


def _life(random: Random, requests: int, among: frozenset[Misfortune]) -> Life:
    ends = [Misfortune.KILL] * 3 + [Misfortune.STOP, Misfortune.FULL]
    end = random.choice([what for what in ends if what in among])
    aside = [Misfortune.JUMP, Misfortune.LOCK, Misfortune.BACKUP]
    if end is not Misfortune.FULL:  # a server that recovers on a full disk is not the desk's to mend
        aside.append(Misfortune.RESTART)
    aside = [what for what in aside if what in among]
    beside = random.sample(aside, min(random.choice((0, 1, 1, 2)), len(aside)))
    starting = end is not Misfortune.FULL and random.random() < 0.15
    at = 0 if starting else random.randint(1, requests)
    lag = random.uniform(0.0, 0.4) if starting else random.choice((0.0, random.uniform(0.0, 0.05)))
    return Life(
        on=random.random() < 0.5,
        end=Strike(what=end, request=at, lag=lag, size=random.random()),
        beside=tuple(Strike(what=what, request=random.randint(1, max(at, 1)), size=random.random()) for what in beside),
    )

"""Who carries a story: the one who had it first, and each other outlet once.

    alert + its copies ─by time→ the first ─┐
                       ─one an outlet, neither the card's own nor the first's→ copies

An outlet that publishes a story again under a new address is one that carries it, and its newest address is the one
that still leads there.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.cards.links import outlet_of, shown_link
from bot.cards.model import Carrier
from bot.cards.words import UNNAMED_OUTLET
from watchers.models import Alert, Teller

_START_OF_TIME = datetime.min.replace(tzinfo=UTC)
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


def carriers(alert: Alert) -> tuple[Carrier, tuple[Carrier, ...]]:
    """Who had an alert's story first, and who else carries it, by time; undated ones last, in order of arrival.

    An undated story stands first itself: nobody can say who was before it.
    """
    own = _own(alert)
    first = own if own.published is None else min((own, *alert.copies), key=_time)
    others = one_an_outlet(alert.copies, without=(own, first))
    return _carrier(first, own=first is own), tuple(map(_carrier, others))


def other_outlets(alert: Alert) -> list[Teller]:
    """The outlets that carry an alert's story beside its own, whoever was first."""
    return one_an_outlet(alert.copies, without=(_own(alert),))


def one_an_outlet(tellers: Iterable[Teller], *, without: Iterable[Teller] = ()) -> list[Teller]:
    """Each outlet's newest telling, by time; nothing of the outlets in `without`. Whoever can't be told is someone."""
    left_out = {_outlet(teller) for teller in without} - {None}
    newest: dict[object, Teller] = {}
    for number, teller in enumerate(tellers):
        outlet = _outlet(teller)
        if outlet in left_out:
            continue
        before = newest.get(outlet)
        if outlet is None:
            newest[number] = teller
        elif before is None or (teller.published or _START_OF_TIME) >= (before.published or _START_OF_TIME):
            newest[outlet] = teller
    return sorted(newest.values(), key=_time)


def _own(alert: Alert) -> Teller:
    return Teller(outlet=alert.outlet, url=alert.url, published=alert.published)


def _outlet(teller: Teller) -> str | None:
    named = outlet_of(teller.outlet, teller.url)
    return None if named is None else named.casefold()


def _time(teller: Teller) -> datetime:
    return teller.published or _END_OF_TIME


def _carrier(teller: Teller, *, own: bool = False) -> Carrier:
    outlet = outlet_of(teller.outlet, teller.url) or UNNAMED_OUTLET
    return Carrier(own=own, outlet=outlet, link=shown_link(teller.url), published=teller.published)

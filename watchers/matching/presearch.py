"""Which queries can hold at all, given the forms that were found.

A cover of an expression is a set of forms of which at least one is in every document in which it holds. A term's cover
is its forms, that of AND its rarest part's, that of OR all its parts' together; NOT, `outlet:` and `lang:` have none.
Each query is filed under its rarest cover; where it is an AND, a form of its second rarest must have been found too. A
query without a cover is a candidate for every document. Rarity is guessed from length: no corpus is needed to build an
index.
"""

from collections.abc import Iterable, Mapping, Set

from watchers.matching.expression import And, Expression, Near, Or, Term

# By how much each further byte is taken to make a form rarer. Only the order of the prices matters.
_RARITY = 0.6

_Cover = tuple[float, frozenset[bytes]]  # its price: the higher, the more documents have one of the forms


def _cover(expression: Expression) -> _Cover | None:
    match expression:
        case Term(forms=forms):
            return sum(_RARITY ** len(form) for form in forms), frozenset(forms)
        case Near() | And():
            return next(iter(_covers(expression)), None)
        case Or(parts):
            return _together(map(_cover, parts))
        case _:
            return None


def _covers(expression: Expression) -> list[_Cover]:
    """The covers of all parts that must hold, the rarest first."""
    match expression:
        case And(parts):
            required = parts
        case Near(left=left, right=right):
            required = Or(left), Or(right)
        case _:
            required = (expression,)
    return sorted(filter(None, map(_cover, required)), key=_price)


def _together(covers: Iterable[_Cover | None]) -> _Cover | None:
    price, forms = 0.0, frozenset[bytes]()
    for priced in covers:
        if priced is None:
            return None
        price, forms = price + priced[0], forms | priced[1]
    return price, forms


def _price(priced: _Cover) -> float:
    return priced[0]


class CandidateIndex:
    """Forms that were found → watches worth judging. Immutable."""

    def __init__(self, expressions: Mapping[int, Expression], numbers: Mapping[bytes, int]) -> None:
        """`expressions` are by watch id; `numbers` of all their forms are the automaton's."""
        self._filed: dict[int, list[tuple[int, frozenset[int] | None]]] = {}
        self._uncovered: set[int] = set()
        for watch_id, expression in expressions.items():
            covers = [frozenset(map(numbers.__getitem__, forms)) for _, forms in _covers(expression)[:2]]
            if not covers:
                self._uncovered.add(watch_id)
                continue
            rarest, second = covers[0], covers[1] if len(covers) > 1 else None
            for number in rarest:
                self._filed.setdefault(number, []).append((watch_id, second))

    def candidates(self, found: Set[int]) -> set[int]:
        """The watches that may match a document in which the forms with these numbers were found."""
        return self._uncovered.union(
            watch_id
            for number in self._filed.keys() & found
            for watch_id, second in self._filed[number]
            if second is None or not second.isdisjoint(found)
        )

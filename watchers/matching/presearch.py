"""Which queries can hold at all, given the forms that were found.

Each query is filed under its cheapest cover: a set of forms of which at least one is in every document that it matches.
AND is covered by its rarest part, OR by all its parts together, NOT, `outlet:` and `lang:` by nothing. A query
without a cover is a candidate for every document. Rarity is guessed from length: no corpus is needed to build an index.
"""

from collections.abc import Iterable, Mapping, Set

from watchers.matching.expression import And, Expression, Near, Or, Term

# By how much each further byte is taken to make a form rarer. Only the order of the prices matters.
_RARITY = 0.6

_Cover = tuple[float, frozenset[bytes]]


def cover(expression: Expression) -> frozenset[bytes] | None:
    """The cheapest set of forms of which one must be present; null where there is none."""
    priced = _cover(expression)
    return None if priced is None else priced[1]


def _cover(expression: Expression) -> _Cover | None:
    match expression:
        case Term(forms=forms):
            return sum(_RARITY ** len(form) for form in forms), frozenset(forms)
        case Near(left=left, right=right):
            return _cover(And((Or(left), Or(right))))
        case And(parts):
            return min(filter(None, map(_cover, parts)), key=_price, default=None)
        case Or(parts):
            return _together(map(_cover, parts))
        case _:
            return None


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

    def __init__(self, expressions: Mapping[int, Expression]) -> None:
        """`expressions` are by watch id."""
        self._filed: dict[bytes, list[int]] = {}
        self._uncovered: list[int] = []
        for watch_id, expression in expressions.items():
            covering = cover(expression)
            if covering is None:
                self._uncovered.append(watch_id)
            else:
                for form in covering:
                    self._filed.setdefault(form, []).append(watch_id)

    def candidates(self, found: Set[bytes]) -> set[int]:
        """The watches that may match a document in which these forms were found."""
        return set(self._uncovered).union(*(self._filed[form] for form in self._filed.keys() & found))

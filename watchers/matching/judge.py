"""Whether a query holds for a document, and the places that make it hold.

`Findings` is one document after the pass: its normalised title and text, and where each form was found. `holds` and
`evidence` walk a query's tree over it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from watchers.matching.automaton import Hit
from watchers.matching.expression import And, Expression, Language, Near, Not, Or, Outlet, Term
from watchers.matching.normalise import NormalisedText
from watchers.models import Evidence, Field

EVIDENCE_LIMIT = 20  # places of a watch in an article; every term that counted keeps at least one


class Place(NamedTuple):
    """The tokens, from first to last, that a term stands on in the title or the text."""

    in_text: bool
    first: int
    last: int


class Findings:
    """What one pass over one document found."""

    def __init__(
        self,
        *,
        title: NormalisedText,
        text: NormalisedText,
        outlet: bytes,
        host: str,
        language: str,
        forms: Sequence[bytes],
        hits: Iterable[Hit],
        text_start: int,
    ) -> None:
        """`hits` are in the title's haystack, or from byte `text_start` in the text's; `outlet` is a haystack."""
        self.fields = (title, text)
        self._outlet = outlet
        self._host = host
        self._language = language
        self._text_start = text_start
        self._hits: dict[bytes, list[tuple[int, int]]] = {}
        for number, start, end in hits:
            self._hits.setdefault(forms[number], []).append((start, end))

    def has(self, term: Term) -> bool:
        """Whether a term stands anywhere in the document."""
        if term.title_only or term.dotted:
            return next(self.places(term), None) is not None
        return any(form in self._hits for form in term.forms)

    def comes_from(self, origin: Outlet | Language) -> bool:
        """Whether the document is of this outlet, or in this language."""
        if isinstance(origin, Language):
            return self._language == origin.subtag
        on_domain = origin.domain is not None and f".{self._host}".endswith(f".{origin.domain}")
        return on_domain or origin.words in self._outlet

    def places(self, term: Term) -> Iterator[Place]:
        """Where a term stands, in no particular order."""
        for form in term.forms:
            for start, end in self._hits.get(form, ()):
                in_text = start >= self._text_start
                if in_text and term.title_only:
                    break  # hits come in order, title first
                field = self.fields[in_text]
                offset = self._text_start if in_text else 0
                place = Place(in_text, *field.tokens_at(start - offset, end - offset))
                if not term.dotted or self._is_acronym(field, place, term.dotted):
                    yield place

    @staticmethod
    def _is_acronym(field: NormalisedText, place: Place, dotted: frozenset[bytes]) -> bool:
        """Whether what a dotted acronym found is one too: dotted or in capitals, so that U.S. doesn't find us."""
        for index in range(place.first, place.last + 1):
            if field.tokens[index] in dotted:
                written = field.written(index)
                if "." not in written and not written.isupper():
                    return False
        return True


def holds(expression: Expression, findings: Findings) -> bool:
    """Whether the query is true of the document."""
    match expression:
        case Term():
            return findings.has(expression)
        case And(parts):
            return all(holds(part, findings) for part in parts)
        case Or(parts):
            return any(holds(part, findings) for part in parts)
        case Not(part):
            return not holds(part, findings)
        case Near():
            return next(_near(expression, findings), None) is not None
        case Outlet() | Language():
            return findings.comes_from(expression)


def _near(near: Near, findings: Findings) -> Iterator[tuple[Term, Place]]:
    """Every place on either side that has one of the other side near enough."""
    sides = [
        [(term, place) for term in operands for place in findings.places(term)] for operands in (near.left, near.right)
    ]
    for in_text, field in enumerate(findings.fields):
        left, right = ([found for found in side if found[1].in_text == in_text] for side in sides)
        if left and right:
            yield from _with_neighbour(left, right, field.positions, near.words)
            yield from _with_neighbour(right, left, field.positions, near.words)


def _with_neighbour(
    found: list[tuple[Term, Place]], others: list[tuple[Term, Place]], positions: list[int], words: int
) -> Iterator[tuple[Term, Place]]:
    """Those found with at most `words` words between them and one of the others, before or after."""
    firsts = sorted(positions[place.first] for _, place in others)
    lasts = sorted(positions[place.last] for _, place in others)
    for term, place in found:
        first, last = positions[place.first], positions[place.last]
        after = bisect_right(firsts, last)
        before = bisect_left(lasts, first) - 1
        if (after < len(firsts) and firsts[after] - last - 1 <= words) or (
            before >= 0 and first - lasts[before] - 1 <= words
        ):
            yield term, place


def evidence(expression: Expression, findings: Findings) -> tuple[Evidence, ...]:
    """The places that make a query true that holds: title first, then by offset, at most `EVIDENCE_LIMIT`.

    Only from branches that are true themselves; what stands under NOT shows nothing.
    """
    by_term: dict[str, set[Place]] = {}
    for term, place in _supporting(expression, findings):
        by_term.setdefault(term.written, set()).add(place)
    ordered = {written: sorted(places) for written, places in by_term.items()}
    kept = {(places[0], written) for written, places in ordered.items()}
    others = sorted((place, written) for written, places in ordered.items() for place in places[1:])
    kept.update(others[: max(0, EVIDENCE_LIMIT - len(kept))])
    return tuple(sorted((_evidence(written, place, findings) for place, written in kept), key=_reading_order))


def _supporting(expression: Expression, findings: Findings) -> Iterator[tuple[Term, Place]]:
    match expression:
        case Term():
            for place in findings.places(expression):
                yield expression, place
        case Near():
            yield from _near(expression, findings)
        case And(parts):
            for part in parts:
                yield from _supporting(part, findings)
        case Or(parts):
            for part in parts:
                if holds(part, findings):
                    yield from _supporting(part, findings)
        case _:
            return


def _evidence(written: str, place: Place, findings: Findings) -> Evidence:
    normalised = findings.fields[place.in_text]
    start, end = normalised.span(place.first, place.last)
    field: Field = "text" if place.in_text else "title"
    return Evidence(
        term=written,
        field=field,
        paragraph=normalised.paragraph(place.first) if place.in_text else None,
        start=start,
        end=end,
        text=normalised.text[start:end],
    )


def _reading_order(found: Evidence) -> tuple[bool, int, int, str]:
    return found.field == "text", found.start, found.end, found.term

"""Whether a query holds for a document, and the places that make it hold.

`Findings` is one document after the pass: its normalised title and text, and where each form was found. `holds` and
`evidence` walk a query's tree over it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import urlsplit

from watchers.matching.automaton import Automaton, Hit
from watchers.matching.expression import And, Expression, Language, Near, Not, Or, Outlet, Term
from watchers.matching.normalise import NormalisedText
from watchers.models import Evidence, Field

_NUMBER = itemgetter(0)  # of a hit
EVIDENCE_LIMIT = 20  # places of a watch in an article; every term that counted keeps at least one


class Place(NamedTuple):
    """Where a term stands in the title or the text: from the space before to the space after, in the haystack."""

    in_text: bool
    start: int
    end: int


class Findings:
    """What one pass over one document found."""

    def __init__(
        self,
        *,
        title: NormalisedText,
        text: NormalisedText,
        outlet: str,
        url: str,
        language: str,
        automaton: Automaton,
        found: set[int],
        hits: Sequence[Hit],
        text_start: int,
    ) -> None:
        """`hits` are in the title's haystack, or from byte `text_start` in the text's; `found` are their numbers."""
        self.fields = (title, text)
        self._outlet = outlet
        self._url = url
        self._language = language
        self._forms = automaton.forms
        self._numbers = automaton.numbers
        self._found = found
        self._hits = hits
        self._text_start = text_start

    def has(self, term: Term) -> bool:
        """Whether a term stands anywhere in the document."""
        if not self.of_those(term.forms):
            return False
        return not (term.title_only or term.dotted) or next(self.places(term), None) is not None

    def has_all(self, forms: Iterable[bytes]) -> bool:
        """Whether every one of these forms was found."""
        return self._found.issuperset(map(self._numbers.__getitem__, forms))

    def of_those(self, forms: Collection[bytes]) -> list[bytes]:
        """Those of the forms that were found."""
        if len(self._found) < len(forms):
            return [form for form in map(self._forms.__getitem__, self._found) if form in forms]
        return [form for form in forms if self._numbers[form] in self._found]

    def comes_from(self, origin: Outlet | Language) -> bool:
        """Whether the document is of this outlet, or in this language."""
        if isinstance(origin, Language):
            return self._language.replace("_", "-").split("-")[0].strip().lower() == origin.subtag
        on_domain = origin.domain is not None and f".{self._host}".endswith(f".{origin.domain}")
        return on_domain or origin.words in self._outlet_words

    def places(self, term: Term, most: int | None = None) -> Iterator[Place]:
        """Where a term stands, in no particular order; of each of its forms, the first `most`."""
        for form in term.forms:
            yield from islice(self._places_of(form, term), most)

    def _places_of(self, form: bytes, term: Term) -> Iterator[Place]:
        for _, start, end in self._hits_of(form):
            in_text = start >= self._text_start
            if in_text and term.title_only:
                break  # they come in order, title first
            field = self.fields[in_text]
            offset = self._text_start if in_text else 0
            # A prefix ends inside its word; the place takes in the whole of it.
            place = Place(in_text, start - offset, field.haystack.index(b" ", end - offset - 1))
            if not term.dotted or self._is_acronym(field, place, term.dotted):
                yield place

    def _hits_of(self, form: bytes) -> Sequence[Hit]:
        number = self._numbers[form]
        first = bisect_left(self._hits_by_number, number, key=_NUMBER)
        return self._hits_by_number[first : bisect_right(self._hits_by_number, number, first, key=_NUMBER)]

    @cached_property
    def _hits_by_number(self) -> Sequence[Hit]:
        return sorted(self._hits, key=_NUMBER)  # those of one form stay in order

    @cached_property
    def _outlet_words(self) -> bytes:
        return b" %b " % b" ".join(NormalisedText(self._outlet).words())

    @cached_property
    def _host(self) -> str:
        try:
            return (urlsplit(self._url).hostname or "").casefold().rstrip(".")
        except ValueError:  # an address can be anything; one that can't be read stands on no domain
            return ""

    @staticmethod
    def _is_acronym(field: NormalisedText, place: Place, dotted: frozenset[bytes]) -> bool:
        """Whether what a dotted acronym found is one too: dotted or in capitals, so that U.S. doesn't find us."""
        return all(
            "." in written or written.isupper()
            for word, written in field.written_words(place.start, place.end)
            if word in dotted
        )


def holds(expression: Expression, findings: Findings) -> bool:
    """Whether the query is true of the document."""
    match expression:
        case And():
            return findings.has_all(expression.required) and all(holds(part, findings) for part in expression.others)
        case Or():
            return bool(findings.of_those(expression.plain)) or any(holds(part, findings) for part in expression.others)
        case Term():
            return findings.has(expression)
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
            words_before = field.word_numbers(
                {index for _, place in left + right for index in (place.start, place.end)}
            )
            yield from _with_neighbour(left, right, words_before, near.words)
            yield from _with_neighbour(right, left, words_before, near.words)


def _with_neighbour(
    found: list[tuple[Term, Place]], others: list[tuple[Term, Place]], words_before: Mapping[int, int], words: int
) -> Iterator[tuple[Term, Place]]:
    """Those found with at most `words` words between them and one of the others, before or after."""
    starts = sorted(words_before[place.start] for _, place in others)
    ends = sorted(words_before[place.end] for _, place in others)
    for term, place in found:
        start, end = words_before[place.start], words_before[place.end]
        after = bisect_left(starts, end)
        before = bisect_right(ends, start) - 1
        if (after < len(starts) and starts[after] - end <= words) or (before >= 0 and start - ends[before] <= words):
            yield term, place


def evidence(expression: Expression, findings: Findings) -> tuple[Evidence, ...]:
    """The places that make a query true that holds: title first, then by offset, at most `EVIDENCE_LIMIT`.

    Only from branches that are true themselves; what stands under NOT shows nothing.
    """
    found = sorted({(place, term.written) for term, place in _supporting(expression, findings)})
    if len(found) > EVIDENCE_LIMIT:
        kept = set({written: (place, written) for place, written in reversed(found)}.values())
        kept.update(islice((each for each in found if each not in kept), max(0, EVIDENCE_LIMIT - len(kept))))
        found = sorted(kept)
    return tuple(_evidence(written, place, findings) for place, written in found)


def _supporting(expression: Expression, findings: Findings) -> Iterator[tuple[Term, Place]]:
    match expression:
        case Term():
            for place in findings.places(expression, EVIDENCE_LIMIT):
                yield expression, place
        case Near():
            yield from _near(expression, findings)
        case And(parts):
            for part in parts:
                yield from _supporting(part, findings)
        case Or():
            for form in findings.of_those(expression.plain):
                for term in expression.plain[form]:
                    yield from _supporting(term, findings)
            for part in expression.others:
                if holds(part, findings):
                    yield from _supporting(part, findings)
        case _:
            return


def _evidence(written: str, place: Place, findings: Findings) -> Evidence:
    normalised = findings.fields[place.in_text]
    start, end = normalised.span(place.start, place.end)
    field: Field = "text" if place.in_text else "title"
    return Evidence(
        term=written,
        field=field,
        paragraph=normalised.paragraph(place.start) if place.in_text else None,
        start=start,
        end=end,
        text=normalised.text[start:end],
    )

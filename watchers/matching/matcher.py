"""Every watch of every desk against one document, in one pass.

    Document ─normalise→ haystack of title and text ─Automaton→ hits ─CandidateIndex→ candidates
        ─holds→ the watches that match ─evidence→ Match

A `Matcher` never changes: when watches or entities change, a new one takes its place, and an article that is being
matched meanwhile is matched by the old one whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from watchers.matching.automaton import Automaton
from watchers.matching.expression import Query, terms
from watchers.matching.judge import Findings, evidence, holds
from watchers.matching.normalise import PARAGRAPH_TOKEN, NormalisedText
from watchers.matching.presearch import CandidateIndex
from watchers.models import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is matched. `language` is a BCP 47 tag; paragraphs of `text` are separated by a blank line."""

    title: str
    text: str
    outlet: str | None = None
    language: str | None = None
    url: str | None = None


class Matcher:
    """All watches, ready. Immutable."""

    def __init__(self, queries: Mapping[int, Query]) -> None:
        """`queries` are by watch id, of any number of desks."""
        self._queries = dict(queries)
        self._automaton = Automaton(
            form for query in self._queries.values() for term in terms(query.root) for form in term.forms
        )
        roots = {watch_id: query.root for watch_id, query in self._queries.items()}
        self._index = CandidateIndex(roots, self._automaton.numbers)

    def match(self, document: Document) -> tuple[Match, ...]:
        """The watches that the document answers, by id, with their evidence."""
        title, text = NormalisedText(document.title), NormalisedText(document.text)
        # A paragraph's end between them: no phrase runs from the title into the text.
        before_text = b"%b%b" % (title.haystack, PARAGRAPH_TOKEN)
        hits = self._automaton.scan(before_text + text.haystack)
        found = set(map(itemgetter(0), hits))
        candidates = self._index.candidates(found)
        if not candidates:
            return ()
        findings = Findings(
            title=title,
            text=text,
            outlet=document.outlet or "",
            url=document.url or "",
            language=document.language or "",
            automaton=self._automaton,
            found=found,
            hits=hits,
            text_start=len(before_text),
        )
        matching = [watch_id for watch_id in candidates if holds(self._queries[watch_id].root, findings)]
        return tuple(
            Match(watch_id=watch_id, evidence=evidence(self._queries[watch_id].root, findings))
            for watch_id in sorted(matching)
        )

"""Terms and boolean queries on stories of 4 KB, beside regular expressions and beside judging every query.

All sides are asked for the same: which watches a story answers. Ours also tells where, the peers do not.
"""

import re
from collections.abc import Iterator, Set
from random import Random
from typing import Final

from tests.benchmarks import texts
from tests.benchmarks.measure import Row, faster, grown, medians
from watchers.matching.expression import And, Expression, Not, Or, Query, Term, terms
from watchers.matching.matcher import Document, Matcher
from watchers.matching.presearch import CandidateIndex
from watchers.matching.query import compile_query

STORIES: Final = 20
NAMES_IN_A_STORY: Final = 5
TERMS_IN_A_WATCH: Final = 250  # where there are 100,000
ROUNDS: Final = 7


def rows() -> Iterator[Row]:
    """Every row of this group."""
    yield from _terms()
    yield _many_terms()
    yield from _queries()


def _terms() -> Iterator[Row]:
    random = Random(1)
    names = [texts.name(random) for _ in range(10_000)]
    naming = [texts.story(random, naming=random.sample(names, NAMES_IN_A_STORY)) for _ in range(STORIES)]
    others = [texts.story(random) for _ in range(STORIES)]
    matcher = Matcher({number: compile_query(f'"{name}"', {}) for number, name in enumerate(names)})
    patterns = [_pattern(name) for name in names]
    one = naming[0]  # a second's work for regular expressions
    assert _found(matcher, one) == {number for number, each in enumerate(patterns) if each.search(one)}
    peer = medians({"peer": lambda: [each.search(one) for each in patterns]}, rounds=3)["peer"]
    taken = medians(
        {
            "naming": lambda: [matcher.match(_document(story)) for story in naming],
            "others": lambda: [matcher.match(_document(story)) for story in others],
        },
        rounds=ROUNDS,
    )
    work, beside = "10,000 terms on a story of 4 KB", "one `re` a term"
    for name, what in (("others", "that has none"), ("naming", f"that has {NAMES_IN_A_STORY}, with their places")):
        ours = taken[name] / STORIES
        yield faster(f"{work} {what}", ours, peer, unit="a story", beside=beside, least=5_000)


def _many_terms() -> Row:
    random = Random(2)
    names = [texts.name(random) for _ in range(100_000)]
    stories = [texts.story(random, naming=random.sample(names[:1_000], NAMES_IN_A_STORY)) for _ in range(STORIES)]
    few, many = _matcher(names[:1_000]), _matcher(names)
    taken = medians(
        {
            "few": lambda: [few.match(_document(story)) for story in stories],
            "many": lambda: [many.match(_document(story)) for story in stories],
        },
        rounds=ROUNDS * 2,
    )
    return grown(
        "100,000 terms on a story of 4 KB",
        taken["many"],
        taken["few"],
        unit="a story",
        beside="1,000 terms",
        most=2,
        times=STORIES,
    )


def _queries() -> Iterator[Row]:
    random = Random(3)
    names = [texts.name(random) for _ in range(20_000)]
    queries = {number: compile_query(_query(random, names), {}) for number in range(10_000)}
    stories = [texts.story(random, naming=random.sample(names, NAMES_IN_A_STORY)) for _ in range(STORIES)]
    matcher, judging_all = Matcher(queries), _EveryQuery(queries)
    by_pattern = _Patterns(queries)
    assert _found(matcher, stories[0]) == _found(judging_all, stories[0]) == by_pattern.found(stories[0])
    taken = medians(
        {
            "ours": lambda: [matcher.match(_document(story)) for story in stories],
            "all": lambda: [judging_all.match(_document(story)) for story in stories],
        },
        rounds=ROUNDS,
    )
    work = "10,000 boolean queries on a story of 4 KB"
    beside = "every query judged on the same hits"
    yield faster(work, taken["ours"], taken["all"], unit="a story", beside=beside, least=4, times=STORIES)
    slow = medians({"patterns": lambda: by_pattern.found(stories[0])}, rounds=3)["patterns"]
    ours = taken["ours"] / STORIES
    yield faster(work, ours, slow, unit="a story", beside="one `re` a leaf, only those it comes to", least=3_000)


class _EveryQuery(Matcher):
    """A matcher that judges every query, whatever was found."""

    def __init__(self, queries: dict[int, Query]) -> None:
        super().__init__(queries)
        self._index = _Everything({number: query.root for number, query in queries.items()}, self._automaton.numbers)
        self._index.everything = set(queries)


class _Everything(CandidateIndex):
    everything: set[int]

    def candidates(self, found: Set[int]) -> set[int]:
        return self.everything


class _Patterns:
    """The same queries with a regular expression a leaf; a leaf that decides nothing any more is not looked for."""

    def __init__(self, queries: dict[int, Query]) -> None:
        self._roots = {number: query.root for number, query in queries.items()}
        written = {term.written for root in self._roots.values() for term in terms(root)}
        self._patterns = {each: _pattern(each) for each in written}

    def found(self, story: str) -> set[int]:
        return {number for number, root in self._roots.items() if self._holds(root, story)}

    def _holds(self, expression: Expression, story: str) -> bool:
        match expression:
            case Term(written=written):
                return self._patterns[written].search(story) is not None
            case And(parts):
                return all(self._holds(part, story) for part in parts)
            case Or(parts):
                return any(self._holds(part, story) for part in parts)
            case Not(part):
                return not self._holds(part, story)
            case _:
                raise NotImplementedError(expression)


def _query(random: Random, names: list[str]) -> str:
    """As a beat's query is written: names of a thing, with who or where, sometimes without something else."""
    one, two, three, four, five = random.sample(names, 5)
    places = random.sample(texts.VOCABULARY, 3)
    match random.randrange(4):
        case 0:
            return f'("{one}" OR "{two}") AND ("{three}" OR "{four}" OR {places[0]})'
        case 1:
            return f'"{one}" AND NOT ("{two}" OR {places[0]})'
        case 2:
            return f"{places[0]} AND {places[1]} AND NOT {places[2]}"
        case _:
            return f'("{one}" OR "{two}" OR "{three}" OR "{four}" OR "{five}") AND {places[0]}'


def _matcher(names: list[str]) -> Matcher:
    watches = range(0, len(names), TERMS_IN_A_WATCH)
    return Matcher(
        {
            start: compile_query(" OR ".join(map('"{}"'.format, names[start : start + TERMS_IN_A_WATCH])), {})
            for start in watches
        }
    )


def _document(story: str) -> Document:
    return Document(title="", text=story)


def _found(matcher: Matcher, story: str) -> set[int]:
    return {match.watch_id for match in matcher.match(_document(story))}


def _pattern(term: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(term)}\b", re.IGNORECASE)

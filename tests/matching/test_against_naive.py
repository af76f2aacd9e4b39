"""The matcher agrees with the slowest reading of the same words: loops over sentences, no index, no automaton."""

import re
import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from watchers.errors import QueryError
from watchers.matching.matcher import Document, Matcher
from watchers.matching.normalise import NormalisedText
from watchers.matching.query import compile_query

ENTITIES = {"force": ["police force", "Políce", "NYPD"], "one": ["face"]}
WORDS = ["police", "POLICE", "force", "Face", "faces", "fâce", "nypd", "camera", "café", "警", "察"]

# ── a query as plain tuples, and as text ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Node:
    kind: str
    text: str = ""
    number: int = 0
    parts: tuple["Node", ...] = ()


def render(node: Node) -> str:
    match node.kind:
        case "word" | "entity":
            return node.text
        case "phrase":
            return f'"{node.text}"'
        case "near":
            return f"({f' NEAR/{node.number} '.join(map(render, node.parts))})"
        case "title":
            return f"title:({render(node.parts[0])})"
        case "not":
            return f"NOT ({render(node.parts[0])})"
        case _:
            return f"({f' {node.kind} '.join(map(render, node.parts))})"


words = st.sampled_from([*WORDS, "pol*", "fac*", "c*", "警察", "face-police"]).map(lambda word: Node("word", word))
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda ws: Node("phrase", " ".join(ws)))
starred = phrases.map(lambda phrase: Node("phrase", phrase.text + "*"))
entities = st.sampled_from(["@force", "@one"]).map(lambda name: Node("entity", name))
terms = st.one_of(words, phrases, starred, entities)
groups = st.lists(terms, min_size=2, max_size=3).map(lambda parts: Node("OR", parts=tuple(parts)))
sides = st.one_of(terms, groups)
nears = st.builds(lambda a, b, n: Node("near", "", n, (a, b)), sides, sides, st.integers(1, 4))
leaves = st.one_of(terms, nears, st.one_of(terms, nears).map(lambda part: Node("title", parts=(part,))))
queries = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Node("AND", parts=tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Node("OR", parts=tuple(parts))),
        inner.map(lambda part: Node("not", parts=(part,))),
    ),
    max_leaves=6,
)
texts = st.lists(
    st.tuples(
        st.sampled_from(WORDS),
        st.sampled_from([" ", " ", "-", "\n", ", ", ". ", "! ", "\n\n", "’s ", "'s\n\n \n", " … ", " \u200b", ".” "]),
    ),
    max_size=14,
).map(lambda pairs: "".join(word + separator for word, separator in pairs))


# ── the naive reading ────────────────────────────────────────────────────────────────────────────────────

Words = list[str]
Reading = list[list[Words]]  # paragraphs of sentences of words


def plain_words(text: str) -> Words:
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in decomposed if unicodedata.category(c) not in {"Mn", "Cf"}).casefold()
    kept = re.sub(r"['’]s\b", " ", kept)
    return re.findall(r"[警察]|[a-z]+", kept)


def read(text: str) -> Reading:
    return [
        [plain_words(sentence) for sentence in re.split(r"(?:[.!?]|…)[”\"]?(?=\s|$)", paragraph)]
        for paragraph in re.split(r"\n\s*\n", text)
    ]


def written_terms(node: Node) -> list[str]:
    match node.kind:
        case "entity":
            return ENTITIES[node.text[1:]]
        case "OR":
            return [term for part in node.parts for term in written_terms(part)]
        case _:
            return [node.text]


def occurrences(term: str, reading: Reading) -> list[tuple[int, int, int]]:
    """Paragraph, first and last word counted in the paragraph."""
    wanted = plain_words(term)
    places = []
    for paragraph, sentences in enumerate(reading):
        before = 0
        for sentence in sentences:
            for start in range(len(sentence) - len(wanted) + 1):
                here = sentence[start : start + len(wanted)]
                whole = here == wanted
                begun = term.endswith("*") and here[:-1] == wanted[:-1] and here[-1].startswith(wanted[-1])
                if whole or begun:
                    places.append((paragraph, before + start, before + start + len(wanted) - 1))
            before += len(sentence)
    return places


def near(node: Node, reading: Reading) -> bool:
    left, right = (
        [place for term in written_terms(part) for place in occurrences(term, reading)] for part in node.parts
    )
    return any(
        p == q and (0 <= s - e - 1 <= node.number or 0 <= b - f - 1 <= node.number)
        for p, b, e in left
        for q, s, f in right
    )


def naive(node: Node, fields: list[Reading]) -> bool:
    match node.kind:
        case "AND":
            return all(naive(part, fields) for part in node.parts)
        case "OR":
            return any(naive(part, fields) for part in node.parts)
        case "not":
            return not naive(node.parts[0], fields)
        case "title":
            return naive(node.parts[0], fields[:1])
        case "near":
            return any(near(node, reading) for reading in fields)
        case _:
            return any(occurrences(term, reading) for reading in fields for term in written_terms(node))


# ── agreement ────────────────────────────────────────────────────────────────────────────────────────────

NOTHING: list[Reading] = [[], []]


@given(st.lists(queries, min_size=1, max_size=4), texts, texts)
def test_matches_what_the_naive_reading_matches(asked: list[Node], title: str, text: str) -> None:
    compiled = {}
    for number, node in enumerate(asked):
        if naive(node, NOTHING):
            with pytest.raises(QueryError, match="nearly everything"):
                compile_query(render(node), ENTITIES)
        else:
            compiled[number] = compile_query(render(node), ENTITIES)
    assume(compiled)
    matches = Matcher(compiled).match(Document(title=title, text=text))
    fields = [read(title), read(text)]
    assert [match.watch_id for match in matches] == [n for n in compiled if naive(asked[n], fields)]
    for match in matches:
        for found in match.evidence:
            source = title if found.field == "title" else text
            assert source[found.start : found.end] == found.text
            wanted = NormalisedText(found.term.rstrip("*")).words()
            stands = NormalisedText(found.text).words()
            assert stands[:-1] == wanted[:-1]
            assert stands[-1] == wanted[-1] or (found.term.endswith("*") and stands[-1].startswith(wanted[-1]))
            paragraphs_before = len(re.split(r"\n\s*\n", source[: found.start].lstrip()))
            assert found.paragraph == (None if found.field == "title" else paragraphs_before)

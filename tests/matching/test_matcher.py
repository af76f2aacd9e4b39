"""The matcher: which watches, what evidence, in what order."""

from watchers.matching.judge import EVIDENCE_LIMIT
from watchers.matching.matcher import Document, Matcher
from watchers.matching.query import compile_query
from watchers.models import Evidence

ENTITIES = {"nypd": ["New York City Police Department", "NYPD"]}


def evidence(query: str, text: str = "", title: str = "") -> list[tuple[str, str, int | None, str]]:
    matches = Matcher({1: compile_query(query, ENTITIES)}).match(Document(title=title, text=text))
    return [(found.term, found.field, found.paragraph, found.text) for match in matches for found in match.evidence]


def test_every_matching_watch_is_told_once_in_order_of_its_id() -> None:
    queries = {
        watch_id: compile_query(query, ENTITIES)
        for watch_id, query in {9: "police", 2: "police OR fire", 5: "fire", 3: "@nypd AND police"}.items()
    }
    matches = Matcher(queries).match(Document(title="NYPD police", text="police"))
    assert [match.watch_id for match in matches] == [2, 3, 9]


def test_no_watches_match_nothing() -> None:
    assert Matcher({}).match(Document(title="police", text="police")) == ()


def test_evidence_is_the_exact_span_with_its_paragraph() -> None:
    text = "One.\n\nThe N\u00adYPD’s facial-recognition tool"
    (match,) = Matcher({4: compile_query('@nypd AND "facial recognition"', ENTITIES)}).match(
        Document(title="Cafe\u0301", text=text)
    )
    assert match.evidence == (
        Evidence(term="NYPD", field="text", paragraph=2, start=10, end=15, text="N\u00adYPD"),
        Evidence(term="facial recognition", field="text", paragraph=2, start=18, end=36, text="facial-recognition"),
    )


def test_evidence_comes_title_first_then_by_place() -> None:
    assert evidence("police OR fire", "fire police", "police") == [
        ("police", "title", None, "police"),
        ("fire", "text", 1, "fire"),
        ("police", "text", 1, "police"),
    ]


def test_a_term_is_shown_as_it_was_written() -> None:
    assert evidence("“Facial  Recog*” OR Police* OR @nypd", "facial recognition policing police's nypd") == [
        ("Facial  Recog*", "text", 1, "facial recognition"),
        ("Police*", "text", 1, "police"),
        ("NYPD", "text", 1, "nypd"),
    ]


def test_of_a_long_list_of_names_those_that_stand_there_are_evidence() -> None:
    names = " OR ".join(f"name{number}" for number in range(300))
    assert evidence(names, "Name7 met name250.", "name7") == [
        ("name7", "title", None, "name7"),
        ("name7", "text", 1, "Name7"),
        ("name250", "text", 1, "name250"),
    ]
    assert evidence(f"police AND ({names})", "police met name300") == []


def test_what_stands_under_not_is_no_evidence() -> None:
    assert evidence("police AND NOT title:fire", "police fire") == [("police", "text", 1, "police")]


def test_a_branch_that_does_not_hold_is_no_evidence() -> None:
    assert evidence("police OR fire AND water", "police fire") == [("police", "text", 1, "police")]


def test_near_shows_only_the_places_that_are_near() -> None:
    assert evidence("police NEAR/1 camera", "police of the city, police with cameras, police and camera") == [
        ("police", "text", 1, "police"),
        ("camera", "text", 1, "camera"),
    ]


def test_only_the_outlet_decided_so_there_is_no_evidence() -> None:
    (match,) = Matcher({1: compile_query("outlet:courier", {})}).match(
        Document(title="x", text="y", outlet="The Courier")
    )
    assert match.evidence == ()


def test_the_same_place_is_shown_once_a_term() -> None:
    assert evidence("police AND (police OR fire)", "police") == [("police", "text", 1, "police")]


def test_much_evidence_is_cut_but_each_term_keeps_one() -> None:
    found = evidence("police AND fire", "police " * 100 + "fire")
    assert len(found) == EVIDENCE_LIMIT
    assert found[-1][0] == "fire"


def test_more_terms_than_the_limit_keep_one_each() -> None:
    names = [f"name{number}" for number in range(EVIDENCE_LIMIT + 10)]
    assert {term for term, *_ in evidence(" AND ".join(names), " ".join(names * 3))} == set(names)


def test_more_watches_leave_the_results_of_the_others_as_they_were() -> None:
    old = {
        number: compile_query(query, ENTITIES)
        for number, query in enumerate(["police", '"police force" OR @nypd', "polic* AND NOT fire", "a NEAR/2 police"])
    }
    new = old | {100 + n: compile_query(f'police OR "police word{n}" OR p*', ENTITIES) for n in range(50)}
    for text in ["police", "NYPD", "a police force", "fire police", "policing a b", "nothing"]:
        document = Document(title="", text=text)
        before = Matcher(old).match(document)
        after = [match for match in Matcher(new).match(document) if match.watch_id < 100]
        assert list(before) == after


def test_hard_case_47_no_query_is_slow_on_any_text() -> None:
    # There is no backtracking to provoke: what would be an expression elsewhere is three letters and a word.
    query = compile_query('"(a+)+$" OR x*', {})
    text = "a" * 50_000 + "!" + " ." * 50_000 + ".'\")" * 20_000 + "\n " * 20_000 + "\x01" * 50_000
    assert Matcher({1: query}).match(Document(title="", text=text)) == ()
    assert evidence('"(a+)+$"', "a a") == [("(a+)+$", "text", 1, "a"), ("(a+)+$", "text", 1, "a")]


def test_hard_case_48_lone_surrogates_separate_words() -> None:
    assert evidence("police", "\ud800police\udfff x") == [("police", "text", 1, "police")]


def test_hard_case_50_templates_in_queries_names_and_texts_are_text() -> None:
    template = "{{x.__class__}}"
    names = {"template": [template, "%s %(y)s"]}
    matcher = Matcher({1: compile_query(f'{template} OR "$(run this)" OR @template', names)})
    (match,) = matcher.match(Document(title=template, text="echo $(run this) %s %(y)s {0}"))
    assert [(found.term, found.text) for found in match.evidence] == [
        (template, "x.__class"),
        ("$(run this)", "run this"),
        ("%s %(y)s", "s %(y)s"),
    ]

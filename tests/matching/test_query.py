"""The query language: what each part of it finds, and what each mistake is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.errors import QueryError
from watchers.matching.matcher import Document, Matcher
from watchers.matching.query import MAX_DEPTH, MAX_LENGTH, MAX_NEAR, MAX_TERMS, compile_query

ENTITIES = {
    "nypd": ["New York City Police Department", "NYPD", "New York Police Department"],
    "oversight": ["Surveillance Technology Oversight Project", "S.T.O.P."],
    "portal": ["Yahoo! News"],
    "weather": ["The Weather", "weather.example"],
}

FRAGMENTS = (
    "police fire é a* AND OR NOT NEAR/3 near/3 ( ) \" “ * @nypd @ title: lang:en outlet: : - ' "
    "{{x}} %s $(rm) \n \ud800 \x00"
)


def found(query: str, text: str = "", *, title: str = "", **about: str) -> bool:
    matcher = Matcher({7: compile_query(query, ENTITIES)})
    return bool(matcher.match(Document(title=title, text=text, **about)))


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        # words and phrases
        ("police", "The POLICE came", True),
        ("police", "policeman, policing", False),
        ("nation", "examination", False),
        ('"facial recognition"', "Facial\nRecognition", True),
        ('"facial recognition"', "recognition facial", False),
        ('"facial recognition"', "facial-recognition software", True),
        ("facial-recognition", "facial recognition software", True),
        ("“facial recognition”", "the facial recognition", True),
        ("„facial recognition“", "the facial recognition", True),
        ('"facial recognition"', "It was facial. Recognition came later.", False),
        ('"facial recognition"', "facial\n\nrecognition", False),
        ('"Gov. Hochul"', "said Gov. Hochul today", True),
        ('"governor hochul said"', "the governor, Hochul, said", True),
        ("nypd", "the NYPD’s plan", True),
        ("NYPD's", "the NYPD plan", True),
        ("resume", "a résumé", True),
        ("résumé", "a resume", True),
        ("警察", "日本の警察は", True),
        ("ตำรวจ", "ที่ตำรวจนิวยอร์ก", True),
        ('"police AND (fire"', "police and fire", True),
        # dotted acronyms
        ("NYPD", "the N.Y.P.D. said", True),
        ("N.Y.P.D.", "the NYPD said", True),
        ("U.S.", "told us", False),
        ("U.S.", "the US said", True),
        ('"U.S. Senate"', "in the US Senate", True),
        ('"US senate"', "in the U.S. Senate", True),
        # prefixes
        ("surveil*", "under surveillance", True),
        ("surveil*", "countersurveillance", False),
        ("police*", "police", True),
        ('"facial recog*"', "facial-recognition", True),
        ('"facial recog*"', "facial. Recognition", False),
        # entities
        ("@nypd", "the New York Police Department", True),
        ("@NYPD", "the nypd", True),
        ("@nypd", "New York City", False),
        ("@oversight", "said S.T.O.P. in a letter", True),
        ("@oversight", "the police must stop", False),
        ("@portal", "told Yahoo! News on Monday", True),
        ("@portal", "told Yahoo News on Monday", True),
        # operators
        ("police AND fire", "police, fire", True),
        ("police AND fire", "police", False),
        ("police OR fire", "fire", True),
        ("police AND NOT fire", "police", True),
        ("police AND NOT fire", "police, fire", False),
        ("police AND NOT NOT fire", "police, fire", True),
        ("a OR b AND c", "a", True),
        ("(a OR b) AND c", "a", False),
        ("a AND NOT b OR c", "b c", True),
        ("a AND NOT (b OR c)", "a c", False),
        ("NOT a AND b", "b", True),
        ("police\n  AND\tfire", "police fire", True),
        ("((police))", "police", True),
        # NEAR
        ("police NEAR/2 camera", "police use a camera", True),
        ("police NEAR/1 camera", "police use a camera", False),
        ("camera NEAR/2 police", "police use a camera", True),
        ("police NEAR/1 camera", "police. Camera", True),
        ("police NEAR/9 camera", "police\n\ncamera", False),
        ('"police force" NEAR/1 (camera OR @nypd)', "the NYPD, a police force", True),
        ("police NEAR/3 camer*", "cameras of police", True),
        ("police NEAR/3 police", "the police", False),
        ("police NEAR/3 police", "police and police", True),
        ('"new york" NEAR/5 york', "in New York", False),
        ("a NEAR/1 b NEAR/1 c", "a b c", True),
        ("a NEAR/1 b NEAR/1 c", "a b x x c", False),
        ("a NEAR/1 b OR c", "c", True),
        ("x AND a NEAR/1 b", "x a b", True),
        ("x AND NOT (a NEAR/1 b)", "x a c c b", True),
        ("camera NEAR/1 U.S.", "a camera with us, a camera with US", True),
        ("camera NEAR/1 U.S.", "camera with us", False),
    ],
)
def test_what_a_query_finds(query: str, text: str, expected: bool) -> None:
    assert found(query, text) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("title:police", True),
        ("title:report", False),
        ('title:"police plan"', True),
        ("title:pol*", True),
        ("TITLE:police", True),
        ("title: police", True),
        ("title:(police AND plan)", True),
        ("title:(police AND report)", False),
        ("title:police AND report", True),
        ("title:@nypd", False),
        ("title:(plan NEAR/2 police)", True),
        ("title:(police AND NOT report)", True),
        ("title:report OR police", True),
        ("plan NEAR/9 report", False),
        ('"plan the report"', False),
    ],
)
def test_title_asks_the_title_alone(query: str, expected: bool) -> None:
    assert found(query, "The report of the NYPD", title="Police plan") is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("outlet:gothamist", True),
        ('outlet:"the cafe gothamist"', True),
        ('outlet:"gothamist cafe"', False),
        ("outlet:goth", False),
        ("outlet:www.gothamist.example", True),
        ("outlet:GOTHAMIST.example", True),
        ("outlet:news.gothamist.example", True),
        ("outlet:thamist.example", False),
        ("outlet:(courier OR gothamist)", True),
        ("outlet:(NOT courier) AND police", True),
        ("police AND NOT outlet:gothamist", False),
        ("outlet:@weather", False),
    ],
)
def test_outlet_asks_the_name_or_the_host(query: str, expected: bool) -> None:
    url = "https://www.news.gothamist.example:8443/police"
    assert found(query, "police", outlet="The Café-Gothamist", url=url) is expected


@pytest.mark.parametrize("url", ["", "http://[", "urn:x", "//", "http://a b/"])
def test_an_address_that_says_nothing_is_of_no_domain(url: str) -> None:
    assert not found("outlet:gothamist.example", "police", url=url)


@pytest.mark.parametrize(
    ("query", "language", "expected"),
    [
        ("lang:en", "en", True),
        ("lang:en", "en-US", True),
        ("lang:EN", "en_GB", True),
        ("lang:en-US", "en-GB", True),
        ("lang:(en OR es)", "es", True),
        ("lang:en", "enm", False),
        ("police AND NOT lang:es", "es", False),
    ],
)
def test_lang_asks_the_primary_subtag(query: str, language: str, expected: bool) -> None:
    assert found(query, "police", language=language) is expected


def test_an_article_without_language_is_in_none() -> None:
    assert not found("lang:en", "police")
    assert found("police AND NOT lang:en", "police")


@pytest.mark.parametrize(
    ("query", "column", "message", "hint"),
    [
        ("", 1, "empty", "write what to look for"),
        (" \n ", 1, "empty", "write what to look for"),
        ("facial recognition", 8, "side by side", 'put AND, OR or quotes: "facial recognition"'),
        ("a AND facial recognition tool", 14, "side by side", '"facial recognition tool"'),
        ('police "new york"', 8, "side by side", "put AND or OR"),
        ("police @nypd", 8, "side by side", "put AND or OR"),
        ("police (fire)", 8, "side by side", "put AND or OR"),
        ("(a) (b)", 5, "side by side", "put AND or OR"),
        ("police and fire", 8, "capitals", "write AND"),
        ("police or fire", 8, "capitals", "write OR"),
        ("police And fire", 8, "capitals", "write AND"),
        ("police AND not fire", 12, "capitals", "write NOT"),
        ("police near/5 fire", 8, "capitals", "write NEAR/5"),
        ("police NEAR fire", 8, "number", "NEAR/5"),
        ("police NEAR/0 fire", 8, "out of range", f"NEAR/{MAX_NEAR}"),
        ("police NEAR/101 fire", 8, "out of range", f"NEAR/{MAX_NEAR}"),
        ("police NEAR/" + "9" * 5000 + " fire", 8, "out of range", f"NEAR/{MAX_NEAR}"),
        ("police NEAR/5 NOT fire", 15, "takes no NOT", "parentheses"),
        ("police NEAR/5 (a AND b)", 16, "NEAR joins", None),
        ("police NEAR/5 outlet:x", 15, "NEAR joins", None),
        ("police NOT fire", 8, "before it", "AND NOT"),
        ("AND police", 1, "nothing before AND", "before it"),
        ("police AND", 8, "nothing after AND", "after it"),
        ("police AND OR fire", 12, "nothing before OR", "before it"),
        ("(police OR)", 9, "nothing after OR", "after it"),
        ("title:", 1, "nothing after title:", "after it"),
        ("(police", 1, "not closed", "put a )"),
        ("a AND (b OR (c)", 7, "not closed", "put a )"),
        ("police)", 7, "no ( for this", "take it out"),
        ("police AND ()", 12, "nothing in these", "between them"),
        ('police AND "fire', 12, "quote", "at its end"),
        ("“police", 1, "quote", "at its end"),
        ("@nypdd", 1, "no entity @nypdd", "did you mean @nypd?"),
        ("police AND @zzz", 12, "no entity @zzz", "there is @nypd"),
        ("*", 1, "no letters", "write a word"),
        ("!!!", 1, "no letters", "write a word"),
        ('police AND ""', 12, "no letters", "write a word"),
        ("@", 1, "no letters", "write a word"),
        ("po*ice", 3, "can only end a word", "last letter"),
        ('"po* ice"', 4, "can only end a word", "last letter"),
        ("police AND *ice", 12, "can only end a word", "last letter"),
        ("NOT police", 1, "nearly everything", "AND NOT"),
        ("NOT (police OR fire)", 1, "nearly everything", "AND NOT"),
        ("NOT a AND NOT b", 1, "nearly everything", "AND NOT"),
        ("police OR NOT fire", 11, "nearly everything", "AND NOT"),
        ("-fire AND police", 1, "excludes nothing", "NOT fire"),
        ("author:smith", 1, "no field", "title:, outlet: and lang:"),
        ('author:"Jane Smith"', 1, "no field", "title:, outlet: and lang:"),
        ("lang:english", 6, "no language code", "lang:en"),
        ("outlet:goth*", 8, "takes no *", "whole words"),
        ("title:(outlet:x)", 8, "inside another field", "one field"),
        ("漢字 AND ()", 8, "nothing in these", "between them"),
        ("😀 AND ()", 7, "nothing in these", "between them"),
        ("a AND\n(b", 7, "not closed", "put a )"),
    ],
)
def test_a_mistake_is_told_with_its_column_and_what_to_write(
    query: str, column: int, message: str, hint: str | None
) -> None:
    with pytest.raises(QueryError) as caught:
        compile_query(query, ENTITIES)
    error = caught.value
    assert (error.column, error.query) == (column, query)
    assert message in error.message
    assert (hint is None and error.hint is None) or (hint is not None and hint in (error.hint or ""))


def test_entities_that_name_nothing_are_told_where_they_are_used() -> None:
    for names in ([], ["!!!"]):
        with pytest.raises(QueryError) as caught:
            compile_query("police AND @empty", {"empty": names})
        assert caught.value.column == 12


def test_without_entities_the_hint_says_so() -> None:
    with pytest.raises(QueryError, match="no entities yet"):
        compile_query("@nypd", {})


def test_a_query_has_a_longest_length() -> None:
    compile_query("a" * MAX_LENGTH, {})
    with pytest.raises(QueryError, match="longer than"):
        compile_query("a" * (MAX_LENGTH + 1), {})


def test_a_query_has_a_greatest_depth() -> None:
    nested = "a"
    for _ in range(MAX_DEPTH + 1):
        nested = f"(a AND (b OR {nested}))"
    with pytest.raises(QueryError, match="nested more than"):
        compile_query(nested, {})
    with pytest.raises(QueryError, match="nested more than"):
        compile_query("NOT " * 2000 + "a", {})


def test_superfluous_parentheses_are_no_depth() -> None:
    assert found("(" * 4000 + "police" + ")" * 4000, "police")


def test_a_query_has_a_greatest_number_of_terms() -> None:
    entities = {"many": [f"name {number}" for number in range(MAX_TERMS // 2)]}
    compile_query("@many OR @many", entities)
    with pytest.raises(QueryError, match="more than"):
        compile_query("@many OR @many OR a", entities)


@given(
    st.lists(
        st.sampled_from(
            FRAGMENTS.split(" ")
        ),
        max_size=12,
    ).map(" ".join)
    | st.text(max_size=40)
)  # fmt: skip
def test_any_text_is_a_query_or_a_query_error_with_a_column_in_it(text: str) -> None:
    try:
        query = compile_query(text, ENTITIES)
    except QueryError as error:
        column = error.column
    else:
        column = 1
        Matcher({1: query}).match(Document(title=text, text=text))
    assert 1 <= column <= max(1, len(text))


def test_a_query_in_use_is_handed_out_again_until_a_name_of_it_changes() -> None:
    plain, named = compile_query("police", ENTITIES), compile_query("@weather", ENTITIES)
    assert compile_query("police", {}) is plain
    assert compile_query("@weather", ENTITIES) is named
    assert compile_query("@weather", {**ENTITIES, "weather": ["storm"]}) != named

"""Where sentences end, and where a full stop only abbreviates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.stories.sentences import paragraph_bounds, sentences


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Gov. Ada Brenn met Sen. Li Wen and Rep. Jo Marsh at St. Anne's.",
        "Mr. Marsh, Mrs. Wen and Dr. Brenn spoke with Lt. Col. Stone of the N.Y. Guard.",
        "The U.S. Senate asked the U.N. Council about the E.U. Commission.",
        "Brenn Inc. Chief Executive Jo Marsh and Wen Corp. Chairman Li Stone signed.",
        "It opens at 9 a.m. Monday and closes at 5 p.m. Eastern time.",
        "It was filed on Jan. 6, 2031, as No. 22-451 under Art. 5 and Sec. 12 of the code.",
        "In Marsh v. Harbour Board, the judge sided with the port.",
        "J. K. Marsh and Derrick J. Stone wrote it with A. B. C. Wen.",
        "Fares rose 3.5 percent to $1.25 million, or .5 of the 2.0.1 plan.",
        "See https://example.org/a.b?c=d.e!f and write to jo.marsh@example.org about node.js.",
        "The harbour ... was quiet … until noon.",
        "“Stop!” he said.",
        "“Why now?” Marsh asked.",
        "“Who pays?” Councillor Ada Brenn said, and sat down.",
        "He said the company (Brenn Ltd.) would pay, e.g. in March.",
        "It costs approx. 5 pounds, i.e. nothing, etc. for everyone.",
        "Martin Luther King Jr. Boulevard and Fifth Ave. North are closed.",
        "Washington, D.C. Mayor Jo Marsh agreed.",
        "Yahoo! shares and the Jeopardy! champion fell.",
    ],
)
def test_one_sentence_stays_one(sentence: str) -> None:
    assert texts(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed! Did they? Yes.", ["He left.", "She stayed!", "Did they?", "Yes."]),
        ("He said, “No.” Then he left.", ["He said, “No.”", "Then he left."]),
        ('She said "yes." The pier closed.', ['She said "yes."', "The pier closed."]),
        ("“We waited.” “For years.”", ["“We waited.”", "“For years.”"]),
        ("It moved to the U.S. The council agreed.", ["It moved to the U.S.", "The council agreed."]),
        ("It closes at 5 p.m. They left.", ["It closes at 5 p.m.", "They left."]),
        ("It was sold to Brenn Inc. The price is secret.", ["It was sold to Brenn Inc.", "The price is secret."]),
        ("She said no. Then it rained.", ["She said no.", "Then it rained."]),
        (
            "They chose Plan B. The end came in 2031. Rain fell.",
            ["They chose Plan B.", "The end came in 2031.", "Rain fell."],
        ),
        ("The pier fell. iPhone users filmed it.", ["The pier fell.", "iPhone users filmed it."]),
        ("It cost $5. 12 people paid.", ["It cost $5.", "12 people paid."]),
        ("(It rained.) The pier held.", ["(It rained.)", "The pier held."]),
        ("They signed the law.The mayor left.", ["They signed the law.", "The mayor left."]),
        ("It was noted.[3] Others agreed.[4][5]", ["It was noted.[3]", "Others agreed.[4][5]"]),
        ("He waited… Nobody came.", ["He waited…", "Nobody came."]),
        ("Really?! Nobody knew.", ["Really?!", "Nobody knew."]),
        ("¿Quién paga? Nadie lo sabe.", ["¿Quién paga?", "Nadie lo sabe."]),
    ],
)
def test_sentences_end_where_readers_end_them(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("桟橋は閉鎖された。市長は語った！本当か？", ["桟橋は閉鎖された。", "市長は語った！", "本当か？"]),
        ("「閉鎖する。」市長は去った。", ["「閉鎖する。」", "市長は去った。"]),
        ("「閉鎖する。」と市長は語った。", ["「閉鎖する。」と市長は語った。"]),
        ("घाट बंद हुआ। मेयर चले गए।", ["घाट बंद हुआ।", "मेयर चले गए।"]),
        ("هل أغلق الرصيف؟ نعم أغلق.", ["هل أغلق الرصيف؟", "نعم أغلق."]),
    ],
)
def test_other_scripts_have_their_own_full_stops(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_a_paragraph_ends_a_sentence_that_has_no_full_stop() -> None:
    found = sentences("The pier closes\n\nThe council voted on Tuesday")
    assert [(one.text, one.paragraph) for one in found] == [
        ("The pier closes", 1),
        ("The council voted on Tuesday", 2),
    ]


def test_each_entry_of_a_list_is_its_own() -> None:
    assert texts("Decided:\n- the pier closes\n- fares rise. Slowly\n2. a new ferry") == [
        "Decided:",
        "- the pier closes",
        "- fares rise.",
        "Slowly",
        "2. a new ferry",
    ]


def test_a_line_of_its_own_is_a_heading() -> None:
    assert texts("What happens next\nThe council votes again.") == ["What happens next", "The council votes again."]


def test_lines_broken_at_a_margin_are_one_sentence() -> None:
    text = (
        "The harbour council voted on Tuesday to close\nthe old ferry pier, ending a long dispute that\nJo Marsh began."
    )
    assert texts(text) == [text]


def test_offsets_count_code_points_of_the_source() -> None:
    text = "  🚢 left.\n\n\n  She stayed. "
    assert [(one.start, one.end) for one in sentences(text)] == [(2, 9), (14, 25)]


@pytest.mark.parametrize("text", ["", "   ", "\n\n \n"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert sentences(text) == ()


@pytest.mark.parametrize(
    "unit", [". ", '."', ".'.", "! \n", "\n\n", "a.b.", "J. ", "...[1]", "“? A ", "。」", "\n- ", "x.\t"]
)
def test_hostile_text_is_split_in_linear_time(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    assert sum(len(one.text) for one in sentences(text)) <= len(text)


PIECES = st.sampled_from(
    [
        *" \n\t.!?…,;:'\"“”’()[]-–",
        "\n\n",
        ". ",
        "U.S.",
        "Mr.",
        "J.",
        "a.m.",
        "Inc.",
        "3.5",
        "The",
        "he",
        "é",
        "。",
        "」",
        "🚢",
        "[1]",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200))
def test_every_character_but_white_space_stands_in_exactly_one_sentence(text: str) -> None:
    found = sentences(text)
    covered = [place for one in found for place in range(one.start, one.end)]
    assert len(covered) == len(set(covered))
    assert {place for place, character in enumerate(text) if not character.isspace()} <= set(covered)
    assert all(one.text == text[one.start : one.end] and one.text == one.text.strip() for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert [one.paragraph for one in found] == sorted(one.paragraph for one in found)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_paragraphs_are_numbered_from_one_without_gaps(text: str) -> None:
    assert {one.paragraph for one in sentences(text)} == set(range(1, len(list(paragraph_bounds(text))) + 1))

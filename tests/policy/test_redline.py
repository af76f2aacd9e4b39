"""Changed paragraphs, word by word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.models import Change
from watchers.policy import redline
from watchers.policy.redline import changes, text_hash, whole


def marked(change: Change) -> str:
    marks = {"same": "{}", "removed": "~~{}~~", "added": "**{}**"}
    return "".join(marks[piece.op].format(piece.text) for piece in change.pieces)


def old_side(change: Change) -> str:
    return "".join(piece.text for piece in change.pieces if piece.op != "added")


def new_side(change: Change) -> str:
    return "".join(piece.text for piece in change.pieces if piece.op != "removed")


POLICY = (
    "Use of harbour cameras\n\nRetention\n\nFootage is kept for 30 days and then erased.\n\n"
    "Access\n\nOnly the duty officer may look at footage."
)


def test_a_changed_number_is_shown_in_its_sentence_under_its_heading() -> None:
    (change,) = changes(POLICY, POLICY.replace("30", "90"))
    assert change.heading == "Retention"
    assert marked(change) == "Footage is kept for ~~30~~**90** days and then erased."


@pytest.mark.parametrize(
    ("old", "new"), [("$1,000", "$2,000"), ("1.5 %", "1.75 %"), ("1.234.567,89 Euro", "2.234.567,89 Euro")]
)
def test_a_number_is_never_torn_at_its_commas_and_points(old: str, new: str) -> None:
    (change,) = changes(f"The fee is {old}.", f"The fee is {new}.")
    shown = [(piece.op, piece.text) for piece in change.pieces if piece.op != "same"]
    number = re.compile(r"[\d.,]*\d")
    assert shown == [("removed", number.findall(old)[0]), ("added", number.findall(new)[0])]


def test_a_word_put_in_front_leaves_the_next_one_as_it_was() -> None:
    (change,) = changes("Officers may look at footage.", "Duty officers and officers may look at footage.")
    assert "may look at footage." in change.pieces[-1].text
    assert change.pieces[-1].op == "same"


def test_a_new_paragraph_is_added_whole() -> None:
    (change,) = changes(POLICY, POLICY + "\n\nEvery look is written down in a log.")
    assert marked(change) == "**Every look is written down in a log.**"
    assert change.heading == "Access"


def test_a_removed_paragraph_is_shown_whole() -> None:
    (change,) = changes(POLICY, POLICY.replace("\n\nOnly the duty officer may look at footage.", ""))
    assert marked(change) == "~~Only the duty officer may look at footage.~~"
    assert change.heading == "Access"


def test_paragraphs_with_little_in_common_are_not_mixed() -> None:
    told = changes("Cameras run at night.", "The council may end this scheme at any meeting.")
    assert [marked(change) for change in told] == [
        "~~Cameras run at night.~~",
        "**The council may end this scheme at any meeting.**",
    ]


def test_hard_case_68_a_reordered_list_says_moved() -> None:
    (change,) = changes("- one camera\n\n- two gates\n\n- three masts", "- three masts\n\n- one camera\n\n- two gates")
    assert change.heading == "moved"
    assert marked(change) == "- three masts"


def test_spacing_is_no_change() -> None:
    assert changes("One  line\nand more.\n\n\n\nTwo.", "One line and more.\n\nTwo.") == ()


def test_the_same_text_has_no_changes() -> None:
    assert changes(POLICY, POLICY) == ()


def test_a_very_long_paragraph_is_still_told() -> None:
    old = " ".join(f"w{number}" for number in range(3000))
    (change,) = changes(old, old + " end")
    assert (old_side(change), new_side(change)) == (old, old + " end")


def test_a_word_changed_in_a_very_long_paragraph_is_shown_in_its_place() -> None:
    words = [f"w{number % 700}" for number in range(9000)]
    words[4500] = "thirty"
    old = " ".join(words)
    (change,) = changes(old, old.replace("thirty", "ninety"))
    assert [(piece.op, piece.text) for piece in change.pieces if piece.op != "same"] == [
        ("removed", "thirty"),
        ("added", "ninety"),
    ]


def contents(shift: int) -> str:
    return "\n".join(f"Section {number} {'.' * 40} {number * 3 + shift}" for number in range(60))


def test_the_dots_before_a_page_s_number_are_one_mark() -> None:
    (change,) = changes("Cameras ........ 30\nGates . . . . 31", "Cameras ...... 30\nGates . . . . 31")
    assert marked(change) == "Cameras ~~........~~**......** 30\nGates . . . . 31"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (contents(1), contents(2)),
        ("a b " * 3000, "b c " * 3000),
        ("a " * 5000, "a b " * 2500),
        ("x\n\ny\n\n" * 3000, "y\n\nz\n\n" * 3000),
        ("\n\n".join(f"Line {line} stands." for line in range(5000)), "\n\n".join("It lies." for _ in range(5000))),
        (" ".join(map(str, range(100_000))), " ".join(map(str, range(0, 200_000, 2)))),
    ],
    ids=["contents", "two words", "one word", "short lines", "all lines", "numbers"],
)
def test_a_page_whose_comparison_would_take_hours_is_told_within_a_bounded_number_of_steps(
    old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []

    class Counted(redline._Steps):
        def __init__(self, most: int) -> None:
            super().__init__(most)
            counted.append(self)

    monkeypatch.setattr(redline, "_Steps", Counted)
    assert changes(old, new)
    at_one_word = max(len(old), len(new))
    assert all(steps.left >= -at_one_word for steps in counted)


def test_where_the_steps_are_used_up_what_begins_and_ends_alike_is_still_unchanged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redline, "_MOST_STEPS", 60)
    (change,) = changes("Footage is kept for 30 days and then erased.", "Footage is kept for 90 days and then erased.")
    assert marked(change) == "Footage is kept for ~~30~~**90** days and then erased."


def test_paragraphs_told_whole_are_those_that_one_text_alone_has() -> None:
    new = POLICY.replace("30", "90").replace("Use of harbour cameras", "Use  of\nharbour cameras")
    assert [(change.heading, marked(change)) for change in whole(POLICY, new)] == [
        ("Retention", "~~Footage is kept for 30 days and then erased.~~"),
        ("Retention", "**Footage is kept for 90 days and then erased.**"),
    ]


def test_a_page_replaced_by_another_is_told_whole() -> None:
    old = "\n\n".join(f"old paragraph {number}" for number in range(300))
    new = "\n\n".join(f"new section {number}" for number in range(300))
    assert len(changes(old, new)) == 600


@pytest.mark.parametrize("other", ["One  two\n\nthree", "One two\nthree ", "One\u00a0two three"])
def test_a_version_is_the_same_whatever_its_spacing(other: str) -> None:
    assert text_hash(other) == text_hash("One two three")


def test_a_version_with_another_word_is_another() -> None:
    assert text_hash("One two three") != text_hash("One two four")


PARAGRAPH = st.lists(
    st.sampled_from(re.findall(r"\S+", "the camera runs 30 90 days , . at night or day")), min_size=1, max_size=9
)
TEXT = st.lists(PARAGRAPH.map(" ".join) | st.text(max_size=8), max_size=7).map("\n\n".join)


@given(TEXT, TEXT, st.sampled_from([0, 9, 30, 100, 300, redline._MOST_STEPS]))
def test_both_sides_can_be_put_together_again_from_the_changes(old: str, new: str, steps: int) -> None:
    before, after = ([part.strip() for part in side.split("\n\n")] for side in (old, new))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redline, "_MOST_STEPS", steps)
        told = changes(old, new)
    for change in told:
        if change.heading == "moved":
            assert old_side(change) in " ".join(before)
        for text, side in ((old_side(change), old), (new_side(change), new)):
            assert text in side
            assert text == text.strip()
    if text_hash(old) != text_hash(new) and [p for p in before if p] != [p for p in after if p]:
        assert told or "".join(old.split()) == "".join(new.split())


@given(TEXT)
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert changes(text, text) == ()

"""Changed paragraphs, word by word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.models import Change
from watchers.policy.redline import changes, text_hash


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


@given(TEXT, TEXT)
def test_both_sides_can_be_put_together_again_from_the_changes(old: str, new: str) -> None:
    before, after = ([part.strip() for part in side.split("\n\n")] for side in (old, new))
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

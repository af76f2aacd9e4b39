"""Copies and excerpts are recognised by their words; other texts are not."""

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.stories.fingerprint import (
    FEWEST_HITS,
    LARGEST_UNSAMPLED,
    copy_score,
    fingerprint,
)

WORDS = [f"{start}{middle}{end}" for start in "bdfgklmnprst" for middle in ("a", "e", "io", "u") for end in "lnrst"]


# Written down once: a stored shingle has to be found by every later version.
PINNED = [2136114707876484750, 2638148777128994489]


def prose(seed: int, words: int) -> str:
    """An invented text whose words come in no order that another seed repeats."""
    choose = random.Random(seed)
    return " ".join(choose.choice(WORDS) for _ in range(words))


def score(new: str, old: str, *, old_partial: bool = False, same_title: bool = False) -> float | None:
    kept = fingerprint(old)
    fresh = fingerprint(new)
    return copy_score(
        fresh,
        hits=len(fresh.shingles & kept.shingles),
        old_shingles=len(kept.shingles),
        old_sampled=kept.sampled,
        old_partial=old_partial,
        same_title=same_title,
    )


def test_case_punctuation_and_typography_make_no_difference() -> None:
    plain = fingerprint("The mayor's office said it won't buy harbour cameras - not this year")
    dressed = fingerprint("THE MAYOR’S office said: “it won’t buy\u00a0harbour cameras” — not this year…")
    assert dressed == plain


def test_accents_which_copies_lose_make_no_difference() -> None:
    assert fingerprint("José Ibáñez opposed the new harbour cameras") == fingerprint(
        "Jose Ibanez opposed the new harbour cameras"
    )


def test_another_word_makes_another_text() -> None:
    assert fingerprint("one two three four five six").text_hash != fingerprint("one two three four five ten").text_hash


def test_a_script_without_spaces_has_shingles_too() -> None:
    assert len(fingerprint("市議会が港の監視カメラを禁止した").shingles) > 8


def test_short_texts_keep_every_shingle_and_long_ones_an_eighth() -> None:
    short, long = fingerprint(prose(1, LARGEST_UNSAMPLED + 4)), fingerprint(prose(1, 4000))
    assert (len(short.shingles), short.sampled) == (LARGEST_UNSAMPLED, False)
    assert long.sampled
    assert 400 < len(long.shingles) < 600


def test_shingles_fit_a_signed_column() -> None:
    assert all(0 <= shingle < 2**63 for shingle in fingerprint("Zürich " + prose(2, 60)).shingles)


def test_shingles_are_the_same_in_another_process() -> None:
    program = "from watchers.stories.fingerprint import fingerprint as f; print(sorted(f('a b c d e f').shingles))"
    printed = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert printed.strip() == str(sorted(fingerprint("a b c d e f").shingles))
    assert sorted(fingerprint("a b c d e f").shingles) == PINNED


@pytest.mark.parametrize("text", ["", "…", "four words are few"])
def test_a_text_of_under_five_words_has_only_its_hash(text: str) -> None:
    assert fingerprint(text).shingles == frozenset()


def test_a_copy_with_other_furniture_is_a_copy() -> None:
    article = prose(3, 500)
    assert score(f"{prose(4, 30)} {article} {prose(5, 40)}", article) is not None


def test_an_excerpt_of_a_long_text_is_a_copy() -> None:
    article = prose(6, 900)
    assert score(" ".join(article.split()[300:420]) + " " + prose(7, 30), article) is not None


def test_a_long_report_that_quotes_an_article_is_no_copy() -> None:
    article = prose(8, 400)
    assert score(" ".join(article.split()[:80]) + " " + prose(9, 400), article) is None


def test_the_whole_of_an_old_excerpt_is_a_copy_and_of_an_old_report_is_not() -> None:
    brief = prose(10, 140)
    whole = brief + " " + prose(11, 500)
    assert score(whole, brief, old_partial=True) is not None
    assert score(whole, brief, old_partial=False) is None


def test_two_short_excerpts_of_one_article_are_copies_whichever_came_first() -> None:
    article = prose(12, 60).split()
    longer, shorter = " ".join(article[:55]), " ".join(article[:25])
    assert score(longer, shorter) is not None
    assert score(shorter, longer) is not None


def test_one_template_filled_in_twice_is_no_copy() -> None:
    template = (
        "{0} health officials on {1} reported {2} new cases of the fever, bringing the state's total to {3} "
        "since the count began in March. {4} more people have died, officials said."
    )
    assert (
        score(
            template.format("Indiana", "Friday", "643", "23,146", "Thirty-three"),
            template.format("Iowa", "Saturday", "214", "11,671", "Nine"),
        )
        is None
    )


def test_one_headline_over_two_excerpts_is_a_copy() -> None:
    assert score(prose(13, 40), prose(14, 40), same_title=True) is not None
    assert score(prose(13, 40), prose(14, 40)) is None


def test_one_headline_over_two_whole_reports_is_no_copy() -> None:
    assert score(prose(15, 400), prose(16, 400), same_title=True) is None


def test_a_shared_phrase_is_too_little() -> None:
    phrase = "the surveillance technology oversight project said"
    assert score(f"{phrase} {prose(17, 4)}", f"{prose(18, 9)} {phrase}") is None


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_score_is_a_share_and_whole_in_itself(one: str, other: str) -> None:
    assert 0 <= (score(one, other) or 0.0) <= 1
    shingles = len(fingerprint(one).shingles)
    assert score(one, one) == (1.0 if shingles >= FEWEST_HITS else None)


def test_sampled_and_unsampled_texts_are_compared_on_the_sample() -> None:
    words = prose(19, 300).split()
    whole, part = fingerprint(" ".join(words)), fingerprint(" ".join(words[100:160]))
    assert (whole.sampled, part.sampled) == (True, False)
    assert score(" ".join(words[100:160]), " ".join(words)) == 1.0

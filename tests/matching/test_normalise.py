"""The normaliser: what counts as the same word, what a phrase may cross, and the way back to the original."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.matching.normalise import (
    BARRIERS,
    PARAGRAPH_DISTANCE,
    PARAGRAPH_TOKEN,
    SENTENCE_TOKEN,
    NormalisedText,
)


def words(text: str) -> str:
    return b" ".join(NormalisedText(text).words()).decode()


def stream(text: str) -> str:
    """Words with | for a sentence's end and ¶ for a paragraph's."""
    shown = {SENTENCE_TOKEN: b"|", PARAGRAPH_TOKEN: "¶".encode()}
    return b" ".join(shown.get(token, token) for token in NormalisedText(text).haystack.split()).decode()


def places(normalised: NormalisedText) -> Iterator[tuple[bytes, int, int]]:
    """Each word with the spaces of the haystack around it."""
    start = 0
    for token in normalised.haystack.split():
        end = start + len(token) + 1
        if token not in BARRIERS:
            yield token, start, end
        start = end


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("POLICE Police police", "police police police"),
        ("Émile Łódź Ångström søster straße", "emile lodz angstrom soster strasse"),
        ("cafe\u0301", "cafe"),
        ("İstanbul", "istanbul"),
        ("face-recognition", "face recognition"),
        (
            "face\u2011recognition face\u2010recognition face–recognition",
            "face recognition face recognition face recognition",
        ),
        ("NYPD's NYPD’s NYPD'S officers' James's", "nypd nypd nypd officers james"),
        ("po\u00adli\u200bce N\u2060YPD\ufeff", "police nypd"),
        ("oﬃce ﬁnd", "office find"),
        ("ＮＹＰＤ", "nypd"),
        ("𝐍𝐘𝐏𝐃", "nypd"),
        ("U.S. N.Y.P.D. S.T.O.P. a.m.", "us nypd stop am"),
        ("U.S.-led (U.S.) U.S.’s", "us led us us"),
        ("don't don’t we're O'Connor O’Connor l'opposition", "dont dont were oconnor oconnor l opposition"),
        ("3.5 1,000 1,234,567 2.4.26", "3.5 1000 1234567 2.4.26"),
        ("1,2 and 12,34", "1 2 and 12 34"),
        ("Clearview™ NYPD® NYPD¹ #NYPD @nypd _nypd_", "clearview nypd nypd 1 nypd nypd nypd"),
        ("clearview.ai", "clearview ai"),
        ("٣٥", "35"),
        ("日本の警察", "日 本 の 警 察"),
        ("警察’s", "警 察"),
        ("警察NYPD警察", "警 察 nypd 警 察"),
        ("😀!?…—", ""),
        ("", ""),
    ],
)
def test_words_in_their_plain_form(written: str, plain: str) -> None:
    assert words(written) == plain


def test_composed_and_decomposed_text_is_the_same() -> None:
    assert words("が각é") == words("か\u3099\u1100\u1161\u11a8e\u0301")


def test_marks_that_tell_words_apart_are_kept() -> None:
    assert words("กา") != words("กี")
    assert words("कि") != words("की")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("It was facial. Recognition came.", "it was facial | recognition came |"),
        ("it was facial. recognition came", "it was facial | recognition came"),
        ("facial! recognition? facial; recognition", "facial | recognition | facial | recognition"),
        ("“It was facial.” Recognition came", "it was facial | recognition came"),
        ("(It was facial.) Recognition came", "it was facial | recognition came"),
        ("police.The council", "police | the council"),
        ("facial … recognition", "facial | recognition"),
        ("facial... recognition", "facial | recognition"),
        ("顔認識。警察", "顔 認 識 | 警 察"),
        ("facial, recognition: facial — recognition", "facial recognition facial recognition"),
        ("facial\nrecognition", "facial recognition"),
        ("facial\n\nrecognition", "facial ¶ recognition"),
        ("facial\r\n\r\nrecognition", "facial ¶ recognition"),
        ("facial\r\nrecognition", "facial recognition"),
        ("facial\n \t\n\n\nrecognition", "facial ¶ recognition"),
        (
            "Gov. Hochul met Det. Sgt. Ann Smith Jr. of Acme Inc. on Jan. 5",
            "gov hochul met det sgt ann smith jr of acme inc on jan 5",
        ),
        ("gov. hochul and dr. who", "gov hochul and dr who"),
        ("Derrick J. Ingram v. New York", "derrick j ingram v new york"),
        ("J. K. Rowling", "j k rowling"),
        ("No. 5 is alive", "no 5 is alive"),
        ("She said no. Police left", "she said no | police left"),
        ("a rise of 3.5 percent in 2020. Police", "a rise of 3.5 percent in 2020 | police"),
        ("the U.S. Senate", "the us senate"),
        ("in the U.S. The Senate", "in the us | the senate"),
        ("at Acme Inc. The firm", "at acme inc | the firm"),
    ],
)
def test_where_sentences_and_paragraphs_end(text: str, tokens: str) -> None:
    # A point at the very end says nothing that matters.
    assert stream(text).rstrip("| ") == tokens.rstrip("| ")


def test_a_span_takes_in_the_accents_and_points_of_its_word() -> None:
    text = "Le cafe\u0301 of the U.S. is N\u00adYPD’s"
    normalised = NormalisedText(text)
    assert [written for _, written in normalised.written_words()] == [
        "Le", "cafe\u0301", "of", "the", "U.S.", "is", "N\u00adYPD",
    ]  # fmt: skip


def test_paragraphs_are_counted_from_the_first_that_has_text() -> None:
    text = "\n\n one \n\n***\n \n\ntwo\nthree\n\nfour"
    normalised = NormalisedText(text)
    counted = {word.decode(): normalised.paragraph(start) for word, start, _ in places(normalised)}
    assert counted == {"one": 1, "two": 3, "three": 3, "four": 4}


NASTY = st.text(
    st.one_of(
        st.sampled_from(
            "abNY ..'’,-\n\t!?;()\"“” 15０ß éÉ ﬁ½²™…ŉŒⅧ\u00ad\u200b\u0301\u0338\u2029\r\x00\x01\x02\x03\x04\ud800\udfff"
            "漢警がか\u3099각ไทยี้कि्😀İıſΐς。！",
        ),
        st.characters(),
    ),
    max_size=60,
)


@given(NASTY)
def test_every_word_of_any_text_is_found_in_its_own_span(text: str) -> None:
    normalised = NormalisedText(text)
    start_before = end_before = 0
    for word, *around in places(normalised):
        start, end = normalised.span(*around)
        assert 0 <= start < end <= len(text)
        assert end > end_before or start == start_before  # several words can come from one character
        start_before, end_before = start, end
        assert word in NormalisedText(text[start:end]).words()


@given(NASTY)
def test_words_are_counted_from_the_start_and_paragraphs_keep_their_distance(text: str) -> None:
    normalised = NormalisedText(text)
    numbers = normalised.word_numbers({start for _, start, _ in places(normalised)})
    for number, (_, start, _) in enumerate(places(normalised)):
        ends = normalised.haystack[:start].count(PARAGRAPH_TOKEN)
        assert numbers[start] == number + ends * PARAGRAPH_DISTANCE


@given(NASTY)
def test_normalising_what_is_normal_changes_nothing(text: str) -> None:
    once = words(text)
    assert words(once) == once


@given(st.text(st.sampled_from("ab \n\r\t."), max_size=40))
def test_paragraphs_agree_with_a_split_at_blank_lines(text: str) -> None:
    normalised = NormalisedText(text)
    for _, *around in places(normalised):
        start, _ = normalised.span(*around)
        before = text[:start].lstrip()
        assert normalised.paragraph(around[0]) == (len(re.split(r"\n\s*\n", before)) if before else 1)

"""Why a card is sent: the words of each watch, marked and placed, and the sentences that the card doesn't show."""

from dataclasses import replace

import pytest

from bot.cards import card_for
from bot.cards.spans import marked_text
from tests.bot.alerts import POLICY, STORY, outgoing
from watchers.models import Alert, AlertKind, Why

_HIDDEN = "A lawsuit over the cameras is to be heard in May."


def _why(text: str, sentence: str, *, watch: str = "w", paragraph: int | None = 1) -> Why:
    return Why(watch=watch, term=text, field="text", paragraph=paragraph, text=text, sentence=sentence)


def _told_why(alert: Alert) -> list[tuple[str, str]]:
    return [(line.watch, marked_text(line.found)) for line in card_for(outgoing(alert)).why]


def test_each_watch_tells_its_words_and_where_they_stand() -> None:
    assert _told_why(STORY) == [
        (
            "police-facial-recognition",
            "**face recognition** (headline); **Police**, **facial recognition** (paragraph 3)",
        ),
        ("markets", "**market** (paragraph 3)"),
    ]


def test_the_words_that_matched_are_marked_in_the_summary() -> None:
    lead, second = card_for(outgoing(STORY)).summary
    assert "running **face recognition** on shoppers at Brixham **market**." in marked_text(lead)
    assert marked_text(second) == (
        "**Police** had asked for “live **facial recognition**” at the **market**’s three gates since January."
    )


def test_a_summary_without_its_marks_is_verbatim() -> None:
    lines = card_for(outgoing(STORY)).summary
    assert ["".join(span.text for span in line) for line in lines] == list(STORY.summary)


def test_a_word_in_several_places_is_told_once() -> None:
    whys = (*STORY.why[:1], *(_why("Face recognition", "", watch=STORY.watches[0], paragraph=at) for at in (7, 2, 7)))
    alert = replace(STORY, watches=STORY.watches[:1], why=whys)
    assert _told_why(alert) == [(STORY.watches[0], "**face recognition** (headline, paragraphs 2, 7)")]


def test_a_word_within_a_longer_find_is_told_by_that_alone() -> None:
    whys = tuple(_why(word, "") for word in ("Police", "Port Alder Police", "Alder Police"))
    assert _told_why(replace(STORY, watches=("w",), why=whys)) == [("w", "**Port Alder Police** (paragraph 1)")]


def test_a_sentence_that_the_card_does_not_show_is_quoted_once() -> None:
    whys = tuple(
        _why(word, _HIDDEN, watch=watch, paragraph=9) for watch, word in (("w", "lawsuit"), ("w", "May"), ("v", "May"))
    )
    assert _told_why(replace(STORY, watches=("w", "v"), why=whys)) == [
        ("w", "“A **lawsuit** over the cameras is to be heard in **May**.” (paragraph 9)"),
        ("v", "**May** (paragraph 9)"),
    ]


def test_a_sentence_in_a_script_without_spaces_is_marked_and_not_quoted_again() -> None:
    sentence = "東京地裁は世帯の強制立ち退き請求を認めない判決を言い渡した。"
    whys = tuple(_why(word, sentence, paragraph=1) for word in ("立ち退き", "請求"))  # side by side: one mark
    alert = replace(STORY, watches=("w",), summary=(sentence,), why=whys)
    assert [marked_text(line) for line in card_for(outgoing(alert)).summary] == [
        "東京地裁は世帯の強制**立ち退き請求**を認めない判決を言い渡した。"
    ]
    assert _told_why(alert) == [("w", "**立ち退き**, **請求** (paragraph 1)")]


def test_no_more_than_two_sentences_are_quoted() -> None:
    whys = tuple(_why(f"word{number}", f"Here is word{number}.", paragraph=number) for number in range(1, 5))
    ((_, found),) = _told_why(replace(STORY, watches=("w",), why=whys))
    assert found.count("“") == 2
    assert found.startswith("**word3** (paragraph 3); **word4** (paragraph 4); “Here is **word1**.” (paragraph 1)")


def test_a_changed_page_shows_its_change_and_quotes_nothing() -> None:
    alert = replace(POLICY, why=(_why("lawsuit", _HIDDEN, watch="policies", paragraph=9),))
    assert _told_why(alert) == [("policies", "**lawsuit** (paragraph 9)")]


def test_watches_are_counted_beyond_the_fifth() -> None:
    whys = tuple(_why("police", "", watch=f"w{number}") for number in range(7))
    card = card_for(outgoing(replace(STORY, why=whys, watches=())))
    assert (len(card.why), card.why_left_off) == (5, 2)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (AlertKind.STORY_NEW, [("locals", "by outlet or language, not by words")]),
        (AlertKind.DOCUMENT_ADDED, [("locals", "this page is watched")]),
        (AlertKind.ARTICLE_REMOVED, []),
        (AlertKind.DIGEST, []),
    ],
)
def test_a_watch_without_words_is_told_by_what_it_can_mean(kind: AlertKind, said: list[tuple[str, str]]) -> None:
    assert _told_why(replace(STORY, kind=kind, why=(), watches=("locals",))) == said


def test_evidence_without_a_sentence_is_the_word_itself() -> None:
    assert _told_why(replace(STORY, why=(_why("lawsuit", ""),), watches=("w",))) == [("w", "**lawsuit** (paragraph 1)")]


def test_a_long_sentence_is_shortened_around_its_marked_words() -> None:
    sentence = "so it goes " * 60 + "the lawsuit came " + "and went away " * 60
    ((_, text),) = _told_why(replace(STORY, why=(_why("lawsuit", sentence),), watches=("w",)))
    assert len(text) < 230
    assert text.startswith("“…")
    assert text.endswith("…” (paragraph 1)")
    assert "the **lawsuit** came" in text

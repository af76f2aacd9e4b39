"""What a card says, whatever the channel."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import given, settings

from bot.cards import card_for
from bot.cards.model import Span
from bot.cards.spans import cut_marked, mark, marked_text, shorten
from bot.cards.words import LABELS, TONES, distance
from tests.bot.alerts import DIGEST, FAILING, KINDS, NOW, POLICY, PUBLISHED, STORY, hostile_alerts, outgoing
from watchers.models import Alert, AlertKind, Change, Piece, Teller, Why

UNCHANGED_END = " and then deleted, unless a supervisor asks for more time."


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_has_a_label_a_tone_and_a_headline(kind: AlertKind) -> None:
    card = card_for(outgoing(KINDS[kind]))
    assert (card.label, card.tone) == (LABELS[kind], TONES[kind])
    assert card.headline == KINDS[kind].title


@given(hostile_alerts)
@settings(max_examples=15, deadline=None, derandomize=True)
def test_any_alert_has_a_card_with_a_headline(alert: Alert) -> None:
    assert card_for(outgoing(alert)).headline


# ── why ──────────────────────────────────────────────────────────────────────────────────────────────────


def _why(text: str, sentence: str, *, watch: str = "w", paragraph: int | None = 1) -> Why:
    return Why(watch=watch, term=text, field="text", paragraph=paragraph, text=text, sentence=sentence)


def test_evidence_in_one_sentence_is_one_line_with_all_its_words_marked() -> None:
    lines = card_for(outgoing(STORY)).why
    assert [line.place for line in lines] == ["headline", "paragraph 3"]
    assert marked_text(lines[1].sentence) == (
        "**Police** had asked for “live **facial recognition**” at the **market**’s three gates since January."
    )
    assert lines[1].watches == ("police-facial-recognition", "markets")


def test_many_sentences_are_counted_beyond_the_fourth() -> None:
    whys = tuple(_why("police", f"The police said so {number} times.") for number in range(7))
    card = card_for(outgoing(replace(STORY, why=whys, watches=("w",))))
    assert (len(card.why), card.why_left_off) == (4, 3)


def test_a_watch_without_words_says_that_it_has_none() -> None:
    (line,) = card_for(outgoing(replace(STORY, why=(), watches=("locals",)))).why
    assert (line.sentence, line.watches) == ((), ("locals",))
    assert "outlet" in line.place


def test_a_word_is_marked_only_where_it_stands_alone() -> None:
    assert marked_text(mark("policemen call police", ("police",))) == "policemen call **police**"


def test_every_occurrence_is_marked_and_overlaps_are_one_mark() -> None:
    assert marked_text(mark("face recognition, face it", ("face", "face recognition"))) == (
        "**face recognition**, **face** it"
    )


def test_a_word_that_its_sentence_does_not_hold_is_shown_before_it() -> None:
    assert marked_text(mark("Something else.", ("police",))) == "**police**: Something else."


def test_evidence_without_a_sentence_is_the_word_itself() -> None:
    (line,) = card_for(outgoing(replace(STORY, why=(_why("police", ""),), watches=("w",)))).why
    assert marked_text(line.sentence) == "**police**"


def test_a_long_sentence_is_shortened_around_its_marked_words() -> None:
    sentence = "so it goes " * 60 + "the police came " + "and went away " * 60
    (line,) = card_for(outgoing(replace(STORY, why=(_why("police", sentence),), watches=("w",)))).why
    text = marked_text(line.sentence)
    assert len(text) < 300
    assert text.startswith("…")
    assert text.endswith("…")
    assert "the **police** came" in text


def test_a_line_without_marks_is_shortened_from_its_end() -> None:
    assert shorten((Span("one two three four five"),), 6) == (Span("one two…"),)


def test_a_marked_line_is_cut_within_its_marks() -> None:
    line = (Span("kept for "), Span("thirty long days", "removed"), Span("ninety days", "added"))
    assert cut_marked(line, 25) == "kept for ~~thirty long…~~"


# ── who carries it ───────────────────────────────────────────────────────────────────────────────────────


def test_the_first_to_publish_comes_first_and_the_rest_in_order_of_arrival() -> None:
    earlier = Teller(outlet="Early Bird", url=None, published=PUBLISHED - timedelta(hours=1))
    later = Teller(outlet="Late Edition", url=None, published=PUBLISHED + timedelta(hours=1))
    carriers = card_for(outgoing(replace(STORY, copies=(later, earlier)))).carriers
    assert [carrier.outlet for carrier in carriers] == ["Early Bird", "The Harbour Ledger", "Late Edition"]


def test_an_undated_story_keeps_the_order_of_arrival() -> None:
    copies = (Teller(outlet="Early Bird", url=None, published=PUBLISHED),)
    carriers = card_for(outgoing(replace(STORY, published=None, copies=copies))).carriers
    assert [carrier.outlet for carrier in carriers] == ["The Harbour Ledger", "Early Bird"]


def test_an_outlet_without_a_name_is_named_by_its_host() -> None:
    copies = (
        Teller(outlet=None, url="https://wire.example/x", published=None),
        Teller(outlet=None, url=None, published=None),
    )
    carriers = card_for(outgoing(replace(STORY, copies=copies))).carriers
    assert [carrier.outlet for carrier in carriers[1:]] == ["wire.example", "unnamed outlet"]


# ── what changed ─────────────────────────────────────────────────────────────────────────────────────────


def test_changed_words_are_marked_under_their_heading() -> None:
    first, second = card_for(outgoing(POLICY)).changes
    assert (first.heading, marked_text(first.text)) == (
        "4. Retention",
        f"Images that match nobody are kept for ~~30~~ **90** days{UNCHANGED_END}",
    )
    assert marked_text(second.text) == "**An auditor reads the log every quarter.**"


def test_blanks_between_pieces_are_kept_and_stay_outside_the_marks() -> None:
    pieces = (Piece(op="same", text="kept"), Piece(op="removed", text=" for\n30 days"), Piece(op="same", text=" only"))
    card = card_for(outgoing(replace(POLICY, changes=(Change(heading=None, pieces=pieces),))))
    assert marked_text(card.changes[0].text) == "kept ~~for 30 days~~ only"


def test_the_attachment_holds_every_changed_paragraph_whole() -> None:
    pieces = (Piece(op="same", text="so it goes " * 200), Piece(op="added", text="now"))
    card = card_for(outgoing(replace(POLICY, changes=(Change(heading="1", pieces=pieces),))))
    assert card.attachment is not None
    assert card.attachment.text.count("so it goes") == 200
    assert len(marked_text(card.changes[0].text)) < 400


# ── digests, sources, marks ──────────────────────────────────────────────────────────────────────────────


def test_a_digest_groups_its_members_by_watch_the_largest_first() -> None:
    groups = card_for(outgoing(DIGEST)).groups
    assert [(group.name, len(group.entries)) for group in groups] == [
        ("police-facial-recognition", 2),
        ("markets", 1),
        ("policies", 1),
        ("Source failing", 1),
    ]
    assert groups[0].entries[0].also == ("markets",)
    assert groups[0].entries[0].copies == 9
    assert groups[2].entries[0].label == "Policy changed"


def test_a_digest_without_a_title_says_how_many() -> None:
    assert card_for(outgoing(replace(DIGEST, title=""))).headline == "5 alerts"


def test_a_demo_card_says_so() -> None:
    assert card_for(outgoing(replace(STORY, demo=True))).demo == "Demo: invented story"
    assert card_for(outgoing(STORY)).demo is None


def test_a_card_sent_again_is_marked_beside_its_reference() -> None:
    assert card_for(outgoing()).footer == "ref d-7f3a"
    assert card_for(outgoing(resent=True)).footer == "ref d-7f3a · resent: the first may have arrived"


def test_hard_case_97_a_source_s_secret_is_not_told_in_our_own_words() -> None:
    leaky = "https://x.example/feed?token=hunter2 answered 403"
    card = card_for(outgoing(replace(FAILING, title=leaky, summary=(leaky,), note=leaky)))
    assert "hunter2" not in repr(card)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5, minutes=59), "5 hours ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(hours=-2), "in 2 hours"),
    ],
)
def test_a_distance_in_time_is_told_in_its_largest_whole_unit(ago: timedelta, words: str) -> None:
    assert distance(NOW.astimezone(UTC) - ago, NOW) == words

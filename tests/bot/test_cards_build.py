"""What a card says, whatever the channel."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from bot.cards import card_for
from bot.cards.model import Moment, Span
from bot.cards.spans import cut_marked, holds, mark, marked_text, shorten
from bot.cards.words import LABELS, TONES, distance
from tests.bot.alerts import (
    FAILING,
    KINDS,
    NOTICE,
    NOW,
    POLICY,
    PUBLISHED,
    RECOVERED,
    STORY,
    hostile_alerts,
    outgoing,
)
from watchers.models import Alert, AlertKind, Change, Piece

UNCHANGED_END = " and then deleted, unless a supervisor asks for more time."


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_has_a_label_a_tone_and_a_headline(kind: AlertKind) -> None:
    card = card_for(outgoing(KINDS[kind]))
    assert card.label.startswith(LABELS[kind])
    assert card.tone == TONES[kind]
    assert card.headline


@given(hostile_alerts)
@settings(max_examples=15)
def test_any_alert_has_a_card_with_a_headline(alert: Alert) -> None:
    assert card_for(outgoing(alert)).headline


# ── marked words ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_word_is_marked_only_where_it_stands_alone() -> None:
    assert marked_text(mark("policemen call police", ("police",))) == "policemen call **police**"


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("世帯の強制立ち退きを認めない", "立ち退き"),
        ("法院裁定暂停驱逐租户。", "驱逐"),
        ("ศาลสั่งห้ามขับไล่ผู้เช่า", "ขับไล่"),
        ("경찰이 말했다", "경찰이"),
        ("NHKは報じた", "NHK"),
        ("生成AI規制", "AI"),
        ("NYPD’s cameras", "NYPD"),
        ("the U.S. army", "U.S."),
        ("l’expulsion suspendue", "expulsion"),
        ("a fee of $1,000", "1,000"),
    ],
)
def test_a_word_stands_alone_as_the_matcher_sees_it(sentence: str, word: str) -> None:
    assert holds(sentence, word)
    assert f"**{word}**" in marked_text(mark(sentence, (word,)))


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("경찰이 말했다", "경찰"),
        ("मुंबई में", "मु"),
        ("O’Connor said", "Connor"),
        ("1,000 people", "1"),
        ("policemen", "police"),
    ],
)
def test_a_part_of_a_word_does_not_stand_alone(sentence: str, word: str) -> None:
    assert not holds(sentence, word)


def test_every_occurrence_is_marked_and_overlaps_are_one_mark() -> None:
    assert marked_text(mark("face recognition, face it", ("face", "face recognition"))) == (
        "**face recognition**, **face** it"
    )


def test_a_word_that_its_sentence_does_not_hold_is_shown_before_it() -> None:
    assert marked_text(mark("Something else.", ("police",))) == "**police**: Something else."


def test_a_line_without_marks_is_shortened_from_its_end() -> None:
    assert shorten((Span("one two three four five"),), 6) == (Span("one two…"),)


def test_a_marked_line_is_cut_within_its_marks() -> None:
    line = (Span("kept for "), Span("thirty long days", "removed"), Span("ninety days", "added"))
    assert cut_marked(line, 25) == "kept for ~~thirty long…~~"


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
    assert card.attachment.text.endswith("so it goes {+now+}\n")
    assert len(marked_text(card.changes[0].text)) < 400


def test_the_attachment_says_what_changed_where_and_when_for_whoever_it_is_passed_on_to() -> None:
    card = card_for(outgoing(replace(POLICY, published=None, since=PUBLISHED, until=NOW)))
    assert card.attachment is not None
    assert card.attachment.text.startswith(
        "Facial recognition policy\nBrixham Police\n"
        "Changed between 14 Mar 2031, 13:12 UTC and 14 Mar 2031, 13:24 UTC\n"
        "https://police.example/policies/facial-recognition\n\n"
    )


def _change(old: str, new: str, *, before: str = "kept for ", after: str = " days") -> Change:
    pieces = (Piece(op="same", text=before), Piece(op="removed", text=old), Piece(op="added", text=new))
    return Change(heading="4. Retention", pieces=(*pieces, Piece(op="same", text=after)))


@pytest.mark.parametrize(
    ("change", "label"),
    [
        (_change("30", "90"), "Policy changed: 30 → 90 days"),
        (_change("1.5", "2", after="% of all"), "Policy changed: 1.5 → 2%"),
        (_change("10", "5", after=" business days."), "Policy changed: 10 → 5 business days"),
        (_change("412", "413", after=" and others"), "Policy changed"),
        (_change("000", "500", before="after 1,"), "Policy changed"),
        (_change("thirty", "90"), "Policy changed"),
        (_change("1,000", "2,000", before="The fee is $", after="."), "Policy changed: $1,000 → $2,000"),
        (_change("1", "2", before="a fund of €", after=" million."), "Policy changed: €1 → €2 million"),
        (_change("1.000", "2.500", before="Kosten: ", after=" € im Jahr"), "Policy changed: 1.000 → 2.500 €"),
        (_change("1,250,000", "2", before="A$", after=" a year"), "Policy changed: A$1,250,000 → A$2"),
        (_change("5", "7", before="from $", after="-10 an hour"), "Policy changed"),
        (_change("5", "7", before="for $", after=" days"), "Policy changed: $5 → $7"),
    ],
)
def test_a_number_that_gave_way_to_another_is_told_with_its_unit_or_currency(change: Change, label: str) -> None:
    assert card_for(outgoing(replace(POLICY, changes=(change,)))).label == label


def test_an_amount_at_the_end_of_its_paragraph_is_told() -> None:
    change = _change("1,000", "2,000", before="Fee: $", after="")
    label = card_for(outgoing(replace(POLICY, changes=(replace(change, pieces=change.pieces[:-1]),)))).label
    assert label == "Policy changed: $1,000 → $2,000"


def test_only_the_first_numbers_of_many_are_told() -> None:
    changes = tuple(_change(str(number), "90") for number in range(1, 5))
    assert card_for(outgoing(replace(POLICY, changes=changes))).label == "Policy changed: 1 → 90 days, 2 → 90 days"


@pytest.mark.parametrize(
    ("outlet", "url", "told"),
    [
        ("Brixham Police", "https://police.example/rules", "Brixham Police"),
        (None, "https://police.example/rules", "police.example"),
        (" \u200b", "https://police.example/rules", "police.example"),
        (None, "https://аррӏе.com/rules", "xn--80ak6aa92e.com"),
        ("аррӏе.com", "https://аррӏе.com/rules", "xn--80ak6aa92e.com"),
        ("東京新聞", "https://аррӏе.com/rules", "東京新聞"),
        (None, "javascript:alert(1)", None),
        ("Brixham Police", None, "Brixham Police"),
        (None, None, None),
    ],
)
def test_hard_case_79_an_outlet_without_a_name_is_told_by_its_host_as_links_show_it(
    outlet: str | None, url: str | None, told: str | None
) -> None:
    assert card_for(outgoing(replace(POLICY, outlet=outlet, url=url))).outlet == told


def test_of_a_source_the_name_is_told_and_not_its_host() -> None:
    assert card_for(outgoing(FAILING)).outlet is None


def test_an_article_without_a_date_says_when_it_was_first_seen() -> None:
    card = card_for(outgoing(replace(STORY, published=None, first_seen=NOW)))
    assert card.dated == (Moment("no date; first seen", NOW),)
    assert card_for(outgoing(replace(STORY, first_seen=NOW))).dated == (Moment("", PUBLISHED),)
    assert card_for(outgoing(replace(STORY, published=None))).dated == ()


def test_a_changed_page_says_within_which_time_it_changed() -> None:
    changed = replace(POLICY, published=None, since=PUBLISHED, until=NOW)
    card = card_for(outgoing(changed))
    assert card.dated == (Moment("changed between", PUBLISHED), Moment("and", NOW))
    assert card.moments == ()


@pytest.mark.parametrize("since", [None, NOW, NOW + timedelta(days=1)])
def test_a_changed_page_says_when_that_was_seen_where_nothing_before_it_is_known(since: datetime | None) -> None:
    changed = replace(POLICY, published=None, since=since, until=NOW)
    assert card_for(outgoing(changed)).dated == (Moment("change first seen", NOW),)


# ── sources, notices ─────────────────────────────────────────────────────────────────────────────────────


def test_a_failing_source_says_why_since_when_and_until_when() -> None:
    card = card_for(outgoing(FAILING))
    assert [marked_text(line) for line in card.summary] == ["403 Forbidden."]
    assert card.moments == (Moment("Began", PUBLISHED), Moment("Next try", NOW + timedelta(minutes=40)))
    assert (card.note, card.dated) == (None, ())


def test_a_source_that_is_back_says_how_long_it_was_away() -> None:
    card = card_for(outgoing(RECOVERED))
    assert [marked_text(line) for line in card.summary] == ["It was away for 5 hours."]
    assert card.moments == ()


@pytest.mark.parametrize(
    ("text", "headline", "details"),
    [
        (
            "Channel newsroom is paused: webhook: 404. Its alerts wait",
            "Channel newsroom is paused",
            ["Webhook: 404. Its alerts wait."],
        ),
        ("Source a is silent.\nWatch b is loud: narrow it.", "Source a is silent, and 1 more thing", 2),
        ("See `wiredesk outbox list`", "See wiredesk outbox list", []),
    ],
)
def test_a_notice_says_what_is_the_matter_first(text: str, headline: str, details: list[str] | int) -> None:
    card = card_for(outgoing(replace(NOTICE, title=text)))
    assert card.headline == headline
    told = [marked_text(line) for line in card.summary]
    assert (len(told) if isinstance(details, int) else told) == details


def test_a_note_is_a_sentence_apart_from_the_summary() -> None:
    card = card_for(outgoing(replace(STORY, note="this is the feed's own summary")))
    assert card.note == "This is the feed's own summary."
    assert len(card.summary) == len(STORY.summary)


# ── marks ──


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
        (timedelta(0), "just now"),
        (timedelta(seconds=20), "just now"),
        (timedelta(seconds=-20), "in less than a minute"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5, minutes=59), "5 hours ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(hours=-2), "in 2 hours"),
    ],
)
def test_a_distance_in_time_is_told_in_its_largest_whole_unit(ago: timedelta, words: str) -> None:
    assert distance(NOW.astimezone(UTC) - ago, NOW) == words

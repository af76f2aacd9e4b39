"""What is told of a text: its own sentences, the lead and those that matched, never furniture."""

import re
from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.stories import summary
from watchers.stories.furniture import is_furniture
from watchers.stories.sentences import Sentence, sentences
from watchers.stories.summary import sentence_around, summarise

LEAD = "The harbour council voted on Tuesday to close the old ferry pier."
BODY = "Councillor Ada Brenn said the timber had been rotting for years."
MONEY = "Repairs will cost four million crowns, paid from the lighthouse fund."
FERRY = "The night ferry to Skarholm will leave from the coal quay until then."
TEXT = f"{LEAD} {BODY}\n\n{MONEY} Nobody objected.\n\n{FERRY}"


def places(text: str, *words: str) -> list[tuple[int, int]]:
    return [found.span() for word in words for found in re.finditer(re.escape(word), text)]


def test_the_lead_and_the_sentences_with_matched_words_are_told_in_order() -> None:
    assert summarise(TEXT, places(TEXT, "Skarholm", "lighthouse")) == (LEAD, MONEY, FERRY)


def test_without_matches_the_text_begins_it() -> None:
    assert summarise(TEXT, []) == (LEAD, BODY)


def test_a_sentence_with_words_not_yet_told_goes_before_one_that_repeats() -> None:
    text = f"{LEAD} The pier is old. The pier is closed. {FERRY}"
    told = summarise(text, places(text, "pier", "Skarholm"), limit=len(LEAD) + len(FERRY) + 1)
    assert told == (LEAD, FERRY)


def test_at_most_four_sentences_are_told() -> None:
    text = " ".join(f"The pier lost plank number {number} today." for number in range(10))
    assert len(summarise(text, places(text, "pier"), limit=1000)) == 4


def test_a_sentence_that_passes_the_limit_with_its_space_gives_way_to_a_shorter_one() -> None:
    assert summarise(TEXT, places(TEXT, "Skarholm"), limit=len(LEAD) + 1 + len(FERRY)) == (LEAD, FERRY)
    assert summarise(TEXT, places(TEXT, "Skarholm"), limit=len(LEAD) + len(FERRY)) == (LEAD, BODY)


def test_a_lead_longer_than_the_limit_gives_way_to_a_shorter_sentence() -> None:
    long_lead = f"{LEAD[:-1]}, {'and then some more happened, ' * 12}until it ended."
    assert summarise(f"{long_lead} {BODY}", []) == (BODY,)


def test_a_lead_is_cut_at_a_word_only_where_nothing_shorter_is_there() -> None:
    told = summarise(LEAD, [], limit=30)
    assert told == ("The harbour council voted on…",)


def test_a_matched_sentence_is_cut_rather_than_one_without_a_match() -> None:
    long_one = "Nothing of note " + "happened " * 60 + "here."
    long_two = "Skarholm alone " + "wondered " * 60 + "why."
    text = f"{long_one} {long_two}"
    assert summarise(text, places(text, "Skarholm"), limit=40)[0].startswith("Skarholm alone")


def test_white_space_is_all_that_changes() -> None:
    text = "The harbour  council\u00a0voted on Tuesday\nto close the old ferry pier today."
    assert summarise(text, []) == ("The harbour council voted on Tuesday to close the old ferry pier today.",)


def test_the_headline_is_not_told_again() -> None:
    text = f"Old Ferry Pier To Close.\n\n{LEAD} {BODY}"
    assert summarise(text, [], title="Old ferry pier to close") == (LEAD, BODY)


def test_a_heading_is_not_a_lead() -> None:
    assert summarise(f"What the council decided\n\n{LEAD} {BODY}", [])[0] == LEAD


def test_a_dateline_stays_in_its_sentence() -> None:
    text = f"SKARHOLM, Norland (HP) — {LEAD} {BODY}"
    assert summarise(text, [])[0] == f"SKARHOLM, Norland (HP) — {LEAD}"


def test_a_quotation_that_is_torn_goes_behind_a_whole_one() -> None:
    text = f"{LEAD} “We waited for the pier. The pier never came,” she said. “The pier is ours.”"
    assert "“The pier is ours.”" in summarise(text, places(text, "pier"), limit=len(LEAD) + 25)


def test_a_sentence_that_the_text_repeats_is_told_once() -> None:
    assert summarise(f"{LEAD}\n\n{LEAD} {BODY}", []) == (LEAD, BODY)


def test_a_text_of_fragments_alone_is_still_told() -> None:
    assert summarise("Pier closed until March", []) == ("Pier closed until March",)


@pytest.mark.parametrize(("text", "limit"), [("", 320), ("Advertisement", 320), (LEAD, 0), (LEAD, 1)])
def test_where_nothing_can_be_told_nothing_is(text: str, limit: int) -> None:
    assert summarise(text, [], limit=limit) == ()


FURNITURE = [
    "This story was updated with a comment from the harbour board.",
    "This article has been updated.",
    "The headline of this story was corrected on Tuesday.",
    "This is a developing story and will be updated.",
    "Sign up for our morning letter.",
    "Subscribe to the Harbour Post for more.",
    "Get the latest news in your inbox.",
    "Read next: Why piers rot",
    "Read more: The history of the pier",
    "Related: Ten piers to see",
    "More from Harbour Post",
    "Copyright 2031 Harbour Post.",
    "© 2031 Harbour Post. All rights reserved.",
    "Advertisement",
    "Photo: Jo Marsh/Harbour Post",
    "(Photo by Jo Marsh)",
    "Image courtesy of the harbour board",
    "Follow us on the social networks.",
    "Follow Jo Marsh on Mastodon.",
    "Share this article",
    "Click here to see the map.",
    "Updated 5:40 p.m. Tuesday",
    "Published: May 6, 2031",
    "By Jo Marsh",
    "By Jo Marsh and Li Wen, Staff Writers",
    "5 min read",
    "Editor's note: a earlier version named another pier.",
    "Li Wen contributed to this report.",
    "Reporting by Jo Marsh; editing by Li Wen",
    "Jo Marsh can be reached at jo@example.org.",
    "The old pier is seen in this undated file photo.",
    "Do you have a tip for us? Write to the desk.",
    "Lire aussi : Les quais ferment",
]


@pytest.mark.parametrize("furniture", FURNITURE)
def test_furniture_is_never_told(furniture: str) -> None:
    text = f"{furniture}\n\n{LEAD} {BODY}\n\n{furniture}"
    assert summarise(text, places(text, furniture)) == (LEAD, BODY)


@pytest.mark.parametrize(
    "sentence",
    [
        LEAD,
        "Subscribers to the ferry line complained on Tuesday.",
        "Signs along the pier warned of the danger.",
        "Readers shared photos of the broken pier.",
        "Copyrighted maps of the harbour were copied by the board.",
        "By Tuesday evening the pier had closed.",
        "By law, the board must answer within a month.",
        "More than forty boats lay at anchor.",
        "Photographs from the pier showed the rotten timber.",
        "The board updated its plan for the pier on Monday.",
        "Follow-up inspections are planned for March.",
        "Police shared an image of the man with reporters.",
        "Getting the pier ready will take two summers.",
        "Video of the arrest shows three officers.",
        "Updates to the law were voted down.",
        "Get the pier closed, the mayor told the council.",
        "Related charges were dropped in May.",
        "Sponsored by two councillors, the bill passed.",
        "The report was published on Monday by the harbour board.",
        "Published by the city in 2031, the plan names nine piers.",
        "Copyright law protects the harbour maps.",
        "Advertisement revenue on the ferries fell by half last year.",
        "Reuters reported that the pier had closed.",
        "Research by Skarholm University shows the rot.",
        "500 comments were filed against the plan.",
        "Video by bystanders shows the fall.",
        "The story of the pier was first told in 2019.",
        "Search warrants were issued for the coal quay.",
    ],
)
def test_a_sentence_of_the_story_is_no_furniture(sentence: str) -> None:
    assert not is_furniture(sentence)


@pytest.mark.parametrize("unit", ["By A", "A", "Read ", "Photo: ", "a@", "follow him on ", "this story was "])
def test_hostile_lines_are_judged_at_once(unit: str) -> None:
    assert is_furniture("By " + unit * 20_000) in {True, False}


def test_what_follows_furniture_in_a_short_paragraph_is_furniture() -> None:
    text = f"{LEAD} {BODY}\n\nSign up for our letter. It comes every pier morning."
    assert summarise(text, places(text, "pier")) == (LEAD, BODY)


def test_evidence_is_the_sentence_around_the_words() -> None:
    start, end = places(TEXT, "lighthouse")[0]
    assert sentence_around(TEXT, start, end) == MONEY


def test_evidence_over_two_sentences_shows_both() -> None:
    start = TEXT.index("pier")
    assert sentence_around(TEXT, start, TEXT.index("Brenn") + 5) == f"{LEAD} {BODY}"


def test_long_evidence_is_cut_at_words_around_the_match() -> None:
    text = f"It began {'and went on ' * 60}to Skarholm {'and further on ' * 60}until it ended."
    start, end = places(text, "Skarholm")[0]
    shown = sentence_around(text, start, end)
    assert len(shown) <= 240
    assert "Skarholm" in shown
    assert shown[0] == shown[-1] == "…"
    assert all(word in text.split() for word in shown.strip("…").split())


def test_evidence_at_the_beginning_of_a_long_sentence_is_cut_behind_alone() -> None:
    text = f"Skarholm {'went on and on ' * 60}until it ended."
    shown = sentence_around(text, 0, 8)
    assert shown.startswith("Skarholm went")
    assert shown.endswith("…")


GULLS = "The gulls of Skarholm waited for Mr. Brenn and for the boats. " * 400


@pytest.mark.parametrize("broken", [False, True])
def test_evidence_in_a_paragraph_as_long_as_a_page_is_the_same_and_only_its_neighbourhood_is_split(
    monkeypatch: pytest.MonkeyPatch, *, broken: bool
) -> None:
    split: list[int] = []

    def counted(part: str) -> tuple[Sentence, ...]:
        split.append(len(part))
        return sentences(part)

    monkeypatch.setattr(summary, "sentences", counted)
    text = f"{GULLS}{BODY} {MONEY} {GULLS}"
    if broken:
        text = "\n".join(wrap(text, 90))
    start, end = places(text, "lighthouse")[0]
    assert sentence_around(text, start, end) == MONEY
    assert sentence_around(text, places(text, "rotting")[0][0], end) == f"{BODY} {MONEY}"
    assert max(split) < len(text) / 10


def test_a_sentence_as_long_as_a_page_is_cut_as_any_other() -> None:
    for around in ("and went on ", "and\nwent on "):
        shown = {
            sentence_around(f"It began {around * many}to Skarholm {around * many}until it ended.", at, at + 8)
            for many in (50, 5000)
            for at in [len(f"It began {around * many}to ")]
        }
        assert len(shown) == 1


WORDS = st.sampled_from(
    [
        "The pier",
        "Skarholm",
        "closed.",
        "“We",
        "wait.”",
        "Mr.",
        "Brenn",
        "said",
        "\n\n",
        "\n",
        "  ",
        "Sign up for it.",
        "。",
        "voted!",
        "5.5",
    ]
)
PROSE = st.lists(WORDS, max_size=60).map(" ".join)


@given(PROSE, st.data(), st.integers(min_value=0, max_value=400))
def test_every_sentence_told_stands_in_the_text_and_the_limit_holds(text: str, data: st.DataObject, limit: int) -> None:
    ends = st.integers(min_value=0, max_value=len(text))
    spans = data.draw(st.lists(st.tuples(ends, ends).map(lambda pair: (min(pair), max(pair))), max_size=5))
    told = summarise(text, spans, limit=limit)
    flat = " ".join(text.split())
    assert all(sentence.removesuffix("…") in flat for sentence in told)
    assert len(" ".join(told)) <= limit
    assert len(told) <= 4


@given(PROSE.filter(str.strip), st.data(), st.integers(min_value=20, max_value=300))
def test_evidence_holds_the_span_and_stands_in_the_text(text: str, data: st.DataObject, limit: int) -> None:
    start, end = data.draw(st.sampled_from([found.span() for found in re.finditer(r"\S+", text)]))
    shown = sentence_around(text, start, end, limit=limit)
    assert text[start:end] in shown
    assert shown.strip("…").strip() in " ".join(text.split())
    assert len(shown) <= limit

"""What a digest's card says: its members under their watches, its headline, its file."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards import card_for
from bot.cards.model import Moment
from tests.bot.alerts import DIGEST, FAILING, NOW, POLICY, PUBLISHED, STORY, outgoing
from watchers.models import AlertKind


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
    assert groups[2].entries[0].label == "Policy changed: 30 → 90 days"


def test_an_entry_of_a_digest_counts_each_other_outlet_once() -> None:
    own, wire = replace(STORY.copies[0], outlet=STORY.outlet), STORY.copies[1]
    copies = (own, wire, replace(wire, url=f"{wire.url}-2", published=PUBLISHED - timedelta(minutes=1)))
    (group,) = card_for(outgoing(replace(DIGEST, members=(replace(STORY, copies=copies),)))).groups
    assert group.entries[0].copies == 1


def test_in_each_group_of_a_digest_the_newest_stands_first_and_what_has_no_date_last() -> None:
    ages = (3, None, 1, 2)
    members = tuple(
        replace(
            STORY,
            key=f"story.new:{number}",
            story=str(number),
            title=f"{age} old",
            published=None if age is None else NOW - timedelta(hours=age),
            first_seen=NOW,
        )
        for number, age in enumerate(ages)
    )
    (group,) = card_for(outgoing(replace(DIGEST, members=members))).groups
    assert [entry.headline for entry in group.entries] == ["1 old", "2 old", "3 old", "None old"]


def test_an_entry_of_a_digest_says_who_and_when_as_its_own_card_would() -> None:
    nameless = replace(STORY, outlet=None, published=None, first_seen=NOW)
    changed = replace(POLICY, outlet=None, published=None, since=PUBLISHED, until=NOW)
    groups = card_for(outgoing(replace(DIGEST, members=(nameless, changed, FAILING)))).groups
    assert [(entry.outlet, entry.dated) for group in groups for entry in group.entries] == [
        ("ledger.example", Moment("first seen", NOW)),
        ("police.example", Moment("", NOW)),
        (None, Moment("", PUBLISHED)),
    ]


def test_the_file_of_a_digest_says_of_each_entry_what_the_card_does() -> None:
    undated = replace(STORY, key="story.new:s9", story="s9", published=None, first_seen=NOW, copies=())
    attachment = card_for(outgoing(replace(DIGEST, members=(STORY, undated, POLICY)))).attachment
    assert attachment is not None
    assert attachment.text == (
        """\
police-facial-recognition (2)
- Council bans live face recognition at Brixham market · The Harbour Ledger · 14 Mar 2031, 13:12 UTC · 9 copies · \
also markets
  https://ledger.example/2031/03/14/market-ban
- Council bans live face recognition at Brixham market · The Harbour Ledger · first seen 14 Mar 2031, 13:24 UTC · \
also markets
  https://ledger.example/2031/03/14/market-ban

policies (1)
- Facial recognition policy · Policy changed: 30 → 90 days · Brixham Police · 14 Mar 2031, 13:12 UTC
  https://police.example/policies/facial-recognition
"""
    )


@pytest.mark.parametrize(
    ("title", "lead"), [("", "5 alerts"), ("5 alerts", "5 alerts"), ("Good morning", "Good morning")]
)
def test_a_digest_s_headline_says_what_it_holds(title: str, lead: str) -> None:
    headline = card_for(outgoing(replace(DIGEST, title=title))).headline
    assert headline == f"{lead}: police-facial-recognition 2, markets 1, policies 1, 1 more"


def test_a_digest_of_one_watch_counts_once() -> None:
    members = tuple(replace(STORY, key=f"story.new:{number}", story=str(number)) for number in range(3))
    assert (
        card_for(outgoing(replace(DIGEST, title="", members=members))).headline == "3 alerts: police-facial-recognition"
    )


def test_a_story_or_a_page_stands_in_a_digest_once() -> None:
    follow_up = replace(STORY, key="story.update:s1", kind=AlertKind.STORY_UPDATE, watches=("markets",))
    again = replace(POLICY, key="policy.changed:p1:v3", title="Policy on faces")
    (first, second) = card_for(
        outgoing(replace(DIGEST, title="4 alerts", members=(STORY, POLICY, follow_up, again)))
    ).groups
    assert [(entry.headline, entry.also) for entry in first.entries] == [(STORY.title, ("markets",))]
    assert [(entry.headline, entry.label) for entry in second.entries] == [
        ("Policy on faces", "Policy changed 2 times")
    ]

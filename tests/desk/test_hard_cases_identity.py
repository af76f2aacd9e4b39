"""Identity and time, as a desk lives them: the same entry is never news twice, another entry always is."""

from collections.abc import Sequence

import pytest

from tests.desk.conftest import NOW, Desk
from tests.desk.press import Entry, rss
from tests.fakes.web import Reply, Web

LATER = "2026-03-02T15:00:00Z"
WORDS = "The harbor cameras were discussed again, at item number {} of a long agenda."
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def story(number: int, **changes: str | None) -> Entry:
    word = NUMBERS[number]
    given = {
        "title": f"Harbor cameras, agenda item {word} {word}",
        "link": f"https://quay.example/{word}",
        "guid": f"id-{word}",
        "summary": " ".join(f"{word} {each}" for each in WORDS.format(word).split()),
    }
    return Entry(**{**given, **changes})  # type: ignore[arg-type]  # a test's own keywords


def poll(desk: Desk, web: Web, entries: Sequence[Entry], *, at: str = NOW, first_look: str = "24h") -> list[str]:
    """What is told when the feed shows these entries: titles, a digest's keys in their place."""
    web.serve("/feed", rss(entries))
    desk.sources.setdefault("feed", {"url": web.url("/feed"), "read": "never"})
    desk.environment["WIREDESK_BURST"] = "100"
    told: list[str] = []
    for line in desk.run(at=at, first_look=first_look).told():
        told.extend(line["alerts"] or [line["title"]])
    return told


def test_hard_case_51_every_guid_changes_at_once(desk: Desk, web: Web) -> None:
    poll(desk, web, [story(number) for number in range(12)])
    renamed = [story(number, guid=f"new-{number}") for number in range(12)]
    assert poll(desk, web, renamed, at=LATER) == []


def test_hard_case_51_a_feed_that_is_nearly_all_new_at_once_is_one_digest(desk: Desk, web: Web) -> None:
    poll(desk, web, [story(number) for number in range(2)])
    web.serve("/feed", rss([story(number) for number in range(2, 12)]))
    told = desk.run(at=LATER).told()
    assert [line["kind"] for line in told] == ["digest"]
    assert len(told[0]["alerts"]) == 10


def test_hard_case_52_the_same_guid_with_another_story(desk: Desk, web: Web) -> None:
    poll(desk, web, [story(0)])
    assert poll(desk, web, [story(1, guid="id-one")], at=LATER) == [story(1).title]


def test_hard_case_53_without_id_and_date_an_entry_is_old_on_the_first_poll_and_news_later(
    desk: Desk, web: Web
) -> None:
    bare = {"guid": None, "published": None}
    assert poll(desk, web, [story(0, **bare)]) == []
    assert poll(desk, web, [story(0, **bare), story(1, **bare)], at=LATER) == [story(1).title]


def test_hard_case_54_ids_that_repeat_are_not_trusted(desk: Desk, web: Web) -> None:
    entries = [story(number, guid="same") for number in range(3)]
    assert len(poll(desk, web, entries)) == 3
    assert poll(desk, web, entries, at=LATER) == []


def test_hard_case_55_an_edited_title_or_date_is_a_revision(desk: Desk, web: Web) -> None:
    poll(desk, web, [story(0)])
    edited = story(0, title="Harbor cameras: the vote", published="Mon, 02 Mar 2026 14:00:00 GMT")
    assert poll(desk, web, [edited], at=LATER) == []


def test_hard_case_56_an_old_entry_slides_back_in(desk: Desk, web: Web) -> None:
    old = story(0, published="Mon, 05 Jan 2026 10:00:00 GMT")
    poll(desk, web, [story(1), story(2)])
    assert poll(desk, web, [story(2), old], at=LATER) == []
    assert poll(desk, web, [story(1), old], at=LATER) == []


def test_a_ruling_that_a_court_dates_back_is_told_though_a_first_look_would_have_passed_it_over(
    desk: Desk, web: Web
) -> None:
    january, pinned = {"published": "Mon, 05 Jan 2026 10:00:00 GMT"}, {"published": "Mon, 01 Jan 2018 10:00:00 GMT"}
    known = [story(0), story(1, **january), story(2, **pinned)]
    assert poll(desk, web, known) == [story(0).title]
    back = story(3, published="Mon, 09 Feb 2026 10:00:00 GMT")
    assert poll(desk, web, [*known, back], at=LATER) == [back.title]


def test_hard_case_57_a_restart_forgets_nothing(desk: Desk, web: Web) -> None:
    assert poll(desk, web, [story(0)]) == [story(0).title]
    assert poll(desk, web, [story(0)]) == []


def test_hard_case_58_a_date_in_the_future(desk: Desk, web: Web) -> None:
    future = {"published": "Tue, 02 Mar 2027 10:00:00 GMT"}
    assert poll(desk, web, [story(0, **future)]) == []
    assert poll(desk, web, [story(0, **future), story(1, **future)], at=LATER) == [story(1).title]


@pytest.mark.parametrize("date", ["Mon, 01 Jan 0000 00:00:00 GMT", "99999-01-01T00:00:00Z", "yesterday"])
def test_hard_case_59_impossible_dates(desk: Desk, web: Web, date: str) -> None:
    assert poll(desk, web, [story(0, published=date)], first_look="all") == [story(0).title]


@pytest.mark.parametrize(
    "variant",
    [
        "https://quay.example/one?utm_source=rss&utm_medium=feed",
        "http://quay.example/one",
        "https://quay.example/one/",
        "https://quay.example/one/amp/",
        "https://m.quay.example/one",
        "https://www.quay.example/one#comments",
    ],
)
def test_hard_case_61_one_story_under_many_addresses(desk: Desk, web: Web, variant: str) -> None:
    web.serve("/other", rss([story(0, link=variant, title="Other words over it", guid="x")]))
    desk.source("other", "/other", read="never")
    assert len(poll(desk, web, [story(0)])) == 1


def test_hard_case_61_a_parameter_with_a_meaning_is_kept(desk: Desk, web: Web) -> None:
    entries = [story(number, link=f"https://quay.example/read?articleId={number}") for number in range(3)]
    assert len(poll(desk, web, entries)) == 3


def test_hard_case_63_the_first_poll_tells_what_the_first_look_says(desk: Desk, web: Web) -> None:
    yesterday = story(0, published="Sun, 01 Mar 2026 10:00:00 GMT")
    assert poll(desk, web, [yesterday, story(1)]) == [story(1).title]


def test_first_look_zero_tells_nothing_and_all_tells_everything(desk: Desk, web: Web) -> None:
    undated = story(0, published=None)
    assert poll(desk, web, [undated, story(1)], first_look="0") == []
    web.serve("/again", rss([story(2, published=None), story(3)]))
    desk.source("again", "/again", read="never")
    assert len(poll(desk, web, [undated, story(1)], first_look="all")) == 2


def test_hard_case_64_after_a_long_absence_more_than_the_burst_is_one_digest(desk: Desk, web: Web) -> None:
    poll(desk, web, [story(0)])
    desk.environment["WIREDESK_BURST"] = "3"
    web.serve("/feed", rss([story(number) for number in range(6)]))
    told = desk.run(at="2026-03-05T12:00:00Z").told()
    assert [(line["kind"], len(line["alerts"] or [])) for line in told] == [("digest", 5)]


def test_a_fresh_copy_of_a_story_that_was_recorded_silently_is_told(desk: Desk, web: Web) -> None:
    undated = story(0, published=None, link="https://first.example/a", guid="a")
    web.serve("/other", rss([story(0, link="https://second.example/b", guid="b")], title="Second"))
    desk.source("first", "/first", read="never")
    web.serve("/first", rss([undated]))
    desk.source("second", "/other", read="never")
    assert len(desk.run().told("story.new")) == 1
    assert desk.run(at=LATER).told() == []


def test_a_410_pauses_the_source_and_tells_the_admins_at_once(desk: Desk, web: Web) -> None:
    desk.desk["admin_channel"] = "newsroom"
    web.serve("/gone", Reply(410))
    desk.source("gone", "/gone")
    assert [line["kind"] for line in desk.run().told()] == ["source.failing"]
    assert desk.run().summary["polled"] == 0

"""The demo newsroom's news: how much there is, that its labels hold, and that it is invented."""

import json
import re
from collections import Counter
from datetime import datetime, timedelta

import pytest

from bot.demo import demo_corpus_path, expectations
from bot.demo.edition import DemoItem, load_edition

EDITION = load_edition()
OUTLETS = EDITION.settings.outlets
TEXTS = {item.path: item for item in EDITION.items if item.source is None}
FACES = re.compile(r"fac(?:e|ial) (?:recognition|matching)|\bKetteridge\b|\bPlover Systems\b", re.IGNORECASE)
POLICE = re.compile(r"\bpolice\b|\bKetteridge\b|\bPlover Systems\b", re.IGNORECASE)


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return set(zip(*(words[start:] for start in range(5)), strict=False))


def test_the_day_has_about_twenty_outlets_and_two_hundred_items() -> None:
    assert len(OUTLETS) == 20
    assert 190 <= len(EDITION.items) <= 215
    assert len({item.path for item in EDITION.items}) == len(EDITION.items)
    assert {o.format for o in OUTLETS} == {"rss", "rdf", "atom", "json", "sitemap"}


def test_every_role_occurs_and_the_matching_events_are_about_a_dozen() -> None:
    roles = Counter(item.role for item in EDITION.items)
    assert set(roles) == {"report", "copy", "excerpt", "known", "other"}
    assert min(roles.values()) >= 3
    assert 12 <= len({item.event for item in EDITION.items if item.role == "report"}) <= 16


def test_everything_is_published_within_a_day_of_the_first_look() -> None:
    first = EDITION.hours[0]
    assert all(first - timedelta(hours=24) < item.published <= EDITION.hours[-1] for item in EDITION.items)


def test_no_two_events_share_a_headline() -> None:
    events: dict[str, set[str]] = {}
    for item in EDITION.items:
        events.setdefault(item.headline.casefold(), set()).add(item.event)
    assert [headline for headline, found in events.items() if len(found) > 1] == []


def test_texts_of_their_own_do_not_resemble_each_other() -> None:
    # Far below what makes a copy: a few words in common, such as a name with its title.
    texts = {path: shingles(item.text) for path, item in TEXTS.items()}
    for path, own in texts.items():
        for other_path, other in texts.items():
            if path != other_path:
                assert len(own & other) / len(own) < 0.05, f"{path} and {other_path}"


@pytest.mark.parametrize(
    "item", [item for item in EDITION.items if item.source], ids=lambda item: item.path.replace("/2025/10/14", "")
)
def test_what_was_taken_from_another_outlet_begins_as_it_does_and_comes_later(item: DemoItem) -> None:
    source = TEXTS[str(item.source)]
    assert source.published < item.published
    assert item.paragraphs[0] == source.paragraphs[0]
    assert item.paragraphs[-1] not in source.paragraphs
    if item.role == "copy":
        assert item.paragraphs[:-1] == source.paragraphs
    if item.role == "excerpt":
        # Enough words for an excerpt to be told from a chance likeness.
        assert len(shingles(item.text) & shingles(source.text)) >= 80


def test_a_copy_polled_with_its_report_carries_the_same_headline() -> None:
    # Which of them is polled first is not decided, so what is told must read the same.
    def poll(item: DemoItem) -> datetime:
        return next(hour for hour in EDITION.hours if hour >= item.published)

    for item in EDITION.items:
        if item.role in {"copy", "excerpt"}:
            source = TEXTS[str(item.source)]
            assert poll(item) > poll(source) or (item.role == "copy" and item.headline == source.headline)


def test_late_copies_come_hours_after_their_report() -> None:
    late = [
        item
        for item in EDITION.items
        if item.role == "copy" and item.published - TEXTS[str(item.source)].published > timedelta(hours=3)
    ]
    assert len(late) >= 3


def test_some_events_are_reported_twice_in_different_words() -> None:
    reports = Counter(item.event for item in EDITION.items if item.role == "report")
    assert sum(count == 2 for count in reports.values()) >= 3


def test_every_report_speaks_of_the_watched_technology_and_the_police() -> None:
    for item in EDITION.items:
        if item.role == "report":
            words = f"{item.headline}\n{item.summary if item.locked else item.text}"
            assert FACES.search(words), item.path
            assert POLICE.search(words), item.path


def test_one_report_can_be_found_by_its_article_text_alone() -> None:
    hidden = [
        item
        for item in EDITION.items
        if item.role == "report"
        and not FACES.search(f"{item.headline} {item.summary}")
        and not POLICE.search(f"{item.headline} {item.summary}")
    ]
    assert hidden


def test_nothing_else_speaks_of_both_though_some_come_close() -> None:
    others = [item for item in EDITION.items if item.role == "other" and item.source is None]
    texts = [f"{item.headline}\n{item.text}" for item in others]
    assert [text for text in texts if FACES.search(text) and POLICE.search(text)] == []
    assert sum(bool(FACES.search(text)) for text in texts) >= 2
    assert sum(bool(POLICE.search(text)) for text in texts) >= 2
    for near in ("facial", "recognition", "surveillance", "drones", "plovers", "face. Recognition"):
        assert any(near in text for text in texts), near


def test_known_stories_are_told_again_from_the_corpus() -> None:
    known = [json.loads(line) for line in demo_corpus_path().read_text(encoding="utf-8").splitlines()]
    assert all(set(story) == {"url", "title", "text", "published", "outlet"} for story in known)
    titles = {story["title"] for story in known}
    retold = [item for item in EDITION.items if item.role == "known"]
    assert {item.headline for item in retold} < titles
    assert all(datetime.fromisoformat(story["published"]) < EDITION.hours[0] for story in known)


def test_the_expectations_account_for_every_item_once() -> None:
    expected = expectations()
    told, held = [told.path for told in expected.told], [held.path for held in expected.held]
    assert sorted(told + held) == sorted(item.path for item in EDITION.items)
    assert expected.items == len(EDITION.items)
    reasons = Counter(held.reason for held in expected.held)
    assert set(reasons) == {"copy", "excerpt", "known", "unmatched"}
    assert reasons["copy"] == sum(told.copies for told in expected.told)
    assert reasons["excerpt"] == sum(told.excerpts for told in expected.told)


def test_nothing_real_is_named_and_no_address_leads_outside() -> None:
    folder = demo_corpus_path().parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))
    hosts = set(re.findall(r"https?://([^/\s\"'{}]+)", text))
    assert all(host.endswith(".example") for host in hosts)
    real = (
        r"NYPD|New York|NYC|London|Chicago|Detroit|California|United States|Clearview|DataWorks|Amazon|Google|Apple"
        r"|Microsoft|Axon|Flock|Palantir|NEC|Idemia|ACLU|EFF|Reuters|Associated Press|BBC|CNN|Gothamist|FBI|ICE"
    )
    assert re.findall(rf"\b(?:{real})\b", text) == []

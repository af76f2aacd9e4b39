"""How a desk's sources do. On both databases."""

from datetime import timedelta
from typing import Any

import pytest

from tests.storage.building import NOW, Desk, watch_list
from watchers.errors import ConfigError
from watchers.models import Item
from watchers.storage import health, sources, versions
from watchers.storage.health import SourceHealth
from watchers.storage.versions import Version

HOUR = timedelta(hours=1)
OK = {"last_outcome": "ok", "first_ok_at": NOW, "last_ok_at": NOW, "last_new_at": NOW, "next_at": NOW + HOUR}
FAILED = {"last_outcome": "failed", "last_error": "no answer", "failures": 2, "failing_since": NOW - HOUR}


def courier(desk: Desk) -> SourceHealth:
    (source,) = desk.read(health.every, desk.id)
    return source


def test_a_source_that_was_never_polled_is_new(desk: Desk) -> None:
    source = courier(desk)
    assert (source.state, source.polled_at, source.next_at, source.tags) == ("new", None, None, ("local",))


def test_a_failing_source_says_since_when_and_why(desk: Desk) -> None:
    desk.write(sources.save, desk.source().id, OK | FAILED)
    source = courier(desk)
    assert (source.state, source.error, source.failing_since) == ("failing", "no answer", NOW - HOUR)
    assert source.silent_since is None


def test_a_silent_source_says_since_when_and_does_not_fail_to_answer(desk: Desk) -> None:
    desk.write(sources.save, desk.source().id, OK | {"told_failing": True, "told_silent": True})
    source = courier(desk)
    assert (source.state, source.failing_since, source.silent_since) == ("failing", None, NOW)


def test_a_source_that_is_gone_is_asked_no_more(desk: Desk) -> None:
    desk.write(sources.save, desk.source().id, OK | {"gone": True})
    assert (courier(desk).state, courier(desk).next_at) == ("paused", None)


def test_one_is_found_at_its_own_desk_only(desk: Desk) -> None:
    row = courier(desk).id
    assert desk.read(health.one, desk.id, row).name == "courier"
    asked: tuple[Any, ...] = (health.one, health.address_of)
    for function in asked:
        with pytest.raises(ConfigError, match="not there any more"):
            desk.read(function, desk.id + 1, row)
    with pytest.raises(ConfigError, match="not there any more"):
        desk.read(health.latest, desk.id + 1, row, 3)
    assert desk.read(health.every, desk.id + 1) == []


def test_the_newest_entries_are_shown_and_all_are_counted(desk: Desk) -> None:
    for age in range(4):
        desk.show(Item(url=f"https://courier.example/{age}", title=f"{age} hours old", published=NOW - age * HOUR))
    number, shown = desk.read(health.latest, desk.id, courier(desk).id, 2)
    assert number == 4
    assert [(entry.title, entry.at) for entry in shown] == [("0 hours old", NOW), ("1 hours old", NOW - HOUR)]


def test_of_a_page_the_versions_are_shown(desk: Desk) -> None:
    for number in (1, 2):
        version = Version(number=number, title=f"v{number}", text="", text_hash="", extractor="page-1", snapshot=None)
        desk.write(versions.add, desk.source().id, version, NOW)
    number, shown = desk.read(health.latest, desk.id, courier(desk).id, 1)
    assert (number, [version.title for version in shown]) == (2, ["v2"])


def test_secrets_are_left_out_of_everything_but_what_the_source_is_asked_by(desk: Desk) -> None:
    desk.apply(watch_list(sources={"courier": {"url": "https://courier.example/feed?key=hush"}}))
    failed = FAILED | {"last_error": "no answer of https://a.example/?token=hush"}
    desk.write(sources.save, desk.source().id, OK | failed)
    assert "hush" not in repr(courier(desk))
    url, memory = desk.read(health.address_of, desk.id, courier(desk).id)
    assert (url, memory.kind) == ("https://courier.example/feed?key=hush", "auto")

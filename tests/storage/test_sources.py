"""What is polled, when, and for whom."""

from datetime import timedelta

from tests.storage.building import MINUTE, NOW, Desk, watch_list
from watchers.models import Outcome, SourceMemory, Validators
from watchers.storage import meta, sources, told
from watchers.storage.database import Database

FEED = "https://courier.example/feed"


def test_a_source_comes_back_as_it_was_left(desk: Desk) -> None:
    source = desk.source().id
    columns = {
        "found_kind": "feed", "title": "Courier", "outlet": "The Courier", "language": "en", "etag": 'W/"a b"',
        "last_modified": "Mon, 02 Mar 2026 10:00:00 GMT", "body_hash": "ab" * 32, "seen_entries": ["one", "two"],
        "moved_to": "https://new.example/feed", "moved_count": 2, "last_outcome": "ok", "failures": 1,
        "failing_since": NOW, "told_failing": True, "first_ok_at": NOW, "next_at": NOW + MINUTE,
        "told_silent": True, "min_interval": 600.0, "skip_hours": [2, 3],
    }  # fmt: skip
    desk.write(sources.save, source, columns)
    found = desk.source()
    assert found.memory == SourceMemory(kind="feed", learned=True, seen_entries=frozenset(("one", "two")))
    assert found.validators == Validators('W/"a b"', "Mon, 02 Mar 2026 10:00:00 GMT")
    assert (found.moved_to, found.moved_count) == ("https://new.example/feed", 2)
    assert (found.last_outcome, found.failures, found.told_failing) == (Outcome.OK, 1, True)
    assert (found.told_silent, found.min_interval, found.skip_hours) == (True, 600.0, frozenset((2, 3)))
    assert (found.address, found.name) == (FEED, "courier")
    assert found.follows[0].tags == frozenset(("local",))


def test_where_people_differ_the_most_demanding_wins(desk: Desk) -> None:
    follows = {
        "slow": {"url": FEED, "every": "6h", "read": "never"},
        "fast": {"url": FEED, "every": "10m", "read": "matched"},
        "idle": {"url": FEED},
    }
    desk.apply(watch_list(sources=follows))
    found = desk.source("slow")
    assert (found.every, found.read) == (600.0, "all")
    assert [follow.name for follow in found.follows] == ["slow", "fast", "idle"]


def test_a_state_follows_what_people_change(desk: Desk) -> None:
    before = desk.source()
    assert desk.read(sources.as_told_now, before) is before
    changed = {"url": FEED, "every": "10m", "read": "never", "tags": ["courts"]}
    desk.apply(watch_list(sources={"courier": changed, "second": {"url": FEED, "read": "matched"}}))
    assert desk.read(sources.as_told_now, before) == desk.source()
    desk.apply(watch_list(sources={}))
    assert desk.read(sources.as_told_now, before).follows == ()


def test_an_adopted_address_is_polled_and_the_told_one_shown(desk: Desk) -> None:
    desk.write(sources.save, desk.source().id, {"address": "https://new.example/feed"})
    found = desk.source()
    assert (found.address, found.url) == ("https://new.example/feed", FEED)


def test_what_is_due_longest_comes_first_and_the_new_before_all(desk: Desk) -> None:
    names = {name: {"url": f"https://{name}.example/feed"} for name in ("a", "b", "c", "d")}
    desk.apply(watch_list(sources=names))
    ids = {name: desk.source(name).id for name in names}
    for name, at in (("a", NOW - MINUTE), ("b", NOW - 2 * MINUTE), ("c", NOW + MINUTE)):
        desk.write(sources.save, ids[name], {"next_at": at})
    assert desk.read(sources.due, NOW, 10) == [ids["d"], ids["b"], ids["a"]]
    assert desk.read(sources.due, NOW, 2) == [ids["d"], ids["b"]]


def test_polling_all_heeds_only_what_the_server_asked(desk: Desk) -> None:
    source = desk.source().id
    desk.write(sources.save, source, {"next_at": NOW + timedelta(days=1), "failures": 9})
    assert desk.read(sources.every_active, NOW) == [source]
    desk.write(sources.save, source, {"retry_at": NOW + MINUTE})
    assert desk.read(sources.every_active, NOW) == []
    assert desk.read(sources.every_active, NOW + MINUTE) == [source]


def test_what_a_clock_that_was_ahead_wrote_holds_up_nothing(desk: Desk) -> None:
    source, later = desk.source().id, NOW + timedelta(days=365)
    desk.write(sources.save, source, {"last_polled_at": NOW, "next_at": later, "retry_at": later})
    assert (desk.read(sources.due, NOW, 10), desk.read(sources.every_active, NOW)) == ([], [])
    desk.write(sources.set_right, NOW)
    assert desk.read(sources.due, NOW, 10) == []
    desk.write(sources.save, source, {"last_polled_at": later})
    desk.write(sources.set_right, NOW)
    assert (desk.read(sources.due, NOW, 10), desk.read(sources.every_active, NOW)) == ([source], [source])


def test_a_source_that_nobody_follows_rests(desk: Desk) -> None:
    desk.apply(watch_list(sources={}))
    assert desk.read(sources.due, NOW, 10) == []
    assert desk.read(sources.count) == (0, 0)


def test_hard_case_30_a_source_that_is_gone_is_paused_until_somebody_resumes_it(desk: Desk) -> None:
    source, generation = desk.source().id, desk.read(meta.generation)
    desk.write(sources.pause_gone, source, "410")
    assert desk.read(sources.due, NOW, 10) == []
    assert desk.read(meta.generation) > generation
    desk.apply(watch_list())
    assert desk.read(sources.due, NOW, 10) == []
    row = desk.read(told.find, desk.id, "source", "courier")
    assert (row.state, row.reason) == ("paused", "410")
    desk.write(told.resume, row)
    assert desk.read(sources.due, NOW, 10) == [source]


def test_failing_and_reached_sources_are_counted(desk: Desk) -> None:
    assert desk.read(sources.count) == (1, 0)
    assert not desk.read(sources.any_reached)
    desk.write(sources.save, desk.source().id, {"failures": 1, "last_outcome": "failed"})
    assert desk.read(sources.count) == (1, 1)
    assert not desk.read(sources.any_reached)
    desk.write(sources.save, desk.source().id, {"last_outcome": "missing"})
    assert desk.read(sources.any_reached)


def test_a_source_that_is_not_there_is_nothing(database: Database) -> None:
    with database.reading() as connection:
        assert sources.load(connection, 99) is None

"""JSON Feed 1.0 and 1.1."""

import json
from datetime import UTC, datetime

import pytest

from tests.sources.building import parsed
from watchers.models import Outcome


def feed(*items: object, **header: object) -> bytes:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Gazette", "items": items} | header
    ).encode()


def test_an_entry_is_read_whole() -> None:
    (item,) = parsed(
        feed(
            {
                "id": 17,
                "url": "/a",
                "title": "Fish &amp; chips",
                "content_html": "<p>One.</p><p>Two.</p>",
                "summary": "One.",
                "date_published": "2024-03-05T13:00:00+01:00",
                "authors": [{"name": "Ada Voss"}, {"name": "Bo Lind"}],
                "image": "p.jpg",
                "language": "en-GB",
            }
        )
    ).items
    assert (item.entry_id, item.url, item.title) == ("17", "https://gazette.example/a", "Fish & chips")
    assert (item.summary, item.byline) == ("One.\n\nTwo.", "Ada Voss, Bo Lind")
    assert (item.image, item.language) == ("https://gazette.example/p.jpg", "en-GB")
    assert item.published == datetime(2024, 3, 5, 12, 0, tzinfo=UTC)


def test_version_1_0_has_one_author() -> None:
    (item,) = parsed(feed({"id": "1"}, version="https://jsonfeed.org/version/1", author={"name": "Ada Voss"})).items
    assert item.byline == "Ada Voss"


def test_a_reserialised_feed_shows_nothing_new() -> None:
    first = parsed(feed({"id": "1", "title": "t"}, {"id": "2"}))
    body = json.dumps(json.loads(feed({"id": "2"}, {"title": "t", "id": "1"})), indent=3).encode()
    assert parsed(body, seen=first).items == ()


@pytest.mark.parametrize(
    "entry",
    [
        {"title": 5},
        {"url": ["x"]},
        {"authors": "x"},
        {"authors": [5]},
        {"date_published": 7},
        {"id": None},
        {"image": {}},
    ],
)
def test_values_of_a_wrong_type_are_absent(entry: dict[str, object]) -> None:
    found = parsed(feed(entry))
    assert (found.outcome, len(found.items)) == (Outcome.OK, 1)


def test_entries_that_are_no_objects_are_counted_out_loud() -> None:
    found = parsed(feed({"id": "1"}, "x", None))
    assert (found.entries, found.degraded) == (1, "2 entries are no objects")

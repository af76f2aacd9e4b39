"""What has no name is given one that the watch list admits and that nothing else has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.names import Names, free_name, slug
from config.watchlist import check_name


@pytest.mark.parametrize(
    ("title", "url", "name"),
    [
        ("The Harbor Courier", "https://courier.example/feed", "the-harbor-courier"),
        ("News » Courier | 24/7", "https://courier.example/feed", "news-courier-24-7"),
        ("", "https://www.courier.example/feed", "courier-example"),
        ("!!!", "http://[::1]/feed", "1"),
        ("Hafenbote Übersee", "https://x.example", "hafenbote-übersee"),
        ("word " * 40, "https://x.example", "word-word-word-word-word-word-word-word"),
        ("w" * 90, "https://x.example", "w" * 40),
        ("taken", "https://x.example", "taken-3"),
    ],
)
def test_a_source_without_a_name_is_named_by_what_it_shows(title: str, url: str, name: str) -> None:
    assert free_name(title, url, {"taken", "taken-2"}) == name


def test_each_name_is_given_out_once_and_numbered_by_the_lowest_that_is_free() -> None:
    names = Names({"a-2"})
    assert [names.take(wanted) for wanted in ("a", "a", "a", "a-2", "b")] == ["a", "a-3", "a-4", "a-2-2", "b"]


@given(text=st.text(max_size=80))
def test_words_of_any_text_make_a_name_or_nothing(text: str) -> None:
    name = slug(text)
    assert len(name) <= 40
    assert not name or check_name(name) == name

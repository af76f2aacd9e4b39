"""Splitting a feed into its raw entries: a saving that never loses an entry."""

from io import BytesIO

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.building import atom, item, numbered, parsed, rss
from watchers.sources.feed_split import split


def test_header_entries_and_tail_join_to_the_feed() -> None:
    body = rss(numbered(1), numbered(2))
    raw = split(body)
    assert raw is not None
    assert raw.with_entries(raw.entries) == body
    assert [entry.decode() for entry in raw.entries] == [numbered(1), numbered(2)]


@pytest.mark.parametrize(
    "inner",
    [
        "<description><![CDATA[ ends </item> and <item> begins ]]></description>",
        "<!-- </item><item> --><title>t</title>",
        "<?note </item> ?><title>t</title>",
        "<items/><itemised>t</itemised>",
    ],
)
def test_what_only_looks_like_an_entrys_end_is_none(inner: str) -> None:
    raw = split(rss(item(inner), item("<title>second</title>")))
    assert raw is not None
    assert len(raw.entries) == 2


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss(item("<item><title>inner</title></item>")), id="nested"),
        pytest.param(rss(item("<x:entry>a</x:entry>")), id="prefixed inside"),
        pytest.param(rss("<atom:entry/>"), id="prefixed and empty"),
        pytest.param(rss("<item/>", item("")), id="empty element"),
        pytest.param(rss(item("<![CDATA[ never ends ")), id="open CDATA"),
        pytest.param(rss(item("<!-- never ends ")), id="open comment"),
        pytest.param(rss("<item><title>never ends</title>"), id="open entry"),
        pytest.param(rss("</item>", item("")), id="end before a start"),
        pytest.param(rss(item(""), "<title>between</title>", item("")), id="elements between"),
        pytest.param(rss(item("")).replace(b"<rss", b'<!DOCTYPE r [<!ENTITY e "x">]><rss', 1), id="entities"),
        pytest.param(rss(), id="no entry"),
    ],
)
def test_a_feed_that_cannot_be_split_without_doubt_is_not_split(body: bytes) -> None:
    assert split(body) is None


def test_only_the_unseen_entry_is_parsed() -> None:
    first = parsed(rss(*map(numbered, range(20))))
    second = parsed(rss(numbered(99), *map(numbered, range(19))), seen=first)
    assert [entry.url for entry in second.items] == ["https://gazette.example/99"]
    assert (second.entries, len(second.entry_hashes)) == (20, 20)


def test_the_same_bytes_show_nothing_new_and_still_count() -> None:
    first = parsed(rss(numbered(1), numbered(2)))
    second = parsed(rss(numbered(1), numbered(2)), seen=first)
    assert (second.outcome, second.items, second.entries) == (first.outcome, (), 2)
    assert (second.title, second.entry_hashes) == (first.title, first.entry_hashes)


def test_a_seen_entry_with_the_same_id_comes_along_to_be_told_apart() -> None:
    first = parsed(rss(numbered(1, guid="same")))
    second = parsed(rss(numbered(2, guid="same"), numbered(1, guid="same"), numbered(3)), seen=first)
    assert [entry.url[-1] for entry in second.items if entry.url] == ["2", "1", "3"]


def test_a_split_entry_keeps_the_base_and_language_of_its_feed() -> None:
    def entry(name: str) -> str:
        return f'<entry><title>{name}</title><link href="{name}"/></entry>'

    attributes = 'xml:base="https://archive.example/" xml:lang="nl"'
    first = parsed(atom(entry("a"), attributes=attributes))
    (second,) = parsed(atom(entry("b"), entry("a"), attributes=attributes), seen=first).items
    assert (second.url, second.language) == ("https://archive.example/b", "nl")


def test_one_entry_that_breaks_the_parser_does_not_harm_the_others() -> None:
    feed = parsed(rss(numbered(1), item("<title>broken &#xZZ;</title>"), item("<title>open <b></title>"), numbered(2)))
    titles = [entry.title for entry in feed.items]
    assert titles[0] == "Harbour story number 1"
    assert titles[-1] == "Harbour story number 2"
    assert feed.entries == 4


def test_an_entry_that_a_broken_header_swallowed_is_read_when_the_header_is_mended() -> None:
    broken = rss(numbered(1), numbered(2), header='<title>x</title><content type="image/png">')
    first = parsed(broken)
    second = parsed(rss(numbered(1), numbered(2)), seen=first)
    assert first.degraded is not None
    assert {entry.url for entry in (*first.items, *second.items)} == {
        "https://gazette.example/1",
        "https://gazette.example/2",
    }


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="<>&[]"), max_size=30)
PIECES = st.one_of(
    TEXT.map(lambda text: f"<title>{text}</title>"),
    TEXT.map(lambda text: f"<description><![CDATA[<p>{text}</p> </item><item>]]></description>"),
    TEXT.map(lambda text: f"<!-- {text.replace('-', '')} </item> -->"),
    TEXT.map(lambda text: f'<category domain="a>b">{text}</category>'),
    st.integers(0, 5).map(lambda number: f"<guid>id-{number}</guid>"),
    st.integers(0, 5).map(lambda number: f"<link>https://gazette.example/{number}</link>"),
    st.sampled_from(["<x:item>deep</x:item>", "<item>deep</item>", "<![CDATA[x]]>", "<entry/>", "\n", "<items/>"]),
)
ENTRIES = st.lists(st.lists(PIECES, max_size=4).map(lambda pieces: item("".join(pieces))), min_size=1, max_size=6)


@given(ENTRIES, st.data())
def test_splitting_never_loses_an_entry(entries: list[str], data: st.DataObject) -> None:
    body = rss(*entries, header="<title>x</title>").replace(b"<rss", b'<rss xmlns:x="urn:x"', 1)
    whole = parsed(body)
    assert whole.entries == len(feedparser.parse(BytesIO(body)).entries)
    kept = data.draw(st.lists(st.booleans(), min_size=len(entries), max_size=len(entries)))
    earlier = parsed(
        rss(*(entry for entry, keep in zip(entries, kept, strict=True) if keep)).replace(
            b"<rss", b'<rss xmlns:x="urn:x"', 1
        )
    )
    later = parsed(body, seen=earlier)
    assert later.entries == whole.entries
    assert set(earlier.items) | set(later.items) >= set(whole.items)
    assert set(later.items) <= set(whole.items)

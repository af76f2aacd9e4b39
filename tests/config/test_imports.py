"""A file that is handed over is known by what is in it, read whole, and answered with a watch list or its problems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.imports import read_import
from config.problems import ConfigError
from config.watchlist import Source, Watchlist
from config.watchlist_dump import dump_watchlist
from tests.config.importing import addresses, check, imported, notes, problems
from tests.config.strategies import watchlists

OPML = '<opml version="2.0"><body><outline text="Courier" xmlUrl="https://courier.example/feed"/></body></opml>'
CSV = "title,url\nCourier,https://courier.example/feed\n"
WATCHLIST = "version: 1\nsources:\n  courier: {url: 'https://courier.example/feed'}\n"
COURIER = Watchlist(sources={"courier": Source(url="https://courier.example/feed")})

# ── which kind ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["a.opml", "a.csv", "a.yaml", "a.xml", "a", "a.txt", "A.YML"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (OPML, "opml"),
        ("\ufeff \n" + OPML, "opml"),
        (CSV, "csv"),
        ("\n\n" + CSV, "csv"),
        (WATCHLIST, "watchlist"),
        ("# mine\n\n" + WATCHLIST, "watchlist"),
        ('{\n  "version": 1, "sources": {"courier": {"url": "https://courier.example/feed"}}}', "watchlist"),
    ],
)
def test_the_content_tells_the_kind_before_the_name_does(name: str, content: str, kind: str) -> None:
    found = imported(name, content.encode())
    assert (found.kind, found.watchlist, found.notes) == (kind, COURIER, ())


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("a.yaml", "1: not a watch list: begin with version: 1"),
        ("a.YML", "1: not a watch list: begin with version: 1"),
        ("a.opml", "1: no OPML: export the subscriptions as OPML, or add a feed by its address"),
        ("a.xml", "1: no OPML: export the subscriptions as OPML, or add a feed by its address"),
        ("a.csv", "1: no column of addresses or queries (words): begin with a line that calls one url, or query"),
        ("a", "1: no column of addresses or queries (words): begin with a line that calls one url, or query"),
    ],
)
def test_where_the_content_tells_nothing_the_name_does(name: str, problem: str) -> None:
    assert problems(name, "words\n") == [problem]


@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff", "url\n", "url,name\n,\n"])
def test_a_file_without_anything_says_so(name: str, content: str) -> None:
    assert problems(name, content.encode()) == ["1: nothing to import: it has no address and no query"]


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert problems("a.csv", b"url\n" * 2_100_000) == ["1: larger than 8 MB: split the file"]


# ── watch lists ──


def test_problems_of_a_watch_list_are_told_under_the_name_of_the_file() -> None:
    slip = "version: 1\nwatches:\n  a: {query: wrong}\nsources:\n  b: {url: nothing}\n"
    assert problems("a.yaml", slip) == [
        "3: watches.a.query: column 3: no word: write another",
        "5: sources.b.url: not an address of the web: write it whole, from http:// or https:// on",
    ]


@given(watchlist=watchlists())
def test_a_dumped_watch_list_is_imported_equal(watchlist: Watchlist) -> None:
    found = imported("export.yaml", dump_watchlist(watchlist).encode())
    assert (found.watchlist, found.kind, found.notes) == (watchlist, "watchlist", ())


# ── names ──


def test_a_known_address_keeps_its_name_and_no_other_source_gets_that() -> None:
    found = imported(
        "a.csv",
        "title,url\nHarbor,https://courier.example/feed\nCourier,https://other.example\n",
        courier="https://courier.example/feed",
    )
    assert addresses(found.watchlist) == {
        "courier": "https://courier.example/feed",
        "courier-2": "https://other.example",
    }


def test_sources_of_the_same_title_are_numbered() -> None:
    found = imported("a.csv", "title,url\nNews,https://a.example\nNEWS!,https://b.example\nnews 2,https://c.example\n")
    assert list(found.watchlist.sources) == ["news", "news-2", "news-2-2"]


def test_thousands_of_sources_of_one_title_are_named_at_once() -> None:
    found = imported("a.csv", "url\n" + "".join(f"https://a.example/{number}\n" for number in range(9_000)))
    assert found.watchlist.sources["a-example-9000"].url == "https://a.example/8999"


# ── sizes ──


@pytest.mark.parametrize(
    "content",
    [
        "<opml><body>\n" + '<outline xmlUrl="https://a.example"/>\n' * 50_000 + "</body></opml>",
        "<opml><body>\n" + "<outline/>\n" * 50_000 + "</body></opml>",
        "url,name\n" + "https://a.example,=cmd()\n" * 50_000,
    ],
)
def test_hard_case_49_fifty_thousand_rows_are_refused_by_the_first_too_many(content: str) -> None:
    assert problems("a", content.encode()) == ["10002: more than 10000 entries: split the file"]


def test_hard_case_49_a_formula_is_a_text() -> None:
    assert list(imported("a.csv", "url,title\nhttps://a.example,=cmd()\n").watchlist.sources) == ["cmd"]


def test_long_texts_are_shortened_in_notes() -> None:
    (note,) = notes("a.csv", f"url,tags\nhttps://a.example,{'!' * 300}\n")
    assert note == f"2: “{'!' * 59}…” becomes no tag: it has no letter or digit"


# ── any bytes at all ─────────────────────────────────────────────────────────────────────────────────────────

MARKUP = ["<", "<opml>", "</opml>", "<outline ", "xmlUrl='https://a.example'", "/>", ">", "&", "<!DOCTYPE opml>"]
TABLE = ["url", "query", "tags", ",", ";", "\t", "\n", "\r", '"', "https://a.example/é", "sep=;\n", "wrong", " "]
WORDS = ["version: 1\n", "sources:", "{", "}", "\x00", "\ufeff", "\ud7ff", "\x85", "\u2028"]
texts = st.lists(st.sampled_from(MARKUP + TABLE + WORDS), max_size=14).map("".join)
encodings = st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-8-sig", "utf-32"])
contents = st.binary(max_size=80) | st.builds(str.encode, texts, encodings)


@given(name=st.sampled_from(["a.opml", "a.csv", "a.yaml", "a"]), content=contents)
def test_any_bytes_are_a_watch_list_that_can_be_written_or_a_list_of_problems(name: str, content: bytes) -> None:
    try:
        found = read_import(name, content, check_query=check)
    except ConfigError:
        assert problems(name, content)
    else:
        again = imported("again.yaml", dump_watchlist(found.watchlist).encode())
        assert again.watchlist == found.watchlist

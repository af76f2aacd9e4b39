"""CSV of any dialect becomes sources or watches by what its header says; a bare list of addresses needs no header."""

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.watchlist import Source, Watch
from tests.config.importing import addresses, imported, notes, problems, tags

ADDRESS = "not an address of the web: write it whole, from http:// or https:// on"
QUOTES = "put quotes around the whole of a text that has some, and double those in it"

# ── sources ──


def test_each_column_is_read_in_any_order_and_case() -> None:
    found = imported(
        "a.csv",
        """\
        READ,Tags, Feed URL ,every,Title,Kind
        Matched,"Local news, Law",https://a.example/feed,15m,The Courier,FEED
        ,,https://b.example/feed,,,
        """,
    )
    assert found.watchlist.sources == {
        "the-courier": Source(
            url="https://a.example/feed",
            kind="feed",
            every=timedelta(minutes=15),
            read="matched",
            tags=("local-news", "law"),
        ),
        "b-example": Source(url="https://b.example/feed"),
    }
    assert found.notes == ()


@pytest.mark.parametrize("header", ["url", "feed", "feed url", "Feed_URL", "xmlurl", "xmlUrl", "XML-URL", "link"])
def test_the_address_goes_by_many_names(header: str) -> None:
    found = imported("a.csv", f"{header},title\nhttps://a.example,A\n")
    assert addresses(found.watchlist) == {"a": "https://a.example"}


def test_of_two_columns_of_addresses_the_surer_is_read_and_the_other_noted() -> None:
    found = imported("a.csv", "link,feed url\nhttps://a.example,https://a.example/feed\n")
    assert addresses(found.watchlist) == {"a-example": "https://a.example/feed"}
    assert found.notes == ("a.csv:1: the column “link” is not read",)


def test_folders_categories_and_tags_are_united() -> None:
    found = imported("a.csv", "url,category,folder,tags\nhttps://a.example,Law|Sea,News/Local,law; Ports\n")
    assert tags(found.watchlist) == {"a-example": ("law", "ports", "news", "local", "sea")}


def test_a_name_that_can_be_one_is_kept_and_words_become_one() -> None:
    found = imported(
        "a.csv",
        "name,title,url\nBBC.News_1,Other,https://a.example\nThe Courier!,,https://b.example\n,C,https://c.example\n",
    )
    assert list(found.watchlist.sources) == ["BBC.News_1", "the-courier", "c"]


def test_a_name_that_is_taken_is_numbered_and_noted() -> None:
    found = imported("a.csv", "name,url\na,https://a.example\na,https://b.example\n")
    assert list(found.watchlist.sources) == ["a", "a-2"]
    assert found.notes == ("a.csv:3: the name a is taken: it is called a-2",)


def test_an_address_that_stands_again_gives_its_tags_to_the_first() -> None:
    found = imported("a.csv", "url,tags,every\nhttps://a.example,a,1h\nhttps://a.example,b,60m\n")
    assert tags(found.watchlist) == {"a-example": ("a", "b")}
    assert found.notes == ()


def test_an_address_that_stands_again_with_other_settings_is_told() -> None:
    assert problems("a.csv", "url,every\nhttps://a.example,1h\nhttps://a.example,2h\n") == [
        "3: an address that line 2 has with other settings: keep one of the two"
    ]


def test_columns_that_are_nothing_of_a_source_are_noted_each() -> None:
    table = "Status,url,query count,sources\nok,https://a.example,4,x\n"
    assert notes("a.csv", table) == [
        "1: the column “Status” is not read",
        "1: the column “query count” is not read",
        "1: the column “sources” is not read",
    ]


@pytest.mark.parametrize(
    ("content", "urls"),
    [
        ("https://a.example/feed\n", ["https://a.example/feed"]),
        ("https://a.example\rhttps://b.example\r", ["https://a.example", "https://b.example"]),
        ("\n\nhttps://a.example\r\n\r\nhttps://b.example", ["https://a.example", "https://b.example"]),
        ('"https://a.example/1,2;3"\n https://b.example \n', ["https://a.example/1,2;3", "https://b.example"]),
    ],
)
def test_a_list_of_addresses_needs_no_header(content: str, urls: list[str]) -> None:
    found = imported("list.txt", content)
    assert list(addresses(found.watchlist).values()) == urls
    assert found.kind == "csv"


# ── watches ──


def test_a_table_with_queries_is_of_watches() -> None:
    found = imported(
        "a.csv",
        '''\
        name,query,tags,sources
        cameras,"""face recognition"" AND @nypd",Policing,"local, harbor"
        ,harbor OR port,,
        Use of force!,force,,
        ''',
    )
    assert found.watchlist.watches == {
        "cameras": Watch(query='"face recognition" AND @nypd', tags=("policing",), sources=("local", "harbor")),
        "harbor-or-port": Watch(query="harbor OR port"),
        "use-of-force": Watch(query="force"),
    }
    assert found.watchlist.sources == {}


def test_every_wrong_watch_is_told_by_its_line() -> None:
    table = 'Query,Name,sources\nx,a,"s, a b"\nis wrong,b,\n,c,\n"two\nlines",d,\nwrong,,\n"bell\x07",e,\n'
    assert problems("a.csv", table) == [
        "2: sources[2]: not a name: use letters, digits, -, _ and ., at most 80, the first a letter or digit",
        "3: Query: column 3: no word: write another",
        "4: Query: empty: write what to look for",
        "7: Query: column 3: no word: write another",
        "8: Query: an invisible character: take it out",
    ]


# ── what is refused ──


def test_every_wrong_source_is_told_by_its_line_under_its_columns_name() -> None:
    table = "Link,every,kind,read\nftp://a.example,15,rss,some\n,1h,,\nhttps://b.example,1s,,\n"
    assert problems("a.csv", table) == [
        f"2: Link: {ADDRESS}",
        "2: every: not a duration: write a whole number and s, m, h or d, as 90s, 15m, 24h or 2d",
        "2: kind: not one of its words: write auto, feed, sitemap or page",
        "2: read: not one of its words: write all, matched or never",
        f"3: Link: {ADDRESS}",
        "4: every: out of bounds: write from 10s to 30d",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            "Foo,Bar\n1,2\n",
            "1: no column of addresses or queries (Foo, Bar): begin with a line that calls one url, or query",
        ),
        ("\nurl,query\nhttps://a.example,x\n", "2: sources and watches in one table: put them into two files"),
        (
            "url,tags\nhttps://a.example,a,b\n",
            "2: more cells than columns: put quotes around a text that has a comma",
        ),
        ("https://a.example,News\n", "1: more cells than columns: put quotes around a text that has a comma"),
        ("https://a.example;News\n", "1: more cells than columns: put quotes around a text that has a semicolon"),
        (
            'url\nhttps://a.example\n"https://b.example\nhttps://c.example\n',
            f"3: a quote that is never closed: {QUOTES}",
        ),
        (
            'query,name\n"a" AND b,c\n',
            f"2: not CSV (',' expected after '\"'): {QUOTES}",
        ),
    ],
)
def test_what_is_no_clear_table_is_told(content: str, problem: str) -> None:
    assert problems("a.csv", content) == [problem]


def test_lines_are_counted_over_cells_of_several_lines() -> None:
    assert problems("a.csv", 'sep=;\r\n\r\nurl;title\r\nhttps://a.example;"a\r\nb"\r\nno;c\r\n') == [
        f"6: url: {ADDRESS}"
    ]


def test_a_table_that_is_not_utf_8_is_told_by_its_line() -> None:
    assert problems("a.csv", "url,title\nhttps://a.example,Café\n".encode("cp1252")) == [
        "2: not UTF-8: save the file as UTF-8, in Excel as CSV UTF-8"
    ]


# ── dialects ──

cells = st.text(st.sampled_from("abcäß ,;\t\"'|/=\n"), max_size=8)


@given(
    rows=st.lists(cells, min_size=1, max_size=5),
    columns=st.permutations(["url", "title", "every", "read", "kind"]),
    delimiter=st.sampled_from(",;\t"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    told=st.booleans(),
)
def test_every_dialect_says_the_same(
    rows: list[str], columns: list[str], delimiter: str, line_end: str, quoting: int, encoding: str, told: bool
) -> None:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, delimiter=delimiter, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writeheader()
    for number, title in enumerate(rows):
        url = f"https://a.example/{number},;{number}"
        writer.writerow({"url": url, "title": title, "every": "1h", "read": "never", "kind": "feed"})
    beginning = f"sep={delimiter}{line_end}" if told else ""
    found = imported("a.csv", (beginning + file.getvalue()).encode(encoding))
    assert list(found.watchlist.sources.values()) == [
        Source(url=f"https://a.example/{number},;{number}", every=timedelta(hours=1), read="never", kind="feed")
        for number in range(len(rows))
    ]
    assert found.notes == ()

"""Plain feeds, read without feedparser: what is read is what feedparser would have given, or it is left to it."""

from random import Random
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.building import FEED_URL, RSS_HEAD, atom, item, numbered, rss, shared
from watchers.models import Item
from watchers.sources.charset import to_utf8
from watchers.sources.feed_entries import FEEDPARSER_FAULTS, Document, item_of, read
from watchers.sources.feed_header import Header, header_of
from watchers.sources.feed_split import split
from watchers.sources.plain_feed import read_plain

SAMPLED_FILES = 90
SAMPLED_ENTRIES = 3
LARGEST = 60_000  # bytes; feedparser takes a second for the larger ones


def used(document: Document, feed: bytes) -> tuple[Header, list[Item], bool]:
    """All that is used of a document."""
    items = [item_of(entry, url=FEED_URL, version=document.version, search=False) for entry in document.entries]
    return header_of(document.header, feed), items, document.malformed


def is_plain_and_equal(feed: bytes) -> bool:
    plain = read_plain(feed)
    if plain is None:
        return False
    assert used(plain, feed) == used(read(feed), feed)
    return True


def body_of(feed: bytes) -> bytes:
    """A feed as it comes to its reader."""
    return to_utf8(feed, None)[0]


def test_real_feeds_are_read_as_feedparser_reads_them() -> None:
    paths = sorted(path for path in shared("evals", "feeds").rglob("*.xml") if path.stat().st_size < LARGEST)
    random = Random(4)
    plain = 0
    for path in random.sample(paths, min(len(paths), SAMPLED_FILES)):
        feed = body_of(path.read_bytes())
        raw = split(feed)
        parts = [raw.with_entries(raw.entries[start:][:1]) for start in range(SAMPLED_ENTRIES)] if raw else []
        for part in (feed, *parts):
            plain += is_plain_and_equal(part)
    assert plain > SAMPLED_FILES / 3


WORDPRESS = rss(
    item(
        "<title>Council &#8217; votes</title><link>https://gazette.example/1</link><comments>https://g.example/c</comments>"
        "<dc:creator><![CDATA[Ada Voss]]></dc:creator><pubDate>Tue, 05 Mar 2024 12:00:00 +0000</pubDate>"
        '<category><![CDATA[City]]></category><guid isPermaLink="false">https://gazette.example/?p=1</guid>'
        "<description><![CDATA[<p>It voted.</p>]]></description>"
        "<content:encoded><![CDATA[<p>It <b>voted</b> today.</p>]]></content:encoded>"
        '<media:content url="https://gazette.example/p.jpg" medium="image">'
        '<media:title type="html">A picture</media:title><media:credit>A. Nother</media:credit></media:content>'
    ),
    header="<title>Gazette</title><atom:link href='https://gazette.example/feed' rel='self'/><language>en-GB</language>"
    "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>"
    "<image><url>https://gazette.example/i.png</url><title>Gazette</title><link>https://gazette.example</link></image>",
)
ATOM_ENTRY = (
    "<entry><id>tag:1</id><title type='html'>A &lt;i&gt;vote&lt;/i&gt;</title><link href='https://gazette.example/1'/>"
    "<published>2024-03-05T12:00:00Z</published><updated>2024-03-06T12:00:00Z</updated><author><name>Ada Voss</name>"
    "<email>a@g.example</email></author><summary>Short.</summary>"
    "<content type='html'>&lt;p&gt;Long.&lt;/p&gt;</content></entry>"
)


@pytest.mark.parametrize(
    "feed",
    [
        rss(numbered(1), numbered(2)),
        WORDPRESS,
        atom("<entry><author><name/></author></entry>"),
        atom(ATOM_ENTRY, attributes="xml:lang='en-GB'"),
        rss(),
        atom(),
    ],
)
def test_what_most_programs_write_is_plain(feed: bytes) -> None:
    assert is_plain_and_equal(body_of(feed))


@pytest.mark.parametrize(
    "markup",
    [
        "<title>one</title><guid>1</guid><guid>2</guid>",
        "<title>one <b>bold</b> word</title>",
        "<title>one</title><unknown>x</unknown>",
        "<title>one</title><itunes:author xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>x</itunes:author>",
        "<title xml:base='https://other.example/'>one</title>",
        "<category base='https://other.example/'>x</category><link>a</link>",
        "<title type='application/octet-stream'>b25l</title>",
        "<title>caf\u00c3\u00a9</title>",
        "<title>caf\u0092</title>",
        "<title>one</title><link>https:////gazette.example/1</link>",
        "<title>one</title><link>https://gazette.example/?a=1&amp;b;=2</link>",
        "<title>one</title><pubDate>2024년 3월 5일</pubDate>",
        "<media:title>of the picture</media:title><title>one</title>",
        "<author>a@gazette.example (Ada)</author><author>b@gazette.example (Bo)</author>",
        "<dc:creator>Ada</dc:creator><atom:author><atom:name>Bo</atom:name></atom:author>",
        "<dc:title xmlns:dc='https://other.example/'>one</dc:title>",
    ],
)
def test_what_feedparser_judges_is_left_to_it(markup: str) -> None:
    assert read_plain(body_of(rss(item(markup)))) is None


@pytest.mark.parametrize(
    "feed",
    [
        b"<!DOCTYPE rss>" + body_of(rss(numbered(1))),
        b"<!DOCTYPE rss [<!ENTITY e 'x'>]>" + body_of(rss(item("<title>&e;</title>"))),
        body_of(rss(item("<title>Fish & chips</title>"))),
        body_of(rss(item("<title>torn")))[:-30],
        body_of(rss(numbered(1), header="<title>a</title><title>b</title>")),
        body_of(rss(numbered(1), header="<textInput><title>a</title></textInput>")),
        body_of(atom(ATOM_ENTRY, attributes="xml:base='https://other.example/'")),
        body_of(atom(ATOM_ENTRY, attributes="xmlns:r='http://purl.org/rss/1.0/'")),
        body_of(rss(*map(item, [""] * 60_000))),
        b"<urlset/>",
        b"",
    ],
)
def test_a_document_with_anything_unusual_is_left_to_feedparser(feed: bytes) -> None:
    assert read_plain(feed) is None


TEXTS = st.one_of(
    st.sampled_from(
        ("", " ", "Harbour", "https://gazette.example/a?b=1&c=2", "/a b", "Fish &amp; chips", "<b>bold</b> &eacute; x",
         "a &lt; b", "café – “quoted”", "caf\u00c3\u00a9", "\u0092", "\u00a0x\u2028", "x &nosuch; </b>",
         "Ada (a@b.example)", "a@b.example", "2024-03-05T12:00:00Z", "Tue, 05 Mar 2024 12:00:00 GMT", "]]>", "true", "http://[broken")
    ),
    st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=12),
)  # fmt: skip
NAMES = (
    "title", "link", "guid", "pubDate", "description", "author", "category", "source", "enclosure", "comments", "odd",
    "content:encoded", "dc:creator", "dc:date", "dc:title", "dc:description", "media:thumbnail", "media:content",
    "media:title", "media:description", "media:credit", "media:group", "feedburner:origLink", "atom:title", "atom:link",
    "atom:id", "atom:published", "atom:updated", "atom:summary", "atom:content", "atom:author", "atom:name",
    "atom:email",
)  # fmt: skip
ATTRIBUTES = ("type", "url", "href", "rel", "isPermaLink", "medium", "xml:lang")
VALUES = st.one_of(
    st.sampled_from(("html", "text", "plain", "TEXT/html", "image/png", "image", "self", "Alternate", "false", "true")),
    TEXTS,
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 2) -> str:
    name = draw(st.sampled_from(NAMES))
    given_attributes = (
        draw(st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES, max_size=2)) if draw(st.booleans()) else {}
    )
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in given_attributes.items())
    text = draw(TEXTS)
    inner = f"<![CDATA[{text}]]>" if draw(st.booleans()) and "]]>" not in text else escape(text)
    if depth and name in {"atom:author", "media:content", "media:group"}:
        inner += "".join(draw(st.lists(elements(depth=depth - 1), max_size=2)))
    return f"<{name}{attributes}>{inner}</{name}>"


@given(entries=st.lists(st.lists(elements(), max_size=6), min_size=1, max_size=2), is_atom=st.booleans(), head=TEXTS)
def test_generated_feeds_are_read_as_feedparser_reads_them(entries: list[list[str]], is_atom: bool, head: str) -> None:
    title = f"<title>{escape(head)}</title>"
    if is_atom:
        namespaces = RSS_HEAD.partition('"2.0"')[2].partition("><channel")[0]
        shown = "".join(f"<entry>{''.join(entry)}</entry>" for entry in entries).replace("atom:", "")
        feed = atom(shown, header=title, attributes=namespaces)
    else:
        feed = rss(*(item("".join(entry)) for entry in entries), header=title)
    try:
        is_plain_and_equal(body_of(feed))
    except FEEDPARSER_FAULTS as fault:
        raise AssertionError(feed) from fault

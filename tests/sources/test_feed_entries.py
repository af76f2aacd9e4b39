"""What an entry of a feed becomes: title, link, dates, words and names."""

from datetime import UTC, datetime

import pytest

from tests.sources.building import atom, item, only, parsed, rss
from watchers.models import Outcome


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>Council votes</title>", "Council votes"),
        ("<title>AT&amp;amp;T fined</title>", "AT&T fined"),
        ("<title>Fish &amp; chips</title>", "Fish & chips"),
        ("<title>The mayor&amp;#8217;s plan</title>", "The mayor’s plan"),
        ("<title><![CDATA[Police <em>pause</em> scans]]></title>", "Police pause scans"),
        ("<title>&lt;b&gt;Police&lt;/b&gt; pause</title>", "Police pause"),
        ("<title>Rates 3 &lt; 4</title>", "Rates 3 < 4"),
        ("<title>\n  Two\n  lines </title>", "Two lines"),
        ("<title>First<![CDATA[ and second]]></title>", "First and second"),
        ("<media:title>Of the picture</media:title><title>Of the story</title>", "Of the story"),
        ("<title>Of the story</title><media:title>Of the picture</media:title>", "Of the story"),
        ("<dc:title>By Dublin Core</dc:title>", "By Dublin Core"),
    ],
)
def test_a_title_is_one_line_of_plain_text_decoded_once(markup: str, title: str) -> None:
    assert only(rss(item(markup))).title == title


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ('<title type="text">The &lt;b&gt; tag</title>', "The <b> tag"),
        ('<title type="html">A &lt;b&gt;bold&lt;/b&gt; move &amp;amp; more</title>', "A bold move & more"),
        (
            '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <i>slanted</i> one</div></title>',
            "A slanted one",
        ),
    ],
)
def test_an_atom_title_is_read_as_its_type_says(markup: str, title: str) -> None:
    assert only(atom(f"<entry>{markup}</entry>")).title == title


@pytest.mark.parametrize(
    ("markup", "link"),
    [
        ("<link>https://gazette.example/a</link>", "https://gazette.example/a"),
        ("<link> /a?x=1&amp;y=2\n</link>", "https://gazette.example/a?x=1&y=2"),
        ("<link>a b.html</link>", "https://gazette.example/a%20b.html"),
        ('<guid isPermaLink="true">https://gazette.example/p</guid>', "https://gazette.example/p"),
        ("<guid>https://gazette.example/p</guid>", "https://gazette.example/p"),
        ("<guid>story-17</guid>", None),
        ('<guid isPermaLink="false">https://gazette.example/p</guid>', None),
        ('<enclosure url="https://gazette.example/a.mp3" type="audio/mpeg" length="1"/>', None),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>https://[broken</link>", None),
        (
            (
                "<link>https://proxy.example/~r/1</link>"
                "<feedburner:origLink>https://gazette.example/own</feedburner:origLink>"
            ),
            "https://gazette.example/own",
        ),
    ],
)
def test_a_link_is_absolute_and_leads_to_the_article(markup: str, link: str | None) -> None:
    assert only(rss(item(f"<title>t</title>{markup}"))).url == link


def test_an_atom_link_is_the_first_alternate_and_never_the_enclosure() -> None:
    entry = (
        '<entry><title>t</title><link rel="enclosure" href="https://gazette.example/a.mp3"/>'
        '<link rel="self" href="https://gazette.example/a.atom"/><link href="https://gazette.example/a"/>'
        '<link rel="alternate" type="application/json" href="https://gazette.example/a.json"/></entry>'
    )
    assert only(atom(entry)).url == "https://gazette.example/a"


def test_xml_base_comes_before_the_feeds_own_address() -> None:
    entry = '<entry><title>t</title><link href="a"/></entry>'
    assert only(atom(entry, attributes='xml:base="https://archive.example/2024/"')).url == (
        "https://archive.example/2024/a"
    )
    assert only(atom(entry, attributes='xml:base="/2024/"')).url == "https://gazette.example/2024/a"


def test_an_id_is_kept_as_it_was_given() -> None:
    assert only(rss(item("<title>t</title><guid>story-17</guid>"))).entry_id == "story-17"


NOON = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "markup",
    [
        "<pubDate>Tue, 05 Mar 2024 12:00:00 GMT</pubDate>",
        "<dc:date>2024-03-05T13:00:00+01:00</dc:date>",
        "<atom:published>2024-03-05T12:00:00Z</atom:published>",
        "<atom:updated>2024-03-05T12:00:00Z</atom:updated>",
        "<pubDate>Tue, 05 Mar 2024 12:00:00 GMT</pubDate><atom:updated>2024-03-09T12:00:00Z</atom:updated>",
    ],
)
def test_a_time_of_publication_is_found_wherever_it_stands(markup: str) -> None:
    assert only(rss(item(f"<title>t</title>{markup}"))).published == NOON


def test_a_later_change_is_told_beside_the_publication() -> None:
    entry = only(
        atom(
            "<entry><title>t</title><published>2024-03-05T12:00:00Z</published>"
            "<updated>2024-03-06T12:00:00Z</updated></entry>"
        )
    )
    assert (entry.published, entry.updated) == (NOON, datetime(2024, 3, 6, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "date", ["Mon, 01 Jan 0000 00:00:00 GMT", "99999-01-01T00:00:00Z", "Mon, 01 Jan 99999 00:00:00 GMT"]
)
def test_hard_case_59_years_that_cannot_be_are_no_dates(date: str) -> None:
    entry = only(rss(item(f"<title>t</title><pubDate>{date}</pubDate>")))
    assert entry.published is None


def test_the_summary_is_the_longest_text_as_plain_paragraphs() -> None:
    entry = only(
        rss(
            item(
                "<title>t</title><description>Short.</description><content:encoded><![CDATA[<p>The council <b>met</b>."
                "</p><script>var x = 1;</script><p>It voted.<br><br>It left.</p><style>p{}</style>]]></content:encoded>"
            )
        )
    )
    assert entry.summary == "The council met.\n\nIt voted.\n\nIt left."


def test_the_byline_is_a_name_without_its_mail_address() -> None:
    for markup in ("<author>desk@gazette.example (Ada Voss)</author>", "<dc:creator>Ada Voss</dc:creator>"):
        assert only(rss(item(f"<title>t</title>{markup}"))).byline == "Ada Voss"
    assert only(rss(item("<title>t</title><author>desk@gazette.example</author>"))).byline is None


@pytest.mark.parametrize(
    "markup",
    [
        '<media:thumbnail url="/p.jpg"/>',
        '<media:content url="https://gazette.example/p.jpg" medium="image"/>',
        '<enclosure url="https://gazette.example/p.jpg" type="image/jpeg" length="9"/>',
    ],
)
def test_a_picture_is_taken_from_thumbnail_media_or_enclosure(markup: str) -> None:
    assert only(rss(item(f"<title>t</title>{markup}"))).image == "https://gazette.example/p.jpg"


def test_a_recording_is_no_picture() -> None:
    markup = '<enclosure url="https://gazette.example/p.mp3" type="audio/mpeg" length="9"/>'
    assert only(rss(item(f"<title>t</title>{markup}"))).image is None


def test_the_header_says_title_language_and_when_to_ask_again() -> None:
    feed = parsed(
        rss(
            item("<title>t</title>"),
            header="<title>Harbour &amp;amp; Gazette</title><language>en-us</language><ttl>30</ttl>"
            "<skipHours><hour>1</hour><hour>2</hour></skipHours>",
        )
    )
    assert (feed.title, feed.language, feed.min_interval, feed.skip_hours) == (
        "Harbour & Gazette",
        "en-us",
        1800.0,
        frozenset({1, 2}),
    )
    assert feed.outlet == "Harbour & Gazette"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 1800.0),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 3600.0),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>999999</ttl>", 86400.0),
    ],
)
def test_the_publishers_interval_is_heeded_within_reason(header: str, seconds: float | None) -> None:
    assert parsed(rss(item("<title>t</title>"), header=header)).min_interval == seconds


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + rss(item("<title>t</title>")),
        b"\n \t" + rss(item("<title>t</title>")),
        rss(item("<title>t</title>")).removeprefix(b'<?xml version="1.0" encoding="UTF-8"?>\n'),
        rss(item("<title>t</title>")).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        b'<rss version="0.91"><channel><title>x</title><item><title>t</title></item></channel></rss>',
        (
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
            b"<channel><title>x</title></channel><item><title>t</title></item></rdf:RDF>"
        ),
        b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>t</title></entry></feed>',
        b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>t</a:title></a:entry></a:feed>',
    ],
)
def test_every_format_and_wrapping_gives_its_entry(body: bytes) -> None:
    feed = parsed(body)
    assert (feed.outcome, feed.degraded, [entry.title for entry in feed.items]) == (Outcome.OK, None, ["t"])


@pytest.mark.parametrize(
    "body",
    [
        rss(item("<title>Fish & chips</title>")),
        rss(item("<title>Fish &amp; chips</title><foo:bar>x</foo:bar>")),
        rss(item("<title>Fish &amp; chips</title>")).removesuffix(b"</channel></rss>"),
        b"<br /><b>Warning</b>: line 1" + rss(item("<title>Fish &amp; chips</title>")),
    ],
)
def test_malformed_feeds_are_read_and_said_to_be_so(body: bytes) -> None:
    feed = parsed(body)
    assert feed.outcome is Outcome.OK
    assert feed.degraded
    assert [entry.title for entry in feed.items] == ["Fish & chips"]

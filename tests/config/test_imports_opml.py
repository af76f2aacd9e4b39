"""OPML of any reader of feeds becomes sources with their folders as tags; what is hostile or broken is told."""

from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.watchlist import Source
from tests.config.importing import addresses, imported, notes, problems, tags


def opml(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n<body>\n{body}</body>\n</opml>\n'.encode()


# ── what is read ──


def test_folders_and_the_folders_around_them_are_tags() -> None:
    found = imported(
        "a.opml",
        opml("""
        <outline text="News"><outline text="New York, NY">
          <outline type="rss" text="The Courier" title="The Courier" xmlUrl="https://courier.example/feed"/>
        </outline><outline text="Wire" xmlUrl="https://wire.example"/></outline>
        <outline text="Alone" xmlUrl="https://alone.example"/>
        """),
    )
    assert tags(found.watchlist) == {"the-courier": ("news", "new-york-ny"), "wire": ("news",), "alone": ()}
    assert found.notes == ()


def test_categories_are_tags_one_for_each_step_of_their_paths() -> None:
    found = imported(
        "a.opml", opml('<outline xmlUrl="https://a.example" category="/Boston/Weather,/Boston/Sea, Law"/>')
    )
    assert tags(found.watchlist) == {"a-example": ("boston", "weather", "sea", "law")}


def test_a_feed_in_several_folders_is_one_source_with_all_their_tags() -> None:
    feed = '<outline text="Courier" xmlUrl="https://courier.example/feed"/>'
    found = imported("a.opml", opml(f'<outline text="A">{feed}</outline><outline text="B">{feed}</outline>'))
    assert tags(found.watchlist) == {"courier": ("a", "b")}
    assert found.notes == ()


def test_titles_that_an_address_has_besides_are_noted() -> None:
    body = '<outline text="Courier" xmlUrl="https://a.example"/>\n<outline text="Harbor" xmlUrl="https://a.example"/>\n'
    assert notes("a.opml", opml(body)) == ["5: “Harbor” has the address of line 4: it is one source, named as there"]


@pytest.mark.parametrize(
    "outline",
    [
        '<outline title="Courier" xmlUrl=" https://courier.example/feed "/>',
        '<outline text="Courier" xmlurl="https://courier.example/feed"/>',
        '<OUTLINE TEXT="Courier" XMLURL="https://courier.example/feed"></OUTLINE>',
        '<outline title="" text="Courier" xmlUrl="https://courier.example/feed"/>',
        '<outline title="Courier" text="Other" xmlUrl="https://courier.example/feed"/>',
        '<o:outline xmlns:o="urn:o" text="Courier" o:xmlUrl="https://courier.example/feed"/>',
        '<!-- mine --><outline text="Courier" fz:quickMode="false" xmlUrl="https://courier.example/feed"/><?x y?>',
    ],
)
def test_exports_may_differ_in_case_prefixes_and_where_the_title_stands(outline: str) -> None:
    assert addresses(imported("a.opml", opml(outline)).watchlist) == {"courier": "https://courier.example/feed"}


def test_a_feed_without_a_title_is_named_by_its_host() -> None:
    found = imported("a.opml", opml('<outline xmlUrl="https://www.courier.example/feed"/>'))
    assert list(found.watchlist.sources) == ["courier-example"]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("iso-8859-1", "ISO-8859-1"),
        ("cp1252", "windows-1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)
def test_the_encoding_is_the_one_declared_or_marked(encoding: str, declared: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{declared}"?><opml><outline text="Übersee" xmlUrl="https://a.example"/></opml>'
    )
    assert list(imported("a.opml", text.encode(encoding)).watchlist.sources) == ["übersee"]


# ── what is left out is noted ──


@pytest.mark.parametrize(
    ("outline", "note"),
    [
        ('<outline text="Later"/>', "“Later” is left out: it has no xmlUrl, and nothing in it"),
        (
            '<outline text="Site" type="link" url="https://a.example"/>',
            "“Site” is left out: it has no xmlUrl, and nothing in it",
        ),
        (
            '<outline text="★"><outline text="B" xmlUrl="https://b.example"/></outline>',
            "“★” becomes no tag: it has no letter or digit",
        ),
        (
            '<outline text="B" xmlUrl="https://b.example" type="HTML+XPath"/>',
            "“B” comes without its rules of HTML+XPath: it is read for what it is",
        ),
    ],
)
def test_what_the_watch_list_cant_hold_is_noted_by_its_line(outline: str, note: str) -> None:
    body = f'<outline text="A" xmlUrl="https://a.example"/>\n{outline}\n'
    assert notes("a.opml", opml(body)) == [f"5: {note}"]


# ── what is refused ──


def test_every_wrong_address_is_told_by_its_line() -> None:
    body = '<outline xmlUrl="ftp://a.example"/>\n<outline xmlUrl="https://a.example"/>\n<outline xmlUrl="a.example"/>\n'
    wrong = "xmlUrl: not an address of the web: write it whole, from http:// or https:// on"
    assert problems("a.opml", opml(body)) == [f"4: {wrong}", f"6: {wrong}"]


@pytest.mark.parametrize(
    ("outlines", "told"),
    [
        ('<outline text="a <b>"/>\n', ["4: a < within quotes: write &lt;, or close the quotes before it"]),
        ('<outline text="the "A" list"/>\n', ["4: a quote within quotes: write &quot;"]),
        ("<outline text=A/>\n", ["4: a value without quotes: put quotes around it"]),
        ('<outline text="&#1;"/>\n', ["4: an invisible character: take it out"]),
    ],
)
def test_every_slip_of_the_xml_is_told_by_its_line_and_nothing_is_guessed(outlines: str, told: list[str]) -> None:
    assert problems("a.opml", opml(outlines)) == told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<opml>\n<body>\n<outline>\n</body>\n</opml>", "4: not XML (Opening and ending tag mismatch"),
        (b"<opml>\n<body>", "2: not XML ("),
        (b"\n<?xml version='1.0'?><opml/>", "2: something before <?xml: take it out, blank lines too"),
        (b"<opml>\n<outline text='\xe9'/></opml>", "2: not in the encoding that it names, or UTF-8: save it as UTF-8"),
        (b"<?xml version='1.0' encoding='no-such'?><opml/>", "1: in an encoding that is not known: save it as UTF-8"),
        (b"<rss><channel/></rss>", "1: no OPML: export the subscriptions as OPML"),
        (b"<!doctype html><p>Hello", "1: no OPML: export the subscriptions as OPML"),
        (b"<opml><body><outline text='A'/></body></opml>", "1: nothing to import: it has no address and no query"),
    ],
)
def test_what_is_no_opml_is_told(content: bytes, told: str) -> None:
    (problem,) = problems("a.opml", content)
    assert problem.startswith(told)


DTD = "a document type definition: take out what stands from <!DOCTYPE to its >"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE opml [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;]>',
        '<!DOCTYPE opml SYSTEM "http://127.0.0.1:9/opml.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_hard_case_49_a_file_with_a_dtd_is_refused(doctype: str, encoding: str) -> None:
    text = f'\n\n{doctype}\n<opml><outline text="&b;" xmlUrl="https://a.example"/></opml>'
    assert problems("a.opml", text.encode(encoding)) == [f"3: {DTD}"]


def test_hard_case_49_a_dtd_hidden_by_shifts_of_the_charset_is_refused() -> None:
    hidden = b"<!\x1b(BDOCTYPE opml [<!\x1b(BENTITY a 'x'>]>"
    content = b"<?xml version='1.0' encoding='iso-2022-jp'?>" + hidden + b"<opml><outline text='&a;'/></opml>"
    assert problems("a.opml", content) == [f"1: {DTD}"]


@pytest.mark.parametrize(("levels", "told"), [(21, "folders more than 20 deep"), (100_000, "nested too deep")])
def test_folders_in_folders_have_a_limit(levels: int, told: str) -> None:
    feed = '<outline xmlUrl="https://a.example"/>'
    (problem,) = problems("a.opml", opml('<outline text="A">' * levels + feed + "</outline>" * levels))
    assert problem.startswith(f"4: {told}")


# ── round trip ──

words = st.text("abcdefghijklmnopqrstuvwxyzäß0123456789", min_size=1, max_size=12)
folder_paths = st.lists(st.lists(words, min_size=1, max_size=4, unique=True), max_size=3)


def written(title: str, url: str, path: list[str], categories: str = "") -> str:
    """A feed within its folders, as OPML."""
    feed = f"<outline text={quoteattr(title)} xmlUrl={quoteattr(url)} category={quoteattr(categories)}/>\n"
    for folder in reversed(path):
        feed = f"<outline text={quoteattr(folder)}>{feed}</outline>"
    return feed


@given(feeds=st.dictionaries(words, st.tuples(folder_paths, st.lists(words, max_size=3)), min_size=1, max_size=6))
def test_sources_written_as_opml_are_imported_equal(feeds: dict[str, tuple[list[list[str]], list[str]]]) -> None:
    body = ""
    sources: dict[str, Source] = {}
    for title, (paths, categories) in feeds.items():
        url = f"https://feeds.example/{len(sources)}?a=<1>&b='2'"
        for path in paths or [[]]:
            body += written(title, url, path, ",".join(categories))
        united = [tag for path in paths or [[]] for tag in (*path, *categories)]
        sources[title] = Source(url=url, tags=tuple(dict.fromkeys(united)))
    assert imported("a.opml", opml(body)).watchlist.sources == sources


def test_an_ampersand_that_begins_nothing_is_read_as_itself_and_noted() -> None:
    outline = '<outline text="AT &amp; T&nbsp;&eacute; & co" xmlUrl="https://a.example/?a=1&b=2&amp;c=3"/>\n'
    found = imported("a.opml", opml(outline))
    ((name, source),) = found.watchlist.sources.items()
    assert (name, source.url) == ("at-t-é-co", "https://a.example/?a=1&b=2&c=3")
    assert found.notes == ("a.opml:4: & that stands for itself, 4 in all: read as &amp;",)

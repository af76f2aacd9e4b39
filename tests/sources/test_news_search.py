"""News searches: whose article each entry is, and where it is."""

from tests.sources.building import item, only, parsed, rss

SEARCH = "https://news.google.com/rss/search?q=harbour"


def test_the_outlet_is_the_entrys_source_and_leaves_the_title() -> None:
    entry = only(
        rss(
            item(
                "<title>Harbour opens - Harbour Gazette</title><link>https://news.google.com/rss/articles/x</link>"
                '<source url="https://gazette.example">Harbour Gazette</source>'
                "<description>&lt;a href='x'&gt;Harbour opens&lt;/a&gt; Harbour Gazette</description>"
            )
        ),
        url=SEARCH,
    )
    assert (entry.title, entry.outlet, entry.summary) == ("Harbour opens", "Harbour Gazette", "")


def test_nothing_else_is_taken_off_a_title() -> None:
    source = '<source url="https://gazette.example">Harbour Gazette</source>'
    assert only(rss(item(f"<title>Rain - then sun</title>{source}"))).title == "Rain - then sun"
    assert only(rss(item("<title>Rain - Harbour Gazette</title>"))).title == "Rain - Harbour Gazette"


def test_bing_names_the_outlet_and_wraps_the_address() -> None:
    body = rss(
        item(
            "<title>Harbour opens</title><News:Source>Harbour Gazette</News:Source>"
            "<link>http://www.bing.com/news/apiclick.aspx?ref=x&amp;url=https%3a%2f%2fgazette.example%2fa%3fid%3d7</link>"
        )
    ).replace(b"<rss", b'<rss xmlns:News="https://www.bing.com/news/search?q=x"', 1)
    entry = only(body)
    assert (entry.outlet, entry.url) == ("Harbour Gazette", "https://gazette.example/a?id=7")


def test_an_alerts_redirect_is_unwrapped() -> None:
    link = "https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://gazette.example/a&amp;ct=ga"
    assert only(rss(item(f"<title>t</title><link>{link}</link>"))).url == "https://gazette.example/a"


def test_a_search_has_no_outlet_of_its_own() -> None:
    source = '<source url="https://gazette.example">Harbour Gazette</source>'
    assert parsed(rss(item(f"<title>t</title>{source}")), url=SEARCH).outlet is None

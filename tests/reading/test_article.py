"""What is read from a page: main text, headline, people, times, addresses; and what isn't."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.models import Outcome, Reading
from watchers.reading.article import extract_article

URL = "https://news.example.org/2031/05/pier?ref=x"
PARAGRAPHS = (
    "The harbour council voted on Tuesday to close the old ferry pier, ending a dispute of four years.",
    "Councillor Ada Brenn said the timber had been rotting for years, and that nobody had wanted to pay for it.",
    "Work begins in March and should take two summers, according to the harbour master's own estimate.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def page(head: str = "", body: str = f"<article>{BODY}</article>", attributes: str = ' lang="en"') -> bytes:
    return f"<!DOCTYPE html><html{attributes}><head>{head}</head><body>{body}</body></html>".encode()


def read(body: bytes, content_type: str | None = "text/html; charset=utf-8", url: str | None = URL) -> Reading:
    return extract_article(body, content_type, url)


def json_ld(script: str) -> str:
    return f'<script type="application/ld+json">{script}</script>'


def test_paragraphs_are_separated_by_a_blank_line() -> None:
    assert read(page()).text == "\n\n".join(PARAGRAPHS)


def test_navigation_footer_and_scripts_are_not_text() -> None:
    around = f"<nav><a href='/'>Home</a><a href='/w'>Weather</a></nav><article>{BODY}</article>"
    text = read(page(body=f"{around}<script>var a = 'secret'</script><footer>Imprint and contact</footer>")).text
    assert text == "\n\n".join(PARAGRAPHS)


def test_a_table_of_facts_becomes_a_line_a_row() -> None:
    table = "<table><tr><th>Data</th><th>Kept</th></tr><tr><td>Images</td><td>30 days</td></tr></table>"
    assert "Images | 30 days" in read(page(body=f"<article>{BODY}{table}{BODY}</article>")).text.split("\n\n")


def test_all_that_a_page_declares_is_read() -> None:
    script = """{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Harbour Post"},
      {"@type": "NewsArticle", "headline": "Old pier to close &amp; reopen",
       "datePublished": "2031-05-06T09:30:00-04:00",
       "dateModified": "2031-05-06T15:00:00Z",
       "author": [{"@type": "Person", "name": "Jo Marsh"}, {"name": "Li Wen"}],
       "publisher": {"@type": "Organization", "name": "Harbour Post"}, "image": [{"url": "/pier.jpg"}]}]}"""
    head = json_ld(script) + '<link rel="canonical" href="/2031/05/pier"><title>Old pier to close &amp; reopen</title>'
    assert read(page(head)) == Reading(
        outcome=Outcome.OK,
        url=URL,
        canonical_url="https://news.example.org/2031/05/pier",
        title="Old pier to close & reopen",
        text="\n\n".join(PARAGRAPHS),
        published=datetime(2031, 5, 6, 13, 30, tzinfo=UTC),
        updated=datetime(2031, 5, 6, 15, 0, tzinfo=UTC),
        byline="Jo Marsh, Li Wen",
        outlet="Harbour Post",
        language="en",
        image="https://news.example.org/pier.jpg",
    )


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Old pier to close | Harbour Post</title><meta property=og:site_name content='Harbour Post'>", None),
        ("<title>Old pier to close - Example</title>", None),
        ("<title>Harbour Post: news and weather</title><meta property=og:title content='Old pier to close'>", None),
        ("<title>Old pier to close » Local » The Harbour Post</title>", None),
        ("<title>Old pier to close – and nobody minds</title>", "Old pier to close – and nobody minds"),
        ("<meta property=og:title content='Old pier…'><title>Old pier to close</title>", None),
    ],
)
def test_the_headline_comes_without_the_site_around_it(head: str, title: str | None) -> None:
    assert read(page(head)).title == (title or "Old pier to close")


def test_the_heading_is_the_headline_of_a_page_without_a_title() -> None:
    assert read(page(body=f"<article><h1>Old pier to close</h1>{BODY}</article>")).title == "Old pier to close"


def test_a_heading_within_the_title_shows_what_the_site_adds_to_it() -> None:
    body = f"<article><h1>Old pier to close</h1>{BODY}</article>"
    assert read(page("<title>Old pier to close - Somewhere Daily</title>", body)).title == "Old pier to close"


def test_hard_case_38_an_endless_title_is_cut() -> None:
    title = read(page(f"<title>{'pier ' * 1_000_000}</title>")).title
    assert len(title) <= 300
    assert title.endswith("pier pier…")


def test_hard_case_81_a_long_headline_is_cut_at_a_word_and_says_so() -> None:
    headline = "Harbour council closes pier " * 12
    cut = read(page(f'<meta property="og:title" content="{headline}">')).title
    assert cut == "Harbour council closes pier " * 10 + "Harbour council…"


MENU = "".join(
    f"<li><a href='/{word}'>{word}</a></li>" for word in ("トップ", "ニュース", "社会", "政治", "経済", "天気")
)


@pytest.mark.parametrize(
    "report",
    [
        (
            "市議会は火曜日、警察による顔認識技術の使用に令状を義務づける条例案を可決した。",
            "条例は来年四月に施行される。",
        ),
        ("The council voted on Tuesday.", "Work begins in March"),
    ],
)
def test_a_few_words_are_the_text_without_the_menu_around_them(report: tuple[str, str]) -> None:
    told, last = report
    body = (
        f"<div><h2>港新聞</h2><ul>{MENU}</ul></div><div><h1>市議会が条例可決</h1><p>{told}</p><p>{last}</p></div>"
        f"<div><ul>{MENU}</ul><p>Copyright 港新聞社</p></div>"
    )
    text = read(page("<title>市議会が条例可決</title>", body)).text
    assert text.split("\n\n") == [each for each in report if each.endswith((".", "。"))]


def test_a_few_words_without_a_sentence_are_kept_with_all_that_stands_around_them() -> None:
    text = read(page(body="<div><a href='/'>Home</a></div><div>Pier closed</div>")).text
    assert "Pier closed" in text


@pytest.mark.parametrize(
    ("markup", "moment"),
    [
        ('<meta property="article:published_time" content="2031-05-06T09:30:00+02:00">', (2031, 5, 6, 7, 30)),
        ('<meta itemprop="datePublished" content="2031-05-06">', (2031, 5, 6)),
        ('<meta name="pubdate" content="Tue, 06 May 2031 09:30:00 EST">', (2031, 5, 6, 14, 30)),
        ('<meta name="date" content="2031-05-06 09:30">', (2031, 5, 6, 9, 30)),
    ],
)
def test_times_of_publication_are_read_with_their_zone(markup: str, moment: tuple[int, int, int]) -> None:
    assert read(page(markup)).published == datetime(*moment, tzinfo=UTC)


def test_a_time_that_the_page_shows_is_read() -> None:
    body = f'<article><time datetime="2031-05-06T09:30:00Z">yesterday</time>{BODY}</article>'
    assert read(page(body=body)).published == datetime(2031, 5, 6, 9, 30, tzinfo=UTC)


def test_among_several_unmarked_times_none_is_guessed() -> None:
    body = f'<article><time datetime="2031-05-06">a</time><time datetime="2030-01-01">b</time>{BODY}</article>'
    assert read(page(body=body)).published is None


@pytest.mark.parametrize("stamp", ["0000-00-00", "99999-01-01T00:00:00Z", "soon", "", "2031-13-45"])
def test_a_date_that_is_none_is_null(stamp: str) -> None:
    assert read(page(f'<meta property="article:published_time" content="{stamp}">')).published is None


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/2031/05/pier", "https://news.example.org/2031/05/pier"),
        ("https://wire.example.net/a/77?articleId=7", "https://wire.example.net/a/77?articleId=7"),
        ("https://news.example.org/", None),
        ("https://wire.example.net", None),
        ("/en/", None),
        ("javascript:alert(1)", None),
        ("http://[bad", None),
        ("", None),
    ],
)
def test_the_canonical_address_is_absolute_and_no_front_page(href: str, canonical: str | None) -> None:
    assert read(page(f'<link rel="canonical" href="{href}">')).canonical_url == canonical


def test_a_page_from_a_file_has_no_relative_addresses() -> None:
    reading = read(page('<link rel="canonical" href="/2031/05/pier">'), url=None)
    assert (reading.url, reading.canonical_url) == (None, None)


@pytest.mark.parametrize(
    ("attributes", "head", "language"),
    [
        (' lang="en-US"', "", "en-US"),
        (' lang="pt_BR"', "", "pt-BR"),
        ("", '<meta http-equiv="content-language" content="de, en">', "de"),
        ("", "", None),
        (' lang="{{locale}}"', "", None),
    ],
)
def test_the_language_is_what_the_page_says(attributes: str, head: str, language: str | None) -> None:
    assert read(page(head, attributes=attributes)).language == language


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        ('<meta name="author" content="By Jo Marsh">', "Jo Marsh"),
        ('<meta property="article:author" content="https://social.example/jo">', None),
        ('<meta name="author" content="Jo Marsh"><meta name="author" content="JO MARSH">', "Jo Marsh"),
    ],
)
def test_the_byline_names_people_once_and_no_addresses(head: str, byline: str | None) -> None:
    assert read(page(head)).byline == byline


@pytest.mark.parametrize(
    "script", ['{"@type": "NewsArticle", "headline": ', "[" * 100_000, "null", '{"@type": 7, "author": [[], {}, 1]}']
)
def test_json_ld_that_is_broken_or_hostile_is_left_out(script: str) -> None:
    assert read(page(json_ld(script) + "<title>Old pier to close</title>")).title == "Old pier to close"


def test_a_paywalled_page_gives_its_headline_and_no_text() -> None:
    body = f"<article><p>{PARAGRAPHS[0]}</p><p>Subscribe to continue reading this article.</p></article>"
    reading = read(page("<title>Old pier to close</title>", body))
    assert (reading.outcome, reading.title, reading.text) == (Outcome.BLOCKED, "Old pier to close", "")
    assert reading.error == "a paywall"


def test_hard_case_32_a_challenge_gives_neither_headline_nor_text() -> None:
    reading = read(page("<title>Just a moment...</title>", "<p>Enable JavaScript and cookies to continue</p>"))
    assert (reading.outcome, reading.title, reading.text) == (Outcome.BLOCKED, "", "")


@pytest.mark.parametrize("body", [b"", b"   ", page(body=""), page(body="<div id=app></div><script>boot()</script>")])
def test_a_page_without_words_is_empty(body: bytes) -> None:
    assert read(body).outcome is Outcome.EMPTY


@pytest.mark.parametrize("body", [b"%PDF-1.7 \x00\x01", b"\x89PNG\r\n\x1a\n\x00", b"\x1f\x8b\x08\x00" + b"\x00" * 20])
def test_what_is_no_text_is_empty(body: bytes) -> None:
    assert read(body, None).outcome is Outcome.EMPTY


def test_hard_case_34_an_entity_bomb_does_not_grow() -> None:
    declarations = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE html [<!ENTITY e0 "pier">{declarations}]><html><body><p>&e9;</p>{BODY}</body></html>'
    assert len(read(bomb.encode()).text) < 2_000


def test_hard_case_35_an_external_entity_is_not_read() -> None:
    bomb = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>&x;</p>{BODY}</body></html>'
    assert "root:" not in read(bomb.encode()).text


def test_hard_case_39_deep_nesting_ends() -> None:
    assert read(b"<html><body>" + b"<div>" * 50_000 + BODY.encode()).outcome in {Outcome.OK, Outcome.EMPTY}


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "utf-16", "utf-8-sig"])
def test_the_charset_of_the_header_or_the_mark_is_used(charset: str) -> None:
    body = f"<html><body><p>Café au port — “{'la jetée ' * 30}”</p></body></html>".replace("—", "-")
    body = body.replace("“", '"').replace("”", '"')
    declared = "utf-8" if charset == "utf-8-sig" else charset
    assert "Café au port" in read(body.encode(charset), f"text/html; charset={declared}").text


def test_the_charset_of_a_meta_element_is_used() -> None:
    body = f"<html><head><meta charset='shift_jis'></head><body><p>{'港の桟橋が閉鎖される。' * 20}</p></body></html>"
    assert "港の桟橋" in read(body.encode("shift_jis"), "text/html").text


def test_hard_case_40_nul_and_bad_bytes_are_salvaged_and_said() -> None:
    reading = read(
        page().replace(b"timber", b"tim\x00ber").replace(b"pier", "piér".encode() * 3 + b"\xff"), "text/html"
    )
    assert "timber" in reading.text
    assert reading.degraded is not None


def test_hard_case_40_a_false_charset_is_seen_through() -> None:
    body = page(body=f"<article><p>Café. {PARAGRAPHS[1]}</p></article>")
    assert "Café" in read(body, "text/html; charset=iso-8859-1").text


def test_hard_case_48_lone_surrogates_do_not_survive() -> None:
    reading = read(page("<title>Old pier &#xD800; to close</title>"))
    (reading.title + reading.text).encode("utf-8")


def test_a_lone_surrogate_in_json_ld_does_not_survive() -> None:
    script = r'{"@type": "NewsArticle", "headline": "Old pier \ud800 to close", "author": "Jo \udfff Marsh"}'
    reading = read(page(json_ld(script)))
    (reading.title + (reading.byline or "")).encode("utf-8")


def test_plain_text_is_taken_with_its_headline() -> None:
    text = "Old pier to close\n\n" + "\n\n".join(PARAGRAPHS)
    reading = read(text.encode(), "text/plain")
    assert (reading.title, reading.text) == ("Old pier to close", "\n\n".join(PARAGRAPHS))


def test_plain_text_without_a_headline_has_none() -> None:
    reading = read("\n\n".join(PARAGRAPHS).encode(), None, None)
    assert (reading.outcome, reading.title, reading.text) == (Outcome.OK, "", "\n\n".join(PARAGRAPHS))


def test_text_that_names_a_path_or_an_address_is_text() -> None:
    assert read(b"/etc/passwd", "text/plain", None).text == "/etc/passwd"
    assert "root:" not in read(b"http://127.0.0.1/secret", None, None).text


@given(
    st.binary(max_size=400), st.sampled_from([None, "text/html", "text/plain; charset=utf-16", "text/html; charset=x"])
)
def test_any_bytes_are_read_without_an_error(body: bytes, content_type: str | None) -> None:
    reading = extract_article(body, content_type, None)
    (reading.title + reading.text).encode("utf-8")

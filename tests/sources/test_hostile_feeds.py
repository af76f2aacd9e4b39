"""What the world sends under the name of a feed: salvaged where it can be, and the loss said."""

import re

import pytest

from tests.sources.building import atom, item, numbered, only, parsed, rss
from watchers.models import Outcome
from watchers.sources.limits import MAX_ENTRIES, TITLE_LENGTH

ENTRY = "<entry><id>tag:{0}</id><title>Harbour {0}</title><link href='https://gazette.example/{0}'/></entry>"


def with_doctype(declarations: str, title: str) -> bytes:
    return rss(item(f"<title>{title}</title>")).replace(b"<rss", f"<!DOCTYPE rss [{declarations}]><rss".encode(), 1)


def test_hard_case_34_an_entity_bomb_is_not_expanded() -> None:
    levels = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    feed = parsed(with_doctype(f'<!ENTITY e0 "boom">{levels}', "&e9;"))
    assert len(feed.items) == 1
    assert "boom" not in feed.items[0].title
    assert feed.degraded is not None
    assert "entity declarations removed" in feed.degraded


def test_hard_case_34_one_long_entity_used_often_is_not_expanded() -> None:
    feed = parsed(with_doctype(f'<!ENTITY e "{"boom" * 1000}">', "&e;" * 1000))
    assert "boom" not in feed.items[0].title


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY x SYSTEM "file:///etc/hostname">',
        '<!ENTITY x PUBLIC "p" "http://127.0.0.1:1/x">',
        '<!ENTITY % p SYSTEM "file:///etc/hostname"> %p; <!ENTITY x "y">',
    ],
)
def test_hard_case_35_external_entities_are_not_read(declaration: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was opened")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    feed = parsed(with_doctype(declaration, "before &x; after"))
    assert [entry.title for entry in feed.items] == ["before &x; after"]
    assert feed.degraded is not None
    assert "entity declarations removed" in feed.degraded


def test_harmless_entities_keep_their_meaning() -> None:
    assert parsed(with_doctype('<!ENTITY nbsp "&#160;">', "a&nbsp;b")).items[0].title == "a b"


@pytest.mark.parametrize("feed", [rss(numbered(1), numbered(2)), atom(ENTRY.format(1), ENTRY.format(2))])
def test_of_a_feed_that_breaks_off_the_torn_entry_is_left_for_the_next_time(feed: bytes) -> None:
    """Half an entry would be taken for another one than the whole, and be told beside it."""
    whole = parsed(feed)
    assert len(whole.items) == 2
    end = re.search(rb"</(?:item|entry)>", feed)
    assert end
    for length in range(end.end(), len(feed.rstrip())):
        torn = parsed(feed[:length])
        assert torn.items in (whole.items[:1], whole.items)


def test_hard_case_37_of_very_many_entries_the_newest_are_taken() -> None:
    number = 100_000
    entries = "".join(
        f"<item><title>n {day}</title><pubDate>{day % 28 + 1} Jan {1970 + day // 1000} 12:00 GMT</pubDate></item>"
        for day in range(number)
    )
    feed = parsed(rss(entries))
    assert (feed.outcome, feed.entries, len(feed.items)) == (Outcome.OK, number, MAX_ENTRIES)
    assert {entry.published.year for entry in feed.items if entry.published} == {1970 + 99}
    assert feed.degraded == f"{number} entries, the newest {MAX_ENTRIES} taken"


def test_hard_case_37_of_a_feed_that_cannot_be_split_too() -> None:
    entries = [numbered(number) for number in range(MAX_ENTRIES + 10)]
    feed = parsed(rss("<item/>", *entries))
    assert (len(feed.items), feed.entries) == (MAX_ENTRIES, MAX_ENTRIES + 11)
    assert all(entry.published for entry in feed.items)


@pytest.mark.parametrize("title", ["x" * 5_000_000, "word " * 1_000_000])
def test_hard_case_38_a_title_of_five_megabytes_is_cut(title: str) -> None:
    cut = only(rss(item(f"<title>{title}</title>"))).title
    assert TITLE_LENGTH // 2 < len(cut) <= TITLE_LENGTH
    assert cut.endswith("…")


def test_hard_case_39_deep_nesting_keeps_the_words() -> None:
    deep = "<div>" * 20_000 + "words" + "</div>" * 20_000
    assert only(rss(item(f"<title>t</title><description><![CDATA[{deep}]]></description>"))).summary == "words"


@pytest.mark.parametrize(
    ("body", "title", "note"),
    [
        (rss(item("<title>a\x00b\x0bc</title>")), "abc", "2 control characters removed"),
        (rss(item("<title>naïve – café X</title>")).replace(b"X", b"\xff"), "naïve – café �", "no UTF-8"),
        (rss(item("<title>café</title>")).replace("é".encode(), b"\xe9"), "café", "read as windows-1252"),
        (rss(item("<title>café</title>")).replace(b"UTF-8", b"ISO-8859-1"), "café", "is UTF-8"),
        (rss(item("<title>a&#0;b&#xD800;c&#x110000;</title>")), "abc", "impossible characters removed"),
    ],
)
def test_hard_case_40_bad_bytes_are_salvaged_and_said(body: bytes, title: str, note: str) -> None:
    feed = parsed(body)
    assert [entry.title for entry in feed.items] == [title]
    assert feed.degraded is not None
    assert note in feed.degraded


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-16", "iso-8859-5"])
def test_a_true_charset_is_read_without_a_word(charset: str) -> None:
    body = rss(item("<title>Новости порта</title>")).decode().replace("UTF-8", charset).encode(charset)
    feed = parsed(body)
    assert ([entry.title for entry in feed.items], feed.degraded) == (["Новости порта"], None)


def test_the_header_names_the_charset_where_the_document_does_not() -> None:
    body = "<rss><channel><item><title>日本の港</title></item></channel></rss>".encode("euc-jp")
    feed = parsed(body, content_type="text/xml; charset=EUC-JP")
    assert ([entry.title for entry in feed.items], feed.degraded) == (["日本の港"], None)


def test_hard_case_48_lone_surrogates_are_cleaned() -> None:
    feed = parsed(rb'{"version":"https://jsonfeed.org/version/1","items":[{"id":"\ud800","title":"a\udfffb"}]}')
    assert [(entry.title, entry.entry_id) for entry in feed.items] == [("ab", None)]


@pytest.mark.parametrize("text", ["{{x.__class__}}", "%s %(name)s", "$(reboot)", "{0}", "${HOME}"])
def test_hard_case_50_what_looks_like_a_template_is_text(text: str) -> None:
    entry = only(rss(item(f"<title>{text}</title><description>{text}</description>")))
    assert (entry.title, entry.summary) == (text, text)

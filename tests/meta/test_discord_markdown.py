"""Markdown as Discord's clients draw it: so a picture shows whether an escape holds."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.text import clean, escape
from tests.bot.alerts import hostile_text
from tests.meta.discord_page.angles import Viewer
from tests.meta.discord_page.markdown import render

NOW = datetime(2031, 3, 14, 13, 24, tzinfo=UTC)
VIEWER = Viewer(now=NOW, names={"1": "editors", "2": "newsroom"})


def drawn(text: str) -> str:
    return render(text, VIEWER)


def link(address: str, label: str | None = None) -> str:
    return f'<a href="{address}">{label or address}</a>'


def pill(text: str) -> str:
    return f'<span class="pill">{text}</span>'


# ── emphasis, code, spoilers ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**a** b", "<strong>a</strong> b"),
        ("*a* _b_", "<em>a</em> <em>b</em>"),
        ("__a__", "<u>a</u>"),
        ("***a***", "<em><strong>a</strong></em>"),
        ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
        ("__*a* b__", "<u><em>a</em> b</u>"),
        ("~~a~~", "<s>a</s>"),
        ("||a *b*||", '<span class="spoiler">a <em>b</em></span>'),
        ("`a *b* <@1>`", "<code>a *b* &lt;@1&gt;</code>"),
        ("``a ` b``", "<code>a ` b</code>"),
        ("```py\na *b*\n```after", "<pre>a *b*</pre>after"),
        ("```a```", "<pre>a</pre>"),
        ("a\nb", "a<br>b"),
        ("<b>&", "&lt;b&gt;&amp;"),
    ],
)
def test_markup_within_a_line(text: str, html: str) -> None:
    assert drawn(text) == html


@pytest.mark.parametrize(
    "text", ["2 * 3 * 4", "snake_case_name", "* a*", "**", "a ** b", "_a_b", "~~", "||||", "`a", "**a", "*a *"]
)
def test_marks_that_enclose_nothing_are_text(text: str) -> None:
    assert drawn("x" + text) == "x" + text


def test_an_underscore_within_a_word_may_open_but_not_close() -> None:
    assert drawn("see_this_ now") == "see<em>this</em> now"


# ── backslashes ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sign", list(r"""\*_~`|<>[]()#+-.!:@/{}'"$"""))
def test_a_backslash_before_a_sign_shows_the_sign(sign: str) -> None:
    assert unescape(drawn(f"a \\{sign} b")) == f"a {sign} b"


@pytest.mark.parametrize("text", ["\\a", "\\1", "\\ a", "\\\n"])
def test_a_backslash_before_a_letter_digit_or_blank_is_shown(text: str) -> None:
    assert drawn(text).replace("<br>", "\n") == text


@pytest.mark.parametrize(
    "text",
    [
        r"\*\*a\*\*", r"\_\_a\_\_", r"\~~a~\~", r"\|\|a\|\|", r"\`a\`", r"\# a", r"\- a", r"1\. a", r"\> a",
        r"\>>> a", r"\-# a", r"\<@1>", r"\<@&1>", r"\<#2>", r"\</watch add:1>", r"\<t:1:R>", r"\<:a:1>", r"\<a:b:1>",
        r"\<https\://x.example>", r"\[a\]\(https\://x.example)", r"https\://x.example", r"\:fire:",
    ],
)  # fmt: skip
def test_what_is_escaped_is_text(text: str) -> None:
    html = drawn(text)
    assert "<" not in html
    assert unescape(html) == text.replace("\\", "")


def test_an_address_in_escaped_brackets_is_still_a_link() -> None:
    assert drawn(r"\[bank\](https://x.example)") == f"[bank]({link('https://x.example')})"


def test_an_address_takes_backslashes_into_itself() -> None:
    assert drawn(r"https://x.example/\_a") == link(r"https://x.example/\_a")


def test_an_escaped_tilde_or_bar_still_closes() -> None:
    assert drawn(r"~~a\~~ b") == "<s>a\\</s> b"
    assert drawn(r"||a\|| b") == '<span class="spoiler">a\\</span> b'


def test_an_escaped_star_does_not_close() -> None:
    assert drawn(r"**a\*** b") == "<strong>a*</strong> b"


@given(hostile_text)
def test_the_products_escape_leaves_no_markup(text: str) -> None:
    cleaned = clean(text)
    html = drawn(escape(cleaned))
    assert not re.search(r"<(?!br>)", html)
    assert unescape(html).replace("\N{ZERO WIDTH SPACE}", "") == cleaned


@given(st.one_of(hostile_text, st.text("*_~`|[]()<>\\: -#.1ab\n", max_size=60)))
def test_any_text_is_drawn_and_its_own_tags_are_not(text: str) -> None:
    without_ours = re.sub(
        r"</?(strong|em|u|s|span|a|code|pre|br|h[123]|small|blockquote|[uo]l|li)\b[^<>]*>", "", drawn(text)
    )
    assert "<" not in without_ours


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[a *b*](https://x.example)", link("https://x.example", "a <em>b</em>")),
        ("[a](<https://x.example/b c>)", f"[a](&lt;{link('https://x.example/b')} c&gt;)"),
        ("[a](<https://x.example>)", link("https://x.example", "a")),
        ("[a](https://x.example/b_(c))", link("https://x.example/b_(c)", "a")),
        ("[a [b]](https://x.example)", link("https://x.example", "a [b]")),
        (r"[a \] b](https://x.example)", link("https://x.example", "a ] b")),
        ("[a](b)", "[a](b)"),
        ("[](https://x.example)", f"[]({link('https://x.example')})"),
        ("<https://x.example/a_b_>", link("https://x.example/a_b_")),
        ("<javascript:/x>", "javascript:/x"),
        ("<ann@x.example>", '<a href="mailto:ann@x.example">ann@x.example</a>'),
        ("see https://x.example/a_b_.", f"see {link('https://x.example/a_b_')}."),
        ("(https://x.example)", f"({link('https://x.example')})"),
        ("**https://x.example/**", f"<strong>{link('https://x.example/')}</strong>"),
        ("xhttps://x.example", "x" + link("https://x.example")),
        ("www.x.example http:// ftp://x.example", "www.x.example http:// ftp://x.example"),
    ],
)
def test_links(text: str, html: str) -> None:
    assert drawn(text) == html


def test_a_masked_link_whose_words_are_an_address_stays_as_typed() -> None:
    text = "[https://a.example](https://b.example)"
    assert re.sub("<[^<>]*>", "", drawn(text)) == text


# ── what begins a line ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# a\nb", "<h1>a</h1>b"),
        ("## a *b*", "<h2>a <em>b</em></h2>"),
        ("### a", "<h3>a</h3>"),
        ("-# a\nb", "<small>a</small>b"),
        ("> a\n> b\nc", "<blockquote>a<br>b</blockquote>c"),
        (">>> a\nb", "<blockquote>a<br>b</blockquote>"),
        ("> > a", "<blockquote>&gt; a</blockquote>"),
        ("a\n- b\n- c\nd", "a<br><ul><li>b</li><li>c</li></ul>d"),
        ("- a\n  - b\n  c\n- d", "<ul><li>a<br><ul><li>b</li></ul>c</li><li>d</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("* a\n1. b", '<ul><li>a</li></ul><ol start="1"><li>b</li></ol>'),
        ("- # a", "<ul><li><h1>a</h1></li></ul>"),
    ],
)
def test_headings_quotes_and_lists(text: str, html: str) -> None:
    assert drawn(text) == html


@pytest.mark.parametrize("text", ["#a", "#### a", "a # b", "a > b", ">a", "-a", "a - b", "1.a", "1) a", "+ a", "-#a"])
def test_what_only_looks_like_a_heading_quote_or_list(text: str) -> None:
    assert unescape(drawn(text)) == text


def test_bold_words_begin_no_line() -> None:
    assert drawn("**# a**") == "<strong># a</strong>"


# ── mentions, times, emoji ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("<@&1>", "@editors"),
        ("<@&9>", "@unknown-role"),
        ("<@9>", "@unknown-user"),
        ("<@!1>", "@editors"),
        ("<#2>", "#newsroom"),
        ("</watch add:12>", "/watch add"),
        ("@everyone", "@everyone"),
    ],
)
def test_mentions_are_pills(text: str, shown_as: str) -> None:
    assert drawn(f"a {text} b") == f"a {pill(shown_as)} b"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=12), "12 seconds ago"),
        (timedelta(minutes=1), "a minute ago"),
        (timedelta(minutes=12), "12 minutes ago"),
        (timedelta(minutes=50), "an hour ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(hours=23), "a day ago"),
        (timedelta(days=9), "9 days ago"),
        (timedelta(days=400), "a year ago"),
        (timedelta(hours=-3), "in 3 hours"),
    ],
)
def test_relative_times(ago: timedelta, words: str) -> None:
    assert drawn(f"<t:{int((NOW - ago).timestamp())}:R>") == f'<span class="time">{words}</span>'


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("", "14 March 2031 13:24"),
        (":f", "14 March 2031 13:24"),
        (":F", "Friday 14 March 2031 13:24"),
        (":D", "14 March 2031"),
        (":d", "14/03/2031"),
        (":t", "13:24"),
        (":T", "13:24:00"),
    ],
)
def test_absolute_times(style: str, words: str) -> None:
    assert drawn(f"<t:{int(NOW.timestamp())}{style}>") == f'<span class="time">{words}</span>'


def test_a_time_beyond_the_calendar_is_text() -> None:
    assert drawn("<t:99999999999999999:R>") == "&lt;t:99999999999999999:R&gt;"


def test_emoji() -> None:
    assert drawn("<:wire:12> 📰 :fire: :nothing:") == '<span class="emoji">:wire:</span> 📰 🔥 :nothing:'

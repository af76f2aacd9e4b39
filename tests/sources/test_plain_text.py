"""Markup and dirty text → plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.sources.plain_text import clean, html_text, line, paragraphs


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.<br><br/>Two.", "One.\n\nTwo."),
        ("One<br>line", "One\nline"),
        ("<h2>Head</h2>Words <b>in</b>\n a <a href='x'>row</a>.", "Head\n\nWords in a row."),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<p>Kept.</p><script>if (a<b) {}</script><style>p{}</style><!-- note -->", "Kept."),
        ("Fish &amp; chips&nbsp;&#8217;s", "Fish & chips ’s"),
        ("3 < 4 and <b>bold</b>", "3 < 4 and bold"),
        ("<p>unclosed <b>tags", "unclosed tags"),
        ("no markup\n\nat all", "no markup\n\nat all"),
    ],
)
def test_html_becomes_paragraphs(markup: str, text: str) -> None:
    assert paragraphs(html_text(markup), 1000) == text


def test_a_long_line_is_cut_at_a_word() -> None:
    assert line("one two three four", 12) == "one two…"
    assert line("one two three four", 14) == "one two three…"
    assert line("x" * 20, 10) == "x" * 9 + "…"
    assert line("short", 10) == "short"


@pytest.mark.parametrize("letter", ["e\u0301", "👩\u200d👩\u200d👧", "が", "🇫🇷"])
def test_hard_case_81_a_long_line_without_words_is_cut_between_letters(letter: str) -> None:
    for limit in range(10, 20):
        cut = line(letter * 30, limit)
        assert len(cut) <= limit
        assert cut == letter * ((limit - 1) // len(letter)) + "…"


def test_a_letter_without_end_is_cut() -> None:
    assert line("a" + "\u0336" * 500, 10) == "a" + "\u0336" * 8 + "…"


def test_a_long_text_is_cut() -> None:
    assert len(paragraphs("word " * 100, 50)) <= 50


@given(st.text(st.characters(codec=None), max_size=60))
def test_whatever_comes_out_can_be_written_as_utf8(text: str) -> None:
    for result in (clean(text), line(text, 40), paragraphs(html_text(text), 40), html_text(f"<p>{text}")):
        result.encode()


@given(st.text(max_size=60), st.integers(2, 30))
def test_a_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    result = line(text, limit)
    assert len(result) <= limit
    assert len(result.splitlines()) <= 1

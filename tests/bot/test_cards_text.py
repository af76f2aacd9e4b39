"""Foreign text on a card: harmless in markdown, in a terminal and to the eye, and cut where a reader would."""

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.links import shown_link
from bot.cards.text import clean, cut, cut_front, escape, neutralise, units
from tests.bot.alerts import hostile_text

FAMILY = "👩\u200d👩\u200d👧"


def read_by_discord(markdown: str) -> str:
    """What a reader sees of an escaped text; fails where anything is left that Discord would act on."""
    seen = re.sub(r"\\([^0-9A-Za-z\s])", "¤", markdown)  # what is escaped keeps its neighbours apart
    assert not re.search(r"[\\*_~`|<>\[\]]|://|:\w+:", seen)
    assert not re.match(r"(?:[#+-]|\d+[.)])", seen.replace("\u200b", "")) or markdown.startswith("\\")
    assert not re.search(r"@(?:everyone|here)", markdown, re.IGNORECASE)
    assert "\n" not in markdown
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown).replace("@\u200b", "@")


# ── clean ────────────────────────────────────────────────────────────────────────────────────────────────


@given(hostile_text)
def test_a_clean_text_is_one_visible_line_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert not regex.search(r"[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u2028\u2029]", cleaned)
    assert cleaned == cleaned.strip()
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    "invisible",
    ["\u202e", "\u202a", "\u2066", "\u2069", "\u200e", "\u061c", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u115f"],
)
def test_hard_case_78_overrides_and_zero_width_characters_are_stripped(invisible: str) -> None:
    assert clean(f"Police{invisible} chief") == "Police chief"


@pytest.mark.parametrize(
    "text",
    [
        FAMILY,
        "🏳️\u200d🌈 flag",
        "1️⃣ first",
        "می\u200cخواهم",
        "क्\u200dष",
        "🏴\U000e0067\U000e0062\U000e0065\U000e007f",
        "naïve",
        "한국어",
    ],
)
def test_what_shapes_a_visible_neighbour_is_kept(text: str) -> None:
    assert clean(text) == text


def test_hidden_messages_in_tag_letters_are_dropped() -> None:
    assert clean("Vote" + "".join(chr(0xE0000 + ord(letter)) for letter in "obey")) == "Vote"


@pytest.mark.parametrize(
    "code",
    [
        "\x1b[31m",
        "\x1b[2J",
        "\x1b]8;;https://evil.example\x07",
        "\x1b]0;owned\x1b\\",
        "\x9b31m",
        "\x1bc",
        "\x1bP1\x1b\\",
    ],
)
def test_terminal_codes_are_dropped_whole(code: str) -> None:
    assert clean(f"before {code}after") == "before after"


def test_white_space_of_any_kind_is_one_blank() -> None:
    assert clean(" a\r\n\tb\u2028c\u00a0 d\x1fe ") == "a b c d e"


def test_half_characters_and_piled_marks_are_tamed() -> None:
    assert clean("a\ud800b") == "a\ufffdb"
    assert len(clean("Z" + "\u0336" * 500)) <= 7


# ── escape ───────────────────────────────────────────────────────────────────────────────────────────────


@given(hostile_text)
def test_an_escaped_text_reads_the_same_and_means_nothing_to_discord(text: str) -> None:
    cleaned = clean(text)
    assert read_by_discord(escape(cleaned)) == cleaned


def test_hard_case_75_mentions_of_everyone_are_parted() -> None:
    assert escape("@everyone and @here") == "@\u200beveryone and @\u200bhere"
    assert escape("write to desk@ledger.example") == "write to desk@ledger.example"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("[bank](evil)", r"\[bank\](evil)"),
        ("see https://x.example/ *now* [bank](evil)", r"see https\://x.example/ \*now\* \[bank\](evil)"),
    ],
)
def test_hard_case_76_masked_links_and_text_after_a_link_are_escaped(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@pytest.mark.parametrize(
    "text",
    [
        "<#1>",
        "</cmd:1>",
        "<t:1:R>",
        "<@1>",
        "<@&1>",
        "<:emoji:1>",
        "<a:wave:1>",
        "<id:customize>",
        "<https://x.example>",
    ],
)
def test_hard_case_77_angle_brackets_lose_their_meaning(text: str) -> None:
    assert escape(text).startswith("\\<")
    assert read_by_discord(escape(text)) == text


@pytest.mark.parametrize(
    "text", ["# Big", "-# small", "- list", "+ list", "1. first", "12) twelfth", "> quote", ">>> quote"]
)
def test_what_begins_a_line_of_markdown_is_escaped(text: str) -> None:
    assert escape(text).startswith(("\\", "1\\", "12\\"))


def test_hard_case_82_a_code_fence_can_not_be_opened_or_broken() -> None:
    assert escape("```py\nend``` `x`".replace("\n", " ")) == r"\`\`\`py end\`\`\` \`x\`"


def test_plain_prose_is_left_alone() -> None:
    prose = "Mayor: “We won’t wait” – a 3.5% rise, at 10 p.m. (again), for $5 & more!"
    assert escape(prose) == prose


@given(hostile_text)
def test_a_neutralised_text_holds_no_mention_and_no_masked_link(text: str) -> None:
    told = neutralise(clean(text))
    assert not re.search(r"@(?:everyone|here|channel\b|all\b)|<[!@#]|\]\(", told, re.IGNORECASE)


# ── cut ──────────────────────────────────────────────────────────────────────────────────────────────────


@given(hostile_text, st.integers(0, 60))
def test_a_cut_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    cleaned = clean(text)
    short = cut(cleaned, limit, lambda part: units(escape(part)))
    assert units(escape(short)) <= limit
    assert short == cleaned or cleaned.startswith(short.removesuffix("…"))


def test_hard_case_81_a_text_is_cut_after_a_word() -> None:
    assert cut("The council voted to ban it", 20) == "The council voted…"
    assert cut("The council voted, again", 18) == "The council voted…"


def test_hard_case_81_a_text_is_never_cut_within_a_grapheme_cluster() -> None:
    assert cut(FAMILY * 3, units(FAMILY) * 2) == FAMILY + "…"
    assert cut("e\u0301" * 10, 6) == "e\u0301" * 2 + "…"


def test_a_text_without_blanks_is_cut_where_it_must_be() -> None:
    assert cut("議会は市場での顔認証を禁止した", 6) == "議会は市場…"


def test_emoji_count_as_a_strict_service_counts_them() -> None:
    assert units("👩a") == 3


def test_the_end_of_a_text_begins_with_a_word() -> None:
    assert cut_front("The council voted to ban it", 12) == "…to ban it"
    assert cut_front("short", 12) == "short"


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://аррӏе.com/news", "https://xn--80ak6aa92e.com/news"),
        ("https://zürich.example/ü?q=ü", "https://xn--zrich-kva.example/%C3%BC?q=%C3%BC"),
        ("HTTPS://Ledger.Example:8443/A", "https://ledger.example:8443/A"),
    ],
)
def test_hard_case_79_hosts_are_shown_as_punycode(address: str, shown: str) -> None:
    link = shown_link(address)
    assert link is not None
    assert (link.text, link.clickable) == (shown, True)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.example/",
        "file:///etc/passwd",
        "https://",
        "not an address",
        "https://a b.example/",
        "http://x.example:99999/",
    ],
)
def test_hard_case_80_other_schemes_and_broken_addresses_are_plain_text(address: str) -> None:
    link = shown_link(address)
    assert link is not None
    assert not link.clickable


@pytest.mark.parametrize("secret", ["token", "access_token", "api_key", "password", "X-Amz-Signature"])
def test_hard_case_97_a_secret_in_a_query_is_not_shown(secret: str) -> None:
    link = shown_link(f"https://user:hunter2@x.example/feed?page=2&{secret}=hunter2")
    assert link is not None
    assert "hunter2" not in link.text
    assert link.text.startswith("https://x.example/feed?page=2&")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://x.example/a?utm_source=rss&id=7&fbclid=z#top", "https://x.example/a?id=7#top"),
        ("https://x.example/a?utm_source=rss", "https://x.example/a"),
        ("http://www.x.example/amp/a/?b=2&a=1&ref=rss", "http://www.x.example/amp/a/?b=2&a=1&ref=rss"),
        ("https://x.example/#a?utm_source=rss", "https://x.example/#a?utm_source=rss"),
    ],
)
def test_an_address_is_shown_without_its_trackers_and_else_as_given(address: str, shown: str) -> None:
    link = shown_link(address)
    assert link is not None
    assert link.text == shown


@given(hostile_text)
def test_an_address_never_ends_the_link_around_it(path: str) -> None:
    link = shown_link(f"https://x.example/{path}")
    assert link is not None
    assert link.clickable
    assert re.fullmatch(r"https://x\.example/[^\s<>()\[\]\"`|\\]*", link.text)
    assert link.text.isascii()


def test_no_address_is_no_link() -> None:
    assert shown_link(None) is None
    assert shown_link(" \u200b") is None

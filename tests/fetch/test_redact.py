"""No secret of an address survives redaction, and nothing else changes."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.fetch.redact import EXAMPLES, redact_text, redact_url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:pw@a.test/x", "https://***@a.test/x"),
        ("https://a:b@c@a.test/", "https://***@a.test/"),
        ("https://a.test/?token=1&q=police", "https://a.test/?token=***&q=police"),
        ("https://a.test/?api_key=1;sig=2#access_token=3", "https://a.test/?api_key=***;sig=***#access_token=***"),
        ("https://a.test/?X-Amz-Signature=1&X-Amz-Date=2", "https://a.test/?X-Amz-Signature=***&X-Amz-Date=2"),
        ("https://a.test/?accessToken=1&feedKey=2", "https://a.test/?accessToken=***&feedKey=***"),
        ("https://a.test/?%74oken=1", "https://a.test/?%74oken=***"),
        ("https://a.test/?PASSWORD=1", "https://a.test/?PASSWORD=***"),
        ("https://d.test/api/webhooks/12/abc-DEF", "https://d.test/api/webhooks/12/***"),
        ("https://d.test/api/v10/webhooks/12/abc?wait=true", "https://d.test/api/v10/webhooks/12/***?wait=true"),
        ("https://d.test/api/webhooks/12/abc/messages/7", "https://d.test/api/webhooks/12/***/messages/7"),
        ("https://hooks.slack.test/services/T1/B2/c3", "https://hooks.slack.test/services/***"),
        ("https://api.telegram.test/bot12:abc/send", "https://api.telegram.test/bot***/send"),
        ("https://chat.test/hooks/abcdef", "https://chat.test/hooks/***"),
        ("slack://tokenA/tokenB", "slack://***"),
        ("/feed?token=1", "/feed?token=***"),
        ("https://a.test/?next=https%3A%2F%2Fu%3Ap%40b.test", "https://a.test/?next=https%3A%2F%2F***%40b.test"),
    ],
)
def test_secrets_are_hidden(url: str, shown: str) -> None:
    assert redact_url(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        "https://a.test/news?author=Smith&keyword=police&articleId=77&page=2",
        "https://a.test/services/police/body-cameras",
        "https://a.test/story#comments",
        "https://[::1]:8080/feed.xml?when=1h&q=%22facial%20recognition%22",
        "http://a.test",
        "",
        "not an address",
    ],
)
def test_everything_else_is_left_alone(url: str) -> None:
    assert redact_url(url) == url


SECRET = st.text("ABCDEFGHKLMNPQRSTUVWXYZ", min_size=12, max_size=20).map("Zq9".__add__)
PLACES = [
    "https://{}@a.test/",
    "https://user:{}@a.test/feed?x=1",
    "https://a.test/feed?x=1&token={}",
    "https://a.test/feed?client_secret={}&x=1#top",
    "https://a.test/api/webhooks/1/{}",
    "https://a.test/#id_token={}",
    "tgram://{}/12",
    "//u:{}@a.test/",
]


@given(SECRET, st.sampled_from(PLACES), st.sampled_from(["", "see ", "failed: ", "(", '"']))
def test_a_planted_secret_is_gone_from_any_line(secret: str, place: str, before: str) -> None:
    assert secret not in redact_url(place.format(secret))
    if not place.startswith("//"):
        assert secret not in redact_text(f"{before}{place.format(secret)} and more")


@pytest.mark.parametrize("example", sorted(EXAMPLES))
def test_how_an_address_is_written_may_be_told(example: str) -> None:
    assert redact_text(f"write {example} or nothing") == f"write {example} or nothing"


@given(SECRET, st.sampled_from(PLACES[:6]))
def test_a_planted_secret_within_a_parameter_is_gone(secret: str, place: str) -> None:
    assert secret not in redact_url("https://b.test/go?to=" + quote(place.format(secret), safe=""))


@given(st.text(max_size=200) | st.text("htps:/@?&=#;token%25abc", max_size=80))
def test_any_text_is_redacted_once_and_for_all(text: str) -> None:
    once = redact_url(text)
    assert redact_url(once) == once
    assert redact_text(redact_text(text)) == redact_text(text)

"""Pages that are something else are found, and articles about such things are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.fetch.disguise import is_front_page, is_html, unmask
from watchers.models import Outcome

HTML = {"content-type": "text/html"}
ARTICLE = b"<p>" + b"The committee heard from residents about the cameras. " * 60


def outcome(body: bytes, status: int = 200, host: str = "a.test", headers: dict[str, str] = HTML) -> Outcome | None:
    disguise = unmask(status, headers, host, body)
    return disguise.outcome if disguise else None


@pytest.mark.parametrize(
    "body",
    [
        b"<title>Just a moment...</title>",
        b"<title>Attention Required! | Cloudflare</title>",
        b"<TITLE id=x>\n Access Denied </TITLE>Reference #18",
        b"<title>Pardon Our Interruption</title>",
        b"<title>Are you a robot?</title>",
        b"<title>x</title><script src='https://geo.captcha-delivery.com/c.js'></script>",
        b"<html><div id='px-captcha'></div>",
        b"<title>Making sure you&#39;re not a bot!</title>",
    ],
)
def test_challenges_with_status_200(body: bytes) -> None:
    assert outcome(body) is Outcome.BLOCKED


@pytest.mark.parametrize(
    "title",
    [
        "404",
        "404 Not Found",
        "Error 404 | City Gazette",
        "City Gazette - Page Not Found",
        "Oops! Page not found",
        "Seite nicht gefunden | Blatt",
        "The page cannot be found",
    ],
)
def test_soft_404s_by_title(title: str) -> None:
    assert outcome(f"<title>{title}</title>{ARTICLE.decode()}".encode()) is Outcome.MISSING


@pytest.mark.parametrize(
    "body",
    [
        b"<title>Cameras on every corner - 404 Media</title>" + ARTICLE,
        b"<title>404 Media</title>" + ARTICLE,
        b"<title>Just a moment of silence for the victims</title>" + ARTICLE,
        b"<title>Just a moment...</title>" + ARTICLE,
        b"<title>Evidence not found in 40 cases, audit says</title>" + ARTICLE,
        b"<title>How captchas work</title><div class='g-recaptcha'></div>" + ARTICLE,
        b"<title>Comments</title><script src='challenges.cloudflare.com/turnstile'></script>" + ARTICLE,
        b"<title></title>" + ARTICLE,
        b"",
    ],
)
def test_articles_are_articles(body: bytes) -> None:
    assert outcome(body) is None


@pytest.mark.parametrize("host", ["consent.google.com", "consent.yahoo.com", "guce.advertising.com"])
def test_consent_walls_by_their_host(host: str) -> None:
    assert outcome(ARTICLE, host=host) is Outcome.BLOCKED


def test_a_feed_is_never_a_disguise() -> None:
    body = b"<?xml version='1.0'?><rss><channel><title>404</title></channel></rss>"
    assert outcome(body, headers={"content-type": "application/rss+xml"}) is None
    assert outcome(body) is None


@pytest.mark.parametrize("path", ["", "/", "/index.html", "/home", "/en/", "/en-us", "/de/"])
def test_front_pages(path: str) -> None:
    assert is_front_page(path)


@pytest.mark.parametrize("path", ["/feed", "/rss.xml", "/news/", "/2026/03/02/story", "/en/story"])
def test_deep_pages(path: str) -> None:
    assert not is_front_page(path)


def test_html_without_a_type_is_known_by_its_start() -> None:
    assert is_html(None, b"\xef\xbb\xbf \n<!DOCTYPE html>")
    assert not is_html(None, b"<rss>")
    assert not is_html("application/json", b"<html>")


@given(st.text("<>/scriptle= a\n", max_size=300).map(str.encode), st.sampled_from([200, 403, 503]))
def test_any_page_is_judged(body: bytes, status: int) -> None:
    assert outcome(body, status) in {None, Outcome.BLOCKED, Outcome.MISSING}

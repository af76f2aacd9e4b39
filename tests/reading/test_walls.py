"""Pages that stand in front of an article are told from articles that talk of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.models import Outcome
from watchers.reading.wall_speech import Wall
from watchers.reading.walls import find_wall, judge

STORY = (
    "The harbour council voted on Tuesday to close the old ferry pier for repairs. Councillor Ada Brenn said the"
    " timber had been rotting for years. Work begins in March and should take two summers. "
)
LONG_STORY = STORY * 16


def html(title: str, extra: str = "") -> str:
    return f"<html><head><title>{title}</title>{extra}</head><body></body></html>"


@pytest.mark.parametrize(
    "text",
    [
        STORY + "Subscribe to continue reading this article.",
        STORY + "This article is for subscribers only.",
        STORY + "Already a subscriber? Log in.",
        STORY + "You have reached your limit of free articles this month.",
        STORY + "To continue reading, create an account or sign in.",
        "La mairie a voté mardi. Il vous reste 82% de cet article à lire. La suite est réservée aux abonnés.",
        "Der Rat stimmte am Dienstag ab. Jetzt weiterlesen mit dem Plus-Abo.",
    ],
)
def test_a_teaser_that_asks_for_a_subscription_is_a_paywall(text: str) -> None:
    assert find_wall(title="Pier to close", text=text, html=html("Pier to close")) is Wall.PAYWALL


def test_a_short_text_that_its_publisher_declares_not_free_is_a_paywall() -> None:
    script = '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>'
    assert judge(title="Pier to close", text=STORY, html=html("Pier to close", script)) is Outcome.BLOCKED


def test_a_whole_text_that_its_publisher_declares_not_free_is_an_article() -> None:
    script = '<script type="application/ld+json">{"isAccessibleForFree": false}</script>'
    assert judge(title="Pier to close", text=LONG_STORY, html=html("Pier to close", script)) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Before you continue to Search", "Sign in. We use cookies and data to deliver services."),
        ("Your privacy choices", "Accept all or manage settings."),
        ("Evening Post", "We value your privacy. We and our 812 partners store and/or access information on a device."),
        ("Abendblatt", "Wir und unsere 143 Partner brauchen Ihre Zustimmung. Alle akzeptieren oder ablehnen."),
        ("Le Soir", "Avec votre accord, nos 812 partenaires utilisent des cookies. Tout accepter."),
    ],
)
def test_a_page_that_asks_for_consent_is_no_article(title: str, text: str) -> None:
    assert find_wall(title=title, text=text, html=html(title)) is Wall.CONSENT


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Just a moment...", "Enable JavaScript and cookies to continue"),
        ("example.org", "Checking if the site connection is secure. Ray ID: 7a"),
        ("Access Denied", "You don't have permission to access this server."),
        ("Evening Post", "Press & hold to confirm you are a human (and not a bot)."),
    ],
)
def test_a_challenge_is_no_article(title: str, text: str) -> None:
    assert find_wall(title=title, text=text, html=html(title)) is Wall.CHALLENGE


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Page not found | Evening Post", "Popular today: Pier to close. Ferry fares rise. Market reopens."),
        ("Error 404", ""),
        ("Evening Post", "Sorry, the page you were looking for could not be found."),
        ("Evening Post", "We can't find the story you're looking for. It may have expired."),
        ("Seite nicht gefunden – Abendblatt", "Zur Startseite"),
    ],
)
def test_a_page_that_says_not_found_is_missing(title: str, text: str) -> None:
    assert judge(title=title, text=text, html=html(title)) is Outcome.MISSING


def test_what_the_heading_says_counts_where_the_title_is_only_the_site() -> None:
    page = "<html><head><title>Evening Post</title></head><body><h1><span>Page not found</span></h1></body></html>"
    assert judge(title="Evening Post", text="Popular today: Pier to close.", html=page) is Outcome.MISSING


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Why newspapers ask you to subscribe", "Readers see “Subscribe to continue reading this article” daily. "),
        ("Regulator fines cookie banners", "“Accept all cookies”, they say. “We value your privacy.” "),
        ("Page not found: how the web forgets", "The page could not be found, the archivist read again. "),
        ("The robot that asks: are you human?", "Verify that you are a human, it said. Access denied. "),
        ("Just a moment: the mayor's pause", "Error 404 was all that anybody saw. "),
    ],
)
def test_hard_case_32_a_long_article_about_walls_is_an_article(title: str, sentence: str) -> None:
    assert judge(title=title, text=LONG_STORY + sentence * 3, html=html(f"{title} | Evening Post")) is None


def test_a_short_article_that_offers_a_newsletter_is_an_article() -> None:
    text = STORY + "Sign up for our newsletter to read more stories like this."
    assert judge(title="Pier to close", text=text, html=html("Pier to close")) is None


def test_a_short_notice_is_an_article() -> None:
    assert judge(title="Pier closes early", text=STORY[:80], html=html("Pier closes early")) is None


@given(st.text(max_size=300), st.text(max_size=600), st.text(max_size=600))
def test_any_text_is_judged_without_an_error(title: str, text: str, markup: str) -> None:
    assert judge(title=title, text=text, html=markup) in {None, Outcome.BLOCKED, Outcome.MISSING}


def test_hostile_text_is_judged_in_linear_time() -> None:
    hostile = "subscribe " * 100_000
    assert judge(title="<h1 " * 50_000, text=hostile, html="<title <h1 <" * 100_000) is None

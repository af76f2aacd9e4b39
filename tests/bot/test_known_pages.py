"""A page as a known story: by which addresses it is known."""

from bot.known_pages import known_page
from watchers.models import Outcome, Reading

STORY = "https://gull.example/2026/harbor"


def test_a_page_is_known_by_the_address_it_calls_its_own() -> None:
    reading = Reading(outcome=Outcome.OK, url=STORY + "?m=1", canonical_url=STORY, title="Harbor", text="Words.")
    assert known_page(STORY + "?m=1", reading).urls == (STORY + "?m=1", STORY)


def test_a_page_that_calls_the_front_page_its_own_is_known_by_its_address_alone() -> None:
    for front in ("https://gull.example", "https://gull.example/"):
        reading = Reading(outcome=Outcome.OK, url=STORY, canonical_url=front, title="Harbor", text="Words.")
        assert known_page(STORY, reading).urls == (STORY,)

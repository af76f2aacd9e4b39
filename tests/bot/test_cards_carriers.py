"""Who a card says carries a story: the first, and each other outlet once."""

from dataclasses import replace
from datetime import timedelta

from bot.cards import card_for
from tests.bot.alerts import PUBLISHED, STORY, outgoing
from watchers.models import Teller


def test_those_who_carry_a_story_stand_in_the_order_of_their_publishing() -> None:
    undated = Teller(outlet="Some Day", url=None, published=None)
    earlier = Teller(outlet="Early Bird", url=None, published=PUBLISHED - timedelta(hours=1))
    later = Teller(outlet="Late Edition", url=None, published=PUBLISHED + timedelta(hours=1))
    card = card_for(outgoing(replace(STORY, copies=(undated, later))))
    assert (card.first and card.first.outlet) == "The Harbour Ledger"
    assert [copy.outlet for copy in card.copies] == ["Late Edition", "Some Day"]
    card = card_for(outgoing(replace(STORY, copies=(undated, later, earlier))))
    assert (card.first and card.first.outlet) == "Early Bird"
    assert [copy.outlet for copy in card.copies] == ["Late Edition", "Some Day"], "its own outlet is none of its copies"


def test_an_undated_story_stands_before_its_copies() -> None:
    copies = (Teller(outlet="Early Bird", url=None, published=PUBLISHED),)
    card = card_for(outgoing(replace(STORY, published=None, copies=copies)))
    assert (card.first and card.first.outlet) == "The Harbour Ledger"
    assert [copy.outlet for copy in card.copies] == ["Early Bird"]


def test_an_outlet_without_a_name_is_named_by_its_host() -> None:
    copies = (
        Teller(outlet=None, url="https://wire.example/x", published=None),
        Teller(outlet=None, url=None, published=None),
    )
    card = card_for(outgoing(replace(STORY, copies=copies)))
    assert [copy.outlet for copy in card.copies] == ["wire.example", "unnamed outlet"]


def _at(outlet: str | None, address: str | None, minutes: int | None) -> Teller:
    published = None if minutes is None else PUBLISHED + timedelta(minutes=minutes)
    return Teller(outlet=outlet, url=address and f"https://{address}", published=published)


def test_an_outlet_is_counted_once_by_its_newest_address() -> None:
    copies = (
        _at("Alder Times", "alder.example/2", 30),
        _at("Alder Times", "alder.example/1", 10),
        _at("ALDER TIMES", "alder.example/undated", None),
        _at("Bay News", "bay.example/1", 20),
        _at(None, "quay.example/1", 40),
        _at("quay.example", "quay.example/2", 50),
        _at(None, None, None),
        _at(None, None, None),
    )
    card = card_for(outgoing(replace(STORY, copies=copies)))
    assert [(copy.outlet, copy.link and copy.link.text) for copy in card.copies] == [
        ("Bay News", "https://bay.example/1"),
        ("Alder Times", "https://alder.example/2"),
        ("quay.example", "https://quay.example/2"),
        ("unnamed outlet", None),
        ("unnamed outlet", None),
    ]


def test_neither_the_card_s_own_outlet_nor_the_first_s_is_counted_again() -> None:
    copies = (
        _at("Alder Times", "alder.example/1", -10),
        _at("Alder Times", "alder.example/2", 10),
        _at("The Harbour Ledger", "ledger.example/again", 20),
    )
    card = card_for(outgoing(replace(STORY, copies=copies)))
    assert card.first
    assert (card.first.outlet, card.first.published) == ("Alder Times", copies[0].published)
    assert card.copies == ()

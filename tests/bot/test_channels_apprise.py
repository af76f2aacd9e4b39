"""The Apprise channel: plain text within a service's limits, and clear words where it can't be made."""

import sys
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from bot.cards import card_for
from bot.cards.plain import body_of, title_of
from bot.channels.apprise import AppriseChannel
from tests.bot.alerts import DIGEST, FAILING, POLICY, PUBLISHED, STORY, outgoing
from watchers.errors import ConfigError
from watchers.models import Retry, Sent, Teller

# Loading Apprise imports a module that Python 3.11 and 3.12 warn about.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What Apprise was about to send to the JSON service."""
    apprise = pytest.importorskip("apprise", reason="Apprise is an extra and isn't installed")
    messages: list[dict[str, Any]] = []

    def send(_: object, **message: Any) -> bool:
        messages.append(message)
        return "refuse" not in message["title"]

    monkeypatch.setattr(apprise.plugins.N_MGR["json"], "send", send)
    return messages


async def test_a_card_is_sent_as_a_title_and_a_body(sent: list[dict[str, Any]]) -> None:
    result = await AppriseChannel("chat", url="json://127.0.0.1:9/", timezone=UTC).send(outgoing(FAILING))
    assert result == Sent()
    (message,) = sent
    assert message["title"] == "Source failing: harbour-ledger"
    assert message["notify_type"] == "failure"
    assert message["body"].endswith("ref d-7f3a")


async def test_a_service_that_refuses_is_tried_again(sent: list[dict[str, Any]]) -> None:
    channel = AppriseChannel("chat", url="json://127.0.0.1:9/", timezone=UTC)
    assert isinstance(await channel.send(outgoing(replace(STORY, title="refuse"))), Retry)
    assert len(sent) == 1


async def test_a_body_too_long_for_the_service_keeps_its_reference(sent: list[dict[str, Any]]) -> None:
    members = tuple(replace(STORY, story=str(number), title=f"Story number {number}") for number in range(2000))
    channel = AppriseChannel("chat", url="json://127.0.0.1:9/", timezone=UTC)
    assert isinstance(await channel.send(outgoing(replace(DIGEST, members=members))), Sent)
    assert len(sent) == 1
    assert len(sent[0]["body"]) <= 32768
    assert sent[0]["body"].endswith("…\n\nref d-7f3a")


def test_an_address_that_apprise_does_not_know_is_a_configuration_error_without_it() -> None:
    pytest.importorskip("apprise", reason="Apprise is an extra and isn't installed")
    with pytest.raises(ConfigError, match="channel chat") as raised:
        AppriseChannel("chat", url="nosuch://hunter2", timezone=UTC)
    assert "hunter2" not in str(raised.value)


def test_without_apprise_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ConfigError, match=r"pip install 'wiredesk\[chats\]'"):
        AppriseChannel("chat", url="json://127.0.0.1:9/", timezone=UTC)


def test_the_plain_body_of_a_story() -> None:
    card = card_for(outgoing(replace(STORY, copies=STORY.copies[:2])))
    assert title_of(card) == "Council bans live face recognition at Brixham market"
    assert body_of(card, UTC) == (
        """\
The Harbour Ledger · 14 Mar 2031, 13:12 UTC
https://ledger.example/2031/03/14/market-ban

The borough council voted 31 to 14 on Tuesday to stop traders from running **face recognition** on shoppers at \
Brixham **market**.
**Police** had asked for “live **facial recognition**” at the **market**’s three gates since January.

Why:
- police-facial-recognition: **face recognition** (headline); **Police**, **facial recognition** (paragraph 3)
- markets: **market** (paragraph 3)

First: The Harbour Ledger (14 Mar 2031, 13:12 UTC)
2 copies: Coastal Wire 1, Coastal Wire 2

ref d-7f3a"""
    )


def test_the_plain_body_says_where_the_first_stands_where_that_is_another() -> None:
    earlier = Teller(outlet="Early Bird", url="https://early.example/a", published=PUBLISHED - timedelta(hours=1))
    body = body_of(card_for(outgoing(replace(STORY, copies=(earlier, STORY.copies[0])))), UTC)
    assert "\n\nFirst: Early Bird (14 Mar 2031, 12:12 UTC)\nhttps://early.example/a\n1 copy: Coastal Wire 1\n\n" in body


def test_the_plain_body_of_a_change_marks_old_and_new_words() -> None:
    assert "4. Retention\nImages that match nobody are kept for ~~30~~ **90** days" in body_of(
        card_for(outgoing(POLICY)), UTC
    )


def test_mentions_of_chats_are_parted_in_plain_text() -> None:
    title = title_of(card_for(outgoing(replace(STORY, title="<!channel> @here [a](https://x.example)"))))
    assert title == "<\u200b!channel> @\u200bhere [a]\u200b(https://x.example)"

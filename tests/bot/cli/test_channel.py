"""`wiredesk channel …`: above all, whether a channel takes what the desk would send."""

import pytest

from tests.bot.cli.commanding import Commands, item, rss
from tests.fakes.web import Web
from tests.fakes.webhook import Accept, FakeWebhook, RateLimited, Reply

WEBHOOK = {"kind": "webhook", "url_env": "TEAM_WEBHOOK"}


def test_channels_are_listed_with_what_waits_for_them(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", rss(item(1, "Cameras off", "The PPD did it.")))
    wiredesk.sources["courier"] = {"url": web.url("/feed")}
    wiredesk.watches["cameras"]["routes"] = [{"channel": "newsroom", "when": "daily"}]
    wiredesk("run", "--once")
    assert wiredesk("channel", "list", "--json").line == {
        "name": "newsroom",
        "kind": "terminal",
        "state": "active",
        "reason": None,
        "waiting": 1,
        "origin": "file",
    }


def test_a_channel_whose_service_takes_the_card_works(wiredesk: Commands) -> None:
    wiredesk.channels["team"] = WEBHOOK
    with FakeWebhook() as webhook:
        said = wiredesk("channel", "test", "team", "--json", TEAM_WEBHOOK=webhook.url)
    assert said.code == 0
    assert said.line == {"channel": "team", "kind": "webhook", "result": "sent", "error": None, "message_id": "10001"}
    assert "test" in webhook.posts[0].footer
    assert webhook.posts[0].agent.startswith("Wiredesk/")


@pytest.mark.parametrize(
    ("answer", "result"), [(Reply(404), "refused"), (Reply(500), "retry"), (RateLimited(60), "retry")]
)
def test_a_channel_that_does_not_take_it_is_exit_1(
    wiredesk: Commands, answer: Reply | RateLimited | Accept, result: str
) -> None:
    wiredesk.channels["team"] = WEBHOOK
    with FakeWebhook([answer]) as webhook:
        said = wiredesk("channel", "test", "team", "--json", TEAM_WEBHOOK=webhook.url)
    assert (said.code, said.line["result"]) == (1, result)
    assert webhook.url.rpartition("/")[2] not in said.stdout + said.told


def test_the_terminals_card_stays_out_of_the_json(wiredesk: Commands) -> None:
    said = wiredesk("channel", "test", "newsroom", "--json")
    assert said.line["result"] == "sent"
    assert "A test" in said.told


def test_a_missing_secret_is_named(wiredesk: Commands) -> None:
    wiredesk.channels["team"] = WEBHOOK
    said = wiredesk("channel", "test", "team")
    assert said.code == 2
    assert "TEAM_WEBHOOK" in said.told


def test_a_webhook_on_the_private_network_is_refused(wiredesk: Commands) -> None:
    wiredesk.channels["team"] = WEBHOOK
    with FakeWebhook() as webhook:
        said = wiredesk("channel", "test", "team", TEAM_WEBHOOK=webhook.url, WIREDESK_ALLOW_HOSTS="")
    assert said.code == 1
    assert webhook.requests == []


def test_a_paused_channel_waits_and_can_still_be_tried(wiredesk: Commands) -> None:
    assert wiredesk("channel", "pause", "newsroom", "--json").line["state"] == "paused"
    assert wiredesk("channel", "test", "newsroom").code == 0
    assert wiredesk("channel", "resume", "newsroom", "--json").line["state"] == "active"


def test_an_unknown_channel_is_answered_with_the_one_that_may_be_meant(wiredesk: Commands) -> None:
    said = wiredesk("channel", "test", "newsrom")
    assert said.code == 2
    assert "did you mean newsroom?" in said.told

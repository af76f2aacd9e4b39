"""`wiredesk channel …`: above all, whether a channel takes what the desk would send."""

from datetime import UTC, datetime

import pytest

from tests.bot.cli.commanding import Commands, item, rss
from tests.fakes.web import Web
from tests.fakes.webhook import Accept, FakeWebhook, RateLimited, Reply
from watchers.storage import meta
from watchers.storage.database import Database
from watchers.storage.location import database_url

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


@pytest.fixture
def silent(wiredesk: Commands, web: Web) -> Commands:
    """A desk with a story for a channel whose secret it doesn't have."""
    web.serve("/feed", rss(item(1, "Cameras off", "The PPD did it.")))
    wiredesk.sources["courier"] = {"url": web.url("/feed"), "read": "never"}
    wiredesk.channels["team"] = WEBHOOK
    wiredesk.watches["cameras"]["routes"] = ["team"]
    wiredesk.desk = {"admin_channel": "newsroom"}
    return wiredesk


def _of_team(wiredesk: Commands, **environment: str) -> tuple[str | None, int]:
    (line,) = (each for each in wiredesk("channel", "list", "--json", **environment).lines if each["name"] == "team")
    return line["reason"], line["waiting"]


@pytest.mark.parametrize(
    ("secret", "why"), [("", "TEAM_WEBHOOK: not set"), ("foo", "the webhook's url is no http(s) address")]
)
def test_a_channel_whose_secret_is_missing_or_bad_is_told_listed_and_in_the_summary(
    silent: Commands, secret: str, why: str
) -> None:
    said = silent("run", "--once", TEAM_WEBHOOK=secret)
    card, _, summary = said.stdout.partition("Ref")
    assert "Channel team can't be used" in card
    assert "Its alerts wait." in " ".join(card.split())
    assert f"\nteam can't be used: {why}" in summary
    assert "1 alert waits until it can." in summary
    reason, waiting = _of_team(silent, TEAM_WEBHOOK="https://chat.example/hook")
    assert (reason or "").startswith(f"the desk can't use it: {why}")
    assert waiting == 1

    again = silent("run", "--once", TEAM_WEBHOOK=secret).stdout
    assert "Channel team can't be used" not in again
    assert f"team can't be used: {why}" in again


def test_once_the_secret_is_there_what_waited_is_sent_and_the_list_is_clear(silent: Commands) -> None:
    silent("run", "--once")
    with FakeWebhook() as webhook:
        said = silent("run", "--once", TEAM_WEBHOOK=webhook.url)
        assert "can't be used" not in said.stdout
        assert len(webhook.posts) == 1
        assert _of_team(silent, TEAM_WEBHOOK=webhook.url) == (None, 0)


def test_before_a_desk_has_looked_the_list_says_what_this_command_finds(silent: Commands) -> None:
    silent("apply")
    reason, _ = _of_team(silent)
    assert (reason or "").startswith("it can't be used from here: TEAM_WEBHOOK: not set")
    assert _of_team(silent, TEAM_WEBHOOK="https://chat.example/hook") == (None, 0)


def test_a_desk_that_runs_knows_better_than_this_command(silent: Commands) -> None:
    silent("apply")
    with Database(database_url("", silent.data)) as database, database.writing() as connection:
        meta.beat(connection, datetime.now(UTC))
    assert _of_team(silent) == (None, 0)

"""The webhook channel against a real HTTP service, good and bad."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from discord.http import Route

from bot.channels.webhook import WebhookChannel
from tests.bot.alerts import DIGEST, POLICY, STORY, outgoing
from tests.fakes.webhook import Accept, Answer, Cut, FakeWebhook, Hang, RateLimited, Reply
from watchers.errors import ConfigError, UnsafeAddress
from watchers.models import Alert, Change, Piece, Refused, Retry, SendResult, Sent

TOKEN = "tOkEn-which-nobody-may-see"
_LONG_DIGEST = replace(DIGEST, members=tuple(replace(STORY, story=str(number)) for number in range(100)))
_LONG_CHANGE = replace(POLICY, changes=(Change(heading="1", pieces=(Piece(op="added", text="word " * 200),)),) * 20)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        yield client


async def _answered(answer: Answer, http: httpx.AsyncClient) -> SendResult:
    with FakeWebhook([answer]) as webhook:
        return await WebhookChannel("team", url=webhook.url, http=http).send(outgoing())


# ── what is posted ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_card_is_posted_as_json_and_the_message_s_id_comes_back(http: httpx.AsyncClient) -> None:
    with FakeWebhook() as webhook:
        result = await WebhookChannel("team", url=webhook.url, http=http).send(outgoing(mentions=("1234",)))
    (post,) = webhook.posts
    assert result == Sent("10001")
    assert post.path.endswith("?wait=true")
    assert post.content_type == "application/json"
    assert (post.reference, post.resent) == ("d-7f3a", False)
    assert post.payload["allowed_mentions"] == {"parse": [], "roles": ["1234"]}
    assert post.payload["content"].startswith(f"**{STORY.title}** · The Harbour Ledger · <https://")


async def test_the_address_s_own_parameters_are_kept(http: httpx.AsyncClient) -> None:
    with FakeWebhook() as webhook:
        await WebhookChannel("team", url=webhook.url + "?thread_id=77", http=http).send(outgoing())
    assert webhook.posts[0].path.endswith("?thread_id=77&wait=true")


async def test_to_discord_what_does_not_fit_is_posted_as_a_file(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = " ".join(f"wörd{number}" for number in range(2000))
    long = replace(POLICY, changes=(Change(heading="1", pieces=(Piece(op="added", text=text),)),))
    with FakeWebhook() as webhook:
        monkeypatch.setattr(Route, "BASE", webhook.url)
        assert isinstance(await WebhookChannel("team", url=webhook.url, http=http).send(outgoing(long)), Sent)
    (post,) = webhook.posts
    assert post.content_type.startswith("multipart/form-data")
    assert post.files == {
        "change.txt": "Facial recognition policy\nBrixham Police\n14 Mar 2031, 13:12 UTC\n"
        "https://police.example/policies/facial-recognition\n\n"
        f"Old words: [-…-]  New words: {{+…+}}\n\n1\n{{+{text}+}}\n"
    }
    assert post.payload["attachments"] == [{"id": "0", "filename": "change.txt"}]
    assert post.reference == "d-7f3a"


@pytest.mark.parametrize("alert", [_LONG_DIGEST, _LONG_CHANGE], ids=["digest", "change"])
async def test_any_other_server_gets_json_alone_also_where_not_all_fits(alert: Alert, http: httpx.AsyncClient) -> None:
    with FakeWebhook() as webhook:
        channel = WebhookChannel("team", url=webhook.url, http=http)
        assert await channel.send(outgoing(alert)) == Sent("10001")
        assert await channel.edit(outgoing(alert), "10001") == Sent("10001")
    for request in webhook.requests:
        assert request.content_type == "application/json"
        assert "attachments" not in request.payload
        assert re.search(r"\n-# … and \d+ more$", request.payload["embeds"][0]["description"])


@pytest.mark.parametrize("body", [b"ok", b"", b"[1]", b"null", b'{"id": 5}', b"[" * 100_000])
async def test_a_service_that_gives_no_id_has_taken_it_all_the_same(body: bytes, http: httpx.AsyncClient) -> None:
    assert await _answered(Reply(200, body, accepts=True), http) == Sent(None)


# ── what comes back ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_rate_limit_is_waited_out_as_the_service_asks(http: httpx.AsyncClient) -> None:
    result = await _answered(RateLimited(2.75, header="3"), http)
    assert result == Retry("webhook: 429: You are being rate limited.", after=2.75)


@pytest.mark.parametrize(
    ("header", "after"),
    [("7", 7.0), ("999999999", 86400.0), ("-3", 0.0), ("", None), ("nan", None), ("inf", 86400.0), ("soon", None)],
)
async def test_a_rate_limit_without_json_is_read_from_its_header(
    header: str, after: float | None, http: httpx.AsyncClient
) -> None:
    assert await _answered(RateLimited(header=header), http) == Retry("webhook: 429", after=after)


async def test_a_date_to_wait_for_is_measured_on_the_server_s_clock(http: httpx.AsyncClient) -> None:
    headers = {"Date": "Fri, 14 Mar 2031 13:00:00 GMT", "Retry-After": "Fri, 14 Mar 2031 13:02:00 GMT"}
    transport = httpx.MockTransport(lambda _: httpx.Response(503, headers=headers))
    async with httpx.AsyncClient(verify=False, transport=transport) as client:
        result = await WebhookChannel("team", url="https://x.example/hook", http=client).send(outgoing())
    assert result == Retry("webhook: 503", after=120.0, maybe_taken=True)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425])
async def test_what_may_pass_is_tried_again(status: int, http: httpx.AsyncClient) -> None:
    assert await _answered(Reply(status), http) == Retry(f"webhook: {status}", maybe_taken=status >= 500)


@pytest.mark.parametrize("answer", [Reply(503, accepts=True), Cut(accepts=True), Cut()])
async def test_hard_case_84_a_lost_reply_is_tried_again(answer: Answer, http: httpx.AsyncClient) -> None:
    result = await _answered(answer, http)
    assert isinstance(result, Retry)
    assert result.maybe_taken


async def test_a_service_that_cannot_be_reached_has_taken_nothing(http: httpx.AsyncClient) -> None:
    with FakeWebhook() as webhook:
        gone = webhook.url
    result = await WebhookChannel("team", url=gone, http=http).send(outgoing())
    assert isinstance(result, Retry)
    assert not result.maybe_taken


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_hard_case_86_a_webhook_that_is_gone_pauses_the_channel(status: int, http: httpx.AsyncClient) -> None:
    body = json.dumps({"message": "Unknown Webhook", "code": 10015}).encode()
    result = await _answered(Reply(status, body), http)
    assert result == Refused(f"webhook: {status}: Unknown Webhook (10015)", pause=True)


async def test_a_redirect_is_not_followed_and_pauses_the_channel(http: httpx.AsyncClient) -> None:
    with FakeWebhook() as elsewhere:
        result = await _answered(Reply(307, headers={"Location": elsewhere.url}), http)
    assert result == Refused("webhook: 307", pause=True)
    assert elsewhere.requests == []


async def test_a_refused_message_is_refused_alone_with_the_service_s_reason(http: httpx.AsyncClient) -> None:
    told = {"message": "Invalid Form Body", "code": 50035, "errors": {"embeds": ["Not a well formed URL."]}}
    result = await _answered(Reply(400, json.dumps(told).encode()), http)
    assert result == Refused(
        'webhook: 400: Invalid Form Body (50035): {"embeds": ["Not a well formed URL."]}', pause=False
    )


async def test_no_answer_at_all_is_given_up_and_tried_again(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.webhook._DEADLINE", 0.2)
    assert isinstance(await _answered(Hang(), http), Retry)


async def test_an_endless_reply_is_not_read_to_its_end(http: httpx.AsyncClient) -> None:
    assert await _answered(Reply(200, b" " * 5_000_000, accepts=True), http) == Sent(None)


async def test_cancelling_is_not_an_answer(http: httpx.AsyncClient) -> None:
    with FakeWebhook([Hang()]) as webhook:
        task = asyncio.create_task(WebhookChannel("team", url=webhook.url, http=http).send(outgoing()))
        await asyncio.to_thread(webhook.asked.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_an_address_that_the_guard_refuses_pauses_the_channel() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise UnsafeAddress(f"{request.url.host} is private")

    async with httpx.AsyncClient(verify=False, transport=httpx.MockTransport(refuse)) as client:
        result = await WebhookChannel("team", url=f"http://10.0.0.1/{TOKEN}", http=client).send(outgoing())
    assert result == Refused("webhook: 10.0.0.1 is private", pause=True)


@pytest.mark.parametrize("everywhere", [True, False])
async def test_hard_case_85_a_global_rate_limit_is_told_from_one_of_the_webhook(
    everywhere: bool, http: httpx.AsyncClient
) -> None:
    result = await _answered(RateLimited(2.75, everywhere=everywhere), http)
    assert result == Retry("webhook: 429: You are being rate limited.", after=2.75, everywhere=everywhere)


async def test_all_of_discord_s_webhooks_are_one_service_and_any_other_host_is_its_own(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def service(host: str) -> str:
        return WebhookChannel("team", url=f"https://{host}/api/webhooks/1/x", http=http).service

    assert {service(host) for host in ("discord.com", "ptb.discord.com", "discordapp.com")} == {"discord"}
    assert {service(host) for host in ("notdiscord.com", "a.example")} == {"notdiscord.com", "a.example"}
    monkeypatch.setattr(Route, "BASE", "https://a.example/api/v10")
    assert service("a.example") == "discord"


# ── edits ────────────────────────────────────────────────────────────────────────────────────────────────


async def _edited(answer: Answer, http: httpx.AsyncClient) -> SendResult:
    with FakeWebhook([Accept(), answer]) as webhook:
        channel = WebhookChannel("team", url=webhook.url, http=http)
        await channel.send(outgoing())
        return await channel.edit(outgoing(), "10001")


async def test_an_edit_keeps_the_address_s_own_parameters(http: httpx.AsyncClient) -> None:
    with FakeWebhook() as webhook:
        channel = WebhookChannel("team", url=webhook.url + "?thread_id=77", http=http)
        await channel.send(outgoing())
        assert await channel.edit(outgoing(), "10001") == Sent("10001")
    assert webhook.requests[1].path.endswith("/messages/10001?thread_id=77")


async def test_a_post_that_people_deleted_is_refused_alone(http: httpx.AsyncClient) -> None:
    with FakeWebhook() as webhook:
        result = await WebhookChannel("team", url=webhook.url, http=http).edit(outgoing(), "10001")
    assert result == Refused("webhook: 404: Unknown Message (10008)", pause=False)


async def test_an_old_post_edited_too_often_waits_for_an_hour(http: httpx.AsyncClient) -> None:
    told = {"message": "Maximum number of edits to messages older than 1 hour reached", "code": 30046}
    for status in (400, 429):
        result = await _edited(Reply(status, json.dumps(told).encode()), http)
        assert isinstance(result, Retry)
        assert result.after == 3600.0


@pytest.mark.parametrize("answer", [Reply(503), Cut(), RateLimited(2.0)])
async def test_an_edit_that_fails_is_tried_again(answer: Answer, http: httpx.AsyncClient) -> None:
    assert isinstance(await _edited(answer, http), Retry)


# ── its address is a secret ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "answer",
    [
        Reply(400, json.dumps({"message": f"no such hook: /api/webhooks/4242/{TOKEN}"}).encode()),
        Reply(404, json.dumps({"message": "gone", "code": 1, "errors": {"path": TOKEN}}).encode()),
        Cut(),
    ],
)
async def test_hard_case_97_no_error_holds_the_address(answer: Answer, http: httpx.AsyncClient) -> None:
    result = await _answered(answer, http)
    assert isinstance(result, Retry | Refused)
    assert TOKEN not in result.error


async def test_a_reason_of_the_service_is_harmless_text(http: httpx.AsyncClient) -> None:
    result = await _answered(Reply(400, json.dumps({"message": "\x1b[31m" + "a" * 5000}).encode()), http)
    assert isinstance(result, Refused)
    assert "\x1b" not in result.error
    assert len(result.error) <= 300


@pytest.mark.parametrize(
    "url",
    [
        f"discord.com/{TOKEN}",
        f"ftp://x.example/{TOKEN}",
        f"https://{'a' * 70}\x00/{TOKEN}",
        f"https:///{TOKEN}",
        f"https://xn--a.example/{TOKEN}",
        f"https://x.example/a b/{TOKEN}",
    ],
)
async def test_an_address_that_is_none_is_a_configuration_error_without_it(url: str, http: httpx.AsyncClient) -> None:
    with pytest.raises(ConfigError, match="channel team") as raised:
        WebhookChannel("team", url=url, http=http)
    assert TOKEN not in str(raised.value)


# ── the service of the tests itself ──────────────────────────────────────────────────────────────────────


async def test_the_service_on_loopback_records_only_what_it_accepted(http: httpx.AsyncClient) -> None:
    with FakeWebhook([Accept(), Reply(500), Cut(), RateLimited(1.0), Cut(accepts=True)]) as webhook:
        channel = WebhookChannel("team", url=webhook.url, http=http)
        for number in range(5):
            await channel.send(replace(outgoing(), reference=f"d-{number}"))
    assert [post.reference for post in webhook.posts] == ["d-0", "d-4"]
    assert len(webhook.requests) == 5

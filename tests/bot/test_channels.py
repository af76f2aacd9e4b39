"""What every channel owes: one contract, each of them."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC
from itertools import repeat
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from rich.console import Console

from bot.channels import KINDS, Surroundings, make_channel
from bot.channels.discord import Poster
from tests.bot.alerts import KINDS as ALERTS
from tests.bot.alerts import NOW, STORY, hostile_alerts, outgoing
from tests.bot.lines import signed_in
from tests.fakes.discord import FakeDiscord, Status
from tests.fakes.webhook import FakeWebhook
from watchers.delivery import Channel, EditingChannel
from watchers.errors import ConfigError
from watchers.models import Alert, AlertKind, ChannelSpec, Retry, Sent

# Loading Apprise imports a module that Python 3.11 and 3.12 warn about.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


class BrokenPipeOutput(io.StringIO):
    def write(self, text: str, /) -> int:
        raise OSError(5, "Input/output error")


@dataclass
class Bench:
    """A channel of some kind, what a reader sees of it, and a way to break its service."""

    channel: Channel
    shown: Callable[[], str]
    break_service: Callable[[], None]


def _surroundings(console: Console, http: httpx.AsyncClient) -> Surroundings:
    return Surroundings(console=console, http=http, clock=lambda: NOW, timezone=UTC)


def _terminal(console: Console, http: httpx.AsyncClient) -> Bench:
    channel = make_channel(ChannelSpec(name="desk", kind="terminal"), _surroundings(console, http))

    def shown() -> str:
        assert isinstance(console.file, io.StringIO)
        return console.file.getvalue()

    def break_service() -> None:
        console.file = BrokenPipeOutput()

    return Bench(channel, shown, break_service)


def _webhook(webhook: FakeWebhook, console: Console, http: httpx.AsyncClient) -> Bench:
    spec = ChannelSpec(name="desk", kind="webhook", settings={"url": webhook.url})
    channel = make_channel(spec, _surroundings(console, http))
    return Bench(channel, lambda: "\n".join(str(post.payload) for post in webhook.posts), webhook.stop)


def _apprise(console: Console, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Bench:
    apprise = pytest.importorskip("apprise", reason="Apprise is an extra and isn't installed")
    sent: list[str] = []
    answers = [True]

    def send(_: object, body: str, title: str = "", **__: Any) -> bool:
        sent.append(f"{title}\n{body}")
        return answers[-1]

    monkeypatch.setattr(apprise.plugins.N_MGR["json"], "send", send)
    spec = ChannelSpec(name="desk", kind="apprise", settings={"url": "json://127.0.0.1:9/"})
    channel = make_channel(spec, _surroundings(console, http))
    return Bench(channel, lambda: "\n".join(sent), lambda: answers.append(False))


async def _discord(stack: AsyncExitStack, monkeypatch: pytest.MonkeyPatch) -> Bench:
    fake = stack.enter_context(FakeDiscord())
    room = fake.guild("The Harbour Ledger").channel("desk")
    line = await stack.enter_async_context(signed_in(fake, monkeypatch))
    http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, verify=False))
    around = replace(_surroundings(Console(), http), poster=Poster(line, lambda _: None))
    channel = make_channel(ChannelSpec(name="desk", kind="discord", settings={"id": room.id}), around)

    def shown() -> str:
        return "\n".join(post.text for post in room.messages)

    return Bench(channel, shown, lambda: fake.trouble(repeat(Status(503))))


@pytest.fixture
def webhook() -> Iterator[FakeWebhook]:
    service = FakeWebhook().start()
    yield service
    if not service.stopping.is_set():
        service.stop()


@pytest.fixture(params=["terminal", "webhook", "apprise", "discord"])
async def bench(
    request: pytest.FixtureRequest, webhook: FakeWebhook, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bench]:
    console = Console(file=io.StringIO(), width=100, color_system=None)
    async with httpx.AsyncClient(trust_env=False, verify=False) as http, AsyncExitStack() as stack:
        match request.param:
            case "discord":
                made = await _discord(stack, monkeypatch)
            case "terminal":
                made = _terminal(console, http)
            case "webhook":
                made = _webhook(webhook, console, http)
            case _:
                made = _apprise(console, http, monkeypatch)
        yield made


async def test_an_alert_of_any_kind_is_sent_with_its_reference(bench: Bench) -> None:
    for number, kind in enumerate(AlertKind):
        before, reference = bench.shown(), f"d-7f{number:02x}"
        assert isinstance(await bench.channel.send(replace(outgoing(ALERTS[kind]), reference=reference)), Sent), kind
        assert bench.shown().startswith(before), kind
        shown = bench.shown().removeprefix(before)
        assert ALERTS[kind].title in shown, kind
        assert reference in shown, kind


async def test_an_alert_sent_again_is_marked(bench: Bench) -> None:
    await bench.channel.send(outgoing(resent=True))
    assert "resent" in bench.shown()
    await bench.channel.send(replace(outgoing(), reference="d-7f3b"))
    assert bench.shown().count("resent") == 1


async def test_the_words_that_matched_are_marked(bench: Bench) -> None:
    await bench.channel.send(outgoing())
    assert "**facial recognition**" in bench.shown()


async def test_a_demo_alert_says_so(bench: Bench) -> None:
    await bench.channel.send(outgoing(replace(STORY, demo=True)))
    assert "Demo: invented story" in bench.shown()


async def test_a_channel_says_its_name_and_its_pace(bench: Bench) -> None:
    assert bench.channel.name == "desk"
    assert bench.channel.service
    assert bench.channel.ready
    assert all(posts > 0 and seconds > 0 for posts, seconds in bench.channel.pace)


async def test_a_channel_that_can_edit_makes_a_post_show_more_and_calls_nobody(bench: Bench) -> None:
    if not isinstance(bench.channel, EditingChannel):
        assert bench.channel.service == "terminal" or bench.channel.service.startswith("apprise")
        return
    first = await bench.channel.send(outgoing(replace(STORY, copies=()), mentions=("1234",)))
    assert isinstance(first, Sent)
    assert first.message_id is not None
    assert "Coastal Wire 1" not in bench.shown()
    assert await bench.channel.edit(outgoing(mentions=("1234",)), first.message_id) == first
    assert "Coastal Wire 1" in bench.shown()
    assert "<@&1234>" not in bench.shown()


async def test_a_service_that_fails_is_data(bench: Bench) -> None:
    bench.break_service()
    result = await bench.channel.send(outgoing())
    assert isinstance(result, Retry)
    assert result.error


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(alert=hostile_alerts)
def test_hostile_text_breaks_no_channel(alert: Alert) -> None:
    console = Console(file=io.StringIO(), width=80, color_system="truecolor", force_terminal=True)

    async def send() -> None:
        with FakeWebhook() as webhook:
            async with httpx.AsyncClient(trust_env=False, verify=False) as http:
                for made in (_terminal(console, http), _webhook(webhook, console, http)):
                    assert isinstance(await made.channel.send(outgoing(alert)), Sent)

    asyncio.run(send())


@pytest.mark.parametrize("kind", ["webhook", "apprise"])
async def test_a_channel_without_its_address_says_what_to_set(kind: Any) -> None:
    async with httpx.AsyncClient(verify=False) as http:
        with pytest.raises(ConfigError, match="channel desk: it has no url: set url_env or url_file"):
            make_channel(ChannelSpec(name="desk", kind=kind), _surroundings(Console(), http))


async def test_a_kind_that_is_not_here_says_which_are() -> None:
    async with httpx.AsyncClient(verify=False) as http:
        spec = ChannelSpec(name="desk", kind="pigeon")  # type: ignore[arg-type]  # a kind of a later version
        with pytest.raises(ConfigError, match="terminal, webhook, apprise, discord"):
            make_channel(spec, _surroundings(Console(), http))


async def test_a_channel_of_the_bot_s_without_a_bot_says_what_to_set() -> None:
    async with httpx.AsyncClient(verify=False) as http:
        with pytest.raises(ConfigError, match=r"channel desk: the bot posts to it.*set DISCORD_TOKEN"):
            make_channel(ChannelSpec(name="desk", kind="discord", settings={"id": "5"}), _surroundings(Console(), http))


def test_the_kinds_are_those_of_the_watch_list() -> None:
    assert set(KINDS) == {"terminal", "webhook", "apprise", "discord"}

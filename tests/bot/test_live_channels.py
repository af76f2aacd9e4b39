"""The live channels follow what people told: made, made anew, dropped."""

import io
from collections.abc import AsyncIterator

import httpx
import pytest
from rich.console import Console
from structlog.testing import capture_logs

from bot.live_channels import Channels, why_unusable
from watchers.clock import Clock
from watchers.models import ChannelKind
from watchers.storage.desks import ChannelView, DeskView, Told

ENVIRON = {"OLD": "https://hooks.example/old", "NEW": "https://hooks.example/new", "BAD": "foo"}


@pytest.fixture
async def channels() -> AsyncIterator[Channels]:
    async with httpx.AsyncClient() as http:
        yield Channels(ENVIRON, Console(file=io.StringIO()), http, Clock())


def told(url_env: str, *, state: str = "active", timezone: str = "UTC") -> Told:
    view = ChannelView(
        id=1, desk_id=1, name="team", kind="webhook", settings={"url_env": url_env}, state=state, reason=None
    )
    desk = DeskView(id=1, name="desk", timezone=timezone, digest_at="08:00", admin_channel=None, channels=(view,))
    return Told(generation=1, desks=(desk,))


async def test_an_unchanged_channel_stays_and_a_changed_one_is_made_anew(channels: Channels) -> None:
    channels.refresh(told("OLD"))
    first = channels()[1]
    channels.refresh(told("OLD"))
    assert channels()[1] is first
    channels.refresh(told("NEW"))
    assert channels()[1] is not first


async def test_a_desk_s_new_time_zone_reaches_its_channels(channels: Channels) -> None:
    channels.refresh(told("OLD"))
    first = channels()[1]
    channels.refresh(told("OLD", timezone="America/New_York"))
    assert channels()[1] is not first


async def test_a_channel_whose_new_secret_is_missing_posts_no_more_to_the_old_address(channels: Channels) -> None:
    channels.refresh(told("OLD"))
    channels.refresh(told("NOWHERE"))
    assert channels() == {}
    channels.refresh(told("NEW"))
    assert list(channels()) == [1]


async def test_why_a_channel_cannot_be_used_is_told_once(channels: Channels) -> None:
    with capture_logs() as logged:
        for missing in ("NOWHERE", "NOWHERE", "ELSEWHERE"):
            channels.refresh(told(missing))
    assert [missing in line["error"] for line, missing in zip(logged, ("NOWHERE", "ELSEWHERE"), strict=True)] == [
        True
    ] * 2


async def test_which_channels_cannot_be_used_is_known_until_they_can(channels: Channels) -> None:
    channels.refresh(told("NOWHERE"))
    assert list(channels.unusable) == [1]
    assert channels.unusable[1].startswith("NOWHERE: not set")
    channels.refresh(told("NOWHERE", state="paused"))
    assert channels.unusable == {}
    channels.refresh(told("BAD"))
    assert channels.unusable == {1: "the webhook's url is no http(s) address: copy it again from the service"}
    channels.refresh(told("NEW"))
    assert channels.unusable == {}


async def test_a_paused_channel_is_dropped(channels: Channels) -> None:
    channels.refresh(told("OLD"))
    channels.refresh(told("OLD", state="paused"))
    assert channels() == {}


# Loading Apprise imports a module that Python 3.11 and 3.12 warn about.
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("kind", "settings", "bot", "why"),
    [
        ("terminal", {}, False, None),
        ("webhook", {"url_env": "NEW"}, False, None),
        ("webhook", {"url_env": "NOWHERE"}, False, "NOWHERE: not set"),
        ("webhook", {"url_env": "BAD"}, False, "no http(s) address"),
        ("apprise", {"url_env": "BAD"}, False, "Apprise"),  # which isn't installed, or doesn't understand it
        ("discord", {"id": "1"}, True, None),
        ("discord", {"id": "1"}, False, "set DISCORD_TOKEN"),
    ],
)
def test_why_a_channel_cannot_be_used_is_seen_without_sending(
    kind: ChannelKind, settings: dict[str, str], bot: bool, why: str | None
) -> None:
    view = ChannelView(id=1, desk_id=1, name="team", kind=kind, settings=settings, state="active", reason=None)
    found = why_unusable(view, ENVIRON, bot=bot)
    assert found is None if why is None else why in (found or "")

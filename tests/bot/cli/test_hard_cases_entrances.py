"""Hard cases 1 to 9 and 14 to 16 at the doors of the terminal: a forbidden address is refused, nothing is dialled.

As in `tests.desk.test_hard_cases_entrances`; a command that costs much is given a third of the spellings, or fewer.
"""

import asyncio
import json
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from bot.channels import Surroundings, make_channel
from bot.channels.webhook import WebhookChannel
from bot.web import make_guard
from config.settings import Settings
from tests.bot.alerts import outgoing
from tests.bot.cli.commanding import Commands, Said
from tests.fakes.web import Web
from tests.fetch.forbidden import ALLOWED_URL, FEWEST, PUBLIC, is_taken
from tests.fetch.trap import Watched, trap
from watchers.clock import Clock
from watchers.errors import ConfigError
from watchers.fetch.transport import guarded_client
from watchers.models import ChannelSpec, Refused, SendResult

SHARED = 15  # every so many, where a command looks through the eyes of others that are given them all
DIALLED = {(PUBLIC, 80)}


@pytest.fixture
def watched(fresh: Commands, web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    with trap(monkeypatch, web) as watching:
        fresh.environment["WIREDESK_ALLOW_HOSTS"] = watching.allow_hosts()
        yield watching


def each(fresh: Commands, watched: Watched, urls: Sequence[str], *command: str) -> dict[str, Said]:
    """What the command answers to each address; it dials what may be dialled, and nothing else."""
    answers = {url: fresh(*command, "--json", "--", url) for url in urls}
    assert (watched.dialled, watched.caught) == (set(), 0)
    fresh(*command, "--json", "--", ALLOWED_URL)
    assert watched.dialled == DIALLED
    return answers


def test_hard_case_01_to_09_14_to_16_at_source_test(fresh: Commands, watched: Watched) -> None:
    answers = each(fresh, watched, watched.every_third(0), "source", "test")
    assert len(answers) > FEWEST
    assert {url: said for url, said in answers.items() if not _refused(said)} == {}


def test_hard_case_01_to_09_14_to_16_at_source_add(fresh: Commands, watched: Watched) -> None:
    answers = each(fresh, watched, watched.spellings[::SHARED], "source", "add")
    assert {url: said for url, said in answers.items() if said.code != 2 or not _says_why(said)} == {}


def test_hard_case_01_to_09_14_to_16_at_extract(fresh: Commands, watched: Watched) -> None:
    answers = each(fresh, watched, watched.spellings[1::SHARED], "extract")
    assert {url: said for url, said in answers.items() if said.code == 0 and said.line["text"]} == {}


def _refused(said: Said) -> bool:
    """By the guard, in an answer; or at once, as no address."""
    return _says_why(said) if said.code == 2 else "address refused: " in said.line["error"]


def _says_why(said: Said) -> bool:
    return "address refused: " in said.told or "not an address of the web" in said.told


def test_hard_case_01_to_09_14_to_16_at_corpus_add(wiredesk: Commands, watched: Watched) -> None:
    said = wiredesk("corpus", "add", "--", *filter(None, watched.spellings), ALLOWED_URL)
    assert (said.code, watched.dialled, watched.caught) == (2, DIALLED, 0)
    assert len([line for line in said.told.splitlines() if "address refused: " in line]) > FEWEST


def test_hard_case_01_to_09_14_to_16_at_doctor(fresh: Commands, watched: Watched) -> None:
    # The file is JSON here, whose pairs of surrogates are none of YAML's.
    urls = [url for url in watched.spellings if is_taken(url) and "\\ud8" not in json.dumps(url)]
    fresh.sources = {f"s{number}": {"url": url} for number, url in enumerate((*urls, ALLOWED_URL))}
    said = fresh("doctor", "--json")
    assert (watched.dialled, watched.caught) == (DIALLED, 0)
    details = [line["detail"] for line in said.lines if line["check"] == "source"]
    assert len([detail for detail in details if "address refused: " in detail]) == len(fresh.sources) - 1 > FEWEST


def test_hard_case_01_to_09_14_to_16_at_webhooks(fresh: Commands, watched: Watched) -> None:
    answers = asyncio.run(_posted(watched))
    assert (watched.dialled, watched.caught) == (DIALLED, 0)
    assert "Connection refused" in str(answers.pop(ALLOWED_URL))
    wrong = {url: answer for url, answer in answers.items() if not _is_final(answer)}
    assert wrong == {}


async def _posted(watched: Watched) -> dict[str, list[SendResult | ConfigError]]:
    """What posting to each address, and editing what stands there, came to."""
    guard = make_guard(Settings(allow_hosts=watched.allow_hosts()))
    answers: dict[str, list[SendResult | ConfigError]] = {}
    async with guarded_client(guard, timeout=5) as http:
        around = Surroundings(console=Console(), http=http, clock=Clock(), timezone=ZoneInfo("UTC"))
        for url in (*watched.spellings, ALLOWED_URL):
            try:
                channel = make_channel(ChannelSpec(name="team", kind="webhook", settings={"url": url}), around)
                assert isinstance(channel, WebhookChannel)
                answers[url] = [await channel.send(outgoing()), await channel.edit(outgoing(), "1")]
            except ConfigError as refused:
                answers[url] = [refused]
    return answers


def _is_final(answers: list[SendResult | ConfigError]) -> bool:
    """A webhook that may not be asked is not asked again: the channel waits for somebody to correct it."""
    post = answers[0]
    return isinstance(post, ConfigError) or (isinstance(post, Refused) and post.pause and "refused" in post.error)

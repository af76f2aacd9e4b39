"""Secrets stay where they were put: no log, error, answer, card, table, backup or export shows one.

Each secret of the settings and of the watch list is a marker of its own; then the desk is run through success and every
kind of failure, and all that it says and stores is searched for markers. What a source's address holds is also stored
with the source, for it is asked there; nothing that the settings hold is stored at all.
"""

import gzip
import json
import logging
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from bot.app import PATIENCE
from tests.desk.conftest import NOW, Desk
from tests.desk.press import PARAGRAPHS, Entry, article, rss
from tests.fakes.terminal import give
from tests.fakes.web import Reply, Web, redirect
from tests.fakes.webhook import Accept, Cut, FakeWebhook, RateLimited
from tests.fakes.webhook import Answer as HookAnswer
from tests.fakes.webhook import Reply as Answer
from watchers.delivery import FIRST_RETRY
from watchers.models import FetchResult, Parsed
from watchers.sources import parse_source
from watchers.storage.database import Database
from watchers.storage.location import database_url

# Where a source's own address stands, with whatever it holds: it is asked there.
ASKED_AT = {("sources", "url"), ("sources", "address"), ("sources", "moved_to")}
LATER = "2026-03-02T13:00:00Z"


class Secrets:
    """Makes markers, and finds them."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.of_settings: list[str] = []
        self.of_sources: list[str] = []

    def setting(self) -> str:
        self.of_settings.append(self._made())
        return self.of_settings[-1]

    def source(self) -> str:
        self.of_sources.append(self._made())
        return self.of_sources[-1]

    def _made(self) -> str:
        return f"Planted{next(self._numbers):02}Secret"

    def found(self, text: str) -> list[str]:
        return [secret for secret in (*self.of_settings, *self.of_sources) if secret in text]


class Listening:
    """Runs commands of a desk and keeps all that they say."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.said: list[tuple[str, str]] = []  # what was asked, what was said

    def ask(self, *arguments: str, **environment: str) -> str:
        variables = {
            "WIREDESK_DATA": str(self._desk.folder / "data"),
            "WIREDESK_WATCHLIST": str(self._desk.folder / "watchlist.yaml"),
            "WIREDESK_ALLOW_HOSTS": "127.0.0.1",
            "WIREDESK_FIRST_LOOK": "all",
            **self._desk.environment,
            **environment,
        }
        result = give(arguments, variables)
        said = result.stdout + result.stderr + repr(result.exception)
        self.said.append((" ".join(arguments), said))
        return str(said)


def plant_sources(desk: Desk, web: Web, secrets: Secrets) -> None:
    stories = range(5)
    entries = [Entry(title=f"Harbor cameras {story}", link=web.url(f"/story/{story}")) for story in stories]
    web.serve("/good", rss(entries))
    for story in stories:
        web.serve(f"/story/{story}", article(f"Harbor cameras {story}", PARAGRAPHS, lead_in=f"Quay {story}."))
    web.serve("/down", Reply(500, b"<title>down</title>"))
    web.serve("/later", Reply(503, headers={"Retry-After": "60"}))
    web.serve("/gone", Reply(410))
    web.serve("/junk", b"\x00\x01 neither this nor that")
    web.serve("/broken", b"<rss><channel><item><title>&broken")
    web.serve("/moved", lambda _: redirect(web.url(f"/good?token={moved_to}"), 301))
    web.serve("/loop", lambda asked: redirect(web.url(asked.target)))
    link = '<link rel=alternate type="application/rss+xml" href="{}">'
    web.serve("/feeds", lambda _: Reply(body=link.format(linked).encode()))
    web.serve("/bug", rss(entries))
    web.serve("/page", article("A page", PARAGRAPHS))
    moved_to = secrets.source()
    linked = web.url(f"/good?api_key={secrets.source()}")
    for path in ("good", "down", "later", "gone", "junk", "broken", "moved", "loop", "feeds", "bug", "page"):
        desk.source(path, f"/{path}?token={secrets.source()}")
    desk.source("webhook", f"/api/webhooks/42/{secrets.source()}")
    desk.source("services", f"/services/T42/B42/{secrets.source()}")
    desk.source("fragment", f"/none#access_token={secrets.source()}")
    desk.sources["dead"] = {"url": f"http://127.0.0.1:1/?sig={secrets.source()}"}
    desk.sources["refused"] = {"url": f"http://10.0.0.1/?key={secrets.source()}"}
    desk.sources["unknown"] = {"url": f"http://127.0.0.1/?password={secrets.source()}"}


def plant_settings(desk: Desk, web: Web, secrets: Secrets, webhooks: list[FakeWebhook]) -> None:
    desk.channels = {"newsroom": {"kind": "terminal"}}
    for number, webhook in enumerate(webhooks):
        desk.channels[f"hook-{number}"] = {"kind": "webhook", "url_env": f"HOOK_{number}"}
        secret = secrets.setting()
        desk.environment[f"HOOK_{number}"] = f"{webhook.url.rpartition('/')[0]}/{secret}?thread_id={secrets.setting()}"
    desk.channels["hook-dead"] = {"kind": "webhook", "url_file": str(desk.folder / "hook")}
    (desk.folder / "hook").write_text(f"http://127.0.0.1:1/hooks/{secrets.setting()}")
    desk.channels["chats"] = {"kind": "apprise", "url_env": "CHATS"}
    desk.environment["CHATS"] = f"json://user:{secrets.setting()}@127.0.0.1:1/{secrets.setting()}"
    desk.routes = list(desk.channels)
    desk.environment["DISCORD_TOKEN"] = secrets.setting()
    desk.environment["WIREDESK_DISCORD_API"] = web.url("/discord")
    web.serve("/discord/users/@me", Reply(401, b'{"message": "401: Unauthorized", "code": 0}'))


@pytest.fixture
def bug(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever parses the source `bug` comes upon a defect whose message quotes what it was at."""

    async def parse(fetched: FetchResult, *others: Any) -> Parsed:
        if "/bug" in fetched.url:
            raise RuntimeError(f"a defect at {fetched.url} ({fetched!r})")
        return await parse_source(fetched, *others)

    monkeypatch.setattr("watchers.pipeline.parse_source", parse)


@pytest.fixture
def webhooks() -> Iterator[list[FakeWebhook]]:
    echo = json.dumps({"message": "no such address: /api/webhooks/4242/…", "code": 50035}).encode()
    kinds: list[list[HookAnswer]] = [
        [],
        [Answer(400, echo)] * 9,
        [Answer(404, echo)],
        [Answer(500)] * 9,
        [RateLimited(0.01), Cut(), Accept()],
    ]
    running = [FakeWebhook(answers).start() for answers in kinds]
    yield running
    for webhook in running:
        webhook.stop()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is tried again as often as ever, in a thirtieth of the time."""
    monkeypatch.setattr("watchers.delivery.FIRST_RETRY", FIRST_RETRY / 30)
    monkeypatch.setattr("bot.app.Newsdesk.run_once.__kwdefaults__", {"patience": PATIENCE / 30})


@pytest.mark.usefixtures("bug", "impatient")
@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")  # imported by apprise
def test_hard_case_97_nothing_that_was_told_in_confidence_is_seen_anywhere(
    desk: Desk, web: Web, webhooks: list[FakeWebhook], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets, listening = Secrets(), Listening(desk)
    plant_sources(desk, web, secrets)
    plant_settings(desk, web, secrets, webhooks)
    desk.command("apply", "--json")
    said = listening.ask("check") + listening.ask("run", "--once", "--json", "--at", NOW)
    assert "a defect of Wiredesk" in listening.ask("source", "list", "--json")
    assert '"event": "delivered"' in said
    listening.ask("run", "--once", "--at", LATER)
    look_at_everything(listening, desk, web, secrets)
    tell_it_wrongly(listening, desk, secrets)
    leaks = [(asked, secrets.found(told)) for asked, told in listening.said if secrets.found(told)]
    assert leaks == []
    assert secrets.found(caplog.text) == []
    posts = [repr((post.payload, post.files)) for webhook in webhooks for post in webhook.posts]
    assert [post for post in posts if secrets.found(post)] == []
    assert stored(desk.folder / "data", secrets) == []
    assert left_in_files(desk.folder / "data", secrets) == []


def look_at_everything(listening: Listening, desk: Desk, web: Web, secrets: Secrets) -> None:
    for noun in ("source", "channel", "watch", "desk", "corpus", "outbox"):
        listening.ask(noun, "list", "--json")
    listening.ask("doctor")
    listening.ask("source", "items", "good", "--json")
    for channel in desk.channels:
        listening.ask("channel", "test", channel, "--json")
    listening.ask("source", "test", web.url(f"/feeds?token={secrets.source()}"))
    listening.ask("source", "add", web.url(f"/down?token={secrets.source()}"))
    listening.ask("corpus", "add", web.url(f"/down?token={secrets.source()}"))
    listening.ask("extract", web.url(f"/down?token={secrets.source()}"))
    listening.ask("db", "backup")


def tell_it_wrongly(listening: Listening, desk: Desk, secrets: Secrets) -> None:
    """Settings and addresses that are not right, and what is said about them."""
    listening.ask("source", "list", WIREDESK_DATABASE_URL=f"postgresql://desk:{secrets.setting()}@127.0.0.1:1/desk")
    listening.ask("source", "list", WIREDESK_DATABASE_URL=f"mysql://desk:{secrets.setting()}@127.0.0.1:1/desk")
    listening.ask("source", "list", WIREDESK_DATABASE_URL=f"postgresql://desk:{secrets.setting()}@[/desk")
    listening.ask("channel", "test", "hook-0", HOOK_0=f"htp:/{secrets.setting()}")
    listening.ask("channel", "test", "chats", CHATS=f"nonsense://{secrets.setting()}")
    for url in ("https://user:{}@gull.example/", "ftp://gull.example/?token={}", "http://10.0.0.1/?key={}"):
        listening.ask("source", "add", url.format(secrets.source()))
        listening.ask("corpus", "add", url.format(secrets.source()))
        desk.sources["wrong"] = {"url": url.format(secrets.source())}
        (desk.folder / "wrong.yaml").write_text(json.dumps({"version": 1, "sources": desk.sources}))
        listening.ask("check", str(desk.folder / "wrong.yaml"))


def stored(data: Path, secrets: Secrets) -> list[tuple[str, str, list[str]]]:
    """Table, column and secrets, where one is stored that needn't be."""
    found = []
    tables = MetaData()
    with Database(database_url("", data)) as database, database.reading() as connection:
        tables.reflect(connection)
        for table in tables.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                for column, value in row.items():
                    if (table.name, column) not in ASKED_AT and (seen := secrets.found(str(value))):
                        found.append((table.name, str(column), seen))
    return found


def left_in_files(data: Path, secrets: Secrets) -> list[tuple[str, list[str]]]:
    """Other files of the desk, with the secrets in them; a backup has the addresses at which sources are asked."""
    found = []
    for path in data.rglob("*"):
        if path.is_file() and not path.name.startswith("wiredesk.sqlite3"):
            content = path.read_bytes()
            text = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode("utf-8", "replace")
            told = "\n".join(line for line in text.splitlines() if not line.startswith('["sources"'))
            if seen := secrets.found(told):
                found.append((path.name, seen))
    return found

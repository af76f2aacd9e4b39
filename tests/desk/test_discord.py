"""The whole program as a Discord bot: a process with a token, a server that speaks Discord's API, feeds on loopback.

What stands here is what a newsroom sees: it sets its desk up in a channel, adds what it wants to know of, and is told.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from signal import SIGTERM

import pytest

from tests.desk.press import PARAGRAPHS, Entry, article, rss
from tests.fakes.discord import Channel, FakeDiscord, Guild, Member, Post
from tests.fakes.web import Web, WebThread
from tests.soak.program import Program, Run


@pytest.fixture
def web() -> Iterator[Web]:
    with WebThread() as served:
        yield served


class Newsroom:
    """A server with an editor and an admin, and the desk that serves it."""

    def __init__(self, program: Program, discord: FakeDiscord, web: Web, folder: Path) -> None:
        self.program, self.discord, self.web, self.folder = program, discord, web, folder
        self.guild: Guild = discord.guild("The Daily Gull")
        self.room: Channel = self.guild.channel("newsroom")
        self.editors = self.guild.role("editors")
        self.ann: Member = self.guild.member("ann", roles=[self.editors])
        self.bo: Member = self.guild.member("bo", manage_guild=True)
        (folder / "watchlist.yaml").write_text("version: 1\n")
        self.run: Run | None = None

    def start(self) -> None:
        environment = {
            "WIREDESK_WATCHLIST": str(self.folder / "watchlist.yaml"),
            "WIREDESK_DATA": str(self.folder / "data"),
            "WIREDESK_ALLOW_HOSTS": "127.0.0.1",
            "WIREDESK_DISCORD_API": self.discord.api,
            "DISCORD_TOKEN": self.discord.token,
        }
        self.run = self.program.start("run", environment=environment, folder=self.folder)
        self.discord.wait_ready()

    def stop(self) -> None:
        run, self.run = self.run, None
        if run is not None:
            run.signal(SIGTERM)
            assert run.wait(30) == 0, run.said
            self.discord.wait_gone()

    def set_up(self) -> None:
        self.discord.slash(self.bo, self.room, "desk setup", channel=self.room, editors_role=self.editors).final()

    def follow(self, name: str, path: str) -> str:
        """Add a source, after its preview; returns the preview's words."""
        preview = self.discord.slash(self.ann, self.room, "source add", url=self.web.url(path), name=name)
        said = preview.final().text
        self.discord.press(self.ann, preview, "Save").final()
        return said

    def watch(self, name: str, query: str) -> str:
        """Add a watch, after its preview; returns the preview's words."""
        preview = self.discord.slash(self.ann, self.room, "watch add", name=name, query=query)
        said = preview.final().text
        self.discord.press(self.ann, preview, "Save").final()
        return said

    def told(self, words: str, seconds: float = 30.0) -> Post:
        """The alert whose headline holds some words, once it is there."""
        self.discord.until(lambda: self._found(words), f"an alert about {words!r}", seconds)
        found = self._found(words)
        assert found is not None
        return found

    def _found(self, words: str) -> Post | None:
        return next((post for post in self.room.messages if words in post.content), None)


@pytest.fixture
def newsroom(program: Program, web: Web, tmp_path: Path) -> Iterator[Newsroom]:
    with FakeDiscord() as discord:
        room = Newsroom(program, discord, web, tmp_path)
        room.start()
        try:
            yield room
        finally:
            room.stop()


FERRY = (
    (
        "The ferry between the old town and the island of Gull sails again from Friday, the harbor office said, "
        "with two boats in the morning and one at night."
    ),
    (
        "The line had been closed since a storm tore away its landing stage in the autumn, and repairs took "
        "longer than anybody had promised."
    ),
)


def publish(
    web: Web,
    path: str,
    headline: str,
    *,
    outlet: str,
    text: tuple[str, ...] = PARAGRAPHS,
    ago: timedelta = timedelta(minutes=20),
) -> None:
    """A feed with one fresh article and its page."""
    page = f"{path}/story"
    published = format_datetime(datetime.now(UTC) - ago)
    web.serve(page, article(headline, text, outlet=outlet))
    web.serve(path, rss([Entry(title=headline, link=web.url(page), published=published)], title=outlet))


def test_an_item_becomes_a_post_a_copy_edits_it_and_its_buttons_outlive_a_restart(newsroom: Newsroom) -> None:
    web, discord = newsroom.web, newsroom.discord
    publish(web, "/courier", "Harbor cameras switched off", outlet="Quay Courier")
    publish(web, "/gazette", "Commission ends harbor cameras", outlet="Alder Gazette", ago=timedelta(minutes=5))
    newsroom.set_up()
    assert "last 7 days" in newsroom.watch("harbor", '"harbor cameras"')
    assert "Harbor cameras switched off" in newsroom.follow("courier", "/courier")

    post = newsroom.told("Harbor cameras switched off")
    assert post.content.startswith("**Harbor cameras switched off** · Quay Courier · <http")
    assert post.edits == 0
    assert not post.pinged

    newsroom.follow("gazette", "/gazette")
    discord.until(lambda: "Alder Gazette" in post.text, "the copy in the post", 45)
    assert len(newsroom.room.messages) == 1
    assert not post.pinged

    newsroom.stop()
    newsroom.start()
    why = discord.press(newsroom.ann, post, "Why?")
    assert "harbor cameras" in why.final().text.casefold().replace("*", "")
    assert why.ephemeral
    asked = discord.press(newsroom.ann, post, "Not relevant")
    assert asked.final().text
    assert "muted" in discord.press(newsroom.ann, post, "Mute…").final().text
    assert "Known" in discord.press(newsroom.ann, post, "Add to known").final().text
    assert len(newsroom.room.messages) == 1


def test_a_watch_that_is_added_in_discord_changes_what_is_told_next(newsroom: Newsroom) -> None:
    publish(newsroom.web, "/courier", "Ferry line reopens", outlet="Quay Courier", text=FERRY)
    newsroom.set_up()
    newsroom.follow("courier", "/courier")
    newsroom.watch("cameras", '"harbor cameras" AND budget')
    publish(newsroom.web, "/gazette", "What the cameras cost", outlet="Alder Gazette")
    newsroom.follow("gazette", "/gazette")
    newsroom.told("What the cameras cost")
    (post,) = newsroom.room.messages
    assert "Ferry" not in post.content


def test_the_line_is_taken_up_again_whatever_cuts_it(newsroom: Newsroom) -> None:
    discord = newsroom.discord
    newsroom.set_up()
    identified = discord.identified
    discord.dispatch("GUILD_ROLE_CREATE", {"guild_id": newsroom.guild.id, "role": {"nonsense": True}})
    discord.until(lambda: discord.identified > identified, "a new client after an event that can't be read", 30)
    discord.wait_ready()
    discord.cut_gateway()
    discord.until(lambda: discord.resumed, "the session taken up after a cut", 30)
    identified = discord.identified
    discord.invalidate(resumable=False)
    discord.until(lambda: discord.identified > identified, "a new session after an invalid one", 30)
    discord.wait_ready()
    assert "New York" not in discord.slash(newsroom.ann, newsroom.room, "entity list").final().text

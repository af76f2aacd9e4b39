"""Answers of /watch and /route, whatever strangers and editors wrote: harmless, and within Discord's limits."""

import re
from datetime import timedelta

from discord import Embed
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.answers import route, trial, watch
from tests.bot.alerts import hostile_text
from tests.bot.chat.newsroom import NOW
from tests.meta.discord_page.angles import Viewer
from tests.meta.discord_page.markdown import render
from watchers.models import Why
from watchers.storage.brought import Brought, Leads
from watchers.storage.feedback import Dismissed, Reason
from watchers.storage.names import DeskNames, NamedChannel, NamedWatch
from watchers.storage.trying import Part, Sample, Trial

TEXT = hostile_text
calmly = settings(max_examples=20)
NAME = st.from_regex(r"[A-Za-z0-9][\w.-]{0,79}", fullmatch=True)
LINK = "https://courier.example/a_(b)?token=secret"
WHY = st.builds(
    Why,
    watch=st.just("cameras"),
    term=TEXT,
    field=st.sampled_from(("title", "text")),
    paragraph=st.just(1),
    text=TEXT,
    sentence=TEXT,
)
SAMPLE = st.builds(
    Sample,
    title=TEXT,
    url=st.sampled_from((None, LINK, "javascript:alert(1)")),
    outlet=st.none() | TEXT,
    at=st.just(NOW),
    why=st.lists(WHY, max_size=4).map(tuple),
)
TRIAL = st.builds(
    Trial,
    days=st.integers(1, 30),
    looked_at=st.integers(0, 20_000),
    cut=st.booleans(),
    matched=st.integers(0, 200),
    known=st.just(0),
    stories=st.integers(0, 200),
    samples=st.lists(SAMPLE, max_size=5).map(tuple),
    overlap=st.lists(st.tuples(NAME, st.integers(1, 9)), max_size=12).map(tuple),
    parts=st.lists(st.builds(Part, words=TEXT, articles=st.integers(0, 9)), max_size=12).map(tuple),
)
CHANNEL = NamedChannel(id=1, name="newsroom", kind="discord", chat_id="5", state="active", reason=None)
DESK = DeskNames(
    id=1,
    name="server-1",
    guild="1",
    label="The Daily Gull",
    timezone="UTC",
    editors_role=None,
    admin_channel="newsroom",
    posting="active",
    left_at=None,
    origin="desk",
    watches=(),
    entities=(),
    sources=(),
    channels=(CHANNEL,),
)


def _is_sound(embed: Embed) -> None:
    """The embed fits, links only where we link, and names only our channel."""
    assert len(embed) <= 6000
    assert len(embed.description or "") <= 4096
    assert all(0 < len(field.value or "") <= 1024 for field in embed.fields)
    viewer = Viewer(now=NOW, names={"5": "newsroom"})
    for text in (embed.title or "", embed.description or "", *(field.value or "" for field in embed.fields)):
        drawn = render(text, viewer)
        assert all(address.startswith("https://courier.example/") for address in re.findall(r'href="([^"]*)"', drawn))
        assert set(re.findall(r'<span class="pill">(.*?)</span>', drawn)) <= {"#newsroom"}
        assert "secret" not in re.sub("<code>.*?</code>", "", drawn)


@calmly
@given(tried=TRIAL, query=TEXT)
def test_a_preview_is_harmless_and_fits(tried: Trial, query: str) -> None:
    _is_sound(trial.tried("New watch", tried, query=query, before=tried))


@calmly
@example(name="quay", query="cameras", tags=(), terms=["\n", "@everyone"])
@given(
    name=NAME,
    query=TEXT | st.just("police OR " * 900),
    tags=st.lists(NAME, max_size=9).map(tuple),
    terms=st.lists(TEXT, max_size=12),
)
def test_a_watchs_card_is_harmless_and_fits(name: str, query: str, tags: tuple[str, ...], terms: list[str]) -> None:
    row = NamedWatch(
        id=1,
        name=name,
        query=query,
        tags=tags,
        sources=tags,
        state="paused",
        reason="paused by command",
        paused_until=NOW + timedelta(hours=6),
        origin="desk",
    )
    ways = tuple(
        Leads(watch=None, tag=tag, channel_id=channel, when="daily", mention=None, quiet="22:00-07:00")
        for channel, tag in enumerate(tags)
    )
    brought = Brought(matches=3, week=1, month=2, last=NOW, leads=ways)
    dismissed = [Dismissed(term=term, reason=Reason.OFF_TOPIC, count=2) for term in terms]
    _is_sound(watch.shown(row, brought, dismissed, DESK, broken=query))
    _is_sound(Embed(title="Watches", description="\n".join([watch.line(row).text] * 8)))


@calmly
@given(names=st.lists(NAME, min_size=1, max_size=60))
def test_a_channels_card_is_harmless_and_fits(names: list[str]) -> None:
    ways = [Leads(watch=name, tag=None, channel_id=1, when="now", mention=None, quiet=None) for name in names]
    _is_sound(route.of_channel(CHANNEL, ways, DESK))
    _is_sound(route.of_watch(names[0], ways, DESK, ["a warning"]))

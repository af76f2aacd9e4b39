"""Hard cases 75–82 through the bot's channel, as Discord would render what then stands there."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from tests.bot.alerts import POLICY, STORY
from tests.bot.lines import Desk, opened
from tests.meta.discord_page.angles import Viewer
from tests.meta.discord_page.message import Shown, message_html
from watchers.models import Alert, Change, Piece, Teller

VIEWER: Final = Viewer(now=datetime(2031, 3, 14, tzinfo=UTC))
FAMILY: Final = "👨‍👩‍👧"


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with opened(monkeypatch) as made:
        yield made


def saying(text: str) -> Alert:
    """An alert that says this wherever a stranger's words stand."""
    return replace(
        STORY,
        title=text,
        outlet=text,
        summary=(text, text),
        why=tuple(replace(why, text=text, sentence=text) for why in STORY.why),
        copies=(Teller(outlet=text, url="https://wire.example/1", published=None),),
    )


async def posted(desk: Desk, alert: Alert, **more: Any) -> tuple[str, str]:
    """What stands in the channel: its text as it was sent, and what Discord makes of it."""
    await desk.send(len(desk.room.messages) + 1, alert=alert, **more)
    post = desk.room.messages[-1]
    shown = message_html(Shown({"content": post.content, "embeds": post.embeds}), VIEWER)
    return post.text, shown


def links(shown: str) -> set[str]:
    return set(re.findall(r'href="([^"]*)"', shown))


async def test_hard_case_75_what_looks_like_a_mention_is_shown_as_text(desk: Desk) -> None:
    ann, role = desk.guild.member("ann"), desk.guild.role("desk", mentionable=True)
    _, shown = await posted(desk, saying(f"@everyone @here <@{ann.id}> <@!{ann.id}> {role.mention}"))
    assert 'class="pill"' not in shown
    assert desk.room.messages[0].pinged == set()


async def test_hard_case_75_the_routed_role_alone_is_shown_as_a_mention(desk: Desk) -> None:
    role = desk.guild.role("desk", mentionable=True)
    _, shown = await posted(desk, saying(f"@here {role.mention}"), mentions=(role.id,))
    assert shown.count('class="pill"') == 1
    assert desk.room.messages[0].pinged == {role.id}


@pytest.mark.parametrize(
    "text",
    [
        "[Your bank](https://evil.example/)",
        "https://x.example/a_b [Your bank](https://evil.example/)",
        r"\[Your bank\](https://evil.example/)",
        "[Your bank](<https://evil.example/> 'it')",
        "[Your [bank]](https://evil.example/)",
        "<https://evil.example/>",
        "https://evil.example/",
    ],
)
async def test_hard_case_76_a_strangers_words_are_no_link(desk: Desk, text: str) -> None:
    _, shown = await posted(desk, saying(text))
    assert links(shown) <= {STORY.url, STORY.image, "https://wire.example/1"}
    assert STORY.url in links(shown)


@pytest.mark.parametrize("text", ["</desk setup:1>", "<id:guide>", "<#1>", "<t:1700000000:R>", r"\<#1>", "<a:wave:1>"])
async def test_hard_case_77_a_strangers_angle_brackets_are_text(desk: Desk, text: str) -> None:
    harmless, shown = [(await posted(desk, saying(said)))[1] for said in ("plain", text)]
    made = [re.findall(r'<(?:span|img|a|time)\b[^>]*class="([^"]*)', html) for html in (harmless, shown)]
    assert made[0] == made[1], "nothing is made of it"
    assert 'class="pill"' not in shown
    assert text.strip("\\<>") in shown


async def test_hard_case_78_nothing_turns_the_text_round_or_hides_in_it(desk: Desk) -> None:
    text, shown = await posted(
        desk, saying("Coun\u202ecil \u2066bans\u2069 face\u200b recog\u2060nition\ufeff \u200fnow")
    )
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u200f\u2060\ufeff]", text)
    assert "Council bans face recognition now" in shown


async def test_hard_case_79_a_host_of_look_alikes_is_shown_as_it_is_asked_for(desk: Desk) -> None:
    look_alike = "b\u0430nk"  # with an а of Cyrillic
    text, shown = await posted(desk, replace(STORY, url=f"https://{look_alike}.example/login"))
    assert look_alike not in text + shown
    assert f"https://{look_alike.encode('idna').decode()}.example/login" in links(shown)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "JaVaScRiPt:alert(1)"]
)
async def test_hard_case_80_an_address_that_is_none_of_the_web_is_no_link(desk: Desk, url: str) -> None:
    _, shown = await posted(desk, replace(STORY, url=url, copies=(Teller(outlet="Wire", url=url, published=None),)))
    assert links(shown) <= {STORY.image}
    assert desk.room.messages[0].embeds[0].get("url") is None


async def test_hard_case_81_what_is_too_long_ends_with_a_word_that_is_whole(desk: Desk) -> None:
    await posted(desk, saying("harbour " * 2000))
    (post,) = desk.room.messages
    (embed,) = post.embeds
    for text in (post.content, embed["description"], *(field["value"] for field in embed["fields"])):
        assert len(text) <= 4096
        assert "…" in text
        for word in re.findall(r"[a-z]+", re.sub(r"https?://\S+|<t:\S+", "", text.lower())):
            assert word == "harbour" or "harbour".find(word) != 0, word


async def test_hard_case_81_what_is_too_long_ends_with_a_sign_that_is_whole(desk: Desk) -> None:
    await posted(desk, saying(FAMILY * 2000))
    (post,) = desk.room.messages
    (embed,) = post.embeds
    for text in (post.content, embed["description"], *(field["value"] for field in embed["fields"])):
        assert FAMILY in text
        assert "\u200d" not in text.replace(FAMILY, "")


async def test_hard_case_81_a_change_of_thousands_of_words_is_attached_whole(desk: Desk) -> None:
    words = " ".join(f"wörd{number}" for number in range(3000))
    await posted(desk, replace(POLICY, changes=(Change(heading="1", pieces=(Piece(op="added", text=words),)),)))
    (file,) = desk.room.messages[0].attachments
    assert words in file.content.decode()


@pytest.mark.parametrize(
    "text", ["```\n# all of it", "`` ` ``", "a ``` b `c` ~~d~~ ||e|| **f** __g__", "> ```\n>>> quote"]
)
async def test_hard_case_82_a_code_fence_neither_opens_nor_breaks(desk: Desk, text: str) -> None:
    _, shown = await posted(desk, saying(text))
    _, code, spoiled = (re.findall(tag, shown) for tag in ("<h[1-3]", "<(?:pre|code)", 'class="spoiler'))
    assert code == spoiled == []
    assert STORY.url in links(shown), "what follows is read as ever"


async def test_hard_case_82_a_fence_in_a_changed_text_breaks_no_redline(desk: Desk) -> None:
    pieces = (Piece(op="removed", text="```kept``` 30 days"), Piece(op="added", text="~~```forever"))
    _, shown = await posted(desk, replace(POLICY, changes=(Change(heading="```", pieces=pieces),)))
    assert "<pre" not in shown
    assert "<code" not in shown
    assert "```kept``` 30 days" in re.sub("<[^>]*>", "", shown)

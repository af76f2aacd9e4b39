"""What a desk found and told, looked at again. On both databases."""

from datetime import timedelta
from typing import Any

import pytest

from tests.storage.building import NOW, STORY, Desk, reading
from watchers.errors import ConfigError
from watchers.matching.matcher import Document
from watchers.models import Alert, AlertKind
from watchers.storage import known, looking_back, outbox, sending
from watchers.storage.looking_back import Search
from watchers.stories.corpus import KnownText
from watchers.stories.fingerprint import fingerprint

HOUR = timedelta(hours=1)


def any_text(_: Document) -> bool:
    return True


def search(desk: Desk, *, since: Any = NOW - HOUR, answers: Any = any_text, of: int | None = None) -> Search:
    found: Search = desk.read(looking_back.search, of or desk.id, since, answers)
    return found


def tell(desk: Desk, number: int) -> None:
    """A story of its own, by an outlet of its own."""
    body = f"The harbor cameras number {number} are off. " + " ".join(f"word{number}x{each}" for each in range(200))
    url = f"https://courier.example/{number}"
    desk.bring(reading(f"Camera {number} goes dark", body, url=url, outlet=f"Outlet {number}"))


def send(desk: Desk, *, burst: int = 10, message_id: str | None = "77") -> None:
    """Everything that is due goes out."""
    while taken := desk.write(sending.take, desk.channel(), now=desk.now, burst=burst):
        desk.write(sending.mark_sent, taken, message_id=message_id, now=desk.now)


def test_stories_are_found_by_what_their_articles_say_the_newest_first(desk: Desk) -> None:
    for number in (1, 2, 3):
        tell(desk, number)
    found = search(desk, answers=lambda document: "3" not in document.title)
    assert [story.title for story in found.stories] == ["Camera 2 goes dark", "Camera 1 goes dark"]
    assert found.whole
    assert [teller.outlet for teller in found.stories[0].tellers] == ["Outlet 2"]


def test_a_story_is_found_by_a_copy_of_it_and_stands_there_once(desk: Desk) -> None:
    desk.bring(reading())
    desk.bring(reading("Lights out at the quay", url="https://b.example/1", outlet="Bay News"))
    assert len(search(desk).stories) == 1
    (story,) = search(desk, answers=lambda document: document.outlet == "Bay News").stories
    assert (story.title, [teller.outlet for teller in story.tellers]) == ("Quay goes dark", ["Courier", "Bay News"])


def test_a_search_goes_back_to_its_moment_and_stays_at_its_desk(desk: Desk) -> None:
    tell(desk, 1)
    assert search(desk, since=NOW + HOUR).stories == ()
    assert search(desk, of=desk.id + 1).stories == ()


def test_a_search_that_reads_too_much_says_that_it_left_some(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2, 3):
        tell(desk, number)
    monkeypatch.setattr(looking_back, "READ", 2)
    found = search(desk)
    assert (len(found.stories), found.whole) == (2, False)


def test_a_search_that_finds_too_much_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2, 3):
        tell(desk, number)
    monkeypatch.setattr(looking_back, "FOUND", 2)
    found = search(desk)
    assert ([story.title for story in found.stories], found.whole) == (
        ["Camera 3 goes dark", "Camera 2 goes dark"], False,
    )  # fmt: skip


def test_a_story_has_its_watches_and_where_it_was_told(desk: Desk) -> None:
    desk.bring(reading())
    (story,) = search(desk).stories
    before = desk.read(looking_back.one, desk.id, story.id)
    send(desk)
    whole = desk.read(looking_back.one, desk.id, story.id)
    assert whole.watches == ("cameras",)
    assert [(went.channel, went.state, went.message_id) for went in before.told] == [("newsroom", "pending", None)]
    assert [(went.channel, went.state, went.message_id) for went in whole.told] == [("newsroom", "sent", "77")]


def test_a_story_that_went_with_a_digest_is_told_by_its_post(desk: Desk) -> None:
    for number in (1, 2, 3):
        tell(desk, number)
    send(desk, burst=1, message_id="88")
    whole = desk.read(looking_back.one, desk.id, search(desk).stories[0].id)
    assert [(went.state, went.message_id) for went in whole.told] == [("sent", "88")]


def test_a_story_of_another_desk_is_not_there(desk: Desk) -> None:
    tell(desk, 1)
    (story,) = search(desk).stories
    with pytest.raises(ConfigError, match="not there any more"):
        desk.read(looking_back.one, desk.id + 1, story.id)


@pytest.mark.parametrize(
    "text",
    [
        KnownText(url="https://www.courier.example/quay?utm_source=x", urls=("https://courier.example/quay",)),
        KnownText(title="The quay goes dark, and the residents are glad"),
        KnownText(fingerprint=fingerprint(STORY)),
    ],
)
def test_a_story_is_known_by_address_headline_or_text(desk: Desk, text: KnownText) -> None:
    desk.bring(reading("The quay goes dark, and the residents are glad"))
    (story,) = search(desk).stories
    assert desk.read(looking_back.one, desk.id, story.id).known is None
    desk.write(known.add, desk.id, [text], origin="marked", now=NOW)
    found = desk.read(looking_back.one, desk.id, story.id).known
    assert found is not None
    assert (found.origin, found.since) == ("marked", NOW)


def test_what_was_told_is_gathered_once_in_its_order(desk: Desk) -> None:
    for number in (1, 2, 3):
        tell(desk, number)
    told = desk.read(looking_back.told_since, desk.id, NOW - HOUR, limit=10)
    send(desk, burst=1)
    after = desk.read(looking_back.told_since, desk.id, NOW - HOUR, limit=10)
    assert told == []
    assert [each.title for each in after] == [f"Camera {number} goes dark" for number in (1, 2, 3)]
    newest = desk.read(looking_back.told_since, desk.id, NOW - HOUR, limit=1)
    assert [each.title for each in newest] == ["Camera 3 goes dark"]
    assert desk.read(looking_back.told_since, desk.id, NOW + HOUR, limit=10) == []
    assert desk.read(looking_back.told_since, desk.id + 1, NOW - HOUR, limit=10) == []


def test_what_was_told_has_the_copies_that_came_since(desk: Desk) -> None:
    desk.bring(reading())
    send(desk)
    desk.bring(reading("Lights out at the quay", url="https://b.example/1", outlet="Bay News"))
    (told,) = desk.read(looking_back.told_since, desk.id, NOW - HOUR, limit=10)
    assert [copy.outlet for copy in told.copies] == ["Bay News"]


def test_what_is_for_the_admins_is_not_gathered(desk: Desk) -> None:
    for kind in (AlertKind.DESK_NOTICE, AlertKind.SOURCE_FAILING, AlertKind.SOURCE_RECOVERED):
        desk.tell(Alert(key=f"{kind.value}:1", kind=kind, title="courier"))
    send(desk)
    assert {state for _, _, state in desk.read(lambda c: [(0, 0, each.state) for each in outbox.listed(c)])} == {"sent"}
    assert desk.read(looking_back.told_since, desk.id, NOW - HOUR, limit=10) == []

"""What the desk knows already."""

from tests.storage.building import NOW, STORY, Desk
from watchers.storage import known
from watchers.stories.corpus import KnownText
from watchers.stories.fingerprint import fingerprint
from watchers.stories.identity import addresses

CITED = KnownText(
    title="Harbor cameras are switched off after a vote",
    url="https://www.courier.example/quay?utm_source=x",
    urls=("https://www.courier.example/quay?utm_source=x", "https://mirror.example/quay"),
    outlet="Courier",
    published=NOW,
)


def _know(desk: Desk, *texts: KnownText) -> int:
    return desk.write(known.add, desk.id, texts, origin="seed", now=NOW)


def _is_known(desk: Desk, *identities: str, title: str = "") -> bool:
    return desk.read(known.by_address_or_title, desk.id, identities, title) is not None


def test_a_known_story_is_found_by_each_of_its_addresses_and_its_title(desk: Desk) -> None:
    assert _know(desk, CITED) == 1
    assert _is_known(desk, "https://elsewhere.example/x", "https://mirror.example/quay")
    assert _is_known(desk, title="HARBOR cameras are switched off, after a vote!")
    assert not _is_known(desk, "https://mirror.example/other", title="Harbor cameras are switched on after a vote")


def test_a_headline_too_short_to_tell_stories_apart_knows_nothing(desk: Desk) -> None:
    _know(desk, KnownText(title="Corrections", url="https://courier.example/1", urls=("https://courier.example/1",)))
    assert not _is_known(desk, "https://other.example/2", title="Corrections")


def test_an_article_without_address_and_title_is_nothing_known(desk: Desk) -> None:
    _know(desk, KnownText(fingerprint=fingerprint(STORY)))
    assert not _is_known(desk)


def test_what_is_known_is_added_once(desk: Desk) -> None:
    with_text = KnownText(title="A text of its own", fingerprint=fingerprint(STORY))
    assert _know(desk, CITED, with_text) == 2
    assert _know(desk, CITED, with_text) == 0
    assert desk.number("known_stories") == 2


def test_another_desk_knows_nothing_of_it(desk: Desk) -> None:
    _know(desk, CITED)
    assert desk.read(known.by_address_or_title, desk.id + 1, ["https://mirror.example/quay"], CITED.title or "") is None


def test_an_address_of_any_length_is_known_as_articles_have_it(desk: Desk) -> None:
    long = "https://courier.example/?at=" + "x" * 4000
    _know(desk, KnownText(url=long, urls=(long,)))
    assert _is_known(desk, *addresses(long))

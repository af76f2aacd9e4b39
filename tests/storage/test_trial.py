"""Trying a query on what the desk read: whose articles, which of them count, and what hints at a mistake."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from config.watchlist import Source
from tests.storage.building import LEAD, NOW, PARAGRAPHS, STORY, Desk, reading
from watchers.listening import listen
from watchers.matching.query import compile_query
from watchers.models import Item
from watchers.storage import guilds, known, told, trial
from watchers.storage.trying import Trial, attempt
from watchers.stories.corpus import KnownText

QUERY = '"harbor cameras"'


def _try(desk: Desk, query: str = QUERY, *, sources: tuple[str, ...] = (), days: int = 7, watch: str = "new") -> Trial:
    return desk.read(
        attempt,
        listen(desk.told),
        desk.id,
        compile_query(query, {}),
        sources,
        watch=watch,
        now=desk.now,
        days=days,
    )


def test_an_article_that_matches_is_a_story_with_its_words(desk: Desk) -> None:
    desk.bring(reading())
    found = _try(desk)
    assert (found.looked_at, found.matched, found.stories) == (1, 1, 1)
    (sample,) = found.samples
    assert (sample.title, sample.outlet, sample.at) == ("Quay goes dark", "Courier", NOW)
    assert sample.why[0].text == "harbor cameras"
    assert sample.why[0].sentence == LEAD


def test_other_watches_that_bring_it_are_counted_and_the_watch_itself_is_not(desk: Desk) -> None:
    desk.bring(reading())
    assert _try(desk).overlap == (("cameras", 1),)
    assert _try(desk, watch="cameras").overlap == ()


def test_copies_are_one_story_whether_they_were_placed_or_not(desk: Desk) -> None:
    for number in range(3):
        desk.bring(reading(title=f"Quay goes dark, told {number} times", url=f"https://courier.example/{number}"))
    placed = _try(desk)
    unplaced = _try(desk, '"brass band"')
    assert (placed.matched, placed.stories) == (3, 1)
    assert (unplaced.matched, unplaced.stories) == (3, 1)


def test_an_excerpt_of_what_no_watch_asked_for_is_a_copy_too(desk: Desk) -> None:
    desk.bring(reading(body=PARAGRAPHS[1]))
    excerpt = PARAGRAPHS[1].partition(", or who")[0]
    desk.bring(reading(title="Vote at the harbor", body=excerpt, url="https://gull.example/1", outlet="Gull"))
    found = _try(desk, '"recordings were used"')
    assert (found.matched, found.stories) == (2, 1)


def test_different_stories_are_counted_apart_and_the_newest_come_first(desk: Desk) -> None:
    for number in range(7):
        words = " ".join(f"{stem}{number}" for stem in ("quay", "boat", "gull", "wind", "rope", "mast", "sail"))
        desk.bring(
            reading(title=f"Number {number}", body=f"Of harbor cameras: {words}.", url=f"https://c.example/{number}")
        )
    found = _try(desk)
    assert found.stories == 7
    assert [sample.title for sample in found.samples] == [f"Number {number}" for number in (6, 5, 4, 3, 2)]


def test_known_stories_are_not_counted(desk: Desk) -> None:
    text = KnownText(
        title="Quay goes dark for good", url="https://courier.example/quay", urls=("https://courier.example/quay",)
    )
    desk.write(known.add, desk.id, [text], origin="corpus", now=NOW)
    desk.bring(reading())
    found = _try(desk)
    assert (found.matched, found.known, found.stories) == (1, 1, 0)


def test_what_another_desk_follows_is_not_looked_at(desk: Desk) -> None:
    desk.bring(reading())
    other = desk.write(_other_desk)
    assert desk.read(trial.lately, other, NOW - timedelta(days=7)) == ([], False)


def _other_desk(connection: Connection) -> int:
    made = guilds.make(connection, "2", now=NOW)
    told.add_source(connection, made, "gull", Source(url="https://gull.example/feed"))
    return made


def test_a_known_story_of_a_source_that_the_desk_follows_since_is_recognised(desk: Desk) -> None:
    desk.bring(reading())
    other = desk.write(_other_desk)
    desk.write(told.add_source, other, "courier", Source(url="https://courier.example/feed"))
    text = KnownText(title=None, url=None, urls=("https://courier.example/quay",))

    def count() -> tuple[int, int]:
        found = desk.read(attempt, listen(desk.told), other, compile_query(QUERY, {}), (), watch="new", now=NOW, days=7)
        return found.known, found.stories

    assert count() == (0, 1)
    desk.write(known.add, other, [text], origin="corpus", now=NOW)
    assert count() == (1, 0)


@pytest.mark.parametrize(
    ("published", "silent", "counts"),
    [
        (NOW - timedelta(days=6), True, True),
        (NOW - timedelta(days=8), False, False),
        (None, False, True),
        (None, True, False),
    ],
    ids=("of the week, seen at the first look", "older", "of no date", "of no date, seen at the first look"),
)
def test_what_counts_is_what_is_of_these_days(
    desk: Desk, published: datetime | None, silent: bool, counts: bool
) -> None:
    desk.show(Item(url="https://courier.example/quay", title="Quay goes dark"), silent=silent)
    desk.bring(reading(published=published), item=desk.unread()[0], silent=silent)
    assert _try(desk).matched == counts


def test_only_sources_it_listens_to_count(desk: Desk) -> None:
    desk.bring(reading())
    assert _try(desk, sources=("courier",)).matched == 1
    assert _try(desk, sources=("local",)).matched == 1
    assert _try(desk, sources=("national",)).looked_at == 0


def test_more_than_the_most_is_cut_to_the_newest(desk: Desk) -> None:
    for number in range(3):
        desk.bring(reading(title=f"Number {number}", url=f"https://courier.example/{number}"))
    chosen, cut = desk.read(trial.lately, desk.id, NOW - timedelta(days=7), most=2)
    assert cut
    assert chosen == sorted(chosen)
    heard = desk.read(lambda connection: list(trial.articles_of(connection, desk.id, chosen)))
    assert [each.article.reading.title for each in heard] == ["Number 1", "Number 2"]


def test_where_nothing_matches_each_part_says_how_often_it_occurs(desk: Desk) -> None:
    desk.bring(reading(body=STORY))
    found = _try(desk, 'quay AND ("gull wing" OR zeppelin) AND NOT band')
    assert found.matched == 0
    assert [(part.words, part.articles) for part in found.parts] == [("quay", 1), ('"gull wing" OR zeppelin', 0)]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("title:zeppelin", "title:zeppelin"),
        ("zeppelin NEAR/3 (gull OR boat)", "(zeppelin) NEAR/3 (gull OR boat)"),
        ("outlet:gull.example", "outlet:gull.example"),
        ("lang:xx", "lang:xx"),
        ("zepp*", "zepp*"),
        ("zeppelin OR (gull AND NOT boat)", "zeppelin OR gull AND NOT boat"),
    ],
)
def test_parts_are_named_as_they_were_written(desk: Desk, query: str, words: str) -> None:
    desk.bring(reading(language="en"))
    assert [part.words for part in _try(desk, query).parts] == [words]


def test_a_desk_of_nothing_has_nothing(desk: Desk) -> None:
    found = _try(desk)
    assert (found.looked_at, found.cut, found.parts[0].articles) == (0, False, 0)

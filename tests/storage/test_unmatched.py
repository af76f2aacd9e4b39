"""Articles that no watch names, recorded together: the outcome is that of one at a time."""

import pytest
from sqlalchemy import Connection, select

from tests.storage.building import NOW, PARAGRAPHS, Desk, reading
from watchers.models import Decision, Item
from watchers.storage import copies, known, meta
from watchers.storage.items import SUMMARY_KEPT
from watchers.storage.recording import Arrival, Recorded, StaleMatchesError, record
from watchers.storage.schema import article_addresses, articles, items, placements
from watchers.storage.unmatched import record_unmatched, what_is_there
from watchers.stories.corpus import KnownText
from watchers.stories.fingerprint import fingerprint

UNMATCHED, KNOWN = Decision.UNMATCHED, Decision.KNOWN
BAND = "The brass band of the quay won the cup on Sunday, and it will play again at the pier next Sunday."
REPORT = "\n\n".join(PARAGRAPHS[1:])
ARRIVING = (  # an article, and what it is to a desk that knows the stories below
    (reading("Brass band wins the cup", "The band won.", url="https://courier.example/band"), UNMATCHED),
    (reading("Ferries stay in port today | Courier", "No wind.", url="https://courier.example/wind"), KNOWN),
    (reading("By address", "Other words.", url="https://www.courier.example/known/?utm_source=x"), KNOWN),
    (reading("By text", f"{REPORT}\n\nSupport this paper today.", url="https://courier.example/text"), KNOWN),
    (reading("An excerpt", "\n\n".join(PARAGRAPHS[2:]), url="https://ledger.example/short"), KNOWN),
    (reading("The same few words", BAND.upper(), url="https://courier.example/few"), KNOWN),
    (reading("No text at all", "", url="https://courier.example/empty"), UNMATCHED),
    (reading("One stock phrase", " ".join(REPORT.split()[:7]), url="https://courier.example/phrase"), UNMATCHED),
)
STORIES = (
    KnownText(title="Ferries stay in port today"),
    KnownText(urls=("https://courier.example/known",)),
    KnownText(fingerprint=fingerprint(REPORT)),
    KnownText(fingerprint=fingerprint(BAND)),
)
Rows = list[tuple[object, ...]]


def _rows(connection: Connection) -> tuple[Rows, Rows, Rows]:
    """What articles, placements and items come to, whatever their numbers are."""
    named = select(articles.c.identity, *(column for column in articles.c if column.name not in {"id", "identity"}))
    led = select(article_addresses.c.address, articles.c.identity).join(articles)
    placed = select(articles.c.identity, placements.c.desk_id, placements.c.decision, placements.c.known_id).join(
        articles, articles.c.id == placements.c.article_id
    )
    read = select(items.c.url, items.c.state, items.c.shown, articles.c.identity).outerjoin(articles)
    told = [sorted(map(tuple, connection.execute(rows)), key=str) for rows in (named, led, placed, read)]
    return told[0] + told[1], told[2], told[3]


def _arrivals(desk: Desk) -> list[Arrival]:
    """Each article with the entry that it comes from; one entry has more to say than is kept."""
    for number, (article, _) in enumerate(ARRIVING):
        desk.show(Item(entry_id=str(number), url=article.url, title=article.title, summary=f"{number}" * 400 * number))
    assert any(len(stored.item.summary) > SUMMARY_KEPT for stored in desk.unread())
    by_address = {stored.item.url: stored for stored in desk.unread()}
    return [desk.arrival(article, item=by_address[article.url]) for article, _ in ARRIVING]


def _decisions(recorded: list[Recorded]) -> list[Decision]:
    return [placed.placement.decision for each in recorded for placed in each.placed]


def test_they_come_out_as_one_at_a_time(desk: Desk) -> None:
    desk.write(known.add, desk.id, STORIES, origin="seed", now=NOW)
    arrivals, told = _arrivals(desk), desk.told
    with desk.database.writing() as connection:
        tried = connection.begin_nested()
        one_by_one = [record(connection, arrival, told, desk.manner, NOW) for arrival in arrivals]
        wanted = _rows(connection)
        tried.rollback()
        together = record_unmatched(connection, arrivals, told, NOW)
        assert _rows(connection) == wanted
    assert _decisions(together) == _decisions(one_by_one) == [decision for _, decision in ARRIVING]
    assert [each.saved.is_new for each in together] == [True] * len(ARRIVING)
    assert desk.unread() == []


def test_what_one_desk_knows_another_does_not(desk: Desk) -> None:
    desk.write(known.add, desk.id, STORIES, origin="seed", now=NOW)
    asked = [((*arrival.names,), arrival.reading.title) for arrival in _arrivals(desk)]
    texts = [fingerprint(article.text) for article, _ in ARRIVING]
    for asking, knows in ((desk.id, True), (desk.id + 1, False)):
        assert any(desk.read(known.by_addresses_or_titles, asking, asked)) == knows
        assert any(desk.read(copies.overlaps_with_known, asking, texts)) == knows


def test_nothing_is_written_where_an_address_is_taken_meanwhile(desk: Desk) -> None:
    arrivals = [desk.arrival(article) for article, _ in ARRIVING]
    desk.bring(ARRIVING[0][0])
    before = desk.number("articles")
    assert desk.write(record_unmatched, arrivals, desk.told, NOW) == []
    assert desk.number("articles") == before


def test_nothing_is_written_when_the_watch_list_has_changed(desk: Desk) -> None:
    arrivals, told = [desk.arrival(article) for article, _ in ARRIVING], desk.told
    desk.write(meta.bump_generation)
    with pytest.raises(StaleMatchesError):
        desk.write(record_unmatched, arrivals, told, NOW)
    assert desk.number("articles") == 0


def test_no_arrivals_are_nothing_to_write(desk: Desk) -> None:
    assert desk.write(record_unmatched, [], desk.told, NOW) == []


def test_what_is_there_is_told_beforehand(desk: Desk) -> None:
    live = "https://courier.example/live"
    desk.show(*(Item(entry_id=title, url=live, title=title) for title in ("Morning", "Evening")))
    desk.show(Item(entry_id="own", url="https://courier.example/own", title="Own"))
    desk.bring(reading(url="https://courier.example/quay"))
    numbers = {stored.item.title: stored.id for stored in desk.unread()}
    there = desk.read(what_is_there, ["https://courier.example/quay", live], list(numbers.values()))
    assert there.named == {"https://courier.example/quay"}
    assert there.sharing == {numbers["Morning"], numbers["Evening"]}


def test_an_item_that_was_edited_meanwhile_stays_unread(desk: Desk) -> None:
    arrivals = _arrivals(desk)
    (first, *_) = desk.unread()
    with desk.database.writing() as connection:
        connection.execute(items.update().where(items.c.id == first.id).values(content_key="edited"))
        record_unmatched(connection, arrivals, desk.told, NOW)
    assert [stored.id for stored in desk.unread()] == [first.id]
    assert desk.unread()[0].article_id is not None

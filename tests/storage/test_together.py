"""Articles that are new everywhere, recorded together: the outcome is that of one at a time."""

import pytest
from sqlalchemy import Connection, select

from tests.storage.building import NOW, PARAGRAPHS, Desk, reading
from watchers.models import Decision, Item
from watchers.storage import copies, known, meta
from watchers.storage.items import SUMMARY_KEPT
from watchers.storage.placing import Arrival
from watchers.storage.recording import Recorded, StaleMatchesError, record
from watchers.storage.schema import alerts, article_addresses, articles, deliveries, items, matches, placements, stories
from watchers.storage.together import record_together, waiting
from watchers.stories.corpus import KnownText
from watchers.stories.fingerprint import fingerprint

UNMATCHED, KNOWN, NEW, COPY = Decision.UNMATCHED, Decision.KNOWN, Decision.NEW, Decision.COPY
BAND = "The brass band of the quay won the cup on Sunday, and it will play again at the pier next Sunday."
REPORT = "\n\n".join(PARAGRAPHS[1:])
VOTE = (
    "The council of the lower town wants no harbor cameras at its own pier, and said so by nine votes to two late on "
    "Tuesday, when most of those who had come to listen were already on their way to the last ferry of the evening."
)
ARRIVING = (  # an article, and what it is to a desk that knows the stories below
    (reading("Brass band wins the cup", "The band won.", url="https://courier.example/band"), UNMATCHED),
    (reading("Ferries stay in port today | Courier", "No wind.", url="https://courier.example/wind"), KNOWN),
    (reading("By address", "Other words.", url="https://www.courier.example/known/?utm_source=x"), KNOWN),
    (reading("By text", f"{REPORT}\n\nSupport this paper today.", url="https://courier.example/text"), KNOWN),
    (reading("An excerpt", "\n\n".join(PARAGRAPHS[2:]), url="https://ledger.example/short"), KNOWN),
    (reading("The same few words", BAND.upper(), url="https://courier.example/few"), KNOWN),
    (reading("No text at all", "", url="https://courier.example/empty"), UNMATCHED),
    (reading("One stock phrase", " ".join(REPORT.split()[:7]), url="https://courier.example/phrase"), UNMATCHED),
    (reading("Lower town votes", VOTE, url="https://courier.example/vote"), NEW),
    (reading("Nine to two", f"{VOTE} (By wire.)", url="https://ledger.example/vote", outlet="Ledger"), COPY),
    (reading("The harbor cameras, again", REPORT, url="https://ledger.example/again", outlet="Ledger"), KNOWN),
    (reading("No words under harbor cameras", "", url="https://ledger.example/none", outlet="Ledger"), NEW),
)
STORIES = (
    KnownText(title="Ferries stay in port today"),
    KnownText(urls=("https://courier.example/known",)),
    KnownText(fingerprint=fingerprint(REPORT)),
    KnownText(fingerprint=fingerprint(BAND)),
)
Rows = list[tuple[object, ...]]
NUMBERS = {"id", "identity", "fingerprint_id"}


def _rows(connection: Connection) -> list[Rows]:
    """What articles, placements, items, stories and alerts come to, whatever their numbers are."""
    named = select(articles.c.identity, *(column for column in articles.c if column.name not in NUMBERS))
    led = select(article_addresses.c.address, articles.c.identity).join(articles)
    placed = (
        select(articles.c.identity, placements.c.desk_id, placements.c.decision, placements.c.known_id, stories.c.title)
        .join(articles, articles.c.id == placements.c.article_id)
        .outerjoin(stories, stories.c.id == placements.c.story_id)
    )
    read = select(items.c.url, items.c.state, items.c.shown, articles.c.identity).outerjoin(articles)
    heard = select(articles.c.identity, matches.c.watch_id, matches.c.evidence).join(articles)
    told = select(alerts.c.payload["title"], deliveries.c.channel_id, deliveries.c.due_at).join(deliveries)
    written = select(articles.c.identity, articles.c.fingerprint_id.is_not(None))
    asked = (named, led, placed, read, heard, told, written)
    return [sorted(map(tuple, connection.execute(rows)), key=str) for rows in asked]


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
        together = record_together(connection, arrivals, told, desk.manner, NOW)
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
    assert desk.write(record_together, arrivals, desk.told, desk.manner, NOW) == []
    assert desk.number("articles") == before


def test_nothing_is_written_when_the_watch_list_has_changed(desk: Desk) -> None:
    arrivals, told = [desk.arrival(article) for article, _ in ARRIVING], desk.told
    desk.write(meta.bump_generation)
    with pytest.raises(StaleMatchesError):
        desk.write(record_together, arrivals, told, desk.manner, NOW)
    assert desk.number("articles") == 0


def test_no_arrivals_are_nothing_to_write(desk: Desk) -> None:
    assert desk.write(record_together, [], desk.told, desk.manner, NOW) == []


def test_what_is_there_is_told_beforehand(desk: Desk) -> None:
    live = "https://courier.example/live"
    desk.show(*(Item(entry_id=title, url=live, title=title) for title in ("Morning", "Evening")))
    desk.show(Item(entry_id="own", url="https://courier.example/quay", title="Own"))
    desk.bring(reading(url="https://courier.example/quay"))
    numbers = {stored.item.title: stored.id for stored in desk.unread()}
    what = desk.read(waiting, desk.source().id, now=NOW)
    assert [stored.id for stored in what.items] == sorted(numbers.values())
    assert what.named == {"https://courier.example/quay"}
    assert what.sharing == {numbers["Morning"], numbers["Evening"]}


def test_a_source_without_unread_items_has_nothing_waiting(desk: Desk) -> None:
    assert desk.read(waiting, desk.source().id, now=NOW).items == ()


def test_an_item_that_was_edited_meanwhile_stays_unread(desk: Desk) -> None:
    arrivals = _arrivals(desk)
    (first, *_) = desk.unread()
    with desk.database.writing() as connection:
        connection.execute(items.update().where(items.c.id == first.id).values(content_key="edited"))
        record_together(connection, arrivals, desk.told, desk.manner, NOW)
    assert [stored.id for stored in desk.unread()] == [first.id]
    assert desk.unread()[0].article_id is not None

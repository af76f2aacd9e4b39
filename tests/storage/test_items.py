"""Entries are remembered for ever, and stay unread until their article is committed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, update

from tests.storage.building import MINUTE, NOW, Desk, reading
from watchers.models import Item
from watchers.sources.recognise import Recognition, keyed, keys_of, recognise
from watchers.storage import items
from watchers.storage.schema import desks as desk_rows

ENTRIES = tuple(
    Item(
        entry_id=f"tag:courier.example,{number}",
        url=f"https://courier.example/{number}",
        title=f"Report number {number}",
        published=NOW - number * MINUTE,
        summary="A sentence of the feed.",
    )
    for number in range(5)
)


def _recognised(desk: Desk, *entries: Item) -> Recognition:
    known = desk.read(items.known, desk.source().id, [keys_of(entry) for entry in entries])
    return recognise(keyed(entries), known, entries=len(entries), first_poll=False)


def test_an_entry_comes_back_as_the_source_told_it(desk: Desk) -> None:
    told = replace(
        ENTRIES[0], updated=NOW, byline="Odile Farrant", outlet="Courier", language="en", image="https://x.example/i"
    )
    desk.show(told)
    (stored,) = desk.unread()
    assert stored.item == told
    assert (stored.first_seen, stored.attempts, stored.article_id) == (NOW, 0, None)


def test_what_was_shown_before_is_recognised_in_any_order(desk: Desk) -> None:
    desk.show(*ENTRIES)
    assert _recognised(desk, *reversed(ENTRIES)).new == ()


def test_hard_case_51_entries_whose_ids_all_change_are_recognised_by_link_and_title(desk: Desk) -> None:
    desk.show(*ENTRIES)
    found = _recognised(desk, *(replace(entry, entry_id=f"new-{entry.entry_id}") for entry in ENTRIES))
    assert found.new == ()
    assert len(found.rekeyed) == len(ENTRIES)
    for item_id, keys in found.rekeyed:
        desk.write(items.rekey, item_id, keys)
    assert _recognised(desk, *(replace(entry, entry_id=f"new-{entry.entry_id}") for entry in ENTRIES)).rekeyed == ()


def test_hard_case_56_an_entry_that_slides_back_into_the_window_is_known(desk: Desk) -> None:
    desk.show(*ENTRIES)
    desk.show(*(replace(entry, entry_id=f"{entry.entry_id}-later", url=f"{entry.url}-later") for entry in ENTRIES))
    assert _recognised(desk, ENTRIES[4]).new == ()


def test_more_entries_than_one_statement_can_name_are_recognised(desk: Desk) -> None:
    many = [
        replace(ENTRIES[0], entry_id=f"{number}", url=f"https://courier.example/m/{number}") for number in range(700)
    ]
    desk.show(*many)
    assert _recognised(desk, *many).new == ()


def test_another_source_s_entries_are_no_recognition(desk: Desk) -> None:
    desk.show(ENTRIES[0])
    assert desk.read(items.known, desk.source().id + 1, [keys_of(ENTRIES[0])]) == []


def test_unread_entries_come_oldest_first(desk: Desk) -> None:
    undated = Item(title="Undated", url="https://courier.example/undated")
    desk.show(*ENTRIES, undated)
    assert [stored.item.title for stored in desk.unread()] == [
        *(entry.title for entry in reversed(ENTRIES[1:])), ENTRIES[0].title, "Undated",
    ]  # fmt: skip


def test_an_entry_is_unread_until_its_article_is_recorded(desk: Desk) -> None:
    desk.show(ENTRIES[0])
    (stored,) = desk.unread()
    article = desk.bring(reading(), item=stored).saved.article_id
    assert desk.unread() == []
    assert desk.read(items.article_of, stored.id) == article


def test_an_entry_that_was_edited_meanwhile_stays_unread(desk: Desk) -> None:
    desk.show(ENTRIES[0])
    (stored,) = desk.unread()
    edited = replace(ENTRIES[0], title="Report number nought")
    desk.write(items.edit, stored.id, edited, keys_of(edited))
    article = desk.bring(reading(), item=stored).saved.article_id
    (again,) = desk.unread()
    assert again.item == edited
    assert again.article_id is not None
    assert desk.read(items.article_of, stored.id) == article


def test_a_read_entry_keeps_only_the_beginning_of_its_own_words(desk: Desk) -> None:
    desk.show(replace(ENTRIES[0], summary="word " * 5000))
    (stored,) = desk.unread()
    desk.write(items.mark_read, stored, desk.bring(reading()).saved.article_id)
    desk.write(items.edit, stored.id, ENTRIES[0], stored_keys := keys_of(ENTRIES[0]))
    assert stored_keys.content_key == desk.unread()[0].content_key


def test_an_entry_whose_page_cannot_be_reached_is_tried_again_later(desk: Desk) -> None:
    desk.show(*ENTRIES[:2])
    first = desk.unread()[0]
    desk.write(items.try_again, first.id, attempts=1, at=NOW + 10 * MINUTE)
    source = desk.source().id
    assert [stored.id for stored in desk.read(items.unread, source, now=NOW)] == [desk.unread()[1].id]
    later = desk.read(items.unread, source, now=NOW + 10 * MINUTE)
    assert [(stored.id, stored.attempts) for stored in later if stored.id == first.id] == [(first.id, 1)]


def test_what_a_clock_that_was_ahead_put_off_is_read_once_it_is_put_back(desk: Desk) -> None:
    desk.show(*ENTRIES[:2])
    ahead, honest = desk.unread()
    desk.write(items.try_again, ahead.id, attempts=1, at=NOW + timedelta(days=365))
    desk.write(items.try_again, honest.id, attempts=1, at=NOW + timedelta(days=1))
    desk.write(items.set_right, NOW)
    assert [stored.id for stored in desk.read(items.unread, desk.source().id, now=NOW)] == [ahead.id]


def test_an_edited_entry_is_read_at_once_with_all_its_attempts(desk: Desk) -> None:
    desk.show(ENTRIES[0])
    (stored,) = desk.unread()
    desk.write(items.try_again, stored.id, attempts=2, at=NOW + 40 * MINUTE)
    edited = replace(ENTRIES[0], title="Report number nought")
    desk.write(items.edit, stored.id, edited, keys_of(edited))
    (ready,) = desk.read(items.unread, desk.source().id, now=NOW)
    assert ready.attempts == 0


def test_sources_with_something_to_read_are_found_while_somebody_follows_them(desk: Desk) -> None:
    source = desk.source().id
    assert desk.read(items.sources_to_read, NOW, 10) == []
    desk.show(ENTRIES[0])
    assert desk.read(items.sources_to_read, NOW, 10) == [source]
    desk.write(items.try_again, desk.unread()[0].id, attempts=1, at=NOW + MINUTE)
    assert desk.read(items.sources_to_read, NOW, 10) == []
    assert desk.read(items.sources_to_read, NOW + MINUTE, 10) == [source]
    desk.write(Connection.execute, update(desk_rows).values(left_at=NOW))
    assert desk.read(items.sources_to_read, NOW + MINUTE, 10) == []  # or it would stand before others for ever


def test_entries_that_lead_to_one_address_are_told_apart(desk: Desk) -> None:
    desk.show(ENTRIES[0], replace(ENTRIES[1], url=ENTRIES[0].url), ENTRIES[2])
    shared = {stored.item.title: desk.read(items.shares_link, stored) for stored in desk.unread()}
    assert shared == {ENTRIES[0].title: True, ENTRIES[1].title: True, ENTRIES[2].title: False}


def test_the_newest_publications_come_first_and_undated_ones_count_when_seen(desk: Desk) -> None:
    desk.show(*ENTRIES[1:3], Item(title="Undated", url="https://courier.example/undated"))
    times = desk.read(items.publication_times, desk.source().id)
    assert times == [NOW, NOW - MINUTE, NOW - 2 * MINUTE]
    assert times[0].utcoffset() == timedelta(0)


def test_a_poll_costs_no_more_the_longer_the_history_of_its_source(desk: Desk) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("the plan is SQLite's")
    plans: list[str] = []
    with desk.database.reading() as connection:

        def explain(_: object, cursor: Any, statement: str, parameters: object, *__: object) -> None:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(str(row[-1]) for row in cursor.fetchall())

        event.listen(connection, "before_cursor_execute", explain)
        items.publication_times(connection, desk.source().id)
        event.remove(connection, "before_cursor_execute", explain)
    assert len([step for step in plans if "ix_items_source_id_published" in step]) == 2
    assert not [step for step in plans if "TEMP B-TREE" in step]  # nothing is sorted


def test_only_the_newest_publications_count_of_dated_and_undated_ones_together(desk: Desk) -> None:
    desk.show(*ENTRIES, *(Item(title=f"Undated {number}", url=f"https://x.example/{number}") for number in range(2)))
    times = desk.read(items.publication_times, desk.source().id, 4)
    assert times == [NOW, NOW, NOW, NOW - MINUTE]


def test_silent_and_held_entries_are_remembered_as_such(desk: Desk) -> None:
    desk.show(ENTRIES[0], silent=True)
    desk.show(ENTRIES[1], held="held:1:then")
    found = {stored.item.title: (stored.silent, stored.held) for stored in desk.unread()}
    assert found == {ENTRIES[0].title: (True, None), ENTRIES[1].title: (False, "held:1:then")}

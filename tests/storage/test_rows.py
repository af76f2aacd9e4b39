"""Rows that are handed to the driver by columns come back as SQLAlchemy would have written them."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from tests.storage.building import NOW, Desk
from watchers.storage.rows import insert_rows, new_numbers
from watchers.storage.schema import fingerprints, items, shingles

COLUMNS = tuple(column for column in items.c if column.name not in {"id", "article_id"})


def _row(source_id: int, number: int) -> dict[str, object]:
    return {
        "source_id": source_id,
        "entry_key": None if number % 2 else f"{number}",
        "link_key": "link",
        "story_key": "story",
        "content_key": f"{number}",
        "state": "unread",
        "silent": number == 1,
        "held": None,
        "attempts": number,
        "next_at": NOW + timedelta(hours=number) if number else None,
        "shown": {"title": f"Köln “{number}”", "tags": [number, None]},
        "url": None,
        "title": f"Köln “{number}”",
        "published": None,
        "first_seen": NOW,
    }


def test_they_are_as_sqlalchemy_writes_them(desk: Desk) -> None:
    rows = [_row(desk.source().id, number) for number in range(4)]
    with desk.database.writing() as connection:
        connection.execute(insert(items), rows)
        insert_rows(connection, COLUMNS, [[row[column.name] for column in COLUMNS] for row in rows])
        kept = [tuple(row) for row in connection.execute(select(*COLUMNS).order_by(items.c.id))]
    assert kept[:4] == kept[4:]
    assert kept[0] == tuple(rows[0].values())


def test_json_may_come_in_its_own_text(desk: Desk) -> None:
    row = _row(desk.source().id, 1) | {"shown": '{"title": "Köln"}'}
    with desk.database.writing() as connection:
        insert_rows(connection, COLUMNS, [[row[column.name] for column in COLUMNS]], written=(items.c.shown,))
        assert connection.execute(select(items.c.shown)).scalar_one() == {"title": "Köln"}


def test_no_rows_are_no_statement(desk: Desk) -> None:
    with desk.database.writing() as connection:
        insert_rows(connection, (shingles.c.shingle, shingles.c.fingerprint_id), [])
    assert desk.number("shingles") == 0


def test_a_column_that_would_need_its_default_is_named(desk: Desk) -> None:
    without = [column for column in COLUMNS if column.name != "attempts"]
    with desk.database.writing() as connection, pytest.raises(ValueError, match="items need attempts too"):
        insert_rows(connection, without, [[_row(1, 1)[column.name] for column in without]])


TEXT = {"words": 9, "stored": 9, "sampled": False}


def test_more_rows_than_one_message_takes_are_all_written(desk: Desk) -> None:
    rows = [(number, 1) for number in range(1_203)]
    with desk.database.writing() as connection:
        connection.execute(insert(fingerprints).values(id=1, text_hash="text", **TEXT))
        insert_rows(connection, (shingles.c.shingle, shingles.c.fingerprint_id), rows)
        assert list(connection.execute(select(shingles.c.shingle)).scalars()) == list(range(1_203))


def test_new_numbers_are_those_that_the_table_would_give(desk: Desk) -> None:
    columns = (fingerprints.c.id, fingerprints.c.text_hash, *(fingerprints.c[key] for key in TEXT))
    with desk.database.writing() as connection:
        for count in (1, 3):
            numbers = new_numbers(connection, fingerprints, count)
            insert_rows(connection, columns, [(number, f"text {number}", *TEXT.values()) for number in numbers])
        connection.execute(insert(fingerprints).values(text_hash="another", **TEXT))
        given = list(connection.execute(select(fingerprints.c.id).order_by(fingerprints.c.id)).scalars())
    assert given == list(range(given[0], given[0] + 5))

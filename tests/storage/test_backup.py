"""Backups: the same file fills SQLite and PostgreSQL, and what it fills is equal."""

import gzip
import json
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from tests.storage.building import NOW, STORY, Desk, alert, reading
from tests.storage.conftest import KINDS, NewDatabase
from watchers.errors import CannotRun
from watchers.models import Item
from watchers.slots import Due
from watchers.storage import backup, known, outbox, sending
from watchers.storage.database import Database
from watchers.storage.outbox import Address
from watchers.stories.corpus import KnownText


def rows_of(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return file.read().rstrip("\n").split("\n")[1:]


def fill(desk: Desk) -> None:
    """Something in most tables, and a digest whose members point at it."""
    desk.write(known.add, desk.id, [KnownText(title="Known for long to everyone")], origin="seed", now=NOW)
    desk.show(Item(title="Quay goes dark", url="https://courier.example/quay", published=NOW, summary="Ünï\u2028cøde"))
    desk.bring(reading(), item=desk.unread()[0])
    desk.bring(reading(body=STORY.replace("Monday", "Tuesday")))
    desk.bring(reading(title="", url=None, outlet="Bürgerblatt 🐑"))
    for number in range(3):
        address = Address(channel_id=desk.channel("team"), due=Due(NOW, "daily"), mentions=("123",))
        desk.write(outbox.tell, desk.id, alert(f"story.new:9{number}"), [address], now=NOW)
    desk.write(sending.collect, desk.channel("team"), now=NOW, burst=10)


@pytest.mark.parametrize("other", KINDS)
def test_a_backup_restores_equal_into_either_database(
    desk: Desk, tmp_path: Path, new_database: NewDatabase, other: str
) -> None:
    fill(desk)
    first = backup.write_backup(desk.database, tmp_path / "first", NOW)
    with Database(new_database(other, empty=True)) as target:
        assert backup.restore(target, first) == len(rows_of(first))
        second = backup.write_backup(target, tmp_path / "second", NOW)
    assert rows_of(second) == rows_of(first)


def test_a_restored_desk_goes_on_with_ids_of_its_own(
    desk: Desk, tmp_path: Path, kind: str, new_database: NewDatabase
) -> None:
    fill(desk)
    file = backup.write_backup(desk.database, tmp_path, NOW)
    with Database(new_database(kind, empty=True)) as target:
        backup.restore(target, file)
        restored = Desk(target)
        placed = restored.bring(reading(title="Sheep", body="Sheep and harbor cameras.", url="https://b.example/2"))
    assert placed.saved.is_new


def test_a_restored_desk_tells_nothing_twice(desk: Desk, tmp_path: Path, kind: str, new_database: NewDatabase) -> None:
    desk.bring(reading())
    file = backup.write_backup(desk.database, tmp_path, NOW)
    with Database(new_database(kind, empty=True)) as target:
        backup.restore(target, file)
        (placed,) = Desk(target).bring(reading(url="https://b.example/2", outlet="B")).placed
    assert not placed.alerted


def test_a_database_that_holds_anything_is_not_restored_into(desk: Desk, tmp_path: Path) -> None:
    file = backup.write_backup(desk.database, tmp_path, NOW)
    with pytest.raises(CannotRun, match="not empty"):
        backup.restore(desk.database, file)


@pytest.mark.usefixtures("url")  # a database of its own: its tables are changed
def test_a_database_of_an_older_schema_can_be_saved_before_it_is_upgraded(desk: Desk, tmp_path: Path) -> None:
    desk.write(lambda connection: connection.execute(text("ALTER TABLE articles DROP COLUMN image")))
    desk.write(lambda connection: connection.execute(text("ALTER TABLE channels ADD COLUMN color VARCHAR(8)")))
    rows = [json.loads(line) for line in rows_of(backup.write_backup(desk.database, tmp_path, NOW))]
    assert all("color" in row for table, row in rows if table == "channels")


def test_a_row_of_an_unknown_table_undoes_the_whole_restore(
    desk: Desk, tmp_path: Path, kind: str, new_database: NewDatabase
) -> None:
    file = backup.write_backup(desk.database, tmp_path, NOW)
    odd = tmp_path / "odd.jsonl.gz"
    with gzip.open(file, "rt") as good, gzip.open(odd, "wt") as bad:
        bad.write(good.read() + '["nowhere", {}]\n')
    with Database(new_database(kind, empty=True)) as target:
        with pytest.raises(CannotRun, match="damaged"):
            backup.restore(target, odd)
        assert backup.restore(target, file) > 0


def test_only_a_whole_backup_appears_under_its_name(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    path = backup.write_backup(database, folder, NOW)
    assert list(folder.iterdir()) == [path]


def test_a_backup_that_is_broken_off_leaves_nothing_behind(database: Database, tmp_path: Path) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(CannotRun, match="broken off"):
        backup.write_backup(database, tmp_path / "backups", NOW, stop=stop)
    assert list((tmp_path / "backups").iterdir()) == []


def test_two_backups_of_one_second_are_both_made(database: Database, tmp_path: Path) -> None:
    class Meanwhile(Event):
        """Asked for each line: another program makes its own then."""

        def is_set(self) -> bool:
            assert backup.write_backup(database, tmp_path, NOW).exists()
            return False

    path = backup.write_backup(database, tmp_path, NOW, stop=Meanwhile())
    assert list(tmp_path.glob("wiredesk-*")) == [path]


def test_a_folder_that_cannot_be_written_is_told(database: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CannotRun, match="can't be written"):
        backup.write_backup(database, tmp_path / "file", NOW)


def test_the_newest_backup_is_known_and_the_oldest_are_pruned(tmp_path: Path) -> None:
    assert backup.newest(tmp_path) is None
    for day in range(1, 6):
        (tmp_path / f"wiredesk-2026030{day}T033000Z.jsonl.gz").touch()
    backup.prune(tmp_path, 2)
    assert sorted(path.name[9:17] for path in tmp_path.iterdir()) == ["20260304", "20260305"]
    newest = backup.newest(tmp_path)
    assert newest is not None
    assert newest.name.startswith("wiredesk-20260305")

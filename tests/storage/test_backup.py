"""Backups: the same file fills SQLite and PostgreSQL, and what it fills is equal."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from tests.storage.building import NOW, STORY, Desk, alert, reading
from tests.storage.conftest import KINDS, NewDatabase
from watchers.errors import CannotRun
from watchers.models import Item
from watchers.slots import Due
from watchers.storage import backup, known, migrate, outbox, sending
from watchers.storage.database import Database
from watchers.storage.outbox import Address
from watchers.stories.corpus import KnownText


def lines_of(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return file.read().rstrip("\n").split("\n")


def rows_of(path: Path) -> list[str]:
    """Without the header and the line of counts."""
    return lines_of(path)[1:-1]


def written(path: Path, lines: list[str]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    return path


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
    desk.write(lambda connection: connection.execute(text(f"UPDATE {migrate.TABLE} SET version_num = '0000'")))
    rows = [json.loads(line) for line in rows_of(backup.write_backup(desk.database, tmp_path, NOW))]
    assert all("color" in row for table, row in rows if table == "channels")


def test_a_row_of_an_unknown_table_undoes_the_whole_restore(
    desk: Desk, tmp_path: Path, kind: str, new_database: NewDatabase
) -> None:
    file = backup.write_backup(desk.database, tmp_path, NOW)
    lines = lines_of(file)
    odd = written(tmp_path / "odd.jsonl.gz", [*lines[:-1], '["nowhere", {}]', lines[-1]])
    with Database(new_database(kind, empty=True)) as target:
        with pytest.raises(CannotRun, match="damaged"):
            backup.restore(target, odd)
        assert backup.restore(target, file) > 0


DAMAGES: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "half": (lambda lines: lines[: len(lines) // 2], r"not whole \(its end is missing"),
    "without its end": (lambda lines: lines[:-1], r"not whole \(its end is missing"),
    "without its last row": (lambda lines: [*lines[:-2], lines[-1]], r"not whole \(\d+ of \d+ rows\)"),
    "without a table": (lambda lines: [line for line in lines if not line.startswith('["channels"')], "damaged"),
    "with more": (lambda lines: [*lines, lines[-2]], "damaged"),
    "with a row twice": (lambda lines: [*lines[:-1], lines[-2], lines[-1]], "damaged"),
}


def test_a_backup_that_lost_lines_is_refused_and_the_database_stays_empty(
    desk: Desk, tmp_path: Path, kind: str, new_database: NewDatabase
) -> None:
    fill(desk)
    file = backup.write_backup(desk.database, tmp_path / "whole", NOW)
    lines = lines_of(file)
    with Database(new_database(kind, empty=True)) as target:
        for name, (left, told) in DAMAGES.items():
            cut = written(tmp_path / f"{name}.jsonl.gz", left(lines))
            with pytest.raises(CannotRun, match=told):
                backup.restore(target, cut)
        assert backup.restore(target, file) == len(rows_of(file))


def test_an_older_backup_without_counts_is_restored_with_a_warning(
    desk: Desk, tmp_path: Path, kind: str, new_database: NewDatabase
) -> None:
    fill(desk)
    file = backup.write_backup(desk.database, tmp_path / "new", NOW)
    header = json.loads(lines_of(file)[0]) | {"format": "wiredesk-backup-1"}
    older = written(tmp_path / "older.jsonl.gz", [json.dumps(header), *rows_of(file)])
    for each, warnings in ((file, 0), (older, 1)):
        with Database(new_database(kind, empty=True)) as target, capture_logs() as logged:
            assert backup.restore(target, each) == len(rows_of(file))
        assert len([line for line in logged if line["log_level"] == "warning"]) == warnings


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

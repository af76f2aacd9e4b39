"""`wiredesk db`, and what a damaged database does to the other commands."""

import gzip
import json
from pathlib import Path

import pytest

from tests.bot.cli.commanding import Commands
from watchers.storage import migrate


def backed_up(wiredesk: Commands) -> Path:
    wiredesk("apply")
    return Path(wiredesk("db", "backup", "--json").line["file"])


def test_a_backup_restores_into_a_fresh_data_folder(fresh: Commands) -> None:
    fresh("apply")
    fresh("watch", "add", "sheep", "sheep", "--channel", "newsroom")
    file = backed_up(fresh)
    elsewhere = {"WIREDESK_DATA": str(fresh.folder / "new")}
    assert fresh("db", "restore", str(file), "--json", **elsewhere).line["rows"] > 0
    for command in (("export",), ("watch", "list", "--json"), ("corpus", "list", "--json")):
        assert fresh(*command, **elsewhere).stdout == fresh(*command).stdout


def test_a_backup_is_kept_beside_the_database(wiredesk: Commands) -> None:
    assert backed_up(wiredesk).parent == wiredesk.data / "backups"


def test_restoring_over_a_desk_is_refused_and_changes_nothing(wiredesk: Commands) -> None:
    file = backed_up(wiredesk)
    wiredesk("watch", "add", "sheep", "sheep", "--channel", "newsroom")
    said = wiredesk("db", "restore", str(file))
    assert said.code == 1
    assert "not empty" in said.told
    assert len(wiredesk("watch", "list", "--json").lines) == 2


def test_what_is_no_backup_ends_with_2(fresh: Commands) -> None:
    (fresh.folder / "notes.txt").write_text("no backup")
    for name in ("notes.txt", "nowhere.gz"):
        assert fresh("db", "restore", str(fresh.folder / name)).code == 2


def test_a_damaged_backup_leaves_the_database_empty(wiredesk: Commands) -> None:
    file = backed_up(wiredesk)
    cut = wiredesk.folder / "cut.jsonl.gz"
    cut.write_bytes(file.read_bytes()[:-200])
    elsewhere = {"WIREDESK_DATA": str(wiredesk.folder / "new")}
    said = wiredesk("db", "restore", str(cut), **elsewhere)
    assert said.code == 1
    assert "damaged" in said.told
    assert wiredesk("db", "restore", str(file), **elsewhere).code == 0


def test_a_backup_of_a_newer_wiredesk_is_refused(fresh: Commands) -> None:
    file = fresh.folder / "newer.jsonl.gz"
    header = {"format": "wiredesk-backup-1", "schema": "9999", "made_at": "2030-01-01T00:00:00+00:00"}
    with gzip.open(file, "wt") as lines:
        lines.write(json.dumps(header) + "\n")
    said = fresh("db", "restore", str(file))
    assert said.code == 1
    assert "newer" in said.told


def test_an_empty_database_has_no_backup(fresh: Commands) -> None:
    assert fresh("db", "backup").code == 1


def test_upgrade_says_where_the_database_is(fresh: Commands) -> None:
    first, second = (fresh("db", "upgrade", "--json").line for _ in range(2))
    assert first == {"schema": migrate.head(), "upgraded": True, "backup": None}
    assert second["upgraded"] is False


def damage(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    match how:
        case "head":
            data[:100] = bytes(100)
        case "cut":
            del data[len(data) // 2 :]
        case _:
            data[len(data) // 4 : -len(data) // 4] = b"\xa5" * (len(data[len(data) // 4 : -len(data) // 4]))
    path.write_bytes(data)


@pytest.mark.parametrize("how", ["head", "cut", "middle"])
def test_hard_case_90_a_run_on_a_damaged_database_names_the_newest_backup(wiredesk: Commands, how: str) -> None:
    backed_up(wiredesk)
    newest = wiredesk.data / "backups" / "wiredesk-20990101T000000Z.jsonl.gz"
    newest.write_bytes(b"")
    damage(wiredesk.data / "wiredesk.sqlite3", how)
    said = wiredesk("run", "--once", "--json")
    assert said.code == 1
    assert "the database is damaged" in said.told
    assert str(newest) in said.told


def test_hard_case_90_without_a_backup_it_says_so(wiredesk: Commands) -> None:
    wiredesk("apply")
    damage(wiredesk.data / "wiredesk.sqlite3", "head")
    said = wiredesk("watch", "list")
    assert said.code == 1
    assert "there is no backup" in said.told


def test_a_data_folder_that_cannot_be_made_ends_with_1(fresh: Commands) -> None:
    (fresh.folder / "data").write_text("a file where the folder should be")
    said = fresh("db", "upgrade")
    assert said.code == 1
    assert "WIREDESK_DATA" in said.told

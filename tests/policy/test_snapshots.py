"""Pages as they were fetched: kept once, whole, whoever else keeps the same."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from watchers.errors import CannotRun
from watchers.policy.snapshots import Snapshots

BODY = b"<p>No camera may look into a window.</p>"


def test_a_body_is_kept_once_and_read_again(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path / "snapshots")
    assert snapshots.keep(BODY) == snapshots.keep(BODY)
    assert len(list((tmp_path / "snapshots").iterdir())) == 1
    assert snapshots.read(snapshots.keep(BODY)) == BODY


def test_one_that_is_gone_is_none(tmp_path: Path) -> None:
    assert Snapshots(tmp_path).read("0123.gz") is None


def test_two_sources_may_show_one_body_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshots, rename = Snapshots(tmp_path), Path.rename

    def kept_by_another_first(self: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        assert snapshots.keep(BODY) == target.name
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", kept_by_another_first)
    assert snapshots.read(snapshots.keep(BODY)) == BODY
    assert len(list(tmp_path.iterdir())) == 1


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-12])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def overwritten(path: Path) -> None:
    path.write_bytes(b"\x00" * 64)


def with_another_byte(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(whole)


@pytest.mark.parametrize("spoil", [torn, emptied, overwritten, with_another_byte])
def test_one_that_is_not_whole_is_as_one_that_is_gone_and_is_kept_anew(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    snapshots = Snapshots(tmp_path)
    name = snapshots.keep(BODY)
    spoil(tmp_path / name)
    assert snapshots.read(name) is None
    assert snapshots.read(snapshots.keep(BODY)) == BODY


def test_a_body_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[tuple[list[str], int]] = []
    fsync = os.fsync

    def seen(file: int) -> None:
        fsync(file)
        flushed.append((sorted(path.suffix for path in tmp_path.iterdir()), os.fstat(file).st_size))

    monkeypatch.setattr(os, "fsync", seen)
    name = Snapshots(tmp_path).keep(BODY)
    assert [suffixes for suffixes, _ in flushed] == [[".part"], [".gz"]]
    assert flushed[0][1] == (tmp_path / name).stat().st_size


def test_hard_case_87_a_full_disk_ends_the_desk_with_what_to_do_and_leaves_no_half_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotRun, match="the disk is full: free some space"):
        Snapshots(tmp_path).keep(BODY)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_t_be_written_ends_the_desk_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("a file")
    with pytest.raises(
        CannotRun, match=r"snapshots: pages can't be kept there .*: see that it can be read and written"
    ):
        Snapshots(tmp_path / "snapshots").keep(BODY)

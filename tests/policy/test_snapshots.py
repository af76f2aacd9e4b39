"""Pages as they were fetched: kept once, whole, whoever else keeps the same."""

from pathlib import Path

import pytest

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

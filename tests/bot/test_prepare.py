"""What stands ready before anything runs: the watch list's rows, and the seed corpus, whatever broke in between."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import prepare
from bot.prepare import apply_file, load_seeds, opened, upgraded
from config.settings import Settings, load_settings
from watchers.storage import known, meta, watchlist

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUAY = "The eastern quay goes dark after a vote of the commission"
BAND = "A brass band plays on while the commissioners go home"
LONG = "The harbor cameras are switched off " * 20


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "watchlist.yaml").write_text(json.dumps({"version": 1, "channels": {"newsroom": {"kind": "terminal"}}}))
    return load_settings(
        {"WIREDESK_DATA": str(tmp_path / "data"), "WIREDESK_WATCHLIST": str(tmp_path / "watchlist.yaml")}
    )


def corpus(folder: Path, *titles: str) -> Path:
    path = folder / "corpus.jsonl"
    path.write_text("".join(json.dumps({"title": title}) + "\n" for title in titles))
    return path


def titles(settings: Settings, seeds: Path) -> list[str | None]:
    with opened(settings, NOW, seeds=seeds) as database, database.reading() as connection:
        desk = watchlist.desk_id(connection)
        assert desk is not None
        return [story.title for story in known.every(connection, desk)]


def test_a_corpus_whose_loading_was_broken_off_is_loaded_at_the_next_start(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    seeds = corpus(tmp_path, QUAY)
    with upgraded(settings, NOW) as database:
        apply_file(database, settings.watchlist, now=NOW)
        with monkeypatch.context() as patched:
            patched.setattr(meta, "put", killed)
            with pytest.raises(KeyboardInterrupt):
                load_seeds(database, seeds, NOW)
    assert titles(settings, seeds) == [QUAY]


def test_a_newer_corpus_adds_what_is_new_in_it(settings: Settings, tmp_path: Path) -> None:
    assert titles(settings, corpus(tmp_path, QUAY, LONG)) == [QUAY, LONG.strip()]
    newer = corpus(tmp_path, QUAY, LONG, BAND, "?!")
    assert titles(settings, newer) == [QUAY, LONG.strip(), BAND]


def test_a_corpus_that_was_loaded_is_not_read_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = corpus(tmp_path, QUAY)
    titles(settings, seeds)
    monkeypatch.delattr(prepare, "read_corpus")
    assert titles(settings, seeds) == [QUAY]

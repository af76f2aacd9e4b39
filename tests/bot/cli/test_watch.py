"""`wiredesk watch …`: trying queries out, and keeping them."""

import json
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import app
from bot.cli.queries import pointed
from tests.bot.cli.commanding import Commands, item, rss
from tests.bot.cli.test_extract import PAGE
from tests.fakes.web import Web

EVIDENCE_KEYS = ["term", "field", "paragraph", "start", "end", "text"]


def spans(article: dict[str, Any], line: dict[str, Any]) -> list[str]:
    """What the evidence points at, cut from the very strings that were given."""
    return [article[evidence["field"]][evidence["start"] : evidence["end"]] for evidence in line["evidence"]]


# ── test ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "article",
    [
        {"url": "https://a.example/1", "title": "Cameras off", "text": "One.\n\nThe PPD lost its cámeras."},
        {"title": "", "text": "\r\n\r\n  The PPD’s camera\u2028 and\u0085 more \U0001f4f7 cameras"},
        {"title": "e\u0301tude \ud800 camera", "text": "Port\u00a0Police", "outlet": "Courier", "language": "en"},
        {"title": "ﬁne ß Camera", "text": None, "byline": "PPD"},
    ],
)
def test_evidence_points_into_the_strings_as_they_were_given(fresh: Commands, article: dict[str, Any]) -> None:
    line = fresh("watch", "test", "camera* OR @port", "--file", "-", "--json", stdin=json.dumps(article) + "\n").line
    assert list(line) == ["url", "title", "matched", "evidence"]
    assert (line["url"], line["title"], line["matched"]) == (article.get("url"), article["title"], True)
    assert all(list(evidence) == EVIDENCE_KEYS for evidence in line["evidence"])
    assert spans(article, line) == [evidence["text"] for evidence in line["evidence"]]
    assert all(evidence["paragraph"] is None for evidence in line["evidence"] if evidence["field"] == "title")


def test_each_article_of_a_file_has_its_line(fresh: Commands, tmp_path: Path) -> None:
    articles: list[dict[str, Any]] = [
        {"title": "Camera", "text": "of the PPD"}, {"title": "Camera"}, {}, {"text": "PPD camera", "outlet": "Courier"},
    ]  # fmt: skip
    (tmp_path / "articles.jsonl").write_text("\n\n".join(json.dumps(article) for article in articles))
    lines = fresh("watch", "test", "camera AND @port", "--file", str(tmp_path / "articles.jsonl"), "--json").lines
    assert [line["matched"] for line in lines] == [True, False, False, True]


def test_outlet_and_language_of_an_article_count(fresh: Commands) -> None:
    article = json.dumps({"title": "Camera", "outlet": "Harbor Courier", "language": "en-US"})
    for query, matched in (("outlet:courier AND camera", True), ("lang:de AND camera", False)):
        assert fresh("watch", "test", query, "--file", "-", "--json", stdin=article).line["matched"] is matched


def test_a_text_is_matched_whole_without_a_title(fresh: Commands, tmp_path: Path) -> None:
    text = "Cameras off\r\n\r\nThe PPD’s cámera."
    (tmp_path / "story.txt").write_bytes(text.encode())
    line = fresh("watch", "test", "@port", "--file", str(tmp_path / "story.txt"), "--json").line
    (evidence,) = line["evidence"]
    assert line["title"] == ""
    assert (evidence["field"], evidence["paragraph"], text[evidence["start"] : evidence["end"]]) == ("text", 2, "PPD")


def test_a_page_is_matched_as_it_is_extracted(fresh: Commands, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    article = fresh("extract", str(tmp_path / "page.html"), "--json").line
    line = fresh("watch", "test", "quay AND outlet:courier", "--file", str(tmp_path / "page.html"), "--json").line
    assert line["matched"]
    assert line["url"] == article["canonical_url"]
    assert {span.casefold() for span in spans(article, line)} == {"quay"}


def test_every_line_that_is_no_article_is_named(fresh: Commands, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text('{"title": "Camera"}\n[1]\n{"title": 3}\n{"text": \n')
    said = fresh("watch", "test", "camera", "--file", str(file), "--json")
    assert (said.code, said.stdout) == (2, "")
    assert [line.partition(": ")[0] for line in said.told.splitlines()] == [f"{file}:{number}" for number in (2, 3, 4)]


def test_the_desks_entities_are_known_without_a_database_and_none_is_made(fresh: Commands) -> None:
    assert fresh("watch", "test", "@port", "--file", "-", "--json", stdin="PPD").line["matched"]
    assert not fresh.data.exists()


def test_a_wrong_query_is_shown_with_a_caret_under_its_column(fresh: Commands) -> None:
    said = fresh("watch", "test", "camera AND police drones", "--file", "-", stdin="PPD")
    assert said.code == 2
    reason, query, caret = said.told.splitlines()
    assert "column 19" in reason
    assert query[caret.index("^") :] == "drones"


def test_what_the_desk_has_read_is_tried_by_days(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", rss(item(1, "Cameras off", "By the PPD."), item(2, "Band plays")))
    wiredesk.sources["courier"] = {"url": web.url("/feed"), "read": "never"}
    wiredesk("run", "--once")
    lines = wiredesk("watch", "test", "cameras", "--days", "1", "--json").lines
    assert {line["title"]: line["matched"] for line in lines} == {"Cameras off": True, "Band plays": False}
    assert "1 of 2 articles match" in wiredesk("watch", "test", "cameras").stdout


def test_a_desk_that_has_read_nothing_finds_nothing(fresh: Commands) -> None:
    said = fresh("watch", "test", "cameras", "--days", "3", "--json")
    assert (said.code, said.stdout) == (0, "")
    assert not fresh.data.exists()


def test_an_article_of_the_web_is_refused_with_a_way_that_works(fresh: Commands, web: Web, tmp_path: Path) -> None:
    web.serve("/quay", PAGE.encode())
    refused = fresh("watch", "test", "quay", "--file", web.url("/quay"))
    assert refused.code == 2
    assert refused.told.endswith("wiredesk extract ADDRESS --json > article.jsonl, and name that file")

    (tmp_path / "article.jsonl").write_text(fresh("extract", web.url("/quay"), "--json").stdout)
    assert fresh("watch", "test", "quay", "--file", str(tmp_path / "article.jsonl"), "--json").line["matched"]
    assert "http" not in fresh("watch", "test", "quay", "--file", "nowhere.txt").told


@pytest.mark.parametrize("options", [["--file", "nowhere.txt"], ["--file", "-", "--days", "2"], ["--days", "0"]])
def test_wrong_options_are_exit_2(fresh: Commands, options: list[str]) -> None:
    assert fresh("watch", "test", "camera", *options).code == 2


def test_people_see_the_words_in_their_sentence(fresh: Commands) -> None:
    said = fresh("watch", "test", "camera*", "--file", "-", stdin="The cameras\x1b[31m went dark. A band played.")
    assert "paragraph 1: The **cameras** went dark." in said.stdout
    assert "1 of 1 article matches" in said.stdout


def test_a_progress_bar_leaves_the_json_on_standard_output(
    fresh: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles, printed = tmp_path / "articles.jsonl", tmp_path / "printed"
    articles.write_text('{"title": "Camera"}\n' * 3)
    for name, value in {**fresh.variables, "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    reader, terminal = os.openpty()
    with os.fdopen(terminal, "w") as screen, redirect_stderr(screen), printed.open("w") as file, redirect_stdout(file):
        app(["watch", "test", "camera", "--file", str(articles), "--json"], standalone_mode=False)
    assert [json.loads(line)["matched"] for line in printed.read_text().splitlines()] == [True, True, True]
    with os.fdopen(reader, "rb") as shown:
        assert "Matching" in shown.read1().decode()


# ── the caret ────────────────────────────────────────────────────────────────────────────────────────────

LETTERS = st.text('ab ("日\t\n', min_size=1, max_size=200)


@given(st.data())
def test_the_caret_stands_under_the_column_of_the_line(data: st.DataObject) -> None:
    query = data.draw(LETTERS)
    column = data.draw(st.integers(1, len(query) + 1))
    shown, caret = pointed(query, column)
    assert "\n" not in shown
    under = caret.index("^")
    cells = [letter for letter in shown for _ in range(2 if letter == "日" else 1)]
    wanted = query[column - 1 : column]
    if wanted in {"", "\n"}:
        assert under == len(cells)
    else:
        assert cells[under] == (" " if wanted == "\t" else wanted)


# ── list, add, pause, remove ─────────────────────────────────────────────────────────────────────────────


def test_watches_are_listed_with_routes_and_matches(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", rss(item(1, "Cameras off", "By the PPD.")))
    wiredesk.sources["courier"] = {"url": web.url("/feed"), "read": "never"}
    wiredesk("run", "--once")
    assert wiredesk("watch", "list", "--json").line == {
        "name": "cameras",
        "query": "camera* AND @port",
        "tags": [],
        "sources": None,
        "routes": [{"channel": "newsroom", "when": "now", "mention": None, "quiet": None}],
        "state": "active",
        "reason": None,
        "matches": 1,
        "origin": "file",
    }


def test_an_added_watch_is_heard_by_the_next_run(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", rss(item(1, "Band plays")))
    wiredesk.sources["courier"] = {"url": web.url("/feed"), "read": "never", "tags": ["local"]}
    options = ["--when", "now", "--mention", "42", "--quiet", "02:00-02:01", "--tag", "music", "--source", "local"]
    added = wiredesk("watch", "add", "music", "band", "--channel", "newsroom", *options, "--json").line
    told = wiredesk("run", "--once", "--at", "2026-03-02T20:00:00Z", "--json").lines
    assert added["routes"] == [{"channel": "newsroom", "when": "now", "mention": "42", "quiet": "02:00-02:01"}]
    assert (added["tags"], added["sources"], added["origin"]) == (["music"], ["local"], "desk")
    assert [line["watches"] for line in told if line["event"] == "delivered"] == [["music"]]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["music", "band plays"], "column 6"),
        (["music", "@band"], "no entity @band"),
        (["music", "band", "--channel", "newsrom"], "did you mean newsroom?"),
        (["music", "band", "--source", "local"], "local"),
        (["music", "band", "--mention", "@everyone"], "--mention"),
        (["music", "band", "--quiet", "late"], "--quiet"),
        (["music", "band", "--when", "weekly"], "weekly"),
        (["two words", "band"], "not a name"),
        (["cameras", "band"], "cameras"),
    ],
)
def test_what_cant_be_a_watch_is_said(wiredesk: Commands, arguments: list[str], reason: str) -> None:
    said = wiredesk("watch", "add", *arguments, "--channel", "newsroom")
    assert said.code == 2
    assert reason in said.told


def test_a_watch_without_a_channel_is_refused(wiredesk: Commands) -> None:
    assert wiredesk("watch", "add", "music", "band").code == 2


def test_a_paused_watch_hears_nothing(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", rss(item(1, "Cameras off", "By the PPD.")))
    wiredesk.sources["courier"] = {"url": web.url("/feed"), "read": "never"}
    wiredesk("watch", "pause", "cameras")
    assert wiredesk("run", "--once", "--json").lines[-1]["matched"] == 0
    assert wiredesk("watch", "resume", "cameras", "--json").line["state"] == "active"


def test_an_adopted_watch_outlives_its_entry_in_the_file(wiredesk: Commands) -> None:
    wiredesk("watch", "adopt", "cameras")
    wiredesk.watches = {}
    wiredesk("run", "--once")
    line = wiredesk("watch", "list", "--json").line
    assert (line["name"], line["state"], line["origin"]) == ("cameras", "active", "desk")

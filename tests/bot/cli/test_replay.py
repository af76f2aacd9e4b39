"""`wiredesk replay`: each line of a file as the desk would have decided it, in order, by the file's own clock."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bot.cli.commanding import Commands
from tests.storage.building import PARAGRAPHS, STORY
from watchers.errors import ConfigError
from watchers.replaying import read_lines

KEYS = {"line", "url", "decision", "story", "of", "watches", "score", "hint"}
OTHER = (
    "A flock of four hundred sheep crossed the old bridge on Sunday morning, on its way to the summer pastures above "
    "the lake, while the bus to the valley waited for half an hour and nobody on board seemed to mind in the least."
)


def article(text: str = STORY, **changes: Any) -> dict[str, Any]:
    made = {"url": "https://courier.example/quay", "title": "Quay goes dark", "text": text}
    return {**made, "published": "2026-03-02T12:00:00Z", "outlet": "Courier", **changes}


def file_of(folder: Path, *articles: dict[str, Any]) -> str:
    path = folder / "articles.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in articles))
    return str(path)


def replayed(wiredesk: Commands, *articles: dict[str, Any], options: tuple[str, ...] = ("--all",)) -> list[Any]:
    return wiredesk("replay", file_of(wiredesk.folder, *articles), *options, "--json").lines


def test_every_line_has_every_key_and_the_last_one_counts_the_stories(fresh: Commands) -> None:
    *lines, last = replayed(fresh, article(), article(OTHER, url="https://b.example/2", title="Sheep cross a bridge"))
    assert [line.keys() for line in lines] == [KEYS, KEYS]
    assert [(line["line"], line["decision"], line["watches"]) for line in lines] == [
        (1, "new", ["all"]),
        (2, "new", ["all"]),
    ]
    assert last == {"event": "stories", "stories": 2, "merged": 0}


def test_a_dash_reads_standard_input_as_it_would_a_file(fresh: Commands) -> None:
    given = "".join(json.dumps(each) + "\n" for each in (article(), article(OTHER, url=None, title="Sheep")))
    lines = fresh("replay", "-", "--all", "--json", stdin=given).lines
    assert [(line.get("line"), line.get("decision")) for line in lines] == [(1, "new"), (2, "new"), (None, None)]
    refused = fresh("replay", "-", "--all", stdin=given + "no json\n")
    assert (refused.code, refused.told.partition(" ")[0]) == (2, "-:3:")


@pytest.mark.parametrize("options", [("--json",), ()])
def test_where_there_is_no_terminal_nothing_stands_beside_the_answer(fresh: Commands, options: tuple[str, ...]) -> None:
    assert fresh("replay", file_of(fresh.folder, article()), "--all", *options).told == ""


def test_a_copy_names_the_nearest_member_and_its_story(fresh: Commands) -> None:
    first, copy, _ = replayed(fresh, article(), article(url="https://b.example/2", outlet="B"))
    assert (copy["decision"], copy["story"], copy["of"]) == ("copy", first["story"], "https://courier.example/quay")
    assert copy["score"] == 1.0


def test_a_copy_of_an_article_without_an_address_names_its_title(fresh: Commands) -> None:
    _, copy, _ = replayed(fresh, article(url=None), article(url="https://b.example/2", outlet="B"))
    assert (copy["decision"], copy["of"]) == ("copy", "Quay goes dark")


def test_a_changed_text_is_a_revision_in_its_story(fresh: Commands) -> None:
    first, again, _ = replayed(fresh, article(), article(STORY.replace("Monday", "Tuesday")))
    assert (again["decision"], again["story"], again["of"]) == ("revision", first["story"], again["url"])
    assert again["score"] is None


def test_the_same_line_again_is_a_copy_of_itself(fresh: Commands) -> None:
    first, again, last = replayed(fresh, article(), article())
    assert (again["decision"], again["story"], again["of"]) == ("copy", first["story"], first["url"])
    assert last["stories"] == 1


def test_the_same_line_without_an_address_is_the_same_article(fresh: Commands) -> None:
    first, again, _ = replayed(fresh, article(url=None), article(url=None))
    assert (again["decision"], again["story"], again["url"]) == ("copy", first["story"], None)


def test_an_address_of_any_scheme_is_an_identity_as_it_is(fresh: Commands) -> None:
    lines = replayed(fresh, article(url="ecbplus:1/2"), article(OTHER, url="ecbplus:1/3", title=""))
    assert [line["url"] for line in lines[:2]] == ["ecbplus:1/2", "ecbplus:1/3"]
    assert [line["decision"] for line in lines[:2]] == ["new", "new"]


def test_a_query_is_one_watch_and_what_it_does_not_name_is_unmatched(fresh: Commands) -> None:
    sheep = article(OTHER, url="https://b.example/2", title="Sheep cross a bridge")
    named, other, _ = replayed(fresh, article(), sheep, options=("--query", '"harbor cameras"'))
    assert (named["decision"], named["watches"]) == ("new", ["query"])
    assert (other["decision"], other["watches"], other["story"]) == ("unmatched", [], None)


def test_a_query_may_name_the_watch_lists_entities(fresh: Commands) -> None:
    named, _ = replayed(fresh, article("The Port Police bought cameras."), options=("--query", "@port"))
    assert named["decision"] == "new"


def test_without_watches_the_settings_watch_list_is_asked(fresh: Commands) -> None:
    named, _ = replayed(fresh, article("The PPD bought cameras."), options=())
    assert named["watches"] == ["cameras"]


def test_a_watch_list_file_is_asked_without_its_paused_watches(fresh: Commands) -> None:
    path = fresh.folder / "other.yaml"
    path.write_text("{version: 1, watches: {sheep: {query: sheep}, still: {query: bridge, paused: true}}}")
    line, _ = replayed(fresh, article(OTHER), options=("--watchlist", str(path)))
    assert line["watches"] == ["sheep"]


def test_a_revision_that_matches_for_the_first_time_is_new(fresh: Commands) -> None:
    options = ("--query", "sheep")
    before, after, _ = replayed(fresh, article("Nothing yet."), article(OTHER), options=options)
    assert (before["decision"], after["decision"]) == ("unmatched", "new")
    assert after["story"] is not None


def test_a_revision_that_no_watch_ever_matched_has_no_story(fresh: Commands) -> None:
    _, after, _ = replayed(fresh, article("Nothing."), article("Nothing yet."), options=("--query", "sheep"))
    assert (after["decision"], after["story"], after["watches"]) == ("revision", None, [])


def test_a_story_of_the_corpus_is_known_also_by_an_excerpt(fresh: Commands) -> None:
    corpus = fresh.folder / "archive.jsonl"
    corpus.write_text(json.dumps({"title": "Quay goes dark", "url": "https://ours.example/quay", "text": STORY}))
    excerpt = article("\n\n".join(PARAGRAPHS[1:3]), url="https://b.example/2", title="What was said at the harbor")
    line, last = replayed(fresh, excerpt, options=("--all", "--corpus", str(corpus)))
    assert (line["decision"], line["of"]) == ("known", "https://ours.example/quay")
    assert line["story"] is not None
    assert line["score"] is None
    assert last["stories"] == 0


def test_a_known_story_without_an_address_is_named_by_its_title(fresh: Commands) -> None:
    corpus = fresh.folder / "archive.jsonl"
    corpus.write_text(json.dumps({"title": "Harbor cameras switched off at last", "text": STORY}))
    line, _ = replayed(fresh, article(), options=("--all", "--corpus", str(corpus)))
    assert line["of"] == "Harbor cameras switched off at last"


def test_the_clock_is_the_latest_time_so_far_and_never_the_machines(fresh: Commands) -> None:
    # Two excerpts under one headline are copies within days, not after a month: by the file's clock.
    late = article("Another sentence.", url="https://b.example/2", outlet="B", published="2026-04-20T12:00:00Z")
    early = article(PARAGRAPHS[0], title="Quay goes dark after the vote")
    again = late | {"title": "Quay goes dark after the vote"}
    assert [line["decision"] for line in replayed(fresh, early, again)[:2]] == ["new", "new"]
    assert replayed(fresh, early, again | {"published": None})[1]["decision"] == "copy"


def test_a_scratch_database_leaves_nothing_behind(fresh: Commands) -> None:
    replayed(fresh, article())
    assert not fresh.data.exists()


def test_a_named_database_keeps_what_is_replayed(fresh: Commands) -> None:
    options = ("--all", "--database", f"sqlite:///{fresh.folder}/kept.sqlite3")
    (first, _), (again, _) = (replayed(fresh, article(), options=options) for _ in range(2))
    assert (again["decision"], again["story"]) == ("copy", first["story"])


def test_a_named_databases_own_desk_is_asked_and_nothing_waits_to_be_sent(wiredesk: Commands) -> None:
    wiredesk("apply")
    options = ("--database", f"sqlite:///{wiredesk.data}/wiredesk.sqlite3")
    line, _ = replayed(wiredesk, article("The PPD bought cameras."), options=options)
    assert (line["decision"], line["watches"]) == ("new", ["cameras"])
    assert wiredesk("outbox", "list", "--json").lines == []


def test_for_people_it_is_a_table_with_a_count(fresh: Commands) -> None:
    said = fresh("replay", file_of(fresh.folder, article()), "--all")
    assert "Quay goes dark" in said.stdout
    assert "1 articles, 1 story." in said.stdout


def test_an_empty_file_has_no_story(fresh: Commands) -> None:
    assert replayed(fresh) == [{"event": "stories", "stories": 0, "merged": 0}]


def test_all_bad_lines_are_told_before_anything_is_replayed(fresh: Commands) -> None:
    bad = [article(published="2026-03-02T12:00:00"), {"url": None}, article(title=3), article(links="x")]
    path = file_of(fresh.folder, article(), *bad)
    with Path(path).open("a") as file:
        file.write("{no json\n[]\n")
    said = fresh("replay", path, "--all", "--json")
    assert said.code == 2
    assert said.stdout == ""
    assert [line.removeprefix(f"{path}:").split(":")[0] for line in said.told.splitlines()] == [*"234567"]
    assert "offset" in said.told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere.jsonl", "--all"), "nowhere.jsonl:1: can't be read"),
        (("FILE", "--all", "--query", "x"), "one of the three"),
        (("FILE", "--query", "a b"), "column"),
        (("FILE", "--query", "@nobody"), "nobody"),
        (("FILE", "--watchlist", "nowhere.yaml"), "nowhere.yaml:1"),
        (("FILE", "--all", "--corpus", "nowhere.txt"), "nowhere.txt:1"),
        (("FILE", "--all", "--database", "mysql://x/y"), "mysql"),
    ],
)
def test_what_is_told_wrongly_ends_with_2_and_says_what(fresh: Commands, arguments: tuple[str, ...], told: str) -> None:
    path = file_of(fresh.folder, article())
    said = fresh("replay", *(path if each == "FILE" else each for each in arguments))
    assert said.code == 2
    assert told in said.told


def test_dirty_texts_and_other_keys_do_no_harm(fresh: Commands) -> None:
    dirty = article("Lone \ud800 surrogate and \x00 nul.\n\n" + STORY, event="x", links=["https://x.example"])
    line, _ = replayed(fresh, dirty | {"language": "en", "byline": "A. Writer"})
    assert line["decision"] == "new"


ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=5), max_size=3)
OBJECTS = st.fixed_dictionaries(dict.fromkeys(("url", "title", "text", "published", "outlet", "links"), ANYTHING))


@given(OBJECTS.map(json.dumps).map(str.encode) | st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b" ")))
def test_any_line_is_an_article_or_a_problem_with_its_place(line: bytes) -> None:
    try:
        told = [f"f:{piece.line}: " for piece in read_lines([line], "f")]
    except ConfigError as error:
        told = list(error.problems)
    assert len(told) == bool(line.strip())
    assert all(each.startswith("f:1: ") for each in told)

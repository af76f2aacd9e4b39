"""`wiredesk corpus`: what the desk knows already, from files, folders and addresses."""

import json

import pytest

from tests.bot.cli.commanding import Commands, item, rss
from tests.fakes.web import Reply, Web
from tests.storage.building import LEAD, STORY

PAGE = f"""<html><head><title>Quay goes dark</title><meta property="og:site_name" content="Harbor Courier"></head>
<body><article><h1>Quay goes dark</h1>{"".join(f"<p>{part}</p>" for part in STORY.split(chr(10) * 2))}</article></body>
</html>"""


def added(wiredesk: Commands, *paths: str) -> dict[str, object]:
    return wiredesk("corpus", "add", *paths, "--json").line


def own(wiredesk: Commands) -> list[dict[str, object]]:
    """The known stories that were added by command."""
    return [line for line in wiredesk("corpus", "list", "--json").lines if line["origin"] != "seed"]


def test_a_new_desk_knows_the_seed_corpus(fresh: Commands) -> None:
    lines = fresh("corpus", "list", "--json").lines
    assert lines
    assert {line["origin"] for line in lines} == {"seed"}
    assert lines[0].keys() == {"id", "title", "url", "outlet", "published", "origin"}


def test_what_is_added_is_listed_with_its_citation(wiredesk: Commands) -> None:
    file = wiredesk.folder / "ours.jsonl"
    url, published = "https://ours.example/quay", "2026-03-02T12:00:00Z"
    told = {"title": "Quay goes dark", "url": url, "text": STORY, "outlet": "Ours", "published": published}
    file.write_text(json.dumps(told))
    assert added(wiredesk, str(file)) == {"read": 1, "added": 1, "problems": 0}
    (line,) = own(wiredesk)
    assert (line["title"], line["url"], line["outlet"], line["published"]) == (
        "Quay goes dark",
        url,
        "Ours",
        published,
    )


def test_what_the_desk_knows_is_not_added_again(wiredesk: Commands) -> None:
    file = wiredesk.folder / "quay.txt"
    file.write_text(f"Quay goes dark\n\n{STORY}")
    added(wiredesk, str(file))
    assert added(wiredesk, str(file))["added"] == 0
    assert len(own(wiredesk)) == 1


def test_a_problem_in_one_file_does_not_stop_the_others(wiredesk: Commands) -> None:
    good, bad = wiredesk.folder / "quay.txt", wiredesk.folder / "bad.jsonl"
    good.write_text(f"Quay goes dark\n\n{STORY}")
    bad.write_text('{"title": "A headline of five words"}\nno json\n')
    said = wiredesk("corpus", "add", str(bad), str(good), str(wiredesk.folder / "nowhere.md"), "--json")
    assert said.code == 0
    assert said.line == {"read": 2, "added": 2, "problems": 2}
    assert "bad.jsonl:2" in said.told
    assert "nowhere.md:1" in said.told


def test_what_a_folder_holds_besides_is_counted_by_its_kind(wiredesk: Commands) -> None:
    folder = wiredesk.folder / "archive"
    for name in ("quay.txt", "a.pdf", "inner/b.DOCX", "inner/c.docx", "README", ".hidden.doc", ".git/config"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"Quay goes dark\n\n{STORY}")
    said = wiredesk("corpus", "add", str(folder))
    assert said.stdout == "1 story read, 1 of them new to the desk.\n"
    assert "archive: 4 files were passed over (2 .docx, 1 without an ending, 1 .pdf): read are .txt" in said.told

    (folder / "quay.txt").unlink()
    said = wiredesk("corpus", "add", str(folder))
    assert said.code == 2
    assert "no known story in it" in said.told


def test_a_folder_of_articles_alone_is_read_without_a_word(wiredesk: Commands) -> None:
    (wiredesk.folder / "archive").mkdir()
    (wiredesk.folder / "archive" / "quay.txt").write_text(STORY)
    assert wiredesk("corpus", "add", str(wiredesk.folder / "archive")).told == ""


def test_where_nothing_can_be_read_it_ends_with_2_and_says_why(wiredesk: Commands) -> None:
    said = wiredesk("corpus", "add", str(wiredesk.folder / "nowhere.txt"))
    assert said.code == 2
    assert "nowhere.txt:1" in said.told


def test_an_article_at_an_address_is_known_by_that_address(wiredesk: Commands, web: Web) -> None:
    web.serve("/quay", Reply(body=PAGE.encode()))
    assert added(wiredesk, web.url("/quay"))["added"] == 1
    (line,) = own(wiredesk)
    assert (line["title"], line["url"]) == ("Quay goes dark", web.url("/quay"))


def test_a_feed_at_an_address_is_known_entry_by_entry(wiredesk: Commands, web: Web) -> None:
    feed = rss(item(1, "Quay goes dark at last", LEAD), item(2, "Sheep cross the old bridge"))
    web.serve("/feed", Reply(body=feed.replace(b"<link>", b"<link>https://courier.example")))
    assert added(wiredesk, web.url("/feed"))["added"] == 2
    assert [line["url"] for line in own(wiredesk)] == ["https://courier.example/a/1", "https://courier.example/a/2"]


def test_a_secret_of_an_address_is_not_kept_with_a_text_that_its_words_tell(wiredesk: Commands, web: Web) -> None:
    secret = web.url("/quay?token=hunter2-of-the-quay")
    for page in (PAGE, PAGE.replace("<title>", f'<link rel="canonical" href="{secret}"><title>Again: ')):
        web.serve("/quay", Reply(body=page.encode()))
        wiredesk("corpus", "add", secret)
    assert {line["url"] for line in own(wiredesk)} == {web.url("/quay?token=***")}
    kept = b"".join(path.read_bytes() for path in wiredesk.folder.rglob("*.sqlite3*"))
    assert b"Quay goes dark" in kept
    assert b"hunter2" not in kept


def test_an_address_that_only_looks_like_a_secret_tells_a_page_of_few_words(wiredesk: Commands, web: Web) -> None:
    web.serve("/news", Reply(body=b"<title>Vote</title><p>The vote is off.</p>"))
    assert added(wiredesk, web.url("/news?code=5"))["added"] == 1


def test_an_empty_name_is_not_this_folder(wiredesk: Commands) -> None:
    said = wiredesk("corpus", "add", "")
    assert said.code == 2
    assert "an empty name" in said.told


@pytest.mark.parametrize(("path", "outcome"), [("/gone", "missing"), ("/broken", "failed"), ("/nothing", "no article")])
def test_an_address_that_gives_nothing_could_not_be_added(
    wiredesk: Commands, web: Web, path: str, outcome: str
) -> None:
    web.serve("/broken", Reply(500))
    web.serve("/nothing", b"<html><body></body></html>")
    said = wiredesk("corpus", "add", web.url(path))
    assert said.code == 1
    assert f"{web.url(path)}:1: {outcome}" in said.told


def test_an_address_that_the_guard_refuses_could_not_be_added(wiredesk: Commands, web: Web) -> None:
    said = wiredesk("corpus", "add", web.url("/quay"), WIREDESK_ALLOW_HOSTS="")
    assert said.code == 1
    assert "refused" in said.told
    assert web.connections == 0


def test_where_a_name_is_wrong_too_that_is_to_be_corrected_first(wiredesk: Commands, web: Web) -> None:
    said = wiredesk("corpus", "add", web.url("/gone"), "nowhere.txt")
    assert said.code == 2
    assert "missing" in said.told
    assert "nowhere.txt:1" in said.told


def test_a_built_corpus_holds_no_text_and_knows_the_same(wiredesk: Commands) -> None:
    file, built = wiredesk.folder / "quay.txt", wiredesk.folder / "built.jsonl"
    file.write_text(f"Quay goes dark\n\n{STORY}")
    assert wiredesk("corpus", "build", str(file), "-o", str(built), "--json").line["stories"] == 1
    assert "commission voted" not in built.read_text()
    assert added(wiredesk, str(built))["added"] == 1
    assert added(wiredesk, str(file))["added"] == 0


def test_building_needs_no_database(fresh: Commands) -> None:
    file = fresh.folder / "quay.txt"
    file.write_text(STORY)
    fresh("corpus", "build", str(file), "-o", str(fresh.folder / "built.jsonl"))
    assert not fresh.data.exists()


def test_a_corpus_file_must_be_called_one(fresh: Commands) -> None:
    assert fresh("corpus", "build", "x.txt", "-o", "built.txt").code == 2


def test_a_corpus_that_cannot_be_written_ends_with_1(fresh: Commands) -> None:
    file = fresh.folder / "quay.txt"
    file.write_text(STORY)
    said = fresh("corpus", "build", str(file), "-o", str(fresh.folder / "nowhere" / "built.jsonl"))
    assert said.code == 1
    assert "can't be written" in said.told

"""Known stories, read from files of every form and written back without their texts."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.stories.corpus import KnownText, dump_corpus, read_corpus
from watchers.stories.corpus_files import FORMS
from watchers.stories.fingerprint import fingerprint

TEXT = (
    "The harbour council voted on Monday to take down the nine cameras at the old gate.\n\n"
    "Members said that nobody had looked at the footage for two years, and that the masts were rusting away."
)
EXCERPT = "Members said that nobody had looked at the footage for two years, and that the masts were rusting away."
FRONT_MATTER = f"""---
category: news
title: "Council Takes Down Harbour Cameras"
excerpt: "{EXCERPT}"
publishedDateTime: 2031-05-05T18:08:00Z
webUrl: "https://ledger.example/harbour-cameras"
ampWebUrl: "https://ledger.example/harbour-cameras?amp=1"
cdnAmpWebUrl: "https://ledger-example.cdn.ampproject.org/c/s/ledger.example/harbour-cameras?amp=1"
provider:
  name: The Ledger
related:
  - title: "Why Nobody Watched The Harbour"
    webUrl: "https://post.example/why"
    publishedDateTime: 2031-05-04T08:00:00Z
    provider:
      name: Morning Post
---
"""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Ledger</title><link>https://ledger.example/</link>
<item><title>Harbour cameras come down</title><link>https://ledger.example/down</link><guid>1</guid>
<pubDate>Mon, 05 May 2031 10:00:00 GMT</pubDate></item></channel></rss>"""


def read(folder: Path, **files: str) -> tuple[tuple[KnownText, ...], list[str]]:
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_text(text, encoding="utf-8")
    return read_corpus([folder])


def test_a_texts_first_line_is_its_headline_when_it_stands_apart(tmp_path: Path) -> None:
    ((known,), problems) = read(tmp_path, a_txt=f"Council takes down harbour cameras\n\n{TEXT}")
    assert problems == []
    assert known == KnownText(title="Council takes down harbour cameras", fingerprint=fingerprint(TEXT))


def test_a_text_without_headline_is_given_none(tmp_path: Path) -> None:
    ((known,), _) = read(tmp_path, a_txt=TEXT)
    assert known == KnownText(fingerprint=fingerprint(TEXT))


def test_front_matter_gives_the_citation_and_each_related_story(tmp_path: Path) -> None:
    ((first, related), problems) = read(tmp_path, a_md=FRONT_MATTER + TEXT)
    assert problems == []
    assert first == KnownText(
        title="Council Takes Down Harbour Cameras",
        url="https://ledger.example/harbour-cameras",
        urls=(
            "https://ledger.example/harbour-cameras",
            "https://ledger.example/harbour-cameras?amp=1",
            "https://ledger-example.cdn.ampproject.org/c/s/ledger.example/harbour-cameras?amp=1",
        ),
        outlet="The Ledger",
        published=datetime(2031, 5, 5, 18, 8, tzinfo=UTC),
        fingerprint=fingerprint(TEXT),
    )
    assert (related.title, related.url, related.outlet, related.fingerprint) == (
        "Why Nobody Watched The Harbour",
        "https://post.example/why",
        "Morning Post",
        None,
    )


def test_front_matter_without_a_text_is_known_by_its_excerpt(tmp_path: Path) -> None:
    ((first, _), _) = read(tmp_path, a_txt=FRONT_MATTER)
    assert first.partial
    assert first.fingerprint == fingerprint(EXCERPT)


def test_a_text_without_headline_is_cited_as_the_article_it_is(tmp_path: Path) -> None:
    (known, _) = read(tmp_path, a_txt=TEXT, b_txt=FRONT_MATTER)
    assert [entry.title for entry in known] == ["Council Takes Down Harbour Cameras", "Why Nobody Watched The Harbour"]
    assert known[0].fingerprint == fingerprint(TEXT)
    assert not known[0].partial


def test_lines_of_json_are_articles(tmp_path: Path) -> None:
    line = {"url": None, "title": "A", "text": TEXT, "published": "2031-05-05T10:00:00Z", "outlet": "The Ledger"}
    ((known,), problems) = read(tmp_path, a_jsonl=json.dumps(line) + "\n\n")
    assert problems == []
    assert (known.title, known.url, known.outlet, known.fingerprint) == ("A", None, "The Ledger", fingerprint(TEXT))


def test_a_table_needs_its_columns_in_the_first_line(tmp_path: Path) -> None:
    (known, problems) = read(
        tmp_path,
        a_csv=f'Title,URL,Published,Outlet,Text\nDown they come,https://l.example/1,2031-05-05,Ledger,"{TEXT}"\n',
        b_csv="Down they come,https://l.example/2\n",
    )
    assert [(entry.title, entry.url, entry.fingerprint) for entry in known] == [
        ("Down they come", "https://l.example/1", fingerprint(TEXT))
    ]
    assert problems == [f"{tmp_path / 'b.csv'}:1: no column title, url or text: write their names in the first line"]


def test_a_feeds_entries_are_known_stories(tmp_path: Path) -> None:
    ((known,), problems) = read(tmp_path, a_xml=RSS)
    assert problems == []
    assert (known.title, known.url, known.outlet) == (
        "Harbour cameras come down",
        "https://ledger.example/down",
        "The Ledger",
    )


def test_a_saved_page_is_an_article(tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT.split("\n\n") * 3)
    page = (
        '<html><head><title>Cameras come down</title><link rel="canonical" href="https://l.example/3"></head>'
        f"<body><article><h1>Cameras come down</h1>{paragraphs}</article></body></html>"
    )
    ((known,), problems) = read(tmp_path, a_html=page)
    assert problems == []
    assert (known.title, known.url) == ("Cameras come down", "https://l.example/3")
    assert known.fingerprint is not None


def test_what_is_wrong_is_told_by_line_and_stops_nothing_else(tmp_path: Path) -> None:
    (known, problems) = read(
        tmp_path,
        a_jsonl='{"title": "One"}\nnot json\n[1]\n{"title": " "}\n',
        b_txt="",
        c_md="---\ntitle: [\n---\n",
        d_md="---\n- a list\n---\n",
        e_xml="<html><body>no feed</body></html>",
        f_jsonl='{"title": "Two", "fingerprint": {"text_hash": "x"}}\n',
    )
    assert [entry.title for entry in known] == ["One"]
    places = [problem.removeprefix(f"{tmp_path}/").split(": ")[0] for problem in problems]
    assert places == ["a.jsonl:2", "a.jsonl:3", "a.jsonl:4", "b.txt:1", "c.md:2", "d.md:1", "e.xml:1", "f.jsonl:1"]


def test_files_that_are_not_there_or_not_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    _, problems = read_corpus([tmp_path / "none.txt", tmp_path / "a.png"])
    assert [problem.split(": ")[1] for problem in problems] == ["no such file", "not a form that is read"]


@pytest.mark.parametrize(
    ("name", "body", "problem"),
    [
        ("a_txt", "The cameras are off.", "its text of 4 words is too short to be known by"),
        ("a_txt", "Off.", "its text of 1 word is too short to be known by"),
        ("a_jsonl", '{"excerpt": "The cameras are off."}', "its text of 4 words is too short to be known by"),
        ("a_jsonl", "{}", "nothing to know it by: give a title, an address or a text"),
        ("a_txt", "…", "nothing to know it by: give a title, an address or a text"),
    ],
)
def test_a_text_too_short_to_be_known_by_is_told_as_that(tmp_path: Path, name: str, body: str, problem: str) -> None:
    known, (told,) = read(tmp_path, **{name: body})
    assert known == ()
    assert told.partition(":1: ")[2].startswith(problem)
    assert ("give at least 12 words, a title or an address" in told) == ("short" in problem)


def test_a_folder_is_read_to_its_depth_without_hidden_and_foreign_files(tmp_path: Path) -> None:
    (tmp_path / "in" / ".git").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "in" / ".git" / "b.txt").write_text("Hidden " + TEXT, encoding="utf-8")
    (tmp_path / "README").write_text("no", encoding="utf-8")
    known, problems = read_corpus([tmp_path])
    assert (len(known), problems) == (1, [])


def test_hard_case_49_a_table_of_fifty_thousand_rows_is_capped(tmp_path: Path) -> None:
    rows = "".join(f"=cmd()|{number}\n" for number in range(50_001))
    known, problems = read(tmp_path, a_csv="title\n" + rows)
    assert len(known) == 50_000
    assert problems == [f"{tmp_path / 'a.csv'}:50002: more than 50000 rows: the rest was left, split the file"]


@pytest.mark.parametrize("title", ["{{config.__class__}}", "%s %(name)s", "$(rm x)", "!!python/object:os.system"])
def test_hard_case_50_what_looks_like_a_template_is_text(tmp_path: Path, title: str) -> None:
    ((known,), _) = read(tmp_path, a_md=f"---\ntitle: {json.dumps(title)}\n---\n{TEXT}")
    assert known.title == title


def test_front_matter_makes_no_objects(tmp_path: Path) -> None:
    (known, problems) = read(tmp_path, a_md="---\ntitle: !!python/object/apply:os.getcwd []\n---\nText\n")
    assert known == ()
    assert len(problems) == 1


def test_a_built_corpus_holds_no_text_and_reads_back_equal(tmp_path: Path) -> None:
    known, _ = read(tmp_path, a_txt=f"Council takes down harbour cameras\n\n{TEXT}", b_md=FRONT_MATTER)
    built = tmp_path / "built.jsonl"
    built.write_text(dump_corpus(known), encoding="utf-8")
    assert "rusting" not in built.read_text(encoding="utf-8")
    assert read_corpus([built]) == (known, [])


def test_the_shipped_corpus_reads_without_a_problem() -> None:
    shipped = Path(__file__).resolve().parents[2] / "config" / "seed_corpus.jsonl"
    known, problems = read_corpus([shipped])
    assert problems == []
    assert all(entry.title or entry.fingerprint for entry in known)
    assert dump_corpus(known) == shipped.read_text(encoding="utf-8")


def test_the_shipped_corpus_is_what_the_seeds_state() -> None:
    seeds = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
    if not seeds.is_dir():
        pytest.skip("the seeds are not beside the project")
    known, problems = read_corpus([seeds])
    assert problems == []
    shipped = Path(__file__).resolve().parents[2] / "config" / "seed_corpus.jsonl"
    assert dump_corpus(known) == shipped.read_text(encoding="utf-8")


@given(
    st.sampled_from([form for form in FORMS if form not in (".html", ".htm", ".xml", ".rss", ".atom")]),
    st.binary(max_size=60),
)
def test_any_bytes_give_entries_or_problems(form: str, data: bytes) -> None:
    for prefix in (b"", b"---\n", b"title,url\n", b'{"title":'):
        for found in FORMS[form](prefix + data):
            assert found is not None

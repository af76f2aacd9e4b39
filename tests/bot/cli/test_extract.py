"""`wiredesk extract`: the article as the desk would read it, from a file or the web."""

from pathlib import Path

import pytest

from tests.bot.cli.commanding import Commands
from tests.fakes.web import Reply, Web, redirect

KEYS = ["title", "text", "published", "updated", "byline", "outlet", "language", "canonical_url", "outcome"]
PARAGRAPH = (
    "The harbor commission voted on Monday to switch off the cameras along the eastern quay, after a year of letters."
)
SECOND = "A spokesman for the port police answered that the officers would now have to walk the quay at night again."
PAGE = f"""<!doctype html><html lang="en"><head><title>Quay goes dark</title>
<meta property="og:site_name" content="Harbor Courier"><meta name="author" content="Odile Farrant">
<meta property="article:published_time" content="2026-03-02T07:00:00-05:00"><link rel="canonical" href="https://courier.example/quay">
</head><body><article><h1>Quay goes dark</h1><p>{PARAGRAPH}</p><p>{SECOND}</p></article></body></html>"""


def test_every_key_is_there_and_paragraphs_are_apart(fresh: Commands, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    line = fresh("extract", str(tmp_path / "page.html"), "--json").line
    assert list(line) == KEYS
    assert (line["title"], line["outcome"], line["language"]) == ("Quay goes dark", "ok", "en")
    assert line["published"] == "2026-03-02T12:00:00Z"
    assert line["canonical_url"] == "https://courier.example/quay"
    assert line["text"].endswith(f"{PARAGRAPH}\n\n{SECOND}")


def test_a_web_address_is_read_behind_its_redirects_and_nothing_stored(fresh: Commands, web: Web) -> None:
    web.serve("/short", redirect("/quay"))
    web.serve("/quay", PAGE.encode())
    assert fresh("extract", web.url("/short"), "--json").line["outlet"] == "Harbor Courier"
    assert not fresh.data.exists()


@pytest.mark.parametrize(("status", "outcome"), [(403, "blocked"), (404, "missing"), (500, "failed")])
def test_what_the_web_refuses_is_an_outcome(fresh: Commands, web: Web, status: int, outcome: str) -> None:
    web.serve("/quay", Reply(status))
    line = fresh("extract", web.url("/quay"), "--json").line
    assert (list(line), line["outcome"], line["text"]) == (KEYS, outcome, "")


def test_what_is_no_article_is_told_beside_the_answer_and_the_work_was_done(fresh: Commands, web: Web) -> None:
    said = fresh("extract", web.url("/quay?token=hush"))
    assert (said.code, said.stdout) == (0, "")
    assert said.told == f"{web.url('/quay?token=***')}: missing: there is nothing at this address (404)\n"


def test_an_article_that_robots_may_not_read_is_not_asked_for(fresh: Commands, web: Web) -> None:
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /quay\n")
    assert fresh("extract", web.url("/quay"), "--json").line["outcome"] == "blocked"
    assert web.asked("/quay") == []


def test_a_private_address_is_refused(fresh: Commands, web: Web) -> None:
    line = fresh("extract", web.url("/quay"), "--json", WIREDESK_ALLOW_HOSTS="").line
    assert line["outcome"] == "failed"
    assert web.connections == 0


def test_plain_text_comes_from_standard_input_too(fresh: Commands) -> None:
    line = fresh("extract", "-", "--json", stdin=f"Quay goes dark\n\n{PARAGRAPH}\n").line
    assert (line["title"], line["text"], line["outcome"]) == ("Quay goes dark", PARAGRAPH, "ok")


def test_a_picture_has_no_article(fresh: Commands, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert fresh("extract", str(tmp_path / "page.html"), "--json").line["outcome"] == "empty"


@pytest.mark.parametrize("where", ["nowhere.html", ".", "ftp://courier.example/quay"])
def test_what_is_no_file_and_no_web_address_is_refused(fresh: Commands, where: str) -> None:
    said = fresh("extract", where, "--json")
    assert (said.code, said.stdout) == (2, "")
    assert where in said.told


def test_people_read_headline_facts_and_paragraphs(fresh: Commands, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE.replace("Quay goes dark", "Quay goes \x9b31mdark"))
    said = fresh("extract", str(tmp_path / "page.html"))
    headline, facts, address, *text = said.stdout.splitlines()
    assert (headline, address) == ("Quay goes dark", "https://courier.example/quay")
    assert facts.startswith("Harbor Courier · Odile Farrant · published 2026-03-02T12:00:00Z")
    assert [line for line in text if line][-2:] == [PARAGRAPH, SECOND]
    assert "\x1b" not in said.stdout

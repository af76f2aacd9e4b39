"""An event is told once: known stories are not told, copies are counted, a new story comes with its evidence."""

import json
import re
from pathlib import Path

import pytest

from tests.desk.conftest import Desk
from tests.desk.press import PARAGRAPHS, Entry, article, rss
from tests.fakes.web import Reply, Web

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def serve_story(web: Web, desk: Desk, name: str, title: str, body: bytes, *, summary: str = "") -> None:
    link = web.url(f"/{name}/story")
    web.serve(f"/{name}/feed", rss([Entry(title=title, link=link, guid=f"{name}-1", summary=summary)], title=name))
    web.serve(f"/{name}/story", Reply(body=body, headers=HTML))
    desk.source(name, f"/{name}/feed")


def test_a_new_story_is_told_once_with_summary_and_evidence(desk: Desk, web: Web) -> None:
    serve_story(web, desk, "courier", "Quay goes dark", article("Quay goes dark", PARAGRAPHS))
    first = desk.run()
    (story,) = first.told()
    assert story["kind"] == "story.new"
    assert story["title"] == "Quay goes dark"
    assert story["url"] == web.url("/courier/story")
    assert story["summary"][0] == PARAGRAPHS[0]
    assert story["why"][0] == {
        "watch": "beat",
        "term": "harbor cameras",
        "field": "text",
        "paragraph": 1,
        "text": "harbor cameras",
    }
    assert desk.run().told() == []


def test_thirty_feeds_with_one_story_in_the_same_second_make_one_alert_and_29_copies(desk: Desk, web: Web) -> None:
    for number in range(30):
        name = f"outlet-{number}"
        body = article("Quay goes dark", PARAGRAPHS, outlet=name, lead_in=f"{name} reports from the waterfront.")
        serve_story(web, desk, name, "Quay goes dark", body)
    ran = desk.run()
    assert len(ran.told("story.new")) == 1
    summary = ran.summary
    assert (summary["items_new"], summary["matched"], summary["copies"], summary["alerts"]) == (30, 30, 29, 1)
    assert desk.run().told() == []


def test_hard_case_62_one_address_in_thirty_feeds_is_one_article(desk: Desk, web: Web) -> None:
    link = web.url("/story")
    web.serve("/story", Reply(body=article("Quay goes dark", PARAGRAPHS), headers=HTML))
    for number in range(30):
        tracked = f"{link}?utm_source=feed{number}"
        web.serve(f"/feed{number}", rss([Entry(title="Quay goes dark", link=tracked, guid=str(number))]))
        desk.source(f"feed{number}", f"/feed{number}")
    ran = desk.run()
    assert len(ran.told("story.new")) == 1
    assert (ran.summary["items_new"], ran.summary["copies"]) == (1, 0)
    assert len(web.asked("/story")) == 1


def test_a_text_that_only_the_article_page_matches_is_told(desk: Desk, web: Web) -> None:
    body = article("A vote at the port", PARAGRAPHS)
    serve_story(web, desk, "courier", "A vote at the port", body, summary="The commission met.")
    assert [story["why"][0]["field"] for story in desk.run().told()] == ["text"]


def test_a_page_that_refuses_leaves_the_feeds_own_words(desk: Desk, web: Web) -> None:
    serve_story(web, desk, "courier", "Harbor cameras go dark", b"", summary=PARAGRAPHS[0])
    web.serve("/courier/story", Reply(403, body=b"no"))
    (story,) = desk.run().told()
    assert story["summary"] == [PARAGRAPHS[0]]


def test_a_page_that_cannot_be_reached_is_read_later_for_the_text_it_would_have(desk: Desk, web: Web) -> None:
    serve_story(web, desk, "courier", "A vote", article("A vote", PARAGRAPHS), summary="The commission met.")
    good = Reply(body=article("A vote", PARAGRAPHS), headers=HTML)
    web.serve("/courier/story", [Reply(500), good])
    assert desk.run().told() == []
    assert len(desk.run().told("story.new")) == 1


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not beside this checkout")
class TestSeedsAreKnown:
    QUERY = '"facial recognition" OR "face recognition"'

    @pytest.fixture
    def desk(self, tmp_path: Path, web: Web) -> Desk:
        """A new one, which loads the corpus as it starts."""
        return Desk(tmp_path, web)

    def texts(self) -> list[str]:
        found = []
        for path in sorted(SEEDS.glob("*.txt")):
            text = path.read_text()
            found.append(text.split("---\n", 2)[2] if text.startswith("---\n") else text)
        return [text for text in found if len(text) > 500]

    def test_a_seeds_text_with_changed_boilerplate(self, desk: Desk, web: Web) -> None:
        desk.query = self.QUERY
        for number, text in enumerate(self.texts()):
            paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]
            body = article(
                f"Archive piece {number}",
                paragraphs,
                outlet=f"Mirror {number}",
                lead_in="From our partners: this report appeared elsewhere first and is shown here in full.",
                tail="Support independent reporting in your borough by becoming a friend of this paper today.",
            )
            serve_story(web, desk, f"mirror{number}", f"Archive piece {number}", body)
        ran = desk.run()
        assert ran.told() == []
        assert ran.summary["known"] == len(self.texts())

    def test_an_excerpt_of_four_sentences(self, desk: Desk, web: Web) -> None:
        desk.query = self.QUERY
        count = 0
        for number, text in enumerate(self.texts()):
            sentences = re.split(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])", " ".join(text.split()))
            excerpt = " ".join(sentences[3:7])
            body = article(f"Roundup {number}", [excerpt], lead_in="Elsewhere this week, other papers wrote:")
            serve_story(web, desk, f"roundup{number}", f"Roundup {number}", body)
            count += 1
        ran = desk.run()
        assert ran.told() == []
        assert ran.summary["known"] == count

    def test_a_related_story_by_address_or_by_title(self, desk: Desk, web: Web) -> None:
        desk.query = self.QUERY
        corpus = Path(__file__).resolve().parents[2] / "config" / "seed_corpus.jsonl"
        related = [json.loads(line) for line in corpus.read_text().splitlines()]
        cited = [known for known in related if known["url"]]
        by_title = Entry(
            title=cited[-2]["title"], link=web.url("/reprint"), guid="1", summary="Facial recognition again."
        )
        web.serve("/feed", rss([by_title]))
        desk.source("reprints", "/feed", read="never")
        ran = desk.run()
        assert (ran.told(), ran.summary["known"]) == ([], 1)

    def test_an_invented_story_on_the_same_subject_is_told(self, desk: Desk, web: Web) -> None:
        desk.query = self.QUERY
        paragraphs = [paragraph.replace("harbor cameras", "facial recognition posts") for paragraph in PARAGRAPHS]
        serve_story(web, desk, "courier", "Facial recognition on the quay", article("Facial recognition", paragraphs))
        assert len(desk.run().told("story.new")) == 1

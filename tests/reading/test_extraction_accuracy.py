"""Main text against the shared evaluation pages: within .01 of trafilatura's own F, and nothing badly lost.

F1 over the sets of 4-word shingles of the expected and the found text (`\\w+`, case folded), mean over the pages.
`make accuracy` measures three times as many pages as the tests do, and prints the figures.
"""

import json
import re
from pathlib import Path

import lxml.html
import pytest
from trafilatura import bare_extraction

from watchers.models import Reading
from watchers.reading.article import extract_article
from watchers.sources.dates import parse_date

PAGES = (
    Path(__file__).resolve().parents[2].parent / "shared/evals/articles/readability/test/test-pages"
)  # beside the project, for measuring only
MEASURED, TESTED = 3, 9  # one in so many pages
WORD = re.compile(r"\w+")

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="the shared evaluation pages are not here")


def shingles(text: str) -> set[tuple[str, ...]]:
    words = [word.casefold() for word in WORD.findall(text)]
    return {tuple(words[at : at + 4]) for at in range(len(words) - 3)} or {tuple(words)}


def f_score(found: str, expected: str) -> float:
    one, other = shingles(found), shingles(expected)
    return 2 * len(one & other) / (len(one) + len(other))


@pytest.fixture(scope="module")
def readings(request: pytest.FixtureRequest) -> dict[Path, Reading]:
    every = MEASURED if "accuracy" in request.config.getoption("-k") else TESTED
    return {
        folder: extract_article((folder / "source.html").read_bytes(), "text/html; charset=utf-8", None)
        for folder in sorted(PAGES.iterdir())[::every]
    }


def expected_text(folder: Path) -> str:
    return " ".join(map(str, lxml.html.fromstring((folder / "expected.html").read_text("utf-8")).itertext()))


def test_the_main_text_is_within_a_hundredth_of_trafilaturas_own(readings: dict[Path, Reading]) -> None:
    ours, theirs = [], []
    for folder, reading in readings.items():
        expected = expected_text(folder)
        ours.append(f_score(reading.text, expected))
        bare = bare_extraction(
            (folder / "source.html").read_bytes(), fast=True, include_comments=False, include_tables=False
        )
        theirs.append(f_score(getattr(bare, "text", "") or "", expected))
    own, reference = sum(ours) / len(ours), sum(theirs) / len(theirs)
    print(f"\nmean F over {len(ours)} pages: {own:.4f}, trafilatura alone {reference:.4f}")  # noqa: T201 - the figure
    assert own >= reference - 0.01
    assert own >= 0.93


def test_titles_languages_and_times_agree_with_what_is_expected(readings: dict[Path, Reading]) -> None:
    agreed = {"title": 0, "language": 0, "published": 0}
    stated = dict.fromkeys(agreed, 0)
    for folder, reading in readings.items():
        expected = json.loads((folder / "expected-metadata.json").read_text("utf-8"))
        wanted, found = (" ".join(WORD.findall(title.casefold())) for title in (expected["title"] or "", reading.title))
        moment = parse_date(expected.get("publishedTime"))
        checks = {
            "title": (wanted, bool(found) and (found in wanted or wanted in found)),  # a site's name is cut off
            "language": (
                expected.get("lang"),
                (reading.language or "").lower() == (expected.get("lang") or "").lower(),
            ),
            "published": (moment, reading.published == moment),
        }
        for name, (is_stated, agrees) in checks.items():
            stated[name] += bool(is_stated)
            agreed[name] += bool(is_stated and agrees)
    print(f"\nof what is stated, agreed: {agreed} of {stated}")  # noqa: T201 - the figure
    assert all(agreed[name] >= 0.9 * stated[name] for name in stated)


def test_no_real_article_is_taken_for_a_wall(readings: dict[Path, Reading]) -> None:
    assert {folder.name: reading.error for folder, reading in readings.items() if reading.error} == {}

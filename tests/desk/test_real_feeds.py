"""Feeds as the world writes them, polled by one run: none stops the desk, and a second run finds nothing new."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.conftest import Desk
from tests.fakes.postgres import Postgres
from tests.fakes.web import Reply, Web

FEEDS = Path(__file__).resolve().parents[3] / "shared" / "evals" / "feeds"
LARGEST = 100_000  # bytes; the larger ones are parsed in tests/sources
EVERY = 8  # one in so many: all of them take a minute

pytestmark = pytest.mark.skipif(not FEEDS.is_dir(), reason="the evaluation feeds are not beside this checkout")


@pytest.fixture
def database(request: pytest.FixtureRequest, kind: str) -> Iterator[str]:
    """The address of an empty one; nothing, for the one in the desk's folder."""
    if kind == "sqlite":
        yield ""
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.fresh(empty=True)
    yield url.render_as_string(hide_password=False)
    server.drop(url)


def samples() -> list[Path]:
    found = [path for path in sorted(FEEDS.rglob("*")) if path.suffix in {".xml", ".rss", ".atom"}]
    return [path for path in found if path.stat().st_size <= LARGEST][::EVERY]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_one_run_takes_them_all_and_the_next_finds_nothing_new(desk: Desk, web: Web, database: str) -> None:
    desk.query = "item OR entry OR feed"
    desk.environment["WIREDESK_DATABASE_URL"] = database
    paths = samples()
    for number, path in enumerate(paths):
        web.serve(f"/{number}", Reply(body=path.read_bytes(), headers={"Content-Type": "application/xml"}))
        desk.source(f"feed-{number}", f"/{number}", read="never")
    first = desk.run(first_look="all").summary
    assert first["polled"] == len(paths)
    assert first["items_new"] > 0
    second = desk.run(first_look="all").summary
    assert (second["polled"], second["items_new"], second["delivered"]) == (len(paths), 0, 0)

"""The beat that ships: it loads, serves a New York newsroom, and finds the coverage that it was made after."""

import re
from pathlib import Path

import pytest

from config.problems import QueryProblem
from config.settings import SHIPPED_WATCHLIST
from config.watchlist import Watchlist
from config.watchlist_dump import dump_watchlist
from config.watchlist_load import CheckQuery, load_watchlist
from watchers.errors import QueryError
from watchers.matching.matcher import Document, Matcher
from watchers.matching.query import compile_query

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"


def check_query_for_tests() -> CheckQuery:
    def check(text: str, entities: object) -> QueryProblem | None:
        try:
            compile_query(text, entities)  # type: ignore[arg-type]  # the loader's mapping, as it is
        except QueryError as error:
            return QueryProblem(error.column, error.message, error.hint)
        return None

    return check


@pytest.fixture(scope="module")
def shipped() -> Watchlist:
    return load_watchlist(SHIPPED_WATCHLIST, check_query=check_query_for_tests())


@pytest.fixture(scope="module")
def watches_of(shipped: Watchlist) -> "WatchesOf":
    return WatchesOf(shipped)


class WatchesOf:
    def __init__(self, watchlist: Watchlist) -> None:
        names = {slug: entity.names for slug, entity in watchlist.entities.items()}
        self.names = list(watchlist.watches)
        self.matcher = Matcher(
            {number: compile_query(watch.query, names) for number, watch in enumerate(watchlist.watches.values())}
        )

    def __call__(self, text: str, title: str = "") -> set[str]:
        matches = self.matcher.match(Document(title=title, text=text))
        return {self.names[match.watch_id] for match in matches}


def test_it_has_at_least_thirty_three_sources_of_many_kinds(shipped: Watchlist) -> None:
    tags = {tag for source in shipped.sources.values() for tag in source.tags}
    assert len(shipped.sources) >= 33
    assert {"local", "national", "civil-liberties", "government", "courts", "search", "policy"} <= tags


def test_every_source_says_where_its_address_was_found(shipped: Watchlist) -> None:
    text = SHIPPED_WATCHLIST.read_text(encoding="utf-8")
    assert len(re.findall("# found in: ", text)) == len(shipped.sources)


def test_no_address_is_polled_twice(shipped: Watchlist) -> None:
    addresses = [source.url for source in shipped.sources.values()]
    assert len(addresses) == len(set(addresses))


def test_the_policies_of_the_police_are_watched_as_a_page(shipped: Watchlist) -> None:
    assert shipped.sources["nypd-post-act"].kind == "page"


def test_every_watch_is_told_somewhere_and_tells_no_outside_channel(shipped: Watchlist) -> None:
    assert all(watch.routes for watch in shipped.watches.values())
    assert {channel.kind for channel in shipped.channels.values()} == {"terminal"}


def test_every_entity_is_named_by_some_query(shipped: Watchlist) -> None:
    queries = " ".join(watch.query for watch in shipped.watches.values())
    assert set(re.findall(r"@([\w-]+)", queries)) == set(shipped.entities)


def test_the_beat_survives_export(shipped: Watchlist, tmp_path: Path) -> None:
    file = tmp_path / "watchlist.yaml"
    file.write_text(dump_watchlist(shipped), encoding="utf-8")
    assert load_watchlist(file, check_query=check_query_for_tests()) == shipped


@pytest.mark.parametrize("number", range(5))
def test_each_seed_is_on_the_beat(watches_of: WatchesOf, number: int) -> None:
    files = sorted(SEEDS.glob("*.txt"))
    if len(files) < 5:
        pytest.skip(f"the seeds are not beside this checkout ({SEEDS})")
    assert "police-use" in watches_of(files[number].read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "watch"),
    [
        ("Detectives ran a face-recognition search on a still from a bodega camera.", "police-use"),
        ("The NYPD’s facial recognition unit made 40 more requests.", "police-use"),
        ("The department published a new impact and use policy for drones.", "nypd-policy"),
        ("A year on, the POST Act has changed little.", "nypd-policy"),
        ("A City Council bill would ban facial recognition in stores.", "legislation"),
        ("State senators in Albany proposed a moratorium on biometric surveillance.", "legislation"),
        ("He was misidentified by facial recognition and police held him for two days.", "courts-and-wrongful-arrests"),
        ("Police made the arrest after a facial recognition hit.", "courts-and-wrongful-arrests"),
        ("The sheriff signed with Clearview AI.", "vendors"),
        ("Software by DataWorks Plus was used.", "vendors"),
        ("A judge heard the case of Derrick Ingram.", "ingram-case"),
        ("S.T.O.P. sued over face recognition at the arena.", "watchdogs"),
    ],
)
def test_a_watch_finds_what_it_is_for(watches_of: WatchesOf, text: str, watch: str) -> None:
    assert watch in watches_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Police closed the Clearview Expressway after a crash in Queens.",
        "The new phone unlocks by facial recognition and costs $999.",
        "The City Council passed a bill on outdoor dining.",
        "The sheriff asked drivers to stop at the checkpoint.",
        "The mayor signed a local law on surveillance of rats in New York.",
        "She was arrested by police after a fight; the lawsuit was settled.",
    ],
)
def test_what_is_not_on_the_beat_matches_nothing(watches_of: WatchesOf, text: str) -> None:
    assert watches_of(text) == set()

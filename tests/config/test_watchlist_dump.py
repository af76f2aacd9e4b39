"""A watch list that is written out loads back as the same value, in a form that a person would have written."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings

from config.watchlist import Watchlist
from config.watchlist_dump import dump_watchlist
from config.watchlist_load import load_watchlist
from tests.config.strategies import watchlists

EXAMPLE = """\
version: 1
desk:
  timezone: America/New_York
  digest_at: "08:30"
  admin_channel: newsroom
  guild: "123456789012345678"
entities:
  nypd: {name: New York City Police Department, aliases: [NYPD, New York Police Department]}
watches:
  cameras:
    query: '"face recognition" AND @nypd'
    tags: [policing]
    sources: [local]
    routes:
      - newsroom
      - {channel: team, when: daily, mention: "1234", quiet: "22:00-07:00"}
sources:
  harbor: {url: 'https://harbor.example/feed', every: 15m, tags: [local]}
  policy: {url: 'https://police.example/policy', kind: page, select: main}
channels:
  newsroom: {kind: terminal}
  team: {kind: webhook, url_env: TEAM_WEBHOOK}
  desk: {kind: discord, id: "234567890123456789"}
"""


def load(path: Path, text: str) -> Watchlist:
    path.write_text(text, encoding="utf-8")
    return load_watchlist(path, check_query=lambda query, entities: None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(watchlist=watchlists())
def test_a_dumped_watch_list_loads_back_equal(tmp_path: Path, watchlist: Watchlist) -> None:
    assert load(tmp_path / "watchlist.yaml", dump_watchlist(watchlist)) == watchlist


def test_the_dump_is_written_as_the_documented_file_is(tmp_path: Path) -> None:
    watchlist = load(tmp_path / "watchlist.yaml", EXAMPLE)
    assert dump_watchlist(watchlist) == EXAMPLE


def test_what_stands_at_its_default_is_left_out() -> None:
    assert dump_watchlist(Watchlist()) == "version: 1\n"


def test_long_queries_are_kept_word_for_word(tmp_path: Path) -> None:
    query = " OR ".join(f'"phrase number {number}"' for number in range(60))
    text = f"version: 1\nwatches:\n  long:\n    query: '{query}'\n"
    watchlist = load(tmp_path / "watchlist.yaml", text)
    again = load(tmp_path / "again.yaml", dump_watchlist(watchlist))
    assert again.watches["long"].query == query

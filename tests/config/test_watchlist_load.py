"""A watch-list file is read as it is written and to its end: every slip in it is told at once, by its line."""

from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.problems import ConfigError
from config.watchlist import Watchlist
from config.watchlist_dump import dump_watchlist
from config.watchlist_load import load_watchlist
from tests.config.loading import Load
from tests.config.strategies import watchlists

# ── what is read ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_documented_file_is_read_as_it_says(load: Load) -> None:
    watchlist = load("""\
        version: 1
        desk: {timezone: America/New_York, digest_at: "08:30", admin_channel: newsroom, guild: "123456789012345678"}
        entities:
          nypd: {name: New York City Police Department, aliases: [NYPD, New York Police Department]}
        watches:
          cameras:
            query: 'cameras AND @nypd'
            tags: [policing]
            sources: [local, harbor]
            routes:
              - newsroom
              - {channel: team, when: hourly, mention: "1234", quiet: "22:00-07:00"}
        sources:
          harbor: {url: "https://harbor.example/feed", kind: feed, every: 15m, read: matched, trust: low}
          rules: {url: "https://police.example/rules", kind: page, select: main, ignore: nav, tags: [local], paused: on}
        channels:
          newsroom: {kind: terminal}
          team: {kind: webhook, url_env: TEAM_WEBHOOK}
          desk: {kind: discord, id: "234567890123456789"}
        """)
    assert watchlist.desk.digest_at == time(8, 30)
    assert watchlist.desk.guild == "123456789012345678"
    assert watchlist.entities["nypd"].names == (
        "New York City Police Department",
        "NYPD",
        "New York Police Department",
    )
    cameras = watchlist.watches["cameras"]
    assert cameras.sources == ("local", "harbor")
    assert [route.channel for route in cameras.routes] == ["newsroom", "team"]
    assert cameras.routes[0].when == "now"
    quiet = cameras.routes[1].quiet
    assert quiet is not None
    assert (quiet.start, quiet.end) == (time(22), time(7))
    assert cameras.routes[1].mention == "1234"
    assert watchlist.sources["harbor"].every == timedelta(minutes=15)
    assert watchlist.sources["harbor"].read == "matched"
    assert watchlist.sources["rules"].paused
    assert watchlist.channels["team"].url_env == "TEAM_WEBHOOK"


@pytest.mark.parametrize(
    "text",
    [
        "version: 1",
        "version: 1\nentities:\nwatches: {}\nsources: ~\nchannels: null\ndesk:\n",
        "\ufeffversion: 1\r\nwatches: {}\r\n",
        "---\nversion: 1\n...\n",
    ],
)
def test_a_file_may_be_as_good_as_empty(load: Load, text: str) -> None:
    assert load(text) == Watchlist()


def test_times_and_ids_are_read_as_written_even_without_quotes(load: Load) -> None:
    watchlist = load(
        """\
        version: 1
        desk: {digest_at: 08:00, guild: 123456789012345678901}
        watches:
          a: {query: x, routes: [{channel: c, quiet: 22:00-07:00, mention: 0123}]}
        channels:
          c: {kind: discord, id: 234567890123456789}
        """.replace("123456789012345678901", "12345678901234567890")
    )
    assert watchlist.desk.digest_at == time(8)
    assert watchlist.desk.guild == "12345678901234567890"
    assert watchlist.channels["c"].id == "234567890123456789"
    assert watchlist.watches["a"].routes[0].mention == "0123"


@pytest.mark.parametrize(
    ("word", "paused"), [("yes", True), ("on", True), ("True", True), ("off", False), ("no", False)]
)
def test_paused_understands_the_words_people_use(load: Load, word: str, paused: bool) -> None:
    watchlist = load(f"version: 1\nsources:\n  a: {{url: 'https://a.example', paused: {word}}}\n")
    assert watchlist.sources["a"].paused is paused


def test_words_that_yaml_takes_for_something_else_stay_words(load: Load) -> None:
    watchlist = load("version: 1\nentities:\n  no: {name: on, aliases: [1.10, 2020-08-17, 0x1F, 'null', 12:30:45]}\n")
    assert watchlist.entities["no"].names == ("on", "1.10", "2020-08-17", "0x1F", "null", "12:30:45")


def test_anchors_and_merged_mappings_are_understood(load: Load) -> None:
    watchlist = load("""\
        version: 1
        sources:
          a: &local {url: "https://a.example", tags: &tags [local], every: 1h}
          b: {<<: *local, url: "https://b.example"}
          c: {url: "https://c.example", tags: *tags}
        """)
    assert watchlist.sources["b"].every == timedelta(hours=1)
    assert watchlist.sources["b"].url == "https://b.example"
    assert watchlist.sources["c"].tags == ("local",)


def test_queries_are_checked_with_the_names_of_each_entity(load: Load) -> None:
    load("version: 1\nentities:\n  a: {name: Alpha, aliases: [A1]}\nwatches:\n  w: {query: x}\n")
    assert load.entities == {"a": ("Alpha", "A1")}


def test_an_address_may_be_international_and_a_name_in_any_script(load: Load) -> None:
    watchlist = load("version: 1\nsources:\n  köln.stadt: {url: 'https://köln.example/feed?a=ü'}\n")
    assert watchlist.sources["köln.stadt"].url == "https://köln.example/feed?a=ü"


# ── what is refused, each with its line ──


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1: not a watch list: begin with version: 1"),
        ("# nothing\n", "1: not a watch list: begin with version: 1"),
        ("\n- version: 1\n", "2: not a watch list: begin with version: 1"),
        ("just words\n", "1: not a watch list: begin with version: 1"),
        ("desk: {}\n", "1: version: missing: write version: 1"),
        ("version: 2\n", "1: version: not one that this Wiredesk reads: write version: 1"),
        ("version: 1.0\n", "1: version: not one that this Wiredesk reads: write version: 1"),
        ("version: [1]\n", "1: version: not one that this Wiredesk reads: write version: 1"),
        ("version: 1\nwatchs: {}\n", "2: watchs: unknown key: did you mean watches?"),
        ("version: 1\nsources: []\n", "2: sources: not a mapping: write key: value under it"),
        ("version: 1\ndesk: x\n", "2: desk: not a mapping: write key: value under it"),
    ],
)
def test_a_file_that_is_no_watch_list_is_told(load: Load, text: str, problem: str) -> None:
    assert load.problems(text) == [problem]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("version: 1\nwatches:\n  a: {query: 'x}\n", 4, "not YAML"),
        ("version: 1\nwatches: {a: [}\n", 2, "not YAML"),
        ("version: 1\nwatches:\n\ta: {}\n", 3, "a tab: indent with spaces"),
        ("version: 1\nwatches:\n  a:\n    query: @nypd\n", 4, "a text that begins with @: put 'single quotes'"),
        ("version: 1\nwatches:\n  a: {query: @nypd AND x}\n", 3, "a text that begins with @: put 'single quotes'"),
        ('version: 1\nwatches:\n  a:\n    query: "b c" OR d\n', 4, "text goes on after its quotes: put 'single"),
        ('version: 1\nwatches:\n  a: {query: "b c" OR d}\n', 3, "text goes on after its quotes: put 'single"),
        ("version: 1\ndesk: *nothing\n", 2, "*nothing names nothing: put &nothing where it should point"),
        ("version: 1\ndesk: !!python/object:os.system {}\n", 2, "a tag (tag:yaml.org,2002:python/object:os.system)"),
        ("version: 1\n---\nversion: 1\n", 2, "a second document: keep one"),
        ("version: 1\ndesk: {a: \x07}\n", 2, "an invisible character (U+0007): take it out"),
        ('version: 1\ndesk: {timezone: "a\\0b"}\n', 2, "an escape for an invisible character: take it out"),
        ("version: 1\n? [a]\n: b\n", 2, "a list or mapping as a key: write a name before the colon"),
        ("version: 1\ndesk: {<<: 1}\n", 2, "<< takes another mapping: write <<: *NAME"),
        ("version: 1\ndesk: " + "[" * 40 + "]" * 40, 2, "nested too deep: check brackets and indentation"),
        ("version: 1\ndesk: " + "[" * 20_000, 2, ""),
        ("version: 1\ndesk: &a [*a]\n", 2, "*a names nothing"),
    ],
)
def test_what_is_not_plain_yaml_is_told_by_its_line(load: Load, text: str, line: int, told: str) -> None:
    (problem,) = load.problems(text)
    assert problem.startswith(f"{line}: {told}")


def test_a_key_that_stands_twice_is_told_where_it_stands_again(load: Load) -> None:
    assert load.problems("""\
        version: 1
        sources:
          a: {url: "https://a.example"}
          b: {url: "https://b.example", every: 1h, every: 2h}
          a: {url: "https://c.example"}
        version: 1
        """) == [
        "4: sources.b.every: stands here again, first in line 4: keep one",
        "5: sources.a: stands here again, first in line 3: keep one",
        "6: version: stands here again, first in line 1: keep one",
    ]


def test_a_bomb_of_aliases_is_refused_before_it_is_unfolded(load: Load) -> None:
    levels = "".join(f"  l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 12))
    (problem,) = load.problems(f"version: 1\ndesk:\n  l0: &l0 [x]\n{levels}")
    assert "too large once its aliases are unfolded" in problem


def test_every_slip_of_a_file_is_told_at_once_in_the_order_of_its_lines(load: Load) -> None:
    problems = load.problems("""\
        version: 1
        desk:
          timezone: Mars/Olympus
          admin_channel: nowhere
        watches:
          a:
            query: wrong
            when: now
            routes:
              - nowhere
              - channel: newsroom
                when: often
                quiet: night
          b:
            sources: [none]
        sources:
          s:
            url: https://s.example
            every: often
        channels:
          newsroom: {kind: terminal}
          hook: {kind: webhook}
        """)
    assert [int(problem.partition(":")[0]) for problem in problems] == [3, 4, 7, 8, 10, 12, 13, 14, 15, 19, 22]


def test_a_slip_in_one_entry_makes_no_reference_to_it_wrong(load: Load) -> None:
    assert load.problems("""\
        version: 1
        entities:
          a: {aliases: [x]}
        watches:
          w: {query: "@a", sources: [s, local], routes: [c]}
        sources:
          s: {url: nothing, tags: [local]}
        channels:
          c: {kind: none}
        """) == [
        "3: entities.a.name: missing: write it",
        "7: sources.s.url: not an address of the web: write it whole, from http:// or https:// on",
        "9: channels.c.kind: not one of its words: write terminal, webhook, apprise or discord",
    ]
    assert set(load.entities) == {"a"}


def test_a_slip_inside_an_anchored_mapping_is_told_where_it_is_written(load: Load) -> None:
    problems = load.problems("""\
        version: 1
        sources:
          a: &all
            url: https://a.example
            every: often
          b: {<<: *all, url: "https://b.example"}
        """)
    assert problems == [
        "5: sources.a.every: not a duration: write a whole number and s, m, h or d, as 90s, 15m, 24h or 2d",
        "5: sources.b.every: not a duration: write a whole number and s, m, h or d, as 90s, 15m, 24h or 2d",
    ]


def test_a_file_that_is_not_utf_8_is_told_by_its_line(load: Load) -> None:
    assert load.problems("version: 1\n# ok\nentities: {a: {name: Café}}\n".encode("latin-1")) == [
        "3: not UTF-8: save the file as UTF-8"
    ]


@pytest.mark.parametrize("name", ["nowhere.yaml", "."])
def test_a_file_that_can_not_be_read_says_how_to_name_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"can't be read .*: name the watch list by WIREDESK_WATCHLIST"):
        load_watchlist(tmp_path / name, check_query=lambda query, entities: None)


# ── any text at all ──────────────────────────────────────────────────────────────────────────────────────────


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="version:1 \n\t-[]{}'\"&*!|>%@#~,?aé\x00", max_size=60) | st.binary(max_size=60))
def test_any_text_is_a_watch_list_or_a_list_of_problems(load: Load, text: str | bytes) -> None:
    assert load.outcome(text if isinstance(text, bytes) else text.encode())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(watchlist=watchlists(), data=st.data())
def test_a_damaged_watch_list_is_still_one_or_a_list_of_problems(
    load: Load, watchlist: Watchlist, data: st.DataObject
) -> None:
    text = dump_watchlist(watchlist)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))
    slip = data.draw(st.sampled_from(["", ":", "\n", "[", "}", "'", "- "]))
    assert load.outcome((text[:start] + slip + text[end:]).encode())

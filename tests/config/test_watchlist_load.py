"""A watch-list file is read to its end: every slip is told with its line and with what to do about it."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.problems import ConfigError, QueryProblem
from config.watchlist import Watchlist
from config.watchlist_dump import dump_watchlist
from config.watchlist_load import load_watchlist
from tests.config.strategies import watchlists


class Load:
    """Writes a text as a watch-list file and loads it. Queries that hold the word `wrong` are wrong in column 3."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "watchlist.yaml"
        self.entities: Mapping[str, Sequence[str]] = {}

    def __call__(self, text: str | bytes) -> Watchlist:
        self.path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return load_watchlist(self.path, check_query=self.check)

    def check(self, query: str, entities: Mapping[str, Sequence[str]]) -> QueryProblem | None:
        self.entities = entities
        return QueryProblem(3, "no word", "write another") if "wrong" in query else None

    def problems(self, text: str | bytes) -> list[str]:
        """Every problem, without the path, as `line: what: what to do`."""
        with pytest.raises(ConfigError) as caught:
            self(text)
        prefix = f"{self.path}:"
        assert all(problem.startswith(prefix) and "\n" not in problem for problem in caught.value.problems)
        return [problem.removeprefix(prefix) for problem in caught.value.problems]

    def outcome(self, text: bytes) -> Watchlist | tuple[str, ...]:
        """The watch list, or the problems."""
        try:
            return self(text)
        except ConfigError as error:
            return error.problems


@pytest.fixture
def load(tmp_path: Path) -> Load:
    return Load(tmp_path)


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


# ── what is refused, each with its line ──────────────────────────────────────────────────────────────────────

NOT_A_LIST = "not a list: write it in brackets, as [one, another]"
DURATION = "not a duration: write a whole number and s, m, h or d, as 90s, 15m, 24h or 2d"
ADDRESS = "not an address of the web: write it whole, from http:// or https:// on"
NAME = "not a name: use letters, digits, -, _ and ., at most 80, the first a letter or digit"
DISCORD_ID = "not an id of Discord: copy its digits, in quotes"
TIME = 'not a time of day: write hours and minutes, as "08:00"'
QUIET = 'not quiet hours: write two times of day, as "22:00-07:00"'


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("timezone: America/New_Yrok", "desk.timezone: no such time zone: did you mean America/New_York?"),
        ("timezone: ../etc/passwd", "desk.timezone: no such time zone: write one as America/New_York or UTC"),
        ("timezone: Europe", "desk.timezone: no such time zone: write one as America/New_York or UTC"),
        ("digest_at: 8", f"desk.digest_at: {TIME}"),
        ("digest_at: '24:00'", f"desk.digest_at: {TIME}"),
        ("digest_at: [1]", "desk.digest_at: not a single value: write one, without a list or mapping"),
        ("guild: 1.2e17", f"desk.guild: {DISCORD_ID}"),
        ("guild: '1234x'", f"desk.guild: {DISCORD_ID}"),
        ("guild: 1_000", f"desk.guild: {DISCORD_ID}"),
        ("admin_chanel: a", "desk.admin_chanel: unknown key: did you mean admin_channel?"),
        (
            "admin_channel: nowhere",
            "desk.admin_channel: no channel is called nowhere: name one that this file has, or add it",
        ),
    ],
)
def test_a_wrong_desk_is_told(load: Load, entry: str, problem: str) -> None:
    assert load.problems(f"version: 1\ndesk:\n  {entry}\n") == [f"3: {problem}"]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{aliases: [x]}", "entities.e.name: missing: write it"),
        ("{name: X, aliases: x}", f"entities.e.aliases: {NOT_A_LIST}"),
        ("{name: X, alias: [x]}", "entities.e.alias: unknown key: did you mean aliases?"),
        (
            "{name: X, aliases: [[x]]}",
            "entities.e.aliases[1]: not a single value: write one, without a list or mapping",
        ),
        (
            "{name: X, aliases: [y, ~]}",
            "entities.e.aliases[2]: not a single value: write one, without a list or mapping",
        ),
        ("{name: ' '}", "entities.e.name: not a line of text: write some words in one line"),
        ("X", "entities.e: not a mapping: write key: value under it"),
    ],
)
def test_a_wrong_entity_is_told(load: Load, entry: str, problem: str) -> None:
    assert load.problems(f"version: 1\nentities:\n  e: {entry}\n") == [f"3: {problem}"]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{tags: [x]}", "watches.w.query: missing: write it"),
        ("{query: '  '}", "watches.w.query: empty: write what to look for"),
        ("{query: is wrong}", "watches.w.query: column 3: no word: write another"),
        ("{query: x, querry: y}", "watches.w.querry: unknown key: did you mean query?"),
        ("{query: x, colour: red}", "watches.w.colour: unknown key: write query, tags, sources, routes or paused"),
        ("{query: x, tags: local}", f"watches.w.tags: {NOT_A_LIST}"),
        ("{query: x, tags: [a b]}", f"watches.w.tags[1]: {NAME}"),
        (
            "{query: x, sources: [loacl]}",
            "watches.w.sources: no source or tag of one is called loacl: did you mean local?",
        ),
        ("{query: x, routes: [newsrom]}", "watches.w.routes[1]: no channel is called newsrom: did you mean newsroom?"),
        ("{query: x, routes: newsroom}", f"watches.w.routes: {NOT_A_LIST}"),
        ("{query: x, routes: [{when: now}]}", "watches.w.routes[1].channel: missing: write it"),
        (
            "{query: x, routes: [{channel: newsroom, when: weekly}]}",
            "watches.w.routes[1].when: not one of its words: write now, hourly or daily",
        ),
        (
            "{query: x, routes: [newsroom, {channel: newsroom, wen: now}]}",
            "watches.w.routes[2].wen: unknown key: did you mean when?",
        ),
        ("{query: x, routes: [{channel: newsroom, quiet: 22:00}]}", f"watches.w.routes[1].quiet: {QUIET}"),
        ("{query: x, routes: [{channel: newsroom, quiet: 22:00-25:00}]}", f"watches.w.routes[1].quiet: {QUIET}"),
        (
            "{query: x, routes: [{channel: newsroom, quiet: 22:00-22:00}]}",
            "watches.w.routes[1].quiet: quiet hours that begin as they end: write two different times",
        ),
        ("{query: x, routes: [{channel: newsroom, mention: '@desk'}]}", f"watches.w.routes[1].mention: {DISCORD_ID}"),
        ("{query: x, routes: [[newsroom]]}", "watches.w.routes[1]: not a mapping: write it in braces, as {key: value}"),
        ("{query: x, paused: maybe}", "watches.w.paused: neither true nor false: write one of the two"),
    ],
)
def test_a_wrong_watch_is_told(load: Load, entry: str, problem: str) -> None:
    rest = "sources:\n  s: {url: 'https://s.example', tags: [local]}\nchannels:\n  newsroom: {kind: terminal}\n"
    assert load.problems(f"version: 1\nwatches:\n  w: {entry}\n{rest}") == [f"3: {problem}"]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("", "sources.s.url: missing: write it"),
        ("{url: ftp://s.example}", f"sources.s.url: {ADDRESS}"),
        ("{url: s.example/feed}", f"sources.s.url: {ADDRESS}"),
        ("{url: 'https://'}", f"sources.s.url: {ADDRESS}"),
        ("{url: 'https://[::1'}", f"sources.s.url: {ADDRESS}"),
        ("{url: 'https://s.example/a b'}", f"sources.s.url: {ADDRESS}"),
        ('{url: "https://s.example/a\\r\\nHost: x"}', f"sources.s.url: {ADDRESS}"),
        (
            "{url: 'https://s.example', kind: rss}",
            "sources.s.kind: not one of its words: write auto, feed, sitemap or page",
        ),
        ("{url: 'https://s.example', read: some}", "sources.s.read: not one of its words: write all, matched or never"),
        (
            "{url: 'https://s.example', trust: high}",
            "sources.s.trust: not one of its words: write primary, normal or low",
        ),
        ("{url: 'https://s.example', every: 15}", f"sources.s.every: {DURATION}"),
        ("{url: 'https://s.example', every: 15x}", f"sources.s.every: {DURATION}"),
        ("{url: 'https://s.example', every: -5m}", f"sources.s.every: {DURATION}"),
        ("{url: 'https://s.example', every: 1h30m}", f"sources.s.every: {DURATION}"),
        ("{url: 'https://s.example', every: 0s}", "sources.s.every: out of bounds: write from 10s to 30d"),
        ("{url: 'https://s.example', every: 31d}", "sources.s.every: out of bounds: write from 10s to 30d"),
        ("{url: 'https://s.example', every: 999999999d}", "sources.s.every: out of bounds: write from 10s to 30d"),
        (
            "{url: 'https://s.example', select: main}",
            "sources.s: select is for pages: write kind: page, or leave select out",
        ),
        ("{url: 'https://s.example', evry: 1h}", "sources.s.evry: unknown key: did you mean every?"),
        ("https://s.example", "sources.s: not a mapping: write key: value under it"),
    ],
)
def test_a_wrong_source_is_told(load: Load, entry: str, problem: str) -> None:
    assert load.problems(f"version: 1\nsources:\n  s: {entry}\n") == [f"3: {problem}"]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{}", "channels.c.kind: missing: write it"),
        ("{kind: slack}", "channels.c.kind: not one of its words: write terminal, webhook, apprise or discord"),
        (
            "{kind: webhook}",
            "channels.c: webhook needs one secret address: name it by url_env or by url_file",
        ),
        (
            "{kind: apprise, url_env: A, url_file: b}",
            "channels.c: apprise needs one secret address: name it by url_env or by url_file",
        ),
        (
            "{kind: terminal, url_env: A}",
            "channels.c: url_env is for webhook and apprise: leave it out of a terminal channel",
        ),
        ("{kind: terminal, id: '1'}", "channels.c: id is for discord: leave it out of a terminal channel"),
        ("{kind: discord}", "channels.c: discord needs its id: copy the channel's id, in quotes"),
        ("{kind: discord, id: general}", f"channels.c.id: {DISCORD_ID}"),
        ("{kind: webhook, urlenv: A, url_env: B}", "channels.c.urlenv: unknown key: did you mean url_env?"),
    ],
)
def test_a_wrong_channel_is_told(load: Load, entry: str, problem: str) -> None:
    assert load.problems(f"version: 1\nchannels:\n  c: {entry}\n") == [f"3: {problem}"]


@pytest.mark.parametrize(
    "entry",
    [
        "{kind: webhook, url: 'https://chat.example/hunter2'}",
        "{kind: webhook, url_env: 'https://chat.example/hunter2'}",
        "{kind: webhook, url_file: 'https://chat.example/hunter2'}",
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(load: Load, entry: str) -> None:
    problems = load.problems(f"version: 1\nchannels:\n  c: {entry}\n")
    assert problems
    assert all(problem.startswith("3: channels.c") and "hunter2" not in problem for problem in problems)


def test_a_secret_address_in_the_file_says_where_it_belongs(load: Load) -> None:
    problems = load.problems("version: 1\nchannels:\n  c: {kind: webhook, url: 'https://chat.example/x', url_env: A}\n")
    advice = "put it into an environment variable and name that as url_env"
    assert problems == [f"3: channels.c.url: a channel's secret address in the file: {advice}"]


@pytest.mark.parametrize("name", ["a b", "-a", "'@a'", "a/b", "''", "a" * 81, "'a\n\n  b'"])
@pytest.mark.parametrize(
    ("section", "entry"), [("entities", "{name: X}"), ("watches", "{query: x}"), ("channels", "{kind: terminal}")]
)
def test_a_name_is_a_short_word(load: Load, section: str, entry: str, name: str) -> None:
    (problem,) = load.problems(f"version: 1\n{section}:\n  ? {name}\n  : {entry}\n")
    assert problem.startswith(f"3: {section}.")
    assert problem.endswith(NAME)


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
        f"7: sources.s.url: {ADDRESS}",
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
    assert problems == [f"5: sources.a.every: {DURATION}", f"5: sources.b.every: {DURATION}"]


def test_a_file_that_is_not_utf_8_is_told_by_its_line(load: Load) -> None:
    assert load.problems("version: 1\n# ok\nentities: {a: {name: Café}}\n".encode("latin-1")) == [
        "3: not UTF-8: save the file as UTF-8"
    ]


@pytest.mark.parametrize("name", ["nowhere.yaml", "."])
def test_a_file_that_can_not_be_read_says_how_to_name_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"can't be read .*: name the watch list by WIREDESK_WATCHLIST"):
        load_watchlist(tmp_path / name, check_query=lambda query, entities: None)


# ── any text at all ──────────────────────────────────────────────────────────────────────────────────────────


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(alphabet="version:1 \n\t-[]{}'\"&*!|>%@#~,?aé\x00", max_size=60) | st.binary(max_size=60))
def test_any_text_is_a_watch_list_or_a_list_of_problems(load: Load, text: str | bytes) -> None:
    assert load.outcome(text if isinstance(text, bytes) else text.encode())


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(watchlist=watchlists(), data=st.data())
def test_a_damaged_watch_list_is_still_one_or_a_list_of_problems(
    load: Load, watchlist: Watchlist, data: st.DataObject
) -> None:
    text = dump_watchlist(watchlist)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))
    slip = data.draw(st.sampled_from(["", ":", "\n", "[", "}", "'", "- "]))
    assert load.outcome((text[:start] + slip + text[end:]).encode())

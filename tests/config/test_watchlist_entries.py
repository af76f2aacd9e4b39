"""What is wrong with an entry of the watch list is told with its line, its place and what to write instead."""

import pytest

from tests.config.loading import Load

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
        *(
            (
                f"{{url: 'https://s.example', kind: {kind}, {key}: main}}",
                f"sources.s.{key}: CSS is for pages, not for a {kind}: make the kind page or auto, or leave this out",
            )
            for kind in ("feed", "sitemap")
            for key in ("select", "ignore")
        ),
        (
            "{url: 'https://s.example', kind: page, select: 'a['}",
            "sources.s.select: no CSS selector (Expected ident or '*', got <EOF at 2>): write it as in a style sheet",
        ),
        (
            "{url: 'https://s.example', ignore: 'p:frist'}",
            "sources.s.ignore: no CSS selector (The pseudo-class :frist is unknown): write it as in a style sheet",
        ),
        (
            "{url: 'https://s.example', ignore: 'a|b'}",
            "sources.s.ignore: no CSS selector (Undefined namespace prefix): write it as in a style sheet",
        ),
        ("{url: 'https://s.example', evry: 1h}", "sources.s.evry: unknown key: did you mean every?"),
        ("https://s.example", "sources.s: not a mapping: write key: value under it"),
    ],
)
def test_a_wrong_source_is_told(load: Load, entry: str, problem: str) -> None:
    assert load.problems(f"version: 1\nsources:\n  s: {entry}\n") == [f"3: {problem}"]


@pytest.mark.parametrize("kind", ["auto", "page"])
def test_a_source_that_may_be_a_page_takes_css(load: Load, kind: str) -> None:
    loaded = load(
        f"version: 1\nsources: {{s: {{url: 'https://s.example', kind: {kind}, select: main, ignore: nav}}}}\n"
    )
    assert (loaded.sources["s"].select, loaded.sources["s"].ignore) == ("main", "nav")


def test_what_is_wrong_with_css_is_told_beside_all_else_in_its_source(load: Load) -> None:
    problems = load.problems(
        """\
        version: 1
        sources:
          s:
            url: s.example
            kind: feed
            select: main
            ignore: "a[["
            evry: 5m
          unknown:
            url: https://s.example
            kind: rss
            select: "a[["
        """
    )
    assert [problem.split(":")[:2] for problem in problems] == [
        ["4", " sources.s.url"],
        ["6", " sources.s.select"],
        ["7", " sources.s.ignore"],
        ["8", " sources.s.evry"],
        ["11", " sources.unknown.kind"],
        ["12", " sources.unknown.select"],
    ]


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

"""`wiredesk source …`: looking at an address, following it, and what is said of those that are followed."""

import re

import pytest

from tests.bot.cli.commanding import Commands, item, rss
from tests.fakes.web import Reply, Web

PAGE = (
    "<html lang='en'><head><title>Camera policy</title></head><body><main>"
    + "<p>The port keeps each recording for thirty days, and nobody may look at it without a reason.</p>" * 6
    + "</main></body></html>"
).encode()
HOME = b"""<html><head><title>Courier</title>
<link rel="alternate" type="application/rss+xml" href="/feed">
<link rel="alternate" type="application/rss+xml" href="/b">
</head><body><p>Welcome.</p></body></html>"""
FEED = rss(item(1, "Cameras off", "The PPD switched them off."), item(2, "Band plays"), item(3, "Boats &amp; dogs"))
SEEN = b"<main><p class='seen'>Seen by 1,204 people in the town.</p>"
LIST_KEYS = {"name", "url", "kind", "state", "items", "last_outcome", "last_error", "next_at", "origin"}
ITEM_KEYS = {"id", "url", "title", "published", "summary", "first_seen"}


# ── list, items ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_tells_how_each_source_does(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", FEED)
    web.serve("/broken", Reply(500))
    web.serve("/gone", Reply(410))
    for name in ("feed", "broken", "gone"):
        wiredesk.sources[name] = {"url": web.url(f"/{name}")}
    wiredesk.sources["resting"] = {"url": web.url("/feed?2"), "paused": True}
    before = {line["name"]: line["state"] for line in wiredesk("source", "list", "--json").lines}
    wiredesk("run", "--once")
    after = {line["name"]: line for line in wiredesk("source", "list", "--json").lines}

    assert before == {"feed": "new", "broken": "new", "gone": "new", "resting": "paused"}
    assert all(line.keys() >= LIST_KEYS for line in after.values())
    assert {name: line["state"] for name, line in after.items()} == {
        "feed": "ok", "broken": "failing", "gone": "paused", "resting": "paused",
    }  # fmt: skip
    assert (after["feed"]["kind"], after["feed"]["items"], after["feed"]["last_outcome"]) == ("feed", 3, "ok")
    assert after["feed"]["next_at"].endswith("Z")
    assert after["gone"]["next_at"] is None
    assert after["broken"]["last_error"]


def test_the_list_shows_no_secret(wiredesk: Commands, web: Web) -> None:
    wiredesk.sources["private"] = {"url": web.url("/feed?token=hush-hush")}
    said = wiredesk("source", "list", "--json")
    assert "hush" not in said.stdout + said.told
    assert said.line["url"].endswith("token=***")


def test_a_list_for_people_names_the_trouble(wiredesk: Commands, web: Web) -> None:
    web.serve("/broken", Reply(500))
    wiredesk.sources["broken"] = {"url": web.url("/broken")}
    wiredesk("run", "--once")
    said = wiredesk("source", "list")
    assert "broken" in said.stdout
    assert "failing" in said.stdout
    assert "500" in said.stdout


@pytest.mark.parametrize("resumed", [True, False])
def test_what_is_due_is_next_now(wiredesk: Commands, web: Web, resumed: bool) -> None:
    web.serve("/broken", Reply(500))
    wiredesk.sources["broken"] = {"url": web.url("/broken")}
    if resumed:
        wiredesk("run", "--once")
        assert " in " in wiredesk("source", "list").stdout
        wiredesk("source", "pause", "broken")
        assert " now " not in wiredesk("source", "list").stdout
        wiredesk("source", "resume", "broken")
    assert " now " in wiredesk("source", "list").stdout


def test_what_should_have_been_polled_is_next_now(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", FEED)
    wiredesk.sources["courier"] = {"url": web.url("/feed"), "read": "never"}
    wiredesk("run", "--once", "--at", "2026-03-02T20:00:00Z")
    assert " now " in wiredesk("source", "list").stdout


def test_items_stand_in_the_sources_order_the_latest_poll_first(wiredesk: Commands, web: Web) -> None:
    web.serve(
        "/feed", [Reply(body=FEED), Reply(body=rss(item(4, "Later"), item(5, "Later still"), item(1, "Cameras off")))]
    )
    wiredesk.sources["courier"] = {"url": web.url("/feed"), "read": "never"}
    wiredesk("run", "--once", "--at", "2026-03-02T20:00:00Z")
    first = wiredesk("source", "items", "courier", "--json").lines
    wiredesk("run", "--once", "--at", "2026-03-02T21:00:00Z")
    second = wiredesk("source", "items", "courier", "--json").lines

    assert all(line.keys() == ITEM_KEYS for line in second)
    assert [line["title"] for line in first] == ["Cameras off", "Band plays", "Boats & dogs"]
    assert first[0]["url"] == web.url("/a/1")
    assert first[0]["published"] == "2026-03-02T11:00:00Z"
    assert [line["title"] for line in second][:2] == ["Later", "Later still"]
    assert len({line["id"] for line in second}) == 5


def test_the_items_of_a_page_are_its_versions(wiredesk: Commands, web: Web) -> None:
    web.serve("/policy", [Reply(body=PAGE), Reply(body=PAGE.replace(b"thirty", b"ninety"))])
    wiredesk.sources["policy"] = {"url": web.url("/policy"), "kind": "page"}
    wiredesk("run", "--once", "--at", "2026-03-02T20:00:00Z")
    wiredesk("run", "--once", "--at", "2026-03-02T21:00:00Z")
    newest, oldest = wiredesk("source", "items", "policy", "--json").lines
    assert newest.keys() == ITEM_KEYS
    assert ("ninety" in newest["summary"], "thirty" in oldest["summary"]) == (True, True)
    assert wiredesk("source", "list", "--json").line["items"] == 2


def test_css_of_a_source_that_turns_out_to_be_a_page_is_used_at_each_poll(wiredesk: Commands, web: Web) -> None:
    page = PAGE.replace(b"<main>", b"<p id='seen'>Seen by 1,204 people in the town and by others elsewhere.</p><main>")
    web.serve("/policy", [Reply(body=page), Reply(body=page.replace(b"thirty", b"ninety"))])
    wiredesk.sources["policy"] = {"url": web.url("/policy"), "select": "#seen, main", "ignore": "main"}
    for at in ("2026-03-02T20:00:00Z", "2026-03-02T21:00:00Z"):
        wiredesk("run", "--once", "--at", at)
    assert wiredesk("source", "list", "--json").line["kind"] == "page"
    assert wiredesk("source", "items", "policy", "--json").line["summary"].startswith("Seen by 1,204")


# ── test ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_look_shows_items_with_the_watches_they_answer_and_stores_nothing(fresh: Commands, web: Web) -> None:
    web.serve("/feed", FEED)
    *items, source = fresh("source", "test", web.url("/feed"), "--json").lines
    assert all(line.keys() == ITEM_KEYS | {"watches"} for line in items)
    assert [(line["title"], line["watches"]) for line in items] == [
        ("Cameras off", ["cameras"]), ("Band plays", []), ("Boats & dogs", []),
    ]  # fmt: skip
    assert items[0]["first_seen"] is None
    assert source == {
        "event": "source", "outcome": "ok", "kind": "feed", "title": "Harbor Courier", "items": 3,
        "degraded": None, "error": None, "feeds": [], "text": None, "words": None, "watches": None,
    }  # fmt: skip
    assert not fresh.data.exists()


def test_a_look_asks_the_watches_of_the_database_once_there_is_one(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", FEED)
    wiredesk("watch", "add", "music", "band", "--channel", "newsroom")
    lines = wiredesk("source", "test", web.url("/feed"), "--json").lines
    assert [line["watches"] for line in lines[:-1]] == [["cameras"], ["music"], []]


def test_a_look_at_a_page_tells_its_title(wiredesk: Commands, web: Web) -> None:
    web.serve("/policy", PAGE)
    line = wiredesk("source", "test", web.url("/policy"), "--json").line
    assert (line["outcome"], line["kind"], line["items"], line["title"]) == ("ok", "page", 0, "Camera policy")


def test_a_look_at_a_page_shows_its_text_as_select_and_ignore_leave_it_and_what_it_answers(
    fresh: Commands, web: Web
) -> None:
    web.serve("/policy", PAGE.replace(b"<main>", SEEN + b"<p>Cameras of the Port Police stay off.</p>"))
    look = ("source", "test", web.url("/policy"), "--kind", "page")
    assert "1,204" in fresh(*look, "--json").line["text"]
    line = fresh(*look, "--ignore", ".seen", "--json").line
    assert "1,204" not in line["text"]
    assert line["words"] == len(line["text"].split())
    assert line["watches"] == ["cameras"]
    shown = fresh(*look, "--ignore", ".seen", COLUMNS="300").stdout
    assert line["text"].splitlines()[0] in shown
    assert re.search(r"words +\d+\nwatches +cameras\n", re.sub(r" +\n", "\n", shown))


def test_of_a_long_page_people_see_the_first_lines(fresh: Commands, web: Web) -> None:
    rules = "".join(f"<p>Rule {number} of the harbour says what is done with boats.</p>" for number in range(40))
    web.serve("/rules", f"<html><body><main>{rules}</main></body></html>".encode())
    shown = fresh("source", "test", web.url("/rules"), "--kind", "page", COLUMNS="200").stdout
    assert ("Rule 0 " in shown, "Rule 39 " in shown) == (True, False)
    assert "28 more lines: --json has the whole text" in shown
    assert "none: no watch asks for what it says" in shown


def test_of_a_feed_people_are_told_that_its_own_words_were_looked_at(fresh: Commands, web: Web) -> None:
    web.serve("/feed", FEED)
    assert (
        "by the feed's own words; pages are read when"
        in fresh("source", "test", web.url("/feed"), COLUMNS="200").stdout
    )


def test_a_look_at_a_home_page_finds_its_feeds(wiredesk: Commands, web: Web) -> None:
    web.serve("/", HOME)
    line = wiredesk("source", "test", web.url("/"), "--json").line
    assert line["feeds"] == [web.url("/feed"), web.url("/b")]
    assert line["outcome"] == "failed"


def test_people_read_each_feed_of_a_home_page_once_and_how_to_follow_the_page_itself(
    wiredesk: Commands, web: Web
) -> None:
    web.serve("/", HOME)
    said = wiredesk("source", "test", web.url("/"), COLUMNS="200")
    assert [said.stdout.count(web.url(path)) for path in ("/feed", "/b")] == [1, 1]
    assert "a web page, not a feed: add one of the feeds" in said.stdout
    assert "--kind page" in said.stdout
    assert "page" in wiredesk("source", "test", web.url("/"), "--kind", "page").stdout


@pytest.mark.parametrize(
    ("path", "outcome"), [("/missing", "missing"), ("/blocked", "blocked"), ("/empty", "empty"), ("/broken", "failed")]
)
def test_a_look_that_finds_nothing_is_still_done(wiredesk: Commands, web: Web, path: str, outcome: str) -> None:
    web.serve("/blocked", Reply(403))
    web.serve("/empty", b"")
    web.serve("/broken", Reply(500))
    line = wiredesk("source", "test", web.url(path), "--json").line
    assert line["outcome"] == outcome
    assert line["error"]


@pytest.mark.parametrize("url", ["{}", "http://169.254.169.254/feed", "file:///etc/passwd", "http://[::ffff:7f00:1]/"])
def test_a_look_goes_through_the_address_guard(wiredesk: Commands, web: Web, url: str) -> None:
    said = wiredesk("source", "test", url.format(web.url("/feed")), "--json", WIREDESK_ALLOW_HOSTS="")
    assert said.line["outcome"] == "failed"
    assert "refused" in said.line["error"]
    assert web.connections == 0


@pytest.mark.parametrize(
    "url", ["notaurl", "courier.example/feed", "localhost:8000/feed", "localhost:80", "//courier.example/", ""]
)
def test_a_look_at_what_is_no_address_is_refused_as_following_it_is(fresh: Commands, url: str) -> None:
    looked, added = fresh("source", "test", url, "--json"), fresh("source", "add", url)
    assert (looked.code, looked.stdout, looked.told) == (2, "", added.told)
    assert "not an address of the web" in looked.told


@pytest.mark.parametrize("url", ["ftp://courier.example/feed", "http://10.0.0.1/feed", "http:10.0.0.1", "http://"])
def test_of_an_address_that_may_not_be_asked_the_guard_speaks(fresh: Commands, url: str) -> None:
    said = fresh("source", "test", url, "--json")
    assert (said.code, said.line["outcome"]) == (0, "failed")


def test_a_look_for_people_ends_with_what_the_source_is(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", FEED)
    said = wiredesk("source", "test", web.url("/feed"))
    assert "Cameras off" in said.stdout
    assert "Harbor Courier" in said.stdout


# ── add ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_feed_is_followed_under_its_title(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", FEED)
    added = wiredesk("source", "add", web.url("/feed"), "--tag", "local", "--every", "15m", "--json").line
    assert (added["name"], added["origin"], added["state"]) == ("harbor-courier", "desk", "new")
    wiredesk("run", "--once")
    assert wiredesk("source", "list", "--json").line["items"] == 3


def test_a_page_that_links_feeds_is_not_followed_unless_it_is_meant(wiredesk: Commands, web: Web) -> None:
    web.serve("/", HOME)
    refused = wiredesk("source", "add", web.url("/"))
    assert refused.code == 2
    assert web.url("/feed") in refused.told
    assert web.url("/b") in refused.told
    assert "--kind page" in refused.told
    assert wiredesk("source", "add", web.url("/"), "--kind", "page").code == 0


def test_a_site_that_fails_now_is_followed_with_a_warning(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", Reply(503))
    said = wiredesk("source", "add", web.url("/feed"), "--name", "courier")
    assert (said.code, said.stdout) == (0, "source courier: added\n")
    assert "503" in said.told


def test_an_address_that_the_guard_refuses_is_not_followed(wiredesk: Commands, web: Web) -> None:
    said = wiredesk("source", "add", web.url("/feed"), WIREDESK_ALLOW_HOSTS="")
    assert said.code == 2
    assert "WIREDESK_ALLOW_HOSTS" in said.told
    assert web.connections == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["ftp://courier.example/feed"], "http"),
        (["courier.example/feed"], "http"),
        (["{}/feed", "--every", "5"], "--every"),
        (["{}/feed", "--every", "1s"], "--every"),
        (["{}/feed", "--name", "two words"], "not a name"),
        (["{}/feed", "--tag", "two words"], "--tag"),
        (["{}/feed", "--select", "main"], "for pages"),
        (["{}/feed", "--kind", "feed", "--ignore", "nav"], "--ignore nav: CSS is for pages"),
        (["{}/feed", "--kind", "page", "--select", "main["], "--select"),
        (["{}/feed", "--name", "courier"], "courier"),
        (["{}/other", "--name", "again"], "as courier"),
    ],
)
def test_what_cant_be_followed_is_said(wiredesk: Commands, web: Web, arguments: list[str], reason: str) -> None:
    web.serve("*", FEED)
    wiredesk.sources["courier"] = {"url": web.url("/other")}
    said = wiredesk("source", "add", *(argument.format(web.origin) for argument in arguments))
    assert said.code == 2
    assert reason in said.told


# ── pause, resume, adopt, remove ─────────────────────────────────────────────────────────────────────────


def test_a_paused_source_is_not_polled_until_it_is_resumed(wiredesk: Commands, web: Web) -> None:
    web.serve("/feed", FEED)
    wiredesk.sources["courier"] = {"url": web.url("/feed")}
    paused = wiredesk("source", "pause", "courier", "--json").line
    wiredesk("run", "--once")
    asked_while_paused = len(web.asked("/feed"))
    resumed = wiredesk("source", "resume", "courier", "--json").line
    wiredesk("run", "--once")
    assert (paused["state"], asked_while_paused, resumed["state"], len(web.asked("/feed"))) == ("paused", 0, "new", 1)


def test_a_source_of_the_file_is_removed_only_once_it_is_adopted(wiredesk: Commands, web: Web) -> None:
    wiredesk.sources["courier"] = {"url": web.url("/feed")}
    refused = wiredesk("source", "remove", "courier")
    wiredesk("source", "adopt", "courier")
    removed = wiredesk("source", "remove", "courier")
    assert (refused.code, removed.code) == (2, 0)
    assert "adopt" in refused.told
    assert wiredesk("source", "list", "--json").lines == []


def test_whoever_resumes_what_the_file_pauses_is_told_that_it_will_again(wiredesk: Commands, web: Web) -> None:
    wiredesk.sources["courier"] = {"url": web.url("/feed"), "paused": True}
    said = wiredesk("source", "resume", "courier")
    assert said.code == 0
    assert "adopt" in said.told


@pytest.mark.parametrize("verb", ["items", "pause", "remove"])
def test_an_unknown_name_is_answered_with_the_one_that_may_be_meant(wiredesk: Commands, web: Web, verb: str) -> None:
    wiredesk.sources["courier"] = {"url": web.url("/feed")}
    said = wiredesk("source", verb, "couriers")
    assert said.code == 2
    assert "did you mean courier?" in said.told

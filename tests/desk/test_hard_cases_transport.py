"""What a bad answer does to a desk: the failure has a name, the old state stays, and every other source goes on."""

import gzip
from collections.abc import Callable

import pytest

from tests.desk.conftest import Desk
from tests.desk.press import Entry, rss
from tests.fakes.web import Reply, Web, exactly, redirect
from tests.fetch.trap import SITE, trap

FEED = b"<rss version='2.0'><channel><title>Courier</title></channel></rss>"
TRUNCATED = Reply(body=gzip.compress(FEED)[:-9], headers={"Content-Encoding": "gzip"})
FEEDS_PAGE = b'<!doctype html><title>Courier</title><link rel="alternate" type="application/rss+xml" href="/rss"><p>Hi.'
CHALLENGE = b"<html><title>Just a moment...</title><p>Checking"
NOT_FOUND = b"<html><title>Page not found</title><p>Sorry."


def bad(answer: Reply | bytes) -> Callable[[Web, str], None]:
    return lambda web, path: web.serve(path, answer)


def broken(data: bytes) -> Callable[[Web, str], None]:
    return lambda web, path: web.raw(path, exactly(data))


BAD = {
    "brotli": (bad(Reply(body=b"\x1b" * 203, headers={"Content-Encoding": "br"})), "failed"),
    "twice-packed": (bad(Reply(body=FEED, headers={"Content-Encoding": "gzip, gzip"})), "failed"),
    "without-end": (broken(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n<rss>"), "failed"),
    "huge-header": (broken(b"HTTP/1.1 200 OK\r\nX-A: " + b"x" * 200_000), "failed"),
    "short-of-its-length": (broken(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + FEED), "failed"),
    "truncated": (bad(TRUNCATED), "failed"),
    "refusing": (bad(Reply(403)), "blocked"),
    "challenging": (bad(CHALLENGE), "blocked"),
    "a-soft-404": (bad(NOT_FOUND), "missing"),
    "a-page": (bad(FEEDS_PAGE), "failed"),
    "garbage": (bad(b"\x00\xff\x8b no feed"), "failed"),
    "without-entries": (bad(rss([])), "empty"),
}


def entry(name: str, number: int) -> Entry:
    words = " ".join(f"{name}{number}{letter}" for letter in "abcdefghijklmnop")
    return Entry(title=f"Harbor cameras by {name}, part {number}", guid=f"{name}-{number}", summary=words)


def show(web: Web, name: str, *numbers: int) -> None:
    body = rss([entry(name, number) for number in numbers], title=name)
    web.serve(f"/{name}", Reply(body=body, headers={"ETag": f'"{name}"', "Last-Modified": "yesterday"}))


def test_hard_case_19_20_21_24_25_26_32_41_43_a_bad_answer_takes_nothing_away(desk: Desk, web: Web) -> None:
    desk.environment["WIREDESK_BURST"] = "100"
    for name in (*BAD, "good"):
        show(web, name, 1)
        desk.source(name, f"/{name}", read="never")
    assert len(desk.run(first_look="all").told("story.new")) == len(BAD) + 1

    for name, (spoil, _) in BAD.items():
        spoil(web, f"/{name}")
    show(web, "good", 1, 2)
    assert [line["title"] for line in desk.run().told()] == [entry("good", 2).title]
    listed = {line["name"]: line for line in desk.command("source", "list", "--json")}
    assert {name: line["last_outcome"] for name, line in listed.items()} == {
        "good": "ok",
        **{name: outcome for name, (_, outcome) in BAD.items()},
    }
    assert [name for name in BAD if not listed[name]["last_error"] or listed[name]["items"] != 1] == []

    for name in BAD:
        show(web, name, 1, 2)
    assert {line["title"] for line in desk.run().told()} == {entry(name, 2).title for name in BAD}
    asked = {name: [each.headers.get("if-none-match") for each in web.asked(f"/{name}")] for name in BAD}
    assert asked == {name: [None, f'"{name}"', f'"{name}"'] for name in BAD}


def test_hard_case_31_a_new_address_is_kept_after_three_polls_and_checked_at_each(
    desk: Desk, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    with trap(monkeypatch, web) as watched:
        moved = watched.url("/new", host=f"moved.{SITE}")
        web.serve("/old", redirect(moved, 301))
        show(web, "new", 1)
        desk.environment["WIREDESK_ALLOW_HOSTS"] = watched.allow_hosts(f"moved.{SITE}")
        desk.sources["courier"] = {"url": watched.url("/old"), "read": "never"}
        for _ in range(4):
            desk.run()
        assert (len(web.asked("/old")), len(web.asked("/new"))) == (3, 4)
        desk.environment["WIREDESK_ALLOW_HOSTS"] = watched.allow_hosts()
        desk.run()
        (line,) = desk.command("source", "list", "--json")
    assert "address refused" in line["last_error"]
    assert (line["name"], line["url"]) == ("courier", moved)
    assert (len(web.asked("/old")), len(web.asked("/new"))) == (3, 4)

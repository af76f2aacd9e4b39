"""A followed page: what really changed is told, a reversion too; what the web does wrong is no version."""

from html import escape

from tests.desk.conftest import Desk
from tests.desk.press import PARAGRAPHS, Entry, rss
from tests.fakes.web import Reply, Web

HTML = {"Content-Type": "text/html; charset=utf-8"}
RULE = "Recordings of the harbor cameras are kept for thirty days and are then destroyed by the port police."
LONGER = RULE.replace("thirty", "ninety")


def policy(rule: str, *, clutter: str = "1 view", head: str = "") -> Reply:
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in (*PARAGRAPHS[:3], rule, *PARAGRAPHS[3:]))
    return Reply(
        body=(
            f"<!doctype html><html lang=en><head><title>Camera policy</title>{head}</head><body>"
            f"<nav><a href=/>Home</a></nav><main><h1>Camera policy</h1><h2>Retention</h2>{paragraphs}</main>"
            f"<footer>{clutter}</footer></body></html>"
        ).encode(),
        headers=HTML,
    )


def test_a_change_a_reversion_a_403_and_a_404_are_two_alerts_and_nothing_else(desk: Desk, web: Web) -> None:
    desk.desk["admin_channel"] = "newsroom"
    desk.source("policy", "/policy", kind="page")
    told = []
    for answer in (policy(RULE), policy(LONGER), policy(RULE), Reply(403, body=b"no"), Reply(404, body=b"gone")):
        web.serve("/policy", answer)
        told.append(desk.run().told())
    assert [[alert["kind"] for alert in alerts] for alerts in told] == [
        [],
        ["policy.changed"],
        ["policy.changed"],
        [],
        [],
    ]
    assert told[1][0]["why"][0]["term"] == "harbor cameras"
    web.serve("/policy", policy(RULE))
    assert desk.run().told() == []


def test_a_changed_page_says_who_published_it_and_within_which_time_it_changed(desk: Desk, web: Web) -> None:
    desk.source("policy", "/policy", kind="page")
    web.serve("/policy", policy(RULE))
    desk.run(at="2026-03-02T09:00:00Z")
    desk.run(at="2026-03-02T12:00:00Z")
    web.serve("/policy", Reply(503, body=b"later"))
    desk.run(at="2026-03-02T13:00:00Z")
    web.serve("/policy", policy(LONGER, head='<meta property="og:site_name" content="Port Police">'))
    shown = " ".join(desk.cards(at="2026-03-02T14:00:00Z").split())
    assert "Port Police · changed between 2 Mar 2026, 07:00 EST and 2 Mar 2026, 09:00 EST" in shown
    web.serve("/policy", policy(RULE))
    (told,) = desk.run(at="2026-03-02T15:00:00Z").told()
    assert (told["outlet"], told["published"]) == ("127.0.0.1", None)


def test_a_page_that_was_cut_off_on_its_way_is_no_change(desk: Desk, web: Web) -> None:
    """A server that dies may serve half a page as a whole one, of the right length."""
    desk.source("policy", "/policy", kind="page")
    whole = policy(RULE)
    half = Reply(body=whole.body[: len(whole.body) // 2], headers=HTML)
    told = []
    for answer in (whole, half, half, whole, policy(LONGER)):
        web.serve("/policy", answer)
        told += desk.run().told()
    assert [alert["kind"] for alert in told] == ["policy.changed"]


def test_a_page_that_goes_on_without_its_end_is_what_it_is_now(desk: Desk, web: Web) -> None:
    desk.source("policy", "/policy", kind="page")
    web.serve("/policy", policy(RULE))
    desk.run()
    open_ended = policy(LONGER)
    web.serve("/policy", Reply(body=open_ended.body.replace(b"</body></html>", b""), headers=HTML))
    told = [[alert["kind"] for alert in desk.run().told()] for _ in range(5)]
    assert told == [[], [], [], ["policy.changed"], []]


def test_hard_case_41_a_notice_in_a_feed_s_place_is_no_page_to_follow(desk: Desk, web: Web) -> None:
    desk.source("courier", "/feed")
    web.serve("/feed", policy(RULE))
    assert desk.run(at="2026-03-02T10:00:00Z").told() == []
    web.serve("/feed", rss([Entry(title="Harbor cameras go dark", guid="1"), Entry(title="Of old", published=None)]))
    (told,) = desk.run(at="2026-03-02T11:00:00Z").told()
    assert (told["kind"], told["title"]) == ("story.new", "Harbor cameras go dark")
    (source,) = desk.command("source", "list", "--json")
    assert (source["kind"], source["state"], source["items"]) == ("feed", "ok", 2)


def test_a_change_around_the_text_is_none(desk: Desk, web: Web) -> None:
    desk.source("policy", "/policy", kind="page")
    for views in range(3):
        web.serve("/policy", policy(RULE, clutter=f"{views} views"))
        assert desk.run().told() == []


def test_a_page_that_no_watch_names_is_recorded_and_not_told(desk: Desk, web: Web) -> None:
    desk.query = "lighthouse"
    desk.source("policy", "/policy", kind="page")
    web.serve("/policy", policy(RULE))
    desk.run()
    web.serve("/policy", policy(LONGER))
    assert desk.run().told() == []


def test_a_page_that_loses_the_words_of_a_watch_is_told(desk: Desk, web: Web) -> None:
    desk.query = '"thirty days"'
    desk.source("policy", "/policy", kind="page")
    web.serve("/policy", policy(RULE))
    desk.run()
    web.serve("/policy", policy(LONGER))
    assert [alert["kind"] for alert in desk.run().told()] == ["policy.changed"]

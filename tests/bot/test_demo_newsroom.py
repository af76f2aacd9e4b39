"""The demo newsroom's server: what it answers over the invented day, and the bad manners of some of its outlets."""

import http.client
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

import feedparser
import pytest
import trafilatura
import yaml
from lxml import etree

from bot.demo import DemoNewsroom, demo_watchlist, expectations
from bot.demo.data import Outlet
from bot.demo.edition import load_edition

EDITION = load_edition()
OUTLETS = EDITION.settings.outlets


class Reply:
    """An answer of the server, its body read."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        self.text = self.body.decode()


@pytest.fixture(scope="module")
def newsroom() -> Iterator[DemoNewsroom]:
    with DemoNewsroom() as running:
        yield running


def get(newsroom: DemoNewsroom, path: str, **headers: str) -> Reply:
    connection = http.client.HTTPConnection(urlsplit(newsroom.base_url).netloc, timeout=10)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return Reply(connection.getresponse())
    finally:
        connection.close()


def at(clock: str) -> datetime:
    return EDITION.hours[0].replace(hour=int(clock[:2]), minute=int(clock[3:]))


def feed_path(outlet: Outlet, moment: datetime) -> str:
    moved = outlet.moved is not None and EDITION.moment(outlet.moved.since) <= moment
    return f"/{outlet.key}/{outlet.moved.to if moved and outlet.moved else outlet.feed}"


def entry_count(outlet: Outlet, body: bytes) -> int:
    if outlet.format == "json":
        return len(json.loads(body)["items"])
    if outlet.format == "sitemap":
        return len(etree.fromstring(body).findall("{*}url"))
    parsed = feedparser.parse(io.BytesIO(body))
    assert not parsed.bozo
    return len(parsed.entries)


def test_it_serves_on_loopback_from_start_to_stop() -> None:
    newsroom = DemoNewsroom()
    newsroom.start()
    address = newsroom.base_url
    assert address.startswith("http://127.0.0.1:")
    assert get(newsroom, "/").status == 200
    newsroom.stop()
    newsroom.stop()
    with pytest.raises(RuntimeError):
        _ = newsroom.base_url
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(urlsplit(address).netloc, timeout=10).connect()


def test_it_can_be_started_again() -> None:
    newsroom = DemoNewsroom()
    for _ in range(2):
        with newsroom:
            assert get(newsroom, "/robots.txt").status == 200


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.key)
def test_each_feed_shows_exactly_what_was_published_by_the_moment(newsroom: DemoNewsroom, outlet: Outlet) -> None:
    for moment in (EDITION.hours[0], EDITION.hours[3], EDITION.hours[-1]):
        newsroom.show(moment)
        reply = get(newsroom, feed_path(outlet, moment))
        if reply.status == 200:
            assert entry_count(outlet, reply.body) == len(EDITION.shown(outlet, moment))
        else:
            assert outlet.outages
            assert reply.status == 410


def test_every_feed_has_something_to_show_at_the_first_look() -> None:
    assert all(EDITION.shown(o, EDITION.hours[0]) for o in OUTLETS)


def test_the_news_grows_at_every_hour() -> None:
    counts = [sum(len(EDITION.shown(o, hour)) for o in OUTLETS) for hour in EDITION.hours]
    assert all(earlier < later for earlier, later in pairwise(counts))
    assert counts[-1] == len(EDITION.items)


def test_every_item_has_been_seen_by_a_poll_before_its_feed_dies() -> None:
    for dying in (o for o in OUTLETS if o.outages):
        died = EDITION.moment(dying.outages[0].since)
        last_poll = max(hour for hour in EDITION.hours if hour < died)
        assert all(item.published <= last_poll for item in EDITION.items if item.outlet == dying)


@pytest.mark.parametrize("outlet", [o for o in OUTLETS if not o.outages], ids=lambda outlet: outlet.key)
def test_an_unchanged_feed_answers_304_to_what_it_gave(newsroom: DemoNewsroom, outlet: Outlet) -> None:
    newsroom.show(EDITION.hours[0])
    path = feed_path(outlet, EDITION.hours[0])
    first = get(newsroom, path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert (etag is not None) == (outlet.validators in {"both", "etag"})
    assert (modified is not None) == (outlet.validators in {"both", "modified"})
    conditions = {"If_None_Match": etag, "If_Modified_Since": modified}
    second = get(newsroom, path, **{name: value for name, value in conditions.items() if value})
    if outlet.validators == "none":
        assert (second.status, second.body) == (200, first.body)
    else:
        assert (second.status, second.body) == (304, b"")


@pytest.mark.parametrize("outlet", [o for o in OUTLETS if not o.outages], ids=lambda outlet: outlet.key)
def test_a_feed_with_news_answers_200_to_the_morning_s_validators(newsroom: DemoNewsroom, outlet: Outlet) -> None:
    newsroom.show(EDITION.hours[0])
    first = get(newsroom, feed_path(outlet, EDITION.hours[0]))
    newsroom.show(EDITION.hours[-1])
    conditions = {"If_None_Match": first.headers["ETag"], "If_Modified_Since": first.headers["Last-Modified"]}
    later = get(
        newsroom,
        feed_path(outlet, EDITION.hours[-1]),
        **{name: value for name, value in conditions.items() if value},
    )
    assert later.status == 200
    assert later.body != first.body


def test_a_malformed_date_in_a_condition_is_ignored(newsroom: DemoNewsroom) -> None:
    newsroom.show(EDITION.hours[0])
    assert get(newsroom, "/valley-courier/index.rdf", If_Modified_Since="the day before").status == 200


def test_a_moved_feed_redirects_for_good(newsroom: DemoNewsroom) -> None:
    newsroom.show(at("09:00"))
    assert get(newsroom, "/eastbank-echo/feed.xml").status == 200
    newsroom.show(at("10:00"))
    moved = get(newsroom, "/eastbank-echo/feed.xml")
    assert moved.status == 301
    assert get(newsroom, urlsplit(moved.headers["Location"]).path).status == 200
    assert sum(hour >= at("10:00") for hour in EDITION.hours) >= 3  # polls that agree, for it to be adopted


def test_a_dying_feed_errs_then_hangs_up_then_is_gone(newsroom: DemoNewsroom) -> None:
    path = "/mill-street-post/feed.xml"
    newsroom.show(at("10:00"))
    assert get(newsroom, path).status == 200
    newsroom.show(at("11:00"))
    assert get(newsroom, path).status == 500
    newsroom.show(at("13:00"))
    with pytest.raises(http.client.RemoteDisconnected):
        get(newsroom, path)
    newsroom.show(at("15:00"))
    assert get(newsroom, path).status == 410


def test_the_slow_feed_is_slower_than_none_and_quicker_than_a_second() -> None:
    delays = [outlet.delay for outlet in OUTLETS if outlet.delay]
    assert len(delays) == 1
    assert 0.1 <= delays[0] <= 0.9


def test_one_feed_renames_all_its_entries_and_keeps_their_links(newsroom: DemoNewsroom) -> None:
    def entries(moment: datetime) -> dict[str, str]:
        newsroom.show(moment)
        body = get(newsroom, "/gullwing-weekly/weekly.rss").body
        return {entry.link: entry.id for entry in feedparser.parse(io.BytesIO(body)).entries}

    before, after = entries(at("12:00")), entries(at("13:00"))
    assert set(before) < set(after)
    assert all(before[link] != after[link] for link in before)


def test_an_article_is_not_there_before_it_is_published(newsroom: DemoNewsroom) -> None:
    item = EDITION.items[-1]
    newsroom.show(item.published - timedelta(minutes=1))
    assert get(newsroom, item.path).status == 404
    newsroom.show(item.published)
    assert get(newsroom, f"{item.path}?utm_source=somewhere").status == 200


def test_every_article_page_reads_back_as_its_text_without_the_furniture(newsroom: DemoNewsroom) -> None:
    evening = EDITION.hours[-1]
    newsroom.show(evening)
    for item in EDITION.items:
        if not item.locked:
            page = get(newsroom, item.path).text
            assert "cookie" in page
            assert f'<link rel="canonical" href="{newsroom.base_url}{item.path}">' in page
            text = trafilatura.extract(page, fast=True, include_comments=False, include_tables=False)
            assert (text or "").split("\n") == EDITION.as_of(item, evening).paragraphs


def test_a_subscribers_article_is_refused_and_its_summary_is_in_the_feed(newsroom: DemoNewsroom) -> None:
    newsroom.show(EDITION.hours[-1])
    (locked,) = [item for item in EDITION.items if item.locked]
    refused = get(newsroom, locked.path)
    assert refused.status == 403
    assert locked.text not in refused.text
    assert "face recognition" in locked.summary
    assert locked.summary in get(newsroom, feed_path(locked.outlet, EDITION.hours[-1])).text


def test_the_corrected_article_changes_two_hours_later_in_its_feed_and_on_its_page(newsroom: DemoNewsroom) -> None:
    (path,) = expectations().corrections
    item = next(item for item in EDITION.items if item.path == path)
    correction = item.correction
    assert correction is not None
    corrected = EDITION.moment(correction.at)
    assert timedelta(hours=2) <= corrected - item.published < timedelta(hours=3)
    newsroom.show(corrected - timedelta(minutes=1))
    before = get(newsroom, path).text
    feed_before = get(newsroom, feed_path(item.outlet, corrected)).text
    newsroom.show(corrected)
    after = get(newsroom, path).text
    assert correction.find in before
    assert correction.find not in after
    assert correction.put in after
    assert correction.note in after
    assert get(newsroom, feed_path(item.outlet, corrected)).text != feed_before


def test_the_policy_page_changes_once_and_is_put_back(newsroom: DemoNewsroom) -> None:
    policy = EDITION.settings.policy

    def text(moment: datetime) -> str:
        newsroom.show(moment)
        page = get(newsroom, f"/{policy.outlet}/{policy.path}").text
        return trafilatura.extract(page, fast=True, include_comments=False, include_tables=False) or ""

    texts = [text(hour) for hour in EDITION.hours]
    changes = sum(earlier != later for earlier, later in pairwise(texts))
    assert changes == expectations().policy_changes == 2
    assert texts[0] == texts[-1]
    assert policy.find in texts[0]
    assert policy.put in texts[EDITION.hours.index(at("14:00"))]


def test_the_policy_page_s_counter_moves_while_its_text_stays(newsroom: DemoNewsroom) -> None:
    policy = EDITION.settings.policy
    newsroom.show(EDITION.hours[0])
    first = get(newsroom, f"/{policy.outlet}/{policy.path}").body
    newsroom.show(EDITION.hours[1])
    assert get(newsroom, f"/{policy.outlet}/{policy.path}").body != first


def test_the_watch_list_follows_every_outlet_and_the_policy_page(newsroom: DemoNewsroom) -> None:
    watch_list = yaml.safe_load(demo_watchlist(newsroom.base_url))
    newsroom.show(EDITION.hours[0])
    sources = {name: source["url"] for name, source in watch_list["sources"].items()}
    assert set(sources) == {o.key for o in OUTLETS} | {"policy-412"}
    for url in sources.values():
        assert url.startswith(f"{newsroom.base_url}/")
        assert get(newsroom, urlsplit(url).path).status == 200
    assert {channel["kind"] for channel in watch_list["channels"].values()} == {"terminal"}

"""robots.txt is asked for once, kept, and obeyed for pages that nobody listed."""

import asyncio

import pytest

from tests.fakes.web import Reply, Web, redirect
from tests.fetch.conftest import MakeFetcher
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import AllowHosts, Guard
from watchers.fetch.robots import RETRIED_AFTER, Robots
from watchers.models import FetchResult, Outcome

TEXT = {"Content-Type": "text/plain"}


def rules(text: str) -> Reply:
    return Reply(body=text.encode(), headers=TEXT)


async def test_a_disallowed_page_is_not_asked_for(patient: Fetcher, web: Web) -> None:
    web.serve("/robots.txt", rules("User-agent: *\nDisallow: /private\n"))
    web.serve("*", b"hello")
    result = await patient.get(web.url("/private/story"), robots=True)
    assert (result.outcome, result.error) == (Outcome.BLOCKED, "robots.txt asks not to")
    assert web.asked("/private/story") == []
    assert (await patient.get(web.url("/public"), robots=True)).outcome is Outcome.OK


async def test_a_listed_feed_is_asked_for_without_robots_txt(patient: Fetcher, web: Web) -> None:
    web.serve("/robots.txt", rules("User-agent: *\nDisallow: /\n"))
    web.serve("/feed", b"<rss/>")
    assert (await patient.get(web.url("/feed"))).outcome is Outcome.OK
    assert web.asked("/robots.txt") == []


async def test_rules_for_us_by_name_come_before_those_for_all(patient: Fetcher, web: Web) -> None:
    web.serve("/robots.txt", rules("User-agent: wiredesk\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n"))
    web.serve("*", b"hello")
    assert (await patient.get(web.url("/a"), robots=True)).outcome is Outcome.BLOCKED
    assert (await patient.get(web.url("/b"), robots=True)).outcome is Outcome.OK


async def test_every_hop_of_a_redirect_is_asked_about(patient: Fetcher, web: Web) -> None:
    web.serve("/robots.txt", rules("User-agent: *\nDisallow: /private\n"))
    web.serve("/go", redirect("/private"))
    result = await patient.get(web.url("/go"), robots=True)
    assert result.outcome is Outcome.BLOCKED
    assert web.asked("/private") == []


async def test_it_is_fetched_once_for_many_pages_at_once(patient: Fetcher, web: Web) -> None:
    web.serve("*", b"hello")
    web.serve("/robots.txt", rules(""))
    await asyncio.gather(*(patient.get(web.url(f"/{n}"), robots=True) for n in range(10)))
    assert len(web.asked("/robots.txt")) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
async def test_no_robots_txt_means_no_rules(patient: Fetcher, web: Web, status: int) -> None:
    web.serve("/robots.txt", Reply(status))
    web.serve("/page", b"hello")
    assert (await patient.get(web.url("/page"), robots=True)).outcome is Outcome.OK


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_site_that_cannot_give_its_rules_is_left_alone(patient: Fetcher, web: Web, status: int) -> None:
    web.serve("/robots.txt", Reply(status))
    result = await patient.get(web.url("/page"), robots=True)
    assert result.outcome is Outcome.FAILED
    assert "robots.txt could not be read" in (result.error or "")
    assert web.asked("/page") == []


async def test_a_web_page_in_its_place_holds_no_rules(patient: Fetcher, web: Web) -> None:
    web.serve("*", b"<html><title>City Gazette</title>Disallow: nothing of the kind")
    assert (await patient.get(web.url("/page"), robots=True)).outcome is Outcome.OK


async def test_a_refused_address_is_refused_with_robots_too(make_fetcher: MakeFetcher, web: Web) -> None:
    result = await make_fetcher().get("http://127.0.0.1/", robots=True)
    assert result.outcome is Outcome.FAILED
    assert "address refused" in (result.error or "")


async def test_rules_are_kept_for_a_day_and_failures_for_ten_minutes() -> None:
    now = 0.0
    answers = [Outcome.FAILED, Outcome.OK, Outcome.OK]

    async def fetch(url: str) -> FetchResult:
        return FetchResult(outcome=answers.pop(0), url=url, final_url=url, body=b"User-agent: *\nCrawl-delay: 7\n")

    robots = Robots(fetch, agent="Wiredesk", clock=lambda: now)
    target = Guard(AllowHosts()).check_url("http://a.test/x")
    assert not (await robots.wish(target)).allowed
    now += RETRIED_AFTER - 1
    assert not (await robots.wish(target)).allowed
    now += 2
    wish = await robots.wish(target)
    assert (wish.allowed, wish.crawl_delay) == (True, 7.0)
    now += 86_000
    await robots.wish(target)
    assert len(answers) == 1
    now += 1_000
    await robots.wish(target)
    assert answers == []

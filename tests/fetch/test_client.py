"""What a fetch sends and what it makes of ordinary answers."""

import asyncio
import gzip
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.web import Asked, Reply, Web, Wire, exactly, redirect
from tests.fetch.conftest import NOW, MakeFetcher, answering
from watchers.errors import ConfigError
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import AllowHosts, Guard
from watchers.models import Outcome, Validators

FEED = b"<rss version='2.0'><channel><title>Gazette</title></channel></rss>"


async def test_a_feed_comes_whole(patient: Fetcher, web: Web) -> None:
    headers = {"Content-Type": "application/rss+xml", "Cache-Control": "max-age=900", "ETag": '"1"'}
    web.serve("/feed", Reply(body=FEED, headers=headers))
    result = await patient.get(web.url("/feed"))
    assert (result.outcome, result.status, result.body) == (Outcome.OK, 200, FEED)
    assert (result.url, result.final_url) == (web.url("/feed"), web.url("/feed"))
    assert (result.content_type, result.max_age, result.error) == ("application/rss+xml", 900.0, None)
    assert result.validators == Validators('"1"', None)


async def test_gzip_is_asked_for_and_undone(patient: Fetcher, web: Web) -> None:
    web.serve("/", Reply(body=gzip.compress(FEED), headers={"Content-Encoding": "gzip"}))
    assert (await patient.get(web.url())).body == FEED


async def test_it_says_who_asks(make_fetcher: MakeFetcher, web: Web) -> None:
    web.serve("/", FEED)
    await make_fetcher(web.place, contact="mailto:desk@news.test").get(web.url(), accept="text/html")
    sent = web.requests[0].headers
    assert sent["user-agent"] == "Wiredesk/1.0 (+mailto:desk@news.test)"
    assert sent["accept"] == "text/html"
    assert not sent.keys() & {"cookie", "authorization", "referer", "if-none-match", "if-modified-since"}


@pytest.mark.parametrize("host", ["xn--a.test", "xn--i-7iq.test", "xn--zzzzzzzzz.test"])
async def test_a_host_whose_punycode_can_not_be_read_is_asked_like_any_other(
    make_fetcher: MakeFetcher, web: Web, host: str
) -> None:
    web.serve("/", FEED)
    fetcher = make_fetcher(f"{host}:{web.port}", names={host: ["127.0.0.1"]})
    assert (await fetcher.get(f"http://{host}:{web.port}/")).outcome is Outcome.OK
    assert web.requests[0].headers["host"] == f"{host}:{web.port}"


HOSTS = st.text("xn-a.1é。％%[]:@0127", max_size=20) | st.text("abcz019-", max_size=9).map("xn--{}.test".format)


@given(st.sampled_from(["http://", "https://", "//", ""]), HOSTS, st.text(max_size=20))
async def test_whatever_the_address_a_fetch_ends_with_a_result(scheme: str, host: str, rest: str) -> None:
    guard = Guard(AllowHosts(), resolver=answering({}))
    async with Fetcher(guard=guard, version="1.0", random=Random(1), clock=lambda: NOW) as fetcher:
        result = await fetcher.get(f"{scheme}{host}/{rest}")
    assert result.outcome is Outcome.FAILED
    assert result.error


@pytest.mark.parametrize("contact", ["a\r\nX: y", "büro", "a) b"])
def test_a_contact_that_cannot_be_sent_is_refused(make_fetcher: MakeFetcher, contact: str) -> None:
    with pytest.raises(ConfigError, match="contact"):
        make_fetcher(contact=contact)


@pytest.mark.parametrize("reply", [Reply(200), Reply(204), Reply(200, b" \n\t"), Reply(205)])
async def test_nothing_in_it_is_empty(patient: Fetcher, web: Web, reply: Reply) -> None:
    web.serve("/", reply)
    assert (await patient.get(web.url())).outcome is Outcome.EMPTY


@pytest.mark.parametrize("status", [206, 300, 400, 405, 418, 500, 502, 504, 599])
async def test_other_statuses_are_failures(patient: Fetcher, web: Web, status: int) -> None:
    web.serve("/", Reply(status, b"something"))
    result = await patient.get(web.url())
    assert (result.outcome, result.status, result.body) == (Outcome.FAILED, status, b"")
    assert str(status) in (result.error or "")


async def test_not_modified_without_a_question_is_a_failure(patient: Fetcher, web: Web) -> None:
    web.serve("/", Reply(304))
    assert (await patient.get(web.url())).outcome is Outcome.FAILED
    assert (await patient.get(web.url(), validators=Validators(etag='"1"'))).outcome is Outcome.NOT_MODIFIED


async def test_a_failure_gives_no_validators(patient: Fetcher, web: Web) -> None:
    web.serve("/", Reply(500, headers={"ETag": '"of the error page"'}))
    assert (await patient.get(web.url())).validators == Validators()


@pytest.mark.parametrize("location", ["/b?x=1", "b?x=1", "?x=1", "//{place}/b?x=1", "http://{place}/b?x=1#part"])
async def test_redirects_are_followed_relative_to_where_they_stand(patient: Fetcher, web: Web, location: str) -> None:
    web.serve("/a", redirect(location.format(place=web.place)))
    web.serve("/a?x=1", FEED)
    web.serve("/b?x=1", FEED)
    result = await patient.get(web.url("/a"))
    assert result.outcome is Outcome.OK
    assert result.final_url.endswith("x=1")


async def test_a_redirect_to_nowhere_is_a_failure(patient: Fetcher, web: Web) -> None:
    web.serve("/", Reply(302))
    assert "without saying where to" in ((await patient.get(web.url())).error or "")


async def test_a_feed_at_the_root_is_no_front_page(patient: Fetcher, web: Web) -> None:
    web.serve("/feed", redirect("/", 301))
    web.serve("/", Reply(body=FEED, headers={"Content-Type": "text/xml"}))
    assert (await patient.get(web.url("/feed"))).outcome is Outcome.OK


async def test_a_closed_port_is_told_in_the_systems_words(make_fetcher: MakeFetcher) -> None:
    async with Web() as web:
        pass
    result = await make_fetcher("127.0.0.1").get(web.url())
    assert (result.outcome, result.status) == (Outcome.FAILED, None)
    assert result.error == "could not connect to 127.0.0.1: Connection refused"


async def test_an_unknown_name_is_a_failure(make_fetcher: MakeFetcher) -> None:
    result = await make_fetcher(names={}).get("http://nobody.test/")
    assert "could not connect to nobody.test" in (result.error or "")


@pytest.mark.parametrize("junk", [b"", b"\x00\x01\x02", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", b"<html>"])
async def test_what_is_not_http_is_a_failure(patient: Fetcher, web: Web, junk: bytes) -> None:
    web.raw("/", exactly(junk))
    result = await patient.get(web.url())
    assert result.outcome is Outcome.FAILED
    assert result.error
    assert "\n" not in result.error


async def test_a_reset_connection_is_a_failure(patient: Fetcher, web: Web) -> None:
    async def reset(asked: Asked, wire: Wire) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        wire.reset()

    web.raw("/", reset)
    assert (await patient.get(web.url())).outcome is Outcome.FAILED


async def test_plain_http_at_a_tls_address_is_a_failure(make_fetcher: MakeFetcher) -> None:
    async def answer_in_the_clear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer_in_the_clear, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        result = await make_fetcher("127.0.0.1").get(f"https://127.0.0.1:{port}/")
    assert result.outcome is Outcome.FAILED
    assert "could not connect" in (result.error or "")

"""Hard cases 19 to 33: what servers send. Each is a result with a reason, never an exception."""

import asyncio
import gzip
import socket
import ssl
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.fakes.web import Asked, Reply, Web, Wire, drip, exactly, flood, redirect
from tests.fetch.conftest import MakeFetcher
from watchers.fetch.body import FetchLimits
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import AllowHosts, Guard
from watchers.fetch.transport import GuardedTransport
from watchers.models import Outcome, Validators

FEED = b"<rss version='2.0'><channel><title>Gazette</title></channel></rss>"
CERTIFICATE = Path(__file__).parent / "loopback.pem"


def packed(body: bytes, coding: str = "gzip") -> Reply:
    return Reply(body=body, headers={"Content-Encoding": coding})


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "compress", "gzip, br", "surprise"])
async def test_hard_case_19_codings_that_were_not_offered(fetcher: Fetcher, web: Web, coding: str) -> None:
    web.serve("/", packed(b"\x1b" * 203, coding))
    result = await fetcher.get(web.url())
    assert result.outcome is Outcome.FAILED
    assert "only gzip was offered" in (result.error or "")
    assert web.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip,identity,gzip"])
async def test_hard_case_20_gzip_in_gzip_is_refused(fetcher: Fetcher, web: Web, coding: str) -> None:
    web.serve("/", packed(gzip.compress(gzip.compress(FEED)), coding))
    assert "only gzip was offered" in ((await fetcher.get(web.url())).error or "")


async def test_hard_case_20_a_gzip_bomb_stops_at_the_limit(make_fetcher: MakeFetcher, web: Web) -> None:
    web.serve("/", packed(gzip.compress(bytes(5_000_000))))
    fetcher = make_fetcher(web.place, limits=FetchLimits(decoded=1_000_000))
    result = await fetcher.get(web.url())
    assert (result.outcome, result.body) == (Outcome.FAILED, b"")
    assert "unpacks to more than 1,000,000 bytes" in (result.error or "")


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 50_000),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2000\r\n" + b"x" * 0x2000 + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b"x" * 50_000),
    ],
)
async def test_hard_case_21_an_endless_body_stops_at_the_limit(
    make_fetcher: MakeFetcher, web: Web, head: bytes, piece: bytes
) -> None:
    web.raw("/", flood(head, piece))
    result = await make_fetcher(web.place, limits=FetchLimits(wire=1_000_000)).get(web.url())
    assert result.outcome is Outcome.FAILED
    assert "longer than 1,000,000 bytes" in (result.error or "")


async def test_hard_case_21_a_body_in_crumbs_stops_at_a_number_of_pieces(
    patient: Fetcher, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watchers.fetch.body.MOST_PIECES", 500)
    web.raw("/", flood(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 100))
    assert "more than 500 pieces" in ((await patient.get(web.url())).error or "")


async def test_hard_case_22_a_dripped_body_meets_the_deadline(fetcher: Fetcher, web: Web) -> None:
    web.raw("/", drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x", pause=0.02))
    result = await fetcher.get(web.url())
    assert result.outcome is Outcome.FAILED
    assert "within 0.5 seconds" in (result.error or "")


async def test_hard_case_22_redirects_share_one_deadline(fetcher: Fetcher, web: Web) -> None:
    async def slow(asked: Asked) -> Reply:
        await asyncio.sleep(0.2)
        return redirect("/")

    web.serve("/", slow)
    assert "within 0.5 seconds" in ((await fetcher.get(web.url())).error or "")
    assert len(web.requests) < 6


async def test_hard_case_23_dripped_headers_meet_the_deadline(fetcher: Fetcher, web: Web) -> None:
    web.raw("/", drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", pause=0.02))
    assert "within 0.5 seconds" in ((await fetcher.get(web.url())).error or "")


async def test_hard_case_24_a_huge_header_is_cut_off(patient: Fetcher, web: Web) -> None:
    web.raw("/", flood(b"HTTP/1.1 200 OK\r\nX-A: ", b"x" * 10_000))
    result = await patient.get(web.url())
    assert result.outcome is Outcome.FAILED
    assert "broke" in (result.error or "")


async def test_hard_case_24_interim_answers_without_end_are_no_answer(patient: Fetcher, web: Web) -> None:
    web.raw("/", flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 10))
    assert (await patient.get(web.url())).outcome is Outcome.FAILED


async def test_hard_case_25_less_than_promised_is_a_failure(patient: Fetcher, web: Web) -> None:
    web.raw("/", exactly(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss>"))
    result = await patient.get(web.url())
    assert (result.outcome, result.body) == (Outcome.FAILED, b"")


async def test_hard_case_25_more_than_promised_is_not_the_next_answer(patient: Fetcher, web: Web) -> None:
    smuggled = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"

    async def lie(asked: Asked, wire: Wire) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood" + smuggled)
        await wire.reader.read()

    web.raw("/lie", lie)
    web.serve("/next", b"next")
    assert (await patient.get(web.url("/lie"))).body == b"good"
    assert (await patient.get(web.url("/next"))).body == b"next"


@pytest.mark.parametrize("lengths", [b"Content-Length: 4\r\nContent-Length: 5", b"Content-Length: -1"])
async def test_hard_case_25_lengths_that_contradict_themselves(patient: Fetcher, web: Web, lengths: bytes) -> None:
    web.raw("/", exactly(b"HTTP/1.1 200 OK\r\n" + lengths + b"\r\n\r\nabcd"))
    assert (await patient.get(web.url())).outcome is Outcome.FAILED


@pytest.mark.parametrize("cut", [1, 10, 30, -8, -1])
async def test_hard_case_26_truncated_gzip_is_an_error(patient: Fetcher, web: Web, cut: int) -> None:
    web.serve("/", packed(gzip.compress(FEED)[:cut]))
    result = await patient.get(web.url())
    assert (result.outcome, result.body) == (Outcome.FAILED, b"")
    assert "gzip" in (result.error or "")


async def test_gzip_with_padding_behind_it_is_read(patient: Fetcher, web: Web) -> None:
    web.serve("/", packed(gzip.compress(FEED) + bytes(100)))
    assert (await patient.get(web.url())).body == FEED


async def test_hard_case_27_a_certificate_nobody_vouches_for(make_fetcher: MakeFetcher) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERTIFICATE)
    async with Web(tls=server) as secure:
        result = await make_fetcher("127.0.0.1").get(secure.url())
        assert secure.requests == []
    assert result.outcome is Outcome.FAILED
    assert "certificate of 127.0.0.1 is not valid" in (result.error or "")


async def test_hard_case_27_a_certificate_for_another_name(make_fetcher: MakeFetcher) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERTIFICATE)
    names = {"news.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]}
    async with Web(tls=server) as secure:
        secure.serve("/", b"hello")
        roots = ssl.create_default_context(cafile=str(CERTIFICATE))
        fetcher = make_fetcher("news.test, other.test", names=names, roots=roots)
        assert (await fetcher.get(f"https://news.test:{secure.port}/")).body == b"hello"
        result = await fetcher.get(f"https://other.test:{secure.port}/")
    assert "certificate of other.test is not valid" in (result.error or "")


def test_hard_case_27_verification_cannot_be_switched_off() -> None:
    careless = ssl.create_default_context()
    careless.check_hostname = False
    careless.verify_mode = ssl.CERT_NONE
    with pytest.raises(ValueError, match="always verified"):
        GuardedTransport(Guard(AllowHosts()), roots=careless)


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', "unquoted", '"a,b"', 'W/"caf\xe9"', '"' + "x" * 3_000 + '"'])
async def test_hard_case_28_validators_are_kept_verbatim(patient: Fetcher, web: Web, etag: str) -> None:
    modified = "Mon,  2 Mar 2026 9:00:00 +0000"
    web.serve("/", Reply(body=FEED, headers={"ETag": etag, "Last-Modified": modified}))
    first = await patient.get(web.url())
    assert first.validators == Validators(etag, modified)
    web.serve("/", Reply(304))
    second = await patient.get(web.url(), validators=first.validators)
    assert second.outcome is Outcome.NOT_MODIFIED
    assert second.validators == first.validators
    assert web.requests[1].headers["if-none-match"] == etag
    assert web.requests[1].headers["if-modified-since"] == modified


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 02 Mar 2026 12:10:00 GMT", 600.0),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0.0),
        ("-5", 0.0),
        ("9" * 400, 86_400.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("soon", None),
    ],
)
async def test_hard_case_29_retry_after(
    patient: Fetcher, web: Web, status: int, value: str, seconds: float | None
) -> None:
    web.serve("/", Reply(status, headers={"Retry-After": value}))
    result = await patient.get(web.url())
    assert (result.outcome, result.status, result.retry_after) == (Outcome.FAILED, status, seconds)


async def test_hard_case_30_gone_is_told_apart_from_missing(patient: Fetcher, web: Web) -> None:
    web.serve("/gone", Reply(410))
    gone = await patient.get(web.url("/gone"))
    missing = await patient.get(web.url("/missing"))
    assert (gone.outcome, gone.gone) == (Outcome.MISSING, True)
    assert (missing.outcome, missing.gone) == (Outcome.MISSING, False)


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [((301,), True), ((308, 301), True), ((302,), False), ((301, 302), False), ((307, 301), False)],
)
async def test_hard_case_31_moved_only_if_every_hop_is_permanent(
    patient: Fetcher, web: Web, statuses: tuple[int, ...], moved: bool
) -> None:
    for number, status in enumerate(statuses):
        web.serve(f"/{number}", redirect(f"/{number + 1}", status))
    web.serve(f"/{len(statuses)}", Reply(body=FEED))
    result = await patient.get(web.url("/0"))
    assert result.outcome is Outcome.OK
    assert result.final_url == web.url(f"/{len(statuses)}")
    assert result.moved_to == (result.final_url if moved else None)


async def test_hard_case_31_a_move_to_an_error_is_no_move(patient: Fetcher, web: Web) -> None:
    web.serve("/", redirect("/nowhere", 301))
    assert (await patient.get(web.url())).moved_to is None


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(403), Outcome.BLOCKED),
        (Reply(401), Outcome.BLOCKED),
        (Reply(402), Outcome.BLOCKED),
        (Reply(451), Outcome.BLOCKED),
        (Reply(503, b"<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'>"), Outcome.BLOCKED),
        (Reply(200, b"<html><title>Just a moment...</title><p>Checking"), Outcome.BLOCKED),
        (Reply(202, b"<html>", {"x-amzn-waf-action": "challenge"}), Outcome.BLOCKED),
        (Reply(403, b"{}", {"cf-mitigated": "challenge"}), Outcome.BLOCKED),
        (Reply(200, b"<html><body><div class='g-recaptcha'></div>Prove it</body>"), Outcome.BLOCKED),
        (Reply(200, b"<html><title>Page not found - City Gazette</title><p>Sorry."), Outcome.MISSING),
    ],
)
async def test_hard_case_32_blocked_pages_and_soft_404s(
    patient: Fetcher, web: Web, reply: Reply, outcome: Outcome
) -> None:
    web.serve("/", reply)
    result = await patient.get(web.url())
    assert (result.outcome, result.body) == (outcome, b"")
    assert result.error


async def test_hard_case_32_a_deep_address_that_leads_to_the_front_page(patient: Fetcher, web: Web) -> None:
    web.serve("/2026/03/story", redirect("/"))
    web.serve("/", b"<!doctype html><title>City Gazette</title>News of the day")
    assert (await patient.get(web.url("/2026/03/story"))).outcome is Outcome.MISSING
    assert (await patient.get(web.url("/"))).outcome is Outcome.OK


async def test_hard_case_33_a_name_server_that_hangs(make_fetcher: MakeFetcher) -> None:
    async def hang(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    fetcher = make_fetcher(guard=Guard(AllowHosts(), resolver=hang), limits=FetchLimits(deadline=0.2))
    result = await fetcher.get("http://a.test/")
    assert result.outcome is Outcome.FAILED
    assert "within 0.2 seconds" in (result.error or "")


async def test_hard_case_33_look_ups_that_hang_hold_up_no_other(
    make_fetcher: MakeFetcher, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    def look_up(host: str, port: int, **_: object) -> list[object]:
        if host != "news.test":
            released.wait(20)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    web.serve("/", FEED)
    fetcher = make_fetcher(f"news.test:{web.port}")
    hanging = [asyncio.ensure_future(fetcher.get(f"http://h{number}.test/")) for number in range(20)]
    try:
        result = await fetcher.get(f"http://news.test:{web.port}/")
        assert not any(each.done() for each in hanging)
    finally:
        released.set()
        answers = await asyncio.gather(*hanging)
    assert result.body == FEED
    assert all("refused" in (each.error or "") for each in answers)

"""Connections are kept, bounded and never trusted blindly; the channels' client goes the same way."""

import asyncio

import h11
import httpx
import pytest

from tests.fakes.web import Asked, Reply, Web, WebThread, Wire, drip, exactly
from tests.fetch.conftest import MakeFetcher, answering
from watchers.errors import UnsafeAddress
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import AllowHosts, Guard
from watchers.fetch.http11 import STRIDE
from watchers.fetch.resolver import system_resolver
from watchers.fetch.transport import KEPT_CONNECTIONS, guarded_client
from watchers.models import Outcome


async def test_a_connection_is_used_again(patient: Fetcher, web: Web) -> None:
    web.serve("*", b"hello")
    for path in ("/a", "/b", "/c"):
        await patient.get(web.url(path))
    assert (len(web.requests), web.connections) == (3, 1)


async def test_a_connection_that_the_server_left_is_replaced(patient: Fetcher, web: Web) -> None:
    async def leave(asked: Asked, wire: Wire) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")

    web.raw("/", leave)
    outcomes = [(await patient.get(web.url())).outcome for _ in range(5)]
    assert outcomes == [Outcome.OK] * 5


async def test_a_kept_connection_that_dies_on_use_is_no_failure_of_a_question(patient: Fetcher, web: Web) -> None:
    async def die_on_second(asked: Asked, wire: Wire) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        await wire.reader.readuntil(b"\r\n\r\n")

    web.raw("/", die_on_second)
    assert (await patient.get(web.url())).body == b"hello"
    assert (await patient.get(web.url())).body == b"hello"
    assert web.connections == 2


async def test_a_bad_answer_on_a_kept_connection_is_an_answer(patient: Fetcher, web: Web) -> None:
    asked_again = 0

    async def turn_bad(asked: Asked, wire: Wire) -> None:
        nonlocal asked_again
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        await wire.reader.readuntil(b"\r\n\r\n")
        asked_again += 1
        await wire.send(b"no HTTP at all\r\n\r\n")

    web.raw("/", turn_bad)
    outcomes = [(await patient.get(web.url())).outcome for _ in range(2)]
    assert (outcomes, asked_again, web.connections) == ([Outcome.OK, Outcome.FAILED], 1, 1)


async def test_what_writes_is_never_sent_twice(web: Web) -> None:
    async def die_on_second(asked: Asked, wire: Wire) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await wire.reader.readuntil(b"\r\n\r\n")

    web.raw("/", die_on_second)
    async with guarded_client(Guard(AllowHosts.parse(web.place)), timeout=5) as client:
        await client.post(web.url(), json={"n": 1})
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(web.url(), json={"n": 2})
    assert web.connections == 1


async def test_many_origins_leave_few_connections_open(make_fetcher: MakeFetcher) -> None:
    open_now = most = 0

    async def count(asked: Asked, wire: Wire) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        await wire.reader.read()
        open_now -= 1

    async with Web() as web:
        web.raw("*", count)
        web.raw("/", count)
        hosts = {f"h{number}.test": ["127.0.0.1"] for number in range(KEPT_CONNECTIONS + 20)}
        fetcher = make_fetcher(",".join(hosts), names=hosts)
        for host in hosts:
            assert (await fetcher.get(f"http://{host}:{web.port}/")).outcome is Outcome.OK
        assert web.connections == len(hosts)
        assert most <= KEPT_CONNECTIONS + 2


@pytest.mark.parametrize("chunks", [2_000, 10_000], ids=["read to the end", "given up"])
async def test_chunks_of_a_byte_keep_nobody_else_waiting(
    patient: Fetcher, web: Web, monkeypatch: pytest.MonkeyPatch, chunks: int
) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    web.raw("/", exactly(head + b"1\r\nx\r\n" * chunks + b"0\r\n\r\n"))
    in_one_go = most = 0
    next_event = h11.Connection.next_event

    def count(protocol: h11.Connection) -> object:
        nonlocal in_one_go, most
        in_one_go += 1
        most = max(most, in_one_go)
        return next_event(protocol)

    async def take_turns() -> None:
        nonlocal in_one_go
        while True:
            in_one_go = 0
            await asyncio.sleep(0)

    monkeypatch.setattr("watchers.fetch.body.MOST_PIECES", 5_000)
    monkeypatch.setattr(h11.Connection, "next_event", count)
    others = asyncio.create_task(take_turns())
    await patient.get(web.url())
    others.cancel()
    assert most <= 3 * STRIDE  # the last pieces, and a look for the end


async def test_the_channels_client_posts_through_the_guard(web: Web) -> None:
    web.serve("/hook", lambda asked: Reply(200, asked.body))
    async with guarded_client(Guard(AllowHosts.parse(web.place)), timeout=5, headers={"User-Agent": "x"}) as client:
        answer = await client.post(web.url("/hook"), content=b"a" * 300_000)
        assert answer.content == b"a" * 300_000
        with pytest.raises(UnsafeAddress):
            await client.post("http://127.0.0.1/hook")
        with pytest.raises(UnsafeAddress):
            await client.get("file:///etc/passwd")
    assert web.requests[0].headers["user-agent"] == "x"


async def test_the_channels_client_does_not_follow_redirects(web: Web) -> None:
    web.serve("/", Reply(302, headers={"Location": "http://10.0.0.1/"}))
    async with guarded_client(Guard(AllowHosts.parse(web.place)), timeout=5) as client:
        assert (await client.get(web.url())).status_code == 302


async def test_the_channels_client_waits_only_so_long(web: Web) -> None:
    web.raw("/", drip(b"", b"", pause=60))
    async with guarded_client(Guard(AllowHosts.parse(web.place)), timeout=0.5) as client:
        with pytest.raises(httpx.TimeoutException):
            await client.get(web.url())


async def test_an_address_that_does_not_answer_is_followed_by_the_next(
    web: Web, dialled: list[tuple[str, int]]
) -> None:
    web.serve("/", b"hello")
    guard = Guard(AllowHosts.parse("a.test"), resolver=answering({"a.test": ["192.0.2.1", "127.0.0.1"]}))
    async with guarded_client(guard, timeout=5) as client:
        assert (await client.get(f"http://a.test:{web.port}/")).content == b"hello"
    assert dialled == [("192.0.2.1", web.port), ("127.0.0.1", web.port)]


async def test_the_system_resolver_answers_without_repeats() -> None:
    answers = list(await system_resolver("127.0.0.1", 80))
    assert answers == ["127.0.0.1"]


@pytest.mark.parametrize("name", ["a" * 70 + ".test", "..", "name.invalid"])
async def test_the_system_resolver_fails_as_the_network_does(name: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011 (the words are the system's)
        await system_resolver(name, 80)


async def test_the_server_also_runs_beside_the_test() -> None:
    with WebThread() as web:
        web.serve("/", [Reply(body=b"one"), Reply(body=b"two")])
        async with guarded_client(Guard(AllowHosts.parse(web.place)), timeout=5) as client:
            bodies = [(await client.get(web.url())).content for _ in range(3)]
    assert bodies == [b"one", b"two", b"two"]
    assert len(web.asked("/")) == 3

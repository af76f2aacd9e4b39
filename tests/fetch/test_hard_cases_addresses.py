"""Hard cases 1 to 18: what Wiredesk must not connect to. Refused means: a reason, and no socket opened."""

import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.fakes.web import Asked, Reply, Web, redirect
from tests.fetch.conftest import MakeFetcher, answering
from tests.fetch.forbidden import HARMLESS, PUBLIC
from watchers.errors import UnsafeAddress
from watchers.fetch.client import Fetcher
from watchers.fetch.guard import AllowHosts, Guard
from watchers.fetch.transport import guarded_client
from watchers.models import FetchResult, Outcome, Validators

CERTIFICATE = Path(__file__).parent / "loopback.pem"
Dialled = list[tuple[str, int]]


def assert_refused(result: FetchResult, dialled: Dialled) -> None:
    assert result.outcome is Outcome.FAILED
    assert result.error is not None
    assert "refused" in result.error
    assert dialled == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0x7f000001", "0"])
async def test_hard_case_01_odd_spellings_of_this_machine(
    make_fetcher: MakeFetcher, dialled: Dialled, host: str
) -> None:
    assert_refused(await make_fetcher().get(f"http://{host}/"), dialled)


@pytest.mark.parametrize(
    ("case", "address"),
    [
        (2, "169.254.169.254"),
        (3, "100.64.0.1"),
        (3, "100.127.255.254"),
        (4, "192.0.0.192"),
        (4, "168.63.129.16"),
        (5, "::ffff:127.0.0.1"),
        (5, "::ffff:93.184.215.14"),
        (5, "::127.0.0.1"),
        (6, "64:ff9b::7f00:1"),
        (6, "64:ff9b:1::7f00:1"),
        (7, "2002:7f00:1::"),
        (7, "2001:0:7f00:1::"),
        (8, "fec0::1"),
        (8, "ff02::1"),
        (8, "224.0.0.1"),
        (8, "255.255.255.255"),
        (8, "2a00:1450:4001::5efe:7f00:1"),
        (8, "2a00:1450:4001::200:5efe:10.0.0.1"),
        (8, "fe80::1"),
        (8, "fd00:ec2::254"),
        (8, "2001:db8::1"),
        (8, "3fff::1"),
        (8, "::"),
        (8, "::1"),
        (8, "10.0.0.1"),
        (8, "172.31.255.255"),
        (8, "192.168.1.1"),
        (8, "198.18.0.1"),
        (8, "203.0.113.7"),
        (8, "240.0.0.1"),
    ],
)
async def test_hard_case_02_03_04_05_06_07_08_special_addresses(
    make_fetcher: MakeFetcher, dialled: Dialled, case: int, address: str
) -> None:
    literal = f"[{address}]" if ":" in address else address
    assert_refused(await make_fetcher().get(f"http://{literal}/"), dialled)
    assert_refused(await make_fetcher(names={"a.test": [address]}).get("http://a.test/"), dialled)


@pytest.mark.parametrize("address", [PUBLIC, "2a00:1450:4001:80b::200e", "2606:2800:21f:cb07::1"])
async def test_public_addresses_are_dialled(make_fetcher: MakeFetcher, dialled: Dialled, address: str) -> None:
    await make_fetcher(names={"a.test": [address]}).get("http://a.test/")
    assert dialled == [(address, 80)]


@pytest.mark.parametrize("answers", [[PUBLIC, "10.0.0.1"], ["::1", PUBLIC], [PUBLIC, "fe80::1%eth0"]])
async def test_hard_case_09_a_name_with_public_and_private_answers(
    make_fetcher: MakeFetcher, dialled: Dialled, answers: list[str]
) -> None:
    assert_refused(await make_fetcher(names={"a.test": answers}).get("http://a.test/"), dialled)


async def test_hard_case_10_the_checked_address_is_the_one_dialled(make_fetcher: MakeFetcher, dialled: Dialled) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], [PUBLIC, "127.0.0.1"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers)

    fetcher = make_fetcher(guard=Guard(AllowHosts(), resolver=rebinding))
    await fetcher.get("http://a.test/")
    assert dialled == [(PUBLIC, 80)], "one look-up, and its answer is dialled"
    for _ in range(2):
        assert "this machine" in ((await fetcher.get("http://a.test/")).error or "")
    assert dialled == [(PUBLIC, 80)]


async def test_hard_case_10_one_look_up_per_connection_and_the_name_kept(
    make_fetcher: MakeFetcher, web: Web, dialled: Dialled
) -> None:
    web.serve("/", b"hello")
    fetcher = make_fetcher(f"news.test:{web.port}", names={"news.test": ["127.0.0.1"]})
    assert (await fetcher.get(f"http://news.test:{web.port}/")).outcome is Outcome.OK
    assert dialled == [("127.0.0.1", web.port)]
    assert web.requests[0].headers["host"] == f"news.test:{web.port}"


@pytest.mark.parametrize(
    "location",
    ["http://10.0.0.1/", "http://[::1]/", "//169.254.169.254/latest", "http://127.1/", "http://0x7f000001/"],
)
async def test_hard_case_11_redirect_to_a_private_host(
    patient: Fetcher, web: Web, dialled: Dialled, location: str
) -> None:
    web.serve("/", redirect("/second"))
    web.serve("/second", redirect(location))
    result = await patient.get(web.url())
    assert result.outcome is Outcome.FAILED
    assert "refused" in (result.error or "")
    assert set(dialled) == {("127.0.0.1", web.port)}


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://a.test/", "javascript:alert(1)", "data:,x"])
async def test_hard_case_12_redirect_to_another_scheme(fetcher: Fetcher, web: Web, location: str) -> None:
    web.serve("/", redirect(location))
    result = await fetcher.get(web.url())
    assert result.outcome is Outcome.FAILED
    assert "only http and https are asked" in (result.error or "")


async def test_hard_case_13_a_redirect_loop_ends_after_five_hops(patient: Fetcher, web: Web) -> None:
    web.serve("/", redirect("/"))
    result = await patient.get(web.url())
    assert result.outcome is Outcome.FAILED
    assert "more than 5 redirects" in (result.error or "")
    assert len(web.requests) == 6


@pytest.mark.parametrize(
    "url",
    [
        "http://good.test\\@10.0.0.1/",
        "http://good.test\\.evil.test/",
        "http://user@good.test/",
        "http://user:password@good.test/",
        "http://:@good.test/",
        "http://good.test%00.evil.test/",
        "http://127%2e0%2e0%2e1/",
        "http://[fe80::1%25eth0]/",
        "http://①②⑦.⓪.⓪.①/",
        "http:///path",
        "http://",
        "",
        "good.test/feed",
        "http://good..test:x/",
        "http://" + "a" * 300 + ".test/",
        "http://good.test/" + "a" * 9_000,
    ],
)
async def test_hard_case_14_user_names_and_backslashes(make_fetcher: MakeFetcher, dialled: Dialled, url: str) -> None:
    assert_refused(await make_fetcher(names={"good.test": [PUBLIC]}).get(url), dialled)


@pytest.mark.parametrize("url", HARMLESS)
async def test_hard_case_14_what_only_looks_like_a_user_name_leads_to_its_host(
    make_fetcher: MakeFetcher, dialled: Dialled, url: str
) -> None:
    await make_fetcher(names={"good.test": [PUBLIC]}).get(url)
    assert dialled == [(PUBLIC, 80)]


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 65535])
async def test_hard_case_15_odd_ports(make_fetcher: MakeFetcher, dialled: Dialled, port: int) -> None:
    assert_refused(await make_fetcher(names={"good.test": [PUBLIC]}).get(f"http://good.test:{port}/"), dialled)


async def test_hard_case_15_a_listed_port_is_asked_and_its_neighbour_is_not(
    make_fetcher: MakeFetcher, web: Web
) -> None:
    web.serve("/", b"hello")
    assert (await make_fetcher(f"127.0.0.1:{web.port}").get(web.url())).outcome is Outcome.OK
    assert (await make_fetcher("127.0.0.1:1").get(web.url())).outcome is Outcome.FAILED
    assert web.connections == 1


@pytest.mark.parametrize("mark", [" ", "\r\n", "\n", "\t", "\x00", "\x7f", "\u2028", "\u200b", "\ud800"])
async def test_hard_case_16_spaces_and_line_ends(make_fetcher: MakeFetcher, dialled: Dialled, mark: str) -> None:
    names = {"good.test": [PUBLIC]}
    assert_refused(await make_fetcher(names=names).get(f"http://good.test/a{mark}X-Header:b"), dialled)
    assert_refused(await make_fetcher(names=names).get(f"{mark}http://good.test/"), dialled)
    assert_refused(await make_fetcher(names=names).get(f"http://good{mark}.test/"), dialled)


async def test_hard_case_16_a_space_in_a_redirect(fetcher: Fetcher, web: Web) -> None:
    web.serve("/", redirect("/some where"))
    assert "space" in ((await fetcher.get(web.url())).error or "")
    assert len(web.requests) == 1


async def test_hard_case_17_proxies_of_the_environment_are_ignored(
    patient: Fetcher, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.serve("/", b"hello")
    async with Web() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        assert (await patient.get(web.url())).body == b"hello"
        assert proxy.connections == 0


async def test_hard_case_17_nor_do_the_channels_heed_them(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.serve("/", b"hello")
    async with Web() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        async with guarded_client(Guard(AllowHosts.parse(web.place)), timeout=5) as client:
            assert (await client.get(web.url())).content == b"hello"
        assert proxy.connections == 0


async def test_hard_case_18_what_was_given_over_tls_is_not_sent_in_the_clear(
    make_fetcher: MakeFetcher, web: Web
) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERTIFICATE)
    async with Web(tls=server) as secure:
        secure.serve("/", redirect(web.url("/clear")))
        web.serve("/clear", b"hello")
        fetcher = make_fetcher("127.0.0.1", roots=ssl.create_default_context(cafile=str(CERTIFICATE)))
        result = await fetcher.get(secure.url(), validators=Validators('"private"', "yesterday"))
    assert result.outcome is Outcome.OK
    assert secure.requests[0].headers["if-none-match"] == '"private"'
    sent: Asked = web.requests[0]
    assert not sent.headers.keys() & {"if-none-match", "if-modified-since", "authorization", "cookie", "referer"}


async def test_a_listed_name_may_be_private_and_its_redirects_may_not(
    make_fetcher: MakeFetcher, web: Web, dialled: Dialled
) -> None:
    web.serve("/", redirect(f"http://other.test:{web.port}/"))
    fetcher = make_fetcher("news.test", names={"news.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]})
    assert "refused" in ((await fetcher.get(f"http://news.test:{web.port}/")).error or "")
    assert len(web.requests) == 1


async def test_a_kept_connection_does_not_bypass_the_guard(web: Web) -> None:
    web.serve("*", Reply(body=b"x"))
    guard = Guard(AllowHosts.parse(web.place), resolver=answering({}))
    assert guard.check_url(web.url()).allowed
    with pytest.raises(UnsafeAddress):
        guard.check_url(f"http://127.0.0.1:{web.port + 1}/")

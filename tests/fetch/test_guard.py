"""The guard's reading of addresses and of the admin's list."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.conftest import answering
from watchers.errors import ConfigError, UnsafeAddress
from watchers.fetch.addresses import forbidden
from watchers.fetch.guard import AllowHosts, Guard

ANYWHERE = Guard(AllowHosts())


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080/feed"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/feed"),
        ("localhost", "https://LOCALHOST:9/"),
        ("[::1]:8080", "http://[0:0:0:0:0:0:0:1]:8080/"),
        ("[::1]", "http://[::1]:1/"),
        ("::1", "http://[::1]:1/"),
        ("bücher.test", "http://xn--bcher-kva.test:81/"),
        ("a.test:443", "https://a.test/"),
        (" a.test , b.test:81 ", "http://b.test:81/"),
    ],
)
def test_a_listed_host_is_allowed_as_the_admin_wrote_it(entry: str, url: str) -> None:
    assert Guard(AllowHosts.parse(entry)).check_url(url).allowed


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8081/"),
        ("127.0.0.1", "http://127.1:8080/"),
        ("a.test", "http://b.a.test:8080/"),
        ("a.test:80", "http://a.test:8080/"),
    ],
)
def test_what_is_not_listed_keeps_to_the_ports_of_the_web(entry: str, url: str) -> None:
    with pytest.raises(UnsafeAddress, match="port"):
        Guard(AllowHosts.parse(entry)).check_url(url)


def test_every_bad_entry_is_named() -> None:
    with pytest.raises(ConfigError) as raised:
        AllowHosts.parse("good.test, http://a.test/, b.test:99999, user@c.test, [::1, d.test:x, e.test:, [::1]f")
    assert [problem.partition(": ")[0] for problem in raised.value.problems] == [
        "'http://a.test/'",
        "'b.test:99999'",
        "'user@c.test'",
        "'[::1'",
        "'d.test:x'",
        "'e.test:'",
        "'[::1]f'",
    ]


@pytest.mark.parametrize(
    ("entry", "advice"),
    [
        ("http://x/", "write x"),
        ("HTTPS://a.test:8443/feed?a=b#c", "write a.test:8443"),
        ("http://[::1]:8080", "write [::1]:8080"),
        ("http://user:hunter2@a.test/", "write it as example.org, 127.0.0.1:8080 or [::1]:8080"),
        ("10.0.0.0/8", "write it as example.org, 127.0.0.1:8080 or [::1]:8080"),
        ("*.a.test", "write it as example.org, 127.0.0.1:8080 or [::1]:8080"),
    ],
)
def test_a_bad_entry_is_told_with_what_to_write(entry: str, advice: str) -> None:
    with pytest.raises(ConfigError) as raised:
        AllowHosts.parse(entry)
    assert raised.value.problems == (f"{entry!r}: not a host or host:port: {advice}",)


def test_no_entries_allow_nothing() -> None:
    assert AllowHosts.parse(" , ") == AllowHosts()


@pytest.mark.parametrize(
    ("url", "asked", "origin"),
    [
        ("http://A.test", "http://a.test", "http://a.test:80"),
        ("HTTPS://a.test:443/x?y=1#part", "https://a.test/x?y=1", "https://a.test:443"),
        ("http://bücher.test/ä", "http://xn--bcher-kva.test/%C3%A4", "http://xn--bcher-kva.test:80"),
        ("http://[2001:DB8:0::1]/", "http://[2001:DB8:0::1]/", "http://[2001:db8::1]:80"),
    ],
)
def test_a_target_has_one_form(url: str, asked: str, origin: str) -> None:
    target = ANYWHERE.check_url(url)
    assert (str(target.url), target.origin) == (asked, origin)


@given(st.text(max_size=80) | st.text("htps:/\\@.[]0x127%#? \r\n", max_size=40).map("http://".__add__))
def test_any_text_is_either_a_clean_target_or_refused(text: str) -> None:
    try:
        target = ANYWHERE.check_url(text)
    except UnsafeAddress:
        return
    assert target.host.isascii()
    assert target.port in {80, 443}
    assert not set("@\\ \r\n") & set(target.origin)


@given(st.integers(0x7F000000, 0x7FFFFFFF), st.sampled_from(["{}", "{:#x}", "{:#o}"]))
async def test_no_spelling_of_a_loopback_address_gets_through(number: int, form: str) -> None:
    spelling = form.format(number).replace("0o", "0")
    guard = Guard(AllowHosts(), resolver=answering({spelling: [str(IPv4Address(number))]}))
    target = guard.check_url(f"http://{spelling}/")
    with pytest.raises(UnsafeAddress):
        await guard.resolve(target.host, target.port)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_address_is_never_public(inner: IPv4Address) -> None:
    number = int(inner)
    wrapped = [
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address(number),
        IPv6Address((0x64FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
        IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF)),
        IPv6Address((0x2A00 << 112) | (0x5EFE << 32) | number),
    ]
    assert all(forbidden(address) for address in wrapped)


@given(st.ip_addresses())
def test_what_python_calls_not_global_is_never_public(address: IPv4Address | IPv6Address) -> None:
    if not address.is_global or address.is_multicast:
        assert forbidden(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "223.255.255.255", "2a00::1", "2600::1", "2001:200::1"])
def test_ordinary_addresses_are_public(address: str) -> None:
    assert forbidden(ip_address(address)) is None


async def test_a_resolver_that_answers_nonsense_is_refused() -> None:
    with pytest.raises(UnsafeAddress, match="no address"):
        await Guard(AllowHosts(), resolver=answering({"a.test": ["pipe"]})).resolve("a.test", 80)


async def test_a_name_without_an_address_is_an_error_of_the_network() -> None:
    with pytest.raises(OSError, match="no address"):
        await Guard(AllowHosts(), resolver=answering({"a.test": []})).resolve("a.test", 80)


async def test_a_port_is_checked_when_connecting_too() -> None:
    with pytest.raises(UnsafeAddress, match="port 22"):
        await ANYWHERE.resolve("8.8.8.8", 22)

"""The address guard: what Wiredesk may connect to, decided before any socket is opened.

An address as text goes through `Guard.check_url` (spelling, scheme, port) and comes out as a `Target`; the target's
host goes through `Guard.resolve` when a connection is made, and only addresses that come out of it are dialled. So
odd spellings of a private address (`127.1`, `0x7f.1`), names that change their answer between check and use, and
redirects are all decided by where they really lead. Hosts that the admin lists (`AllowHosts`) may be anywhere.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final, Self

import httpx

from watchers.errors import ConfigError, UnsafeAddress
from watchers.fetch.addresses import Address, forbidden
from watchers.fetch.resolver import Resolver, system_resolver

LONGEST_URL: Final = 8_192
HIGHEST_PORT: Final = 65_535
LONGEST_HOST: Final = 254  # with the final dot
PORTS: Final = {"http": 80, "https": 443}
_AS: Final = "it as example.org, 127.0.0.1:8080 or [::1]:8080"
HOST_NAME: Final = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?")


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked, as far as its spelling tells."""

    url: httpx.URL  # without fragment, host in punycode
    host: str  # lower case, ASCII, IPv6 without brackets and in its shortest form
    port: int
    origin: str  # scheme://host:port, the unit of politeness
    allowed: bool = False  # listed by the admin: may be private, is not paced

    @property
    def secure(self) -> bool:
        """Whether it is asked over TLS."""
        return self.url.scheme == "https"


@dataclass(frozen=True, slots=True)
class AllowHosts:
    """Hosts that may be private and on any port (`port` None) or on that port."""

    entries: frozenset[tuple[str, int | None]] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a comma list of `host` or `host:port`, IPv6 as `[::1]` or `[::1]:8080`.

        Raises ConfigError with one line for each entry that is neither.
        """
        entries = set()
        problems = []
        for entry in filter(None, (part.strip() for part in text.split(","))):
            try:
                entries.add(_parse_entry(entry))
            except ValueError:
                problems.append(f"{entry!r}: not a host or host:port: write {_host_within(entry) or _AS}")
        if problems:
            raise ConfigError(*problems)
        return cls(frozenset(entries))

    def __contains__(self, place: tuple[str, int]) -> bool:
        host, port = place
        return (host, port) in self.entries or (host, None) in self.entries


class Guard:
    """Judges addresses against the public internet and the admin's list. Holds no connection and no cache."""

    def __init__(
        self, allow: AllowHosts, *, resolver: Resolver = system_resolver, resolve_within: float = 10.0
    ) -> None:
        self.allow = allow
        self._resolver = resolver
        self._resolve_within = resolve_within

    def check_url(self, url: str) -> Target:
        """Turn an address into a Target. Raises UnsafeAddress with the reason if it must not be asked."""
        target = _spell(url)
        if (target.host, target.port) in self.allow:
            return Target(target.url, target.host, target.port, target.origin, allowed=True)
        self._check_port(target.host, target.port)
        return target

    async def resolve(self, host: str, port: int) -> tuple[Address, ...]:
        """Look `host` up and return the addresses to dial, best first.

        Raises UnsafeAddress if any one of them is not public (a name with a foot in the private network is not to
        be trusted with the other one), OSError if there is none, TimeoutError after `resolve_within` seconds.
        """
        listed = (host, port) in self.allow
        if not listed:
            self._check_port(host, port)
        addresses = _parse_addresses(host, await self._look_up(host, port))
        if not listed:
            for address in addresses:
                if block := forbidden(address):
                    raise UnsafeAddress(f"address refused: {host} is at {address} ({block})")
        if not addresses:
            raise OSError(f"{host} has no address")
        return addresses

    async def _look_up(self, host: str, port: int) -> Sequence[str]:
        try:
            return (str(ip_address(host)),)
        except ValueError:
            async with asyncio.timeout(self._resolve_within):
                return await self._resolver(host, port)

    @staticmethod
    def _check_port(host: str, port: int) -> None:
        if port not in PORTS.values():
            raise UnsafeAddress(f"address refused: port {port} of {host} is neither 80 nor 443")


def check_spelling(url: str) -> None:
    """Refuse (UnsafeAddress) what no honest address holds: spaces, line ends, control characters, backslashes."""
    if len(url) > LONGEST_URL:
        raise UnsafeAddress(f"address refused: longer than {LONGEST_URL} characters")
    if " " in url or not url.isprintable():
        raise UnsafeAddress("address refused: it holds a space, a line end or a control character")
    if "\\" in url:
        raise UnsafeAddress("address refused: it holds a backslash")


@lru_cache(maxsize=4_096)
def _spell(url: str) -> Target:
    check_spelling(url)
    try:
        parsed = httpx.URL(url)
        if parsed.scheme not in PORTS:
            raise UnsafeAddress(f"address refused: scheme {parsed.scheme[:30]!r}: only http and https are asked")
        host = _plain_host(parsed.raw_host.decode("ascii"))
    except (httpx.InvalidURL, ValueError):
        raise UnsafeAddress("address refused: it can't be read as a web address") from None
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        raise UnsafeAddress("address refused: it holds a user name or password")
    port = PORTS[parsed.scheme] if parsed.port is None else parsed.port
    shown = f"[{host}]" if ":" in host else host
    return Target(parsed.copy_with(fragment=None), host, port, f"{parsed.scheme}://{shown}:{port}")


def _plain_host(host: str) -> str:
    """Bring a host to the one form in which it is compared. Raises ValueError if it is none."""
    bare = host.removeprefix("[").removesuffix("]").lower()
    if ":" in bare:
        address = IPv6Address(bare)
        if address.scope_id is not None:
            raise ValueError("scope")
        return str(address)
    if not HOST_NAME.fullmatch(bare) or ".." in bare or len(bare) > LONGEST_HOST:
        raise ValueError("host")
    return bare


def _parse_entry(entry: str) -> tuple[str, int | None]:
    if entry.count(":") > 1 and not entry.startswith("["):
        return _plain_host(entry), None
    # The URL parser brings names to punycode and checks the port, exactly as it will for the URLs to compare with.
    parsed = _parse_authority(entry)
    host = _plain_host(parsed.raw_host.decode("ascii"))
    behind = entry.rpartition("]")[2]
    port = re.search(r":([0-9]{1,5})$", behind)
    if port is None:
        if ":" in behind:
            raise ValueError("port")
        return host, None
    if not 0 < int(port[1]) <= HIGHEST_PORT:
        raise ValueError("port")
    return host, int(port[1])


def _host_within(entry: str) -> str | None:
    """The host, with its port, of an entry that is a whole address: what was meant."""
    authority = re.sub(r"^[a-z+.-]+://|[/?#].*$", "", entry, flags=re.IGNORECASE)
    try:
        _parse_entry(authority)
    except ValueError:
        return None
    return authority if "://" in entry else None


def _parse_authority(entry: str) -> httpx.URL:
    if re.search(r"[/?#@\\\s]", entry) or entry.startswith("[") != ("]" in entry):
        raise ValueError("not just a host")
    try:
        return httpx.URL(f"http://{entry}")
    except httpx.InvalidURL:
        raise ValueError("host") from None


def _parse_addresses(host: str, texts: Sequence[str]) -> tuple[Address, ...]:
    try:
        return tuple(ip_address(text) for text in texts)
    except ValueError:
        raise UnsafeAddress(f"address refused: {host} resolves to something that is no address") from None

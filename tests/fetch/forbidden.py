"""Spellings of addresses that Wiredesk must never connect to, and the name server that they are written for.

`SPELLINGS` holds whole URLs in groups. Every one is a way into this machine, its network or a neighbour's, or no
address of the web at all. Those with a name lead to what `ANSWERS` says; what is a number is read as the C library
does. `PUBLIC` is what a test puts beside them, to see that its entrance does dial what may be dialled.
"""

from typing import Final

from pydantic import ValidationError

from config.watchlist import Source

FEWEST: Final = 60  # spellings at each entrance
PUBLIC: Final = "93.184.215.14"
PUBLIC_V6: Final = "2606:2800:21f:cb07::1"
ALLOWED_URL: Final = f"http://{PUBLIC}/feed"

# What only looks as if it led elsewhere: all of it is an address of good.test, and so of PUBLIC.
HARMLESS: Final = ("http://good.test#@127.0.0.1:99/", "http://good.test?@127.0.0.1:99/", "http://@good.test/")

# What a name server answers, ours or an attacker's. A name that is not here does not exist.
ANSWERS: Final[dict[str, tuple[str, ...]]] = {
    "localhost": ("127.0.0.1", "::1"),
    "localhost.": ("127.0.0.1", "::1"),
    "localhost.localdomain": ("127.0.0.1",),
    "ip6-localhost": ("::1",),
    "feeds.localhost": ("127.0.0.1",),
    "127.0.0.1.": ("127.0.0.1",),  # some resolvers take a number with a final dot for the number
    "127.1.": ("127.0.0.1",),
    "metadata.google.internal": ("169.254.169.254",),
    "instance-data": ("169.254.169.254",),
    "router.test": ("192.168.0.1",),
    "xn--rter-1qa.test": ("10.1.2.3",),
    "10-0-0-1.wildcard.test": ("10.0.0.1",),
    "carrier.test": ("100.64.0.9",),
    "mapped.test": ("::ffff:127.0.0.1",),
    "translated.test": ("64:ff9b::a00:1",),
    "tunnel.test": ("2002:c0a8:1::1",),
    "unique-local.test": ("fd12:3456::1",),
    "scoped.test": ("fe80::1%lo",),
    "nowhere.test": ("0.0.0.0",),
    "mixed.test": (PUBLIC, "10.0.0.1"),
    "mixed-six.test": (PUBLIC_V6, "::1"),
    "private-first.test": ("172.16.0.1", PUBLIC),
    "good.test": (PUBLIC,),
}

IPV4_NUMBERS: Final = (
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "0x7F.0x0.0x0.0x1",
    "017700000001", "0177.1", "0177.0.0.01", "0177.0x0.0.1", "00000177.00000000.0.1", "0", "0.0.0.0", "0x0", "00",
    "0.1", "10.1", "0xa000001", "167772161", "012.0.0.1", "192.168.257", "0300.0250.1", "3232235777", "0xc0a80101",
    "172.16.1", "0xac.0x1f.0xff.0xff", "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
    "169.254.43518", "100.64.0.1", "100.127.255.254", "192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "168.63.129.16",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "4294967295",
)  # fmt: skip

IPV6_NUMBERS: Final = (
    "::1", "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001", "::0.0.0.1", "::", "::127.0.0.1",
    "::7f00:1", "::ffff:127.0.0.1", "::FFFF:7F00:1", "0:0:0:0:0:ffff:127.0.0.1", "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1", "::ffff:93.184.215.14", "64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::5db8:d70e",
    "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a00:1::1", "2001::7f00:1", "2001:0:53aa:64c:0:5efe:80ff:fffe",
    "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "fe80::1", "febf::1",
    "fec0::1", "feff::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "fe80::5efe:127.0.0.1",
    "2a00:1450:4001::5efe:7f00:1", "2a00:1450:4001::200:5efe:10.0.0.1",
)  # fmt: skip

WITH_ZONES: Final = ("fe80::1%25lo", "fe80::1%lo", "::1%25lo", "fe80::1%251", "2606:2800:21f:cb07::1%25eth0")

# Digits and dots that some readers of addresses bring to plain ones.
DISGUISED_HOSTS: Final = (
    "127%2e0%2e0%2e1", "%31%32%37.0.0.1", "127.0.0.1%2f.good.test", "127.0.0.1%00.good.test", "127.0.0.1%20",
    "%5b::1%5d", "１２７.０.０.１", "127。0。0。1", "127．0．0．1", "①②⑦.⓪.⓪.①",
    "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "0x7ｆ.1", "١٢٧.٠.٠.١", "localhoſt", "ⓛocalhost", "ｌｏｃａｌｈｏｓｔ",
    "LOCALHOST", "xn--", "xn--a.good..test", "127.0.0.1,good.test", "127.0.0.1;good.test", "127.0.0.1:80:80",
)  # fmt: skip

MISLEADING: Final = (
    "http://good.test@127.0.0.1/", "http://good.test:80@127.0.0.1/", "http://good.test%40127.0.0.1/",
    "http://127.0.0.1@good.test/", "http://user:secret@good.test/", "http://:@good.test/",
    "http://good.test\\@127.0.0.1/", "http://127.0.0.1\\@good.test/", "http://good.test\\.10.0.0.1/",
    "http:\\\\127.0.0.1\\", "http:/\\127.0.0.1/",
    "http:///127.0.0.1/", "http:127.0.0.1", "http:/127.0.0.1", "//127.0.0.1/", "http://[::1", "http://::1/",
    "http://[127.0.0.1]/", "http://[::1]good.test/", "http://[::1].good.test/", "http://127.0.0.1 .good.test/",
    "http://good.test /", "http://good\t.test/", "http://good.test/\r\nHost: 127.0.0.1", "http://good.test/a b",
    "http://good.test/\x00", "http://good\u200b.test/", "http://good.test/\u2028", " http://127.0.0.1/", "http://", "",
)  # fmt: skip

PORTS: Final = (
    "http://good.test:22/", "http://good.test:6379/", "http://good.test:8080/", "http://good.test:0/",
    "http://good.test:65535/", "http://good.test:65536/", "http://good.test:4294967376/", "http://good.test:+81/",
    "http://good.test:0x50/", "http://good.test:-1/", "http://good.test:８１/", "https://good.test:22/",
    "http://127.0.0.1:{trap}/", "http://127.1:{trap}/", "http://[::1]:{trap}/", "http://localhost:{trap}/",
    "http://2130706433:{trap}/", "http://[::ffff:127.0.0.1]:{trap}/",
)  # fmt: skip

SCHEMES: Final = (
    "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1/feed", "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stats", "ldap://127.0.0.1/", "ws://127.0.0.1/", "unix:///run/docker.sock",
    "http+unix://%2frun%2fdocker.sock/info", "jar:http://127.0.0.1/a!/b", "javascript:fetch('http://127.0.0.1/')",
    "data:text/xml,<rss/>", "feed:http://127.0.0.1/", "view-source:http://127.0.0.1/", "hTtPx://127.0.0.1/",
)  # fmt: skip


def spellings(trap: int) -> tuple[str, ...]:
    """All of them as URLs, each once; `trap` is the port of a listener on loopback that must not be reached."""
    hosts = (*IPV4_NUMBERS, *DISGUISED_HOSTS, *(name for name in ANSWERS if name != "good.test"))
    brackets = (f"[{address}]" for address in (*IPV6_NUMBERS, *WITH_ZONES))
    urls = [f"http://{host}/feed" for host in (*hosts, *brackets)]
    urls += [f"https://{host}/" for host in ("127.0.0.1", "localhost", "169.254.169.254", "[::1]", "mixed.test")]
    urls += [*MISLEADING, *(url.replace("{trap}", str(trap)) for url in PORTS), *SCHEMES]
    return tuple(dict.fromkeys(urls))


def is_taken(url: str) -> bool:
    """Whether a watch list takes an address; the guard judges it when it is asked for."""
    try:
        return bool(Source(url=url))
    except ValidationError:
        return False

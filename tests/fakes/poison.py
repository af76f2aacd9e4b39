"""What a hostile server sends in place of a feed, by kind: `KINDS[kind](web)` has `/feed` of a fake web answer so.

Each is something that the web has been seen to do, or that advisories warn of. Some harm whoever reads on, some whoever
waits, some whoever unpacks, some whoever parses. A poisonous feed's articles are poisonous too.
"""

import asyncio
import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Final

from tests.fakes.web import Asked, RawHandler, Reply, Web, Wire, drip, exactly, flood, redirect

FEED: Final = "/feed"
HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
START: Final = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Poison</title>'
END: Final = b"</channel></rss>"
PAUSE: Final = 0.5  # seconds between two drops
PAGES: Final = 60  # articles of a feed whose articles are the poison

Poison = Callable[[Web], None]


def _answer(body: Callable[[], bytes], **headers: str) -> Poison:
    """A body that is made when it is first asked for."""
    named = {"Content-Type": "application/rss+xml", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return lambda web: web.serve(FEED, lambda _: Reply(body=body(), headers=named))


def _raw(handler: RawHandler) -> Poison:
    return lambda web: web.raw(FEED, handler)


@cache
def _gzip_bomb() -> bytes:
    return gzip.compress(START + bytes(60_000_000))


@cache
def _big_feed() -> bytes:
    """Honest in form, just below what is unpacked."""
    entry = "<item><title>Entry {0}</title><guid>{0}</guid><description>{1}</description></item>"
    words = "lorem ipsum " * 60
    return gzip.compress(START + "".join(entry.format(number, words) for number in range(24_000)).encode() + END)


@cache
def _entity_bomb() -> bytes:
    levels = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    return (
        f'<!DOCTYPE rss [<!ENTITY e0 "boom">{levels}]><rss><channel><item><title>&e9;</title></item></channel></rss>'
    ).encode()


def _external_entity() -> bytes:
    return (
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b"<rss><channel><item><title>&x;</title></item></channel></rss>"
    )


@cache
def _long_author() -> bytes:
    return START + b"<item><title>t</title><rating/><author>" + b"a" * 80_000 + b"</author></item>" + END


@cache
def _deep_xml() -> bytes:
    return START + b"<item>" + b"<a>" * 500_000 + b"</a>" * 500_000 + b"</item>" + END


@cache
def _deep_json() -> bytes:
    return b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 500_000 + b"]" * 500_000 + b"}"


@cache
def _huge_title() -> bytes:
    return START + b"<item><title>" + b"word " * 1_000_000 + b"</title></item>" + END


@cache
def _many_entries() -> bytes:
    return START + b"".join(b"<item><title>n %d</title></item>" % number for number in range(100_000)) + END


@cache
def _attributes() -> bytes:
    return START + b"<item " + b"".join(b'a%d="b" ' % number for number in range(200_000)) + b"/>" + END


@cache
def _deep_page() -> bytes:
    return b"<html><body>" + b"<div><b><i><table>" * 60_000 + b"words</body></html>"


async def _interim(asked: Asked, wire: Wire) -> None:
    while True:
        await wire.send(b"HTTP/1.1 100 Continue\r\n\r\n")


async def _silence(asked: Asked, wire: Wire) -> None:
    await asyncio.Event().wait()


async def _reset(asked: Asked, wire: Wire) -> None:
    await wire.send(HEAD + b"Content-Length: 9000\r\n\r\n" + START)
    wire.reset()


def _with_pages(web: Web, answer_page: Callable[[Web, str], None]) -> None:
    """A feed that shows new articles at every poll; what they are at, `answer_page` says for each path."""
    polls = 0

    def feed(asked: Asked) -> Reply:
        nonlocal polls
        polls += 1
        now = datetime.now(UTC)
        entries = []
        for number in range(PAGES):
            path = f"/{polls}/{number}"
            answer_page(web, path)
            entries.append(
                f"<item><title>Story {polls} {number}</title><link>{web.url(path)}</link>"
                f"<pubDate>{format_datetime(now - timedelta(minutes=number))}</pubDate></item>"
            )
        return Reply(body=START + "".join(entries).encode() + END)

    web.serve(FEED, feed)


def _silent_pages(web: Web) -> None:
    _with_pages(web, lambda server, path: server.raw(path, _silence))


def _deep_pages(web: Web) -> None:
    _with_pages(web, lambda server, path: server.serve(path, _deep_page()))


KINDS: Final[dict[str, Poison]] = {
    "gzip bomb": _answer(_gzip_bomb, Content_Encoding="gzip"),
    "gzip just below the limit": _answer(_big_feed, Content_Encoding="gzip"),
    "gzip in gzip": _answer(lambda: gzip.compress(_gzip_bomb()), Content_Encoding="gzip, gzip"),
    "gzip in gzip, said once": _answer(lambda: gzip.compress(_gzip_bomb()), Content_Encoding="gzip"),
    "gzip that breaks off": _answer(lambda: _big_feed()[:-20_000], Content_Encoding="gzip"),
    "gzip that is none": _answer(lambda: zlib.compress(START + END), Content_Encoding="gzip"),
    "brotli": _answer(lambda: b"\x1b\xff\xff\x0f" * 50, Content_Encoding="br"),
    "entity bomb": _answer(_entity_bomb),
    "external entity": _answer(_external_entity),
    "dripped headers": _raw(drip(HEAD, b"X-More: x\r\n", pause=PAUSE)),
    "dripped body": _raw(drip(HEAD + b"\r\n" + START, b" ", pause=PAUSE)),
    "endless headers": _raw(flood(HEAD, b"X-More: " + b"x" * 2_000 + b"\r\n")),
    "endless body": _raw(flood(HEAD + b"\r\n" + START, b"<item/>" * 9_000)),
    "endless bytes in chunks": _raw(
        flood(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 1_000),
    ),
    "endless interim answers": _raw(_interim),
    "no answer": _raw(_silence),
    "connection reset": _raw(_reset),
    "length too long": _raw(exactly(HEAD + b"Content-Length: 90000\r\n\r\n" + START + END)),
    "length too short": _raw(exactly(HEAD + b"Content-Length: 20\r\n\r\n" + START + END)),
    "redirects without end": lambda web: web.serve(FEED, redirect(FEED)),
    "long author": _answer(_long_author),
    "deep XML": _answer(_deep_xml),
    "deep JSON": _answer(_deep_json),
    "huge title": _answer(_huge_title),
    "100,000 entries": _answer(_many_entries),
    "200,000 attributes": _answer(_attributes),
    "NULs": _answer(lambda: bytes(5_000_000)),
    "articles that never answer": _silent_pages,
    "articles nested deeply": _deep_pages,
}

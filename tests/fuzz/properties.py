"""What must hold of any bytes: each property takes some, and raises where it does not hold.

`PROPERTIES` names them; `FRAGMENTS` are words of each one's language, from which inputs are put together; `FOUND` are
inputs with which one of them once did not hold.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from itertools import cycle, islice
from typing import Final

from lxml import etree

from bot.cards import card_for
from bot.cards.message import message_for
from bot.cards.plain import body_of, title_of
from tests.bot.alerts import STORY
from tests.bot.payloads import is_harmless, is_within_limits
from watchers.errors import QueryError
from watchers.matching.matcher import Document, Matcher
from watchers.matching.query import compile_query
from watchers.models import Alert, AlertKind, Change, Earlier, Outgoing, Piece, Teller, Why
from watchers.sources.feed_split import split
from watchers.stories.canonical import canonical_url, title_key, untracked

ENTITIES: Final = {"nypd": ["New York Police Department", "NYPD"]}


def splitting(data: bytes) -> None:
    """A split feed, joined again, splits alike; of a well-formed one the pieces are its entries, all of them."""
    body = b"<rss><channel>" + data + b"</channel></rss>"
    raw = split(body)
    if raw is None:
        return
    again = split(raw.with_entries(raw.entries))
    assert again is not None
    assert again.entries == raw.entries
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError:
        return
    entries = [each for each in root.iter() if isinstance(each.tag, str) and _local(each.tag) in {"item", "entry"}]
    assert len(entries) == len(raw.entries)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def addresses(data: bytes) -> None:
    """A canonical address is its own; a headline's key is its own key; nothing raises."""
    text = data.decode("utf-8", "replace")
    for address in (text, f"https://{text}", f"https://gazette.example/{text}"):
        canonical = canonical_url(address)
        assert canonical_url(canonical) == canonical
        shown = untracked(address)
        assert untracked(shown) == shown
    key = title_key(text)
    assert title_key(key) == key


def queries(data: bytes) -> None:
    """Any text is a query that can be asked of a text, or an error with a column in it."""
    text = data.decode("utf-8", "replace")
    try:
        query = compile_query(text, ENTITIES)
    except QueryError as error:
        column = error.column
    else:
        column = 1
        Matcher({1: query}).match(Document(title=text, text=text))
    assert 1 <= column <= len(text) + 1


def cards(data: bytes) -> None:
    """Whatever strangers write, its message keeps to Discord's limits and means nothing to Discord."""
    alert = _alert(data)
    card = card_for(Outgoing(reference="d-7f3a", alert=alert, resent=False, mentions=()))
    payload = message_for(card).payload
    is_within_limits(payload)
    is_harmless(payload)
    assert title_of(card)
    assert body_of(card, UTC)


def _alert(data: bytes) -> Alert:
    """An alert whose every text is a piece of the data; its kind is the first byte."""
    kinds = list(AlertKind)
    kind = kinds[data[0] % len(kinds)] if data else AlertKind.STORY_NEW
    pieces = [
        piece.decode("utf-8", "surrogatepass" if _is_whole(piece) else "replace") for piece in data[1:].split(b"\xff")
    ]
    text = cycle(pieces)
    why = [
        Why(watch=watch, term=term, field="text", paragraph=1, text=found, sentence=sentence)
        for watch, term, found, sentence in [islice(text, 4) for _ in range(2)]
    ]
    changes = [
        Change(heading=next(text), pieces=(Piece(op="removed", text=next(text)), Piece(op="added", text=next(text))))
    ]
    alert = replace(
        STORY,
        kind=kind,
        title=next(text),
        url=next(text),
        outlet=next(text),
        watches=(next(text), next(text)),
        summary=(next(text), next(text)),
        why=tuple(why),
        copies=(Teller(outlet=next(text), url=f"https://x.example/{next(text)}", published=None),),
        earlier=Earlier(title=next(text), url=next(text), outlet=next(text), published=None),
        image=next(text),
        note=next(text),
        changes=tuple(changes),
    )
    return replace(alert, members=(alert, alert)) if kind is AlertKind.DIGEST else alert


def _is_whole(piece: bytes) -> bool:
    try:
        piece.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


PROPERTIES: Final[dict[str, Callable[[bytes], None]]] = {
    "splitting": splitting,
    "addresses": addresses,
    "queries": queries,
    "cards": cards,
}

FRAGMENTS: Final[dict[str, tuple[bytes, ...]]] = {
    "splitting": (
        b"<item>", b"</item>", b"<entry>", b"</entry>", b"<item a='>'>", b'<item b="<">', b"<item/>",
        b"</item >", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?x", b"?>", b"<x:item>", b"</x:item>",
        b"<items>", b"<title>t</title>", b"<!ENTITY", b"&lt;", b"\n", b"'", b'"', b">", b"<",
    ),
    "addresses": (
        b"http://", b"https://", b"www.", b"m.", b"amp.", b"/amp/", b"amp", b"/", b"//", b"..", b"?", b"&",
        b"=", b"#", b";", b"utm_source=x", b"id=7", b"ref=rss", b"%2e", b"%", b"%00", b"@", b":80",
        b"index.html", b"xn--", b"[::1]", b" | ", b" - ", "\u00e9".encode(), "\u202e".encode(),
        b".cdn.ampproject.org/c/s/", b"google.com/amp/s/",
    ),
    "queries": (
        b"police ", b"AND ", b"OR ", b"NOT ", b"NEAR/3 ", b'"', b"(", b")", b"title:", b"outlet:", b"lang:",
        b"@nypd", b"*", b"-", b"~", "\u201c".encode(), "\u201d".encode(), "\u00df".encode(), "\u0130".encode(),
        "\u6f22".encode(), b"\\",
    ),
    "cards": (
        b"\xff", b"\x00", b"@everyone", b"<@1>", b"<#1>", b"</a:1>", b"<t:1:R>", b"[a](https://evil.example)",
        b"```", b"`", b"||", b"~~", b"**", b"__", b"\\", b"# ", b"> ", b"\n", b"\r", b"https://",
        b"javascript:", "\u202e".encode(), "\u200b".encode(), b"\xed\xa0\x80", b"\x1b[31m", b"http://[::1]",
        "\u0301".encode(), "\U0001f469\u200d".encode(),
    ),
}  # fmt: skip

FOUND: Final[tuple[tuple[str, bytes], ...]] = (("cards", b"\xff\xff@every`one"),)

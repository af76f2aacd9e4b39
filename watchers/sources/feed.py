"""The feed kind: bytes of RSS, RDF, Atom or JSON Feed → the items that were not in the last answer.

    bytes ─to_utf8→ UTF-8 ─split→ header, raw entries, tail ─hash→ the unseen ones ─plain_feed or feedparser→ Items

An entry whose bytes stood in the last answer costs a hash. Where the bytes can't be split without doubt, the whole
feed is parsed: never a lost entry. Runs in the worker process.
"""

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from hashlib import blake2b

from watchers.models import Item, Outcome, Parsed, SourceMemory
from watchers.sources.charset import joined_notes, to_utf8
from watchers.sources.dates import parse_date
from watchers.sources.feed_entries import FEEDPARSER_FAULTS, Document, Entry, item_of, read
from watchers.sources.feed_header import Header, header_of
from watchers.sources.feed_split import RawFeed, split
from watchers.sources.json_feed import parse_json_feed
from watchers.sources.limits import MAX_ENTRIES
from watchers.sources.news_search import is_search
from watchers.sources.plain_feed import read_plain
from watchers.sources.sniff import root_start

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:rss|RDF|feed|channel)[\s>]")
_HARMLESS_ENTITY = re.compile(rb"""<!ENTITY\s+\w+\s+(?:"[^"&%]{0,64}"|"&#\w{1,8};"|'[^'&%]{0,64}')\s*>""")
_ROOT_END = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?(?:rss|RDF|feed)\s*>")
_ROOT_END_LENGTH = 200  # bytes in which it is nearly always found
_ENTRY_END = re.compile(rb"</(?:item|entry)\s*>")
_DATE = re.compile(
    rb"<(?:\w+:)?(?:pubDate|published|issued|date|updated|modified)\b[^>]*>\s*(?:<!\[CDATA\[)?([^<\]]{6,60})"
)
_ID = re.compile(rb"<(?:guid|id)\b[^>]*(>.*?</(?:guid|id)\s*>)", re.DOTALL)
_LINK = re.compile(
    rb"""<link\b(?:[^>]*?(\shref\s*=\s*(?:"[^"]+"|'[^']+'))|[^>]*(>[^<].*?</link\s*>|><!.*?</link\s*>))""", re.DOTALL
)
_TITLE = re.compile(rb"<title\b[^>]*(>.*?</title\s*>)", re.DOTALL)
_OLDEST = datetime.min.replace(tzinfo=UTC)


def parse_feed(body: bytes, content_type: str | None, url: str, memory: SourceMemory) -> Parsed:
    """The unseen items of a feed. `url` is its final address, against which relative links are resolved."""
    text, note = to_utf8(body, content_type)
    if text.startswith((b"{", b"[")):
        return parse_json_feed(text, url, memory, note)
    text, repaired = _repaired(text)
    text, broken = _without_torn_entry(text)
    note = joined_notes(joined_notes(note, repaired), broken)
    raw = split(text)
    try:
        return _whole(text, url, note) if raw is None else _in_pieces(raw, url, memory, note)
    except FEEDPARSER_FAULTS as fault:
        return _failed(f"the feed can't be parsed: {type(fault).__name__}: {str(fault)[:200]}")


def _failed(error: str) -> Parsed:
    return Parsed(outcome=Outcome.FAILED, kind="feed", error=error)


def _repaired(text: bytes) -> tuple[bytes, str | None]:
    """The feed without what stands before its root by mistake, and without entities that could grow or read files."""
    start = root_start(text)
    note = None
    if not _ROOT.match(text, start) and (root := _ROOT.search(text)):
        text, start, note = text[root.start() :], 0, "what stands before the feed removed"
    head = text[:start].upper()
    if head.count(b"<!ENTITY") > len(_HARMLESS_ENTITY.findall(head)):
        return text[start:], joined_notes(note, "entity declarations removed")
    return text, note


def _without_torn_entry(text: bytes) -> tuple[bytes, str | None]:
    """A feed that breaks off within an entry, without that one: half of it would be taken for an entry of its own."""
    # The root ends at the end, where it ends: the rest is looked at only if it doesn't.
    if _ROOT_END.search(text, max(0, len(text) - _ROOT_END_LENGTH)) or _ROOT_END.search(text):
        return text, None
    start = max(text.rfind(b"<item"), text.rfind(b"<entry"))
    if start < 0 or _ENTRY_END.search(text, start):
        return text, None
    return text[:start], "it breaks off within an entry"


def _whole(text: bytes, url: str, note: str | None) -> Parsed:
    """Every entry parsed: the bytes can't be split, or there are none."""
    document = read_plain(text) or read(text)
    if not document.entries and not document.version and not _ROOT.search(text):
        return _failed("nothing of a feed could be read in it")
    shown = len(document.entries)
    items = (
        sorted(_items(document, url), key=_newest_first)[:MAX_ENTRIES] if shown > MAX_ENTRIES else _items(document, url)
    )
    return _parsed(
        document, header=header_of(document.header, text), items=items, shown=shown, hashes=frozenset(), note=note
    )


def _in_pieces(raw: RawFeed, url: str, memory: SourceMemory, note: str | None) -> Parsed:
    taken = raw.entries
    if len(taken) > MAX_ENTRIES:
        taken = tuple(sorted(taken, key=_raw_newest_first)[:MAX_ENTRIES])
    hashes = [blake2b(entry, digest_size=16).hexdigest() for entry in taken]
    asked: list[bytes] = []
    seen: list[bytes] = []
    for entry, digest in zip(taken, hashes, strict=True):
        (seen if digest in memory.seen_entries else asked).append(entry)
    if siblings := _siblings(asked, seen):
        asked = [
            entry
            for entry, digest in zip(taken, hashes, strict=True)
            if digest not in memory.seen_entries or entry in siblings
        ]
    document = _read_entries(raw, asked)
    if lost := max(0, len(asked) - len(document.entries)):
        note = joined_notes(note, f"{lost} of {len(raw.entries)} entries can't be parsed")
        # They are asked for again next time: the fault may be the header's.
        hashes = [digest for entry, digest in zip(taken, hashes, strict=True) if entry not in asked]
    return _parsed(
        document,
        header=header_of(document.header, raw.header + raw.tail),
        items=_items(document, url),
        shown=len(raw.entries),
        hashes=frozenset(hashes),
        note=note,
    )


def _read_entries(raw: RawFeed, wanted: Sequence[bytes]) -> Document:
    """The wanted entries read together; one by one where one of them harms the others."""
    together = None
    try:
        joined = raw.with_entries(wanted)
        together = read_plain(joined) or read(joined)
    except FEEDPARSER_FAULTS:
        if not wanted:
            raise
    if together and len(together.entries) == len(wanted):
        return together
    frame = read(raw.with_entries(()))
    entries: list[Entry] = []
    for entry in wanted:
        try:
            entries += read(raw.with_entries((entry,))).entries
        except FEEDPARSER_FAULTS:
            continue
    if together and len(together.entries) > len(entries):
        return together
    return Document(frame.header, tuple(entries), frame.version, malformed=True)


def _siblings(unseen: Collection[bytes], seen: Collection[bytes]) -> set[bytes]:
    """Seen entries that share their id, or their link and title, with an unseen one.

    They are parsed again so that recognition sees both: else a second entry of the same id, or a second post
    under the same link, would look like an edit of the first.
    """
    if not seen:
        return set()
    everything = b"".join(seen)
    found: set[bytes] = set()
    for entry in unseen:
        ids, titles = _ID.findall(entry), _TITLE.findall(entry)
        marks = [mark for mark in ids if mark in everything]
        if not ids or any(title in everything for title in titles):
            links = (href or text for href, text in _LINK.findall(entry))
            marks += [link for link in links if link in everything]
        if marks:
            found.update(other for other in seen if any(mark in other for mark in marks))
    return found


def _items(document: Document, url: str) -> list[Item]:
    search = is_search(url)
    return [item_of(entry, url=url, version=document.version, search=search) for entry in document.entries]


def _parsed(
    document: Document, *, header: Header, items: Sequence[Item], shown: int, hashes: frozenset[str], note: str | None
) -> Parsed:
    if document.malformed:
        note = joined_notes(note, "not well-formed, read leniently")
    if shown > MAX_ENTRIES:
        note = joined_notes(note, f"{shown} entries, the newest {MAX_ENTRIES} taken")
    return Parsed(
        outcome=Outcome.OK if shown else Outcome.EMPTY,
        kind="feed",
        title=header.title,
        items=tuple(items),
        entries=shown,
        entry_hashes=hashes,
        outlet=None if any(item.outlet for item in items) else header.title or None,
        language=header.language,
        min_interval=header.min_interval,
        skip_hours=header.skip_hours,
        degraded=note,
        error=None if shown else "the feed is valid and shows no entry",
    )


def _newest_first(item: Item) -> float:
    return -(item.published or _OLDEST).timestamp()


def _raw_newest_first(entry: bytes) -> float:
    found = _DATE.search(entry)
    moment = parse_date(found.group(1).decode("utf-8", "replace")) if found else None
    return -(moment or _OLDEST).timestamp()

"""JSON Feed 1.0 and 1.1 → the items that were not in the last answer.

What doesn't have the type that the format gives it is treated as absent. An entry's hash is over its sorted keys,
so that a re-serialised feed shows nothing new.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from watchers.models import Item, Outcome, Parsed, SourceMemory
from watchers.sources.charset import joined_notes
from watchers.sources.dates import parse_date
from watchers.sources.feed_entries import address, language_of, plain_value
from watchers.sources.limits import ID_LENGTH, MAX_ENTRIES, NAME_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from watchers.sources.plain_text import clean, html_text, line, paragraphs

_OLDEST = datetime.min.replace(tzinfo=UTC)


def parse_json_feed(text: bytes, url: str, memory: SourceMemory, note: str | None) -> Parsed:
    """The unseen items of a JSON Feed in UTF-8."""
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError) as fault:
        return Parsed(outcome=Outcome.FAILED, kind="feed", error=f"not valid JSON: {str(fault)[:200]}")
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list) or "version" not in feed:
        return Parsed(outcome=Outcome.FAILED, kind="feed", error="JSON, but no JSON Feed")
    entries = [entry for entry in feed["items"] if isinstance(entry, dict)]
    shown = len(entries)
    if len(feed["items"]) > shown:
        note = joined_notes(note, f"{len(feed['items']) - shown} entries are no objects")
    if shown > MAX_ENTRIES:
        entries = sorted(entries, key=_newest_first)[:MAX_ENTRIES]
        note = joined_notes(note, f"{shown} entries, the newest {MAX_ENTRIES} taken")
    hashes = [blake2b(json.dumps(entry, sort_keys=True).encode(), digest_size=16).hexdigest() for entry in entries]
    title = _line(feed.get("title"), TITLE_LENGTH) or ""
    return Parsed(
        outcome=Outcome.OK if shown else Outcome.EMPTY,
        kind="feed",
        title=title,
        items=tuple(
            _item(entry, feed, url)
            for entry, digest in zip(entries, hashes, strict=True)
            if digest not in memory.seen_entries
        ),
        entries=shown,
        entry_hashes=frozenset(hashes),
        outlet=title or None,
        language=language_of(feed.get("language")),
        degraded=note,
        error=None if shown else "the feed is valid and shows no entry",
    )


def _item(entry: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Item:
    texts = [
        paragraphs(html_text(_text(entry, "content_html")[: SUMMARY_LENGTH * 10]), SUMMARY_LENGTH),
        paragraphs(_text(entry, "content_text")[: SUMMARY_LENGTH * 2], SUMMARY_LENGTH),
        paragraphs(_text(entry, "summary")[: SUMMARY_LENGTH * 2], SUMMARY_LENGTH),
    ]
    identity = entry.get("id")
    identity = clean(str(identity))[:ID_LENGTH].strip() if isinstance(identity, str | int | float) else ""
    published = parse_date(_text(entry, "date_published"))
    updated = parse_date(_text(entry, "date_modified"))
    return Item(
        entry_id=identity or None,
        url=address(url, entry.get("url")) or address(url, entry.get("external_url")) or address("", identity),
        title=_line(entry.get("title"), TITLE_LENGTH) or "",
        published=published or updated,
        updated=updated,
        summary=max(texts, key=len),
        byline=_byline(entry) or _byline(feed),
        language=language_of(entry.get("language")),
        image=address(url, entry.get("image")) or address(url, entry.get("banner_image")),
    )


def _byline(holder: Mapping[str, Any]) -> str | None:
    authors = holder.get("authors") if isinstance(holder.get("authors"), list) else [holder.get("author")]
    names = [_line(author.get("name"), NAME_LENGTH) for author in authors or () if isinstance(author, dict)]
    return line(", ".join(name for name in names if name), NAME_LENGTH) or None


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def _line(value: object, limit: int) -> str | None:
    """A title or name: plain text by the format, yet often with entities."""
    if not isinstance(value, str):
        return None
    return plain_value(value, limit) if "&" in value else line(value, limit) or None


def _newest_first(entry: Mapping[str, Any]) -> float:
    moment = parse_date(_text(entry, "date_published")) or parse_date(_text(entry, "date_modified"))
    return -(moment or _OLDEST).timestamp()

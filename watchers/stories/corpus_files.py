"""Files of articles that are already known → what they say of each, whatever their form.

    .txt .md .html .jsonl .csv or a feed ─entries→ Entry (title, addresses, outlet, time, text), and problems by line

A form is one function of bytes and one line in FORMS. Whatever is wrong with a line, a row or a file is a problem
to tell, and never stops the others.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import yaml

from watchers.models import Outcome, SourceMemory
from watchers.reading.article import extract_article
from watchers.sources.dates import parse_date
from watchers.sources.feed import parse_feed
from watchers.sources.sniff import sniff

LARGEST_FILE: Final = 20_000_000  # bytes
_LARGEST_FRONT_MATTER: Final = 200_000  # characters: YAML is read slowly
_MOST_ROWS: Final = 50_000
_TITLE_WORDS: Final = 25
_FRONT_MATTER: Final = re.compile(r"\ufeff?---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)(.*)", re.DOTALL)
_SENTENCE_END: Final = (".", ";", ",", ":", "…", "!”", ".”", '."')
_ADDRESS_KEYS: Final = ("webUrl", "ampWebUrl", "cdnAmpWebUrl", "url", "canonicalUrl", "link")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a file states of one article. `fingerprint` is there instead of a text in a corpus that was built."""

    title: str | None = None
    urls: tuple[str, ...] = ()  # the first is the one to show
    outlet: str | None = None
    published: datetime | None = None
    text: str = ""
    excerpt: str = ""
    fingerprint: Mapping[str, Any] | None = None
    partial: bool = False  # with a fingerprint: that it is of the excerpt
    line: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and what to do, at a line of the file (counted from 1)."""

    line: int
    what: str


Found = Iterator[Entry | Problem]


def _text(data: bytes) -> Found:
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    if front := _FRONT_MATTER.match(text):
        yield from _front_matter(front[1], front[2].strip())
        return
    if not (text := text.strip()):
        yield Problem(1, "the file is empty: remove it, or put an article's text in it")
        return
    first, _, rest = text.partition("\n")
    is_title = rest.startswith(("\n", " \n")) and len(first.split()) <= _TITLE_WORDS
    if is_title and rest.strip() and not first.rstrip().endswith(_SENTENCE_END):
        yield Entry(title=first.strip(), text=rest.strip())
    else:
        yield Entry(text=text)


def _front_matter(front: str, text: str) -> Found:
    if len(front) > _LARGEST_FRONT_MATTER:
        yield Problem(1, f"the front matter is over {_LARGEST_FRONT_MATTER} characters: shorten it")
        return
    try:
        about = yaml.safe_load(front)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield Problem(mark.line + 2 if mark else 1, "the front matter is no YAML: quote texts that hold a colon")
        return
    if not isinstance(about, dict):
        yield Problem(1, "the front matter has no keys: write “title: …” and “webUrl: …”")
        return
    yield _of_mapping(about, text)
    related = about.get("related")
    for entry in related if isinstance(related, list) else ():
        if isinstance(entry, dict):
            yield _of_mapping(entry, "")


def _of_mapping(about: Mapping[Any, Any], text: str) -> Entry:
    provider = about.get("provider")
    outlet = provider.get("name") if isinstance(provider, dict) else about.get("outlet")
    urls = [_string(about.get(key)) for key in _ADDRESS_KEYS]
    return Entry(
        title=_string(about.get("title")),
        urls=_addresses(urls),
        outlet=_string(outlet),
        published=_moment(about.get("publishedDateTime") or about.get("published") or about.get("date")),
        text=text or _string(about.get("text")) or "",
        excerpt=_string(about.get("excerpt")) or "",
    )


def _html(data: bytes) -> Found:
    reading = extract_article(data, "text/html", None)
    if reading.outcome is not Outcome.OK:
        yield Problem(1, f"no article in it ({reading.error or reading.outcome}): save its text as .txt")
        return
    yield Entry(
        title=reading.title or None,
        urls=_addresses([reading.canonical_url]),
        outlet=reading.outlet,
        published=reading.published,
        text=reading.text,
    )


def _json_lines(data: bytes) -> Found:
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        if number > _MOST_ROWS:
            yield Problem(number, f"more than {_MOST_ROWS} lines: the rest was left, split the file")
            return
        if not line.strip():
            continue
        try:
            about = json.loads(line)
        except (ValueError, RecursionError):
            yield Problem(number, "no JSON object: write one article a line")
            continue
        if not isinstance(about, dict):
            yield Problem(number, "no JSON object: write one article a line")
            continue
        yield _of_json(about, number)


def _of_json(about: Mapping[str, Any], number: int) -> Entry:
    urls, fingerprint = about.get("urls"), about.get("fingerprint")
    return Entry(
        title=_string(about.get("title")),
        urls=_addresses([_string(url) for url in [about.get("url"), *(urls if isinstance(urls, list) else ())]]),
        outlet=_string(about.get("outlet")),
        published=_moment(about.get("published")),
        text=_string(about.get("text")) or "",
        excerpt=_string(about.get("excerpt")) or "",
        fingerprint=fingerprint if isinstance(fingerprint, dict) else None,
        partial=about.get("partial") is True,
        line=number,
    )


def _csv(data: bytes) -> Found:
    reader = csv.DictReader(data.decode("utf-8-sig", "replace").splitlines(keepends=True))
    try:
        columns = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        if not {"title", "url", "text"} & set(columns):
            yield Problem(1, "no column title, url or text: write their names in the first line")
            return
        for count, row in enumerate(reader):
            if count >= _MOST_ROWS:
                yield Problem(reader.line_num, f"more than {_MOST_ROWS} rows: the rest was left, split the file")
                return
            if any(isinstance(value, str) and value.strip() for value in row.values()):
                yield _of_json(row, reader.line_num)
    except csv.Error as error:
        yield Problem(reader.line_num or 1, f"no CSV from here on ({error}): export the table again")


def _feed(data: bytes) -> Found:
    if sniff(data) != "feed":
        yield Problem(1, "neither RSS, Atom nor JSON Feed: use .html for pages and .jsonl for lists of articles")
        return
    parsed = parse_feed(data, None, "", SourceMemory(kind="feed"))
    if parsed.outcome is not Outcome.OK:
        yield Problem(1, f"no feed could be read ({parsed.error or parsed.outcome}): save it again")
        return
    if parsed.degraded:
        yield Problem(1, f"read with a loss ({parsed.degraded}): compare `corpus list` with the file")
    for item in parsed.items:
        yield Entry(
            title=item.title or None,
            urls=_addresses([item.url]),
            outlet=item.outlet or parsed.outlet or parsed.title or None,
            published=item.published,
            excerpt=item.summary,
        )


FORMS: Final[dict[str, Callable[[bytes], Found]]] = {
    ".txt": _text,
    ".md": _text,
    ".html": _html,
    ".htm": _html,
    ".jsonl": _json_lines,
    ".csv": _csv,
    ".xml": _feed,
    ".rss": _feed,
    ".atom": _feed,
    ".json": _feed,
}


def _string(value: object) -> str | None:
    return stripped if isinstance(value, str) and (stripped := value.strip()) else None


def _addresses(urls: list[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url for url in urls if url))


def _moment(value: object) -> datetime | None:
    """A time as YAML or JSON gives it, in UTC; a time without an offset is taken for UTC."""
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return datetime.combine(value, time(), UTC) if isinstance(value, date) else None

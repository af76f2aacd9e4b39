"""What `watch test --file` reads: one text, one web page, or articles as JSON Lines → the documents to match.

    bytes ─documents→ Document …

- JSON Lines: by the name's ending `.jsonl`, or a first line that is a JSON object. The strings are matched exactly as
  they are given; `url`, `title`, `text`, `outlet` and `language` count, and any may be missing.
- A web page: by its ending, or its markup. Title and text are those that `extract` prints.
- Anything else is a text without a title: the whole file, line ends as they are.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bot.cli.context import log
from bot.cli.extract import file_bytes, read_file
from config.settings import Settings
from watchers.errors import ConfigError
from watchers.matching.matcher import Document
from watchers.models import Outcome
from watchers.sources.charset import to_utf8

LARGEST_FILE: Final = 500_000_000  # bytes
_JSON_LINES: Final = frozenset((".jsonl", ".ndjson"))
_PLAIN: Final = frozenset((".txt", ".text", ".md"))
_HTML: Final = frozenset((".html", ".htm", ".xhtml"))
_MARKUP: Final = re.compile(rb"<(?:!doctype|html|head|body|article|meta)\b", re.IGNORECASE)
_MARKUP_WITHIN: Final = 2_000  # bytes
_ADVICE: Final = "name a file, or - for standard input"
_SAVED_FIRST: Final = "for an article of the web: wiredesk extract ADDRESS --json > article.jsonl, and name that file"
_BOM: Final = b"\xef\xbb\xbf"
_FIELDS: Final = ("url", "title", "text", "outlet", "language")


def documents(settings: Settings, path: str) -> list[Document]:
    """The articles of a file (`-`: standard input).

    Raises ConfigError where it can't be read, or with every line that is no article: `file:line: what: what to do`.
    """
    body = file_bytes(path, limit=LARGEST_FILE, advice=_SAVED_FIRST if "://" in path else _ADVICE)
    ending = Path(path).suffix.lower()
    if ending in _JSON_LINES or _is_json_lines(body):
        return _of_json_lines(body, path)
    if ending in _HTML or (ending not in _PLAIN and _MARKUP.search(body[:_MARKUP_WITHIN])):
        return [_of_page(settings, body, path)]
    return [Document(title="", text=_decoded(body, path))]


def _is_json_lines(body: bytes) -> bool:
    first = body.removeprefix(_BOM).lstrip().partition(b"\n")[0]
    if not first.startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _of_json_lines(body: bytes, path: str) -> list[Document]:
    found: list[Document] = []
    problems: list[str] = []
    for number, line in enumerate(body.removeprefix(_BOM).split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            article = json.loads(line)
        except (ValueError, RecursionError):
            article = None
        wrong = list(_wrong(article))
        if wrong:
            problems += [f"{path}:{number}: {problem}" for problem in wrong]
            continue
        found.append(
            Document(
                title=article.get("title") or "",
                text=article.get("text") or "",
                outlet=article.get("outlet"),
                language=article.get("language"),
                url=article.get("url"),
            )
        )
    if problems:
        raise ConfigError(*problems)
    return found


def _wrong(article: Any) -> Iterator[str]:
    if not isinstance(article, dict):
        yield "no JSON object: write one article a line"
        return
    for field in _FIELDS:
        if not isinstance(article.get(field), str | None):
            yield f"{field} is not a text: put it in quotes, or write null"


def _of_page(settings: Settings, body: bytes, path: str) -> Document:
    reading = asyncio.run(read_file(settings, path, body))
    if reading.outcome is not Outcome.OK:
        log.warning("the page has no article to match", file=path, outcome=reading.outcome.value, error=reading.error)
    return Document(
        title=reading.title,
        text=reading.text,
        outlet=reading.outlet,
        language=reading.language,
        url=reading.canonical_url,
    )


def _decoded(body: bytes, path: str) -> str:
    """UTF-8, untouched but for its mark. Another charset is made out, and its control characters are lost with it."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        utf8, lost = to_utf8(body, None)
        log.warning("the file is not UTF-8: offsets count in it as it was read", file=path, note=lost)
        return utf8.decode("utf-8", "replace")

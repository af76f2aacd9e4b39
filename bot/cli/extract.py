"""`wiredesk extract FILE_OR_URL`: the article that the desk would read there."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.text import Text

from bot.cards.text import clean
from bot.cli import context
from bot.cli.output import answer_console, emit, rfc3339
from bot.cli.rows import Json
from bot.cli.waiting import waiting
from bot.looking import looking
from config.settings import Settings
from watchers.errors import ConfigError
from watchers.fetch.redact import redact_url
from watchers.models import Outcome, Reading

STDIN: Final = "-"
LARGEST_FILE: Final = 50_000_000  # bytes
_HTML: Final = frozenset((".html", ".htm", ".xhtml"))
_WEB: Final = ("http://", "https://")
_ADVICE: Final = "name a file, - for standard input, or an address of http:// or https://"


def extract(
    where: Annotated[str, typer.Argument(metavar="FILE_OR_URL", help="A page or text: a file, - or a web address.")],
    as_json: Json = False,
) -> None:
    """Print an article's text, as the desk would read it."""
    settings = context.settings()
    if where.lower().startswith(_WEB):
        with waiting("Reading …"):
            reading = asyncio.run(_read_web(settings, where))
    else:
        reading = asyncio.run(read_file(settings, where, file_bytes(where)))
    if as_json:
        emit(_line(reading))
    else:
        _print(answer_console(as_json=False), reading)
        if reading.outcome is not Outcome.OK:
            # Beside the answer, which may be on its way into a file as the article's text.
            problem = f"{redact_url(where)}: {reading.outcome.value}: {clean(reading.error or 'no article there')}"
            Console(stderr=True, highlight=False).print(Text(problem, "bold red"), soft_wrap=True)


async def read_file(settings: Settings, path: str, body: bytes) -> Reading:
    """The article in a file's bytes; the ending of its name says whether it must be HTML."""
    async with looking(settings) as look:
        return await look.at_page(body, "text/html" if Path(path).suffix.lower() in _HTML else None, None)


def file_bytes(path: str, *, limit: int = LARGEST_FILE, advice: str = _ADVICE) -> bytes:
    """The bytes of a file, or of standard input. Raises ConfigError, with `advice`, where there are none to be had."""
    try:
        if path == STDIN:
            body = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(path).open("rb") as file:
                body = file.read(limit + 1)
    except OSError as error:
        raise ConfigError(f"{path}: can't be read ({error.strerror}): {advice}") from None
    if len(body) > limit:
        raise ConfigError(f"{path}: larger than {limit // 1_000_000} MB: split it")
    return body


async def _read_web(settings: Settings, url: str) -> Reading:
    async with looking(settings) as look:
        return await look.at_article(url)


def _line(reading: Reading) -> dict[str, Any]:
    return {
        "title": reading.title,
        "text": reading.text,
        "published": rfc3339(reading.published),
        "updated": rfc3339(reading.updated),
        "byline": reading.byline,
        "outlet": reading.outlet,
        "language": reading.language,
        "canonical_url": reading.canonical_url,
        "outcome": reading.outcome.value,
    }


def _print(console: Console, reading: Reading) -> None:
    if reading.title:
        console.print(Text(clean(reading.title), "bold"))
    facts = [
        reading.outlet,
        reading.byline,
        reading.published and f"published {rfc3339(reading.published)}",
        reading.updated and f"updated {rfc3339(reading.updated)}",
        reading.language,
    ]
    if told := " · ".join(clean(fact) for fact in facts if fact):
        console.print(Text(told, "dim"))
    if reading.canonical_url:
        console.print(Text(clean(reading.canonical_url), "dim", overflow="fold"))
    for paragraph in filter(None, reading.text.split("\n\n")):
        console.print()
        console.print(Text(clean(paragraph)), soft_wrap=not console.is_terminal)

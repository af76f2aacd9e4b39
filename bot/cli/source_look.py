"""`wiredesk source test`: an address is fetched and parsed once, as the desk would, and nothing is stored.

    URL ─look→ Parsed ─→ a line an item with the watches that its own words answer, then what the source is;
                         of a page its text, so that one sees what --select and --ignore leave of it

`source add` looks first too, and takes the name of what it finds.
"""

import asyncio
import re
from typing import Annotated, Any, Final

import typer

from bot.cards.text import clean, cut
from bot.cards.words import counted
from bot.cli import context
from bot.cli.entries import entry
from bot.cli.output import answer_console, emit, rfc3339, table
from bot.cli.rows import Json
from bot.cli.waiting import waiting
from bot.looking import desk_as_told, looking
from bot.source_trial import TITLE_FROM_SUMMARY, Heard, heard, heard_page
from bot.source_trial import look as look_at
from config.selectors import check_selector
from config.settings import Settings
from config.watchlist import Source
from watchers.errors import ConfigError
from watchers.fetch.redact import redact_text
from watchers.listening import listen
from watchers.matching.normalise import NormalisedText
from watchers.models import Parsed, SourceKindName, SourceMemory
from watchers.storage.desks import Told

Address = Annotated[str, typer.Argument(metavar="URL", help="The address of a feed, a sitemap or a page.")]
Kind = Annotated[SourceKindName, typer.Option("--kind", help="What to take it for.")]
Select = Annotated[
    str | None, typer.Option("--select", metavar="CSS", help="For pages: the elements that hold the text.")
]
Ignore = Annotated[str | None, typer.Option("--ignore", metavar="CSS", help="For pages: elements to leave out.")]

_SCHEME: Final = re.compile(r"\s*[a-z][a-z0-9+-]*:(?![0-9]+(?:/|$))", re.IGNORECASE)  # what localhost:8000/ has not

_FACTS: Final = ("outcome", "kind", "title", "items", "degraded", "error")
_LINES, _LINE = 12, 240  # of a page's text that people are shown, and characters of each
NO_WATCH: Final = "none: no watch asks for what it says"
NOT_A_FEED: Final = (
    "a web page, not a feed: add one of the feeds that it links to, or follow its own text with --kind page"
)


def try_address(
    url: Address, kind: Kind = "auto", select: Select = None, ignore: Ignore = None, as_json: Json = False
) -> None:
    """Show what an address brings, and which watches it answers. Nothing is stored."""
    if not _SCHEME.match(url):
        entry(Source, url=url)  # refuses it: of all that is an address, the guard says whether it may be asked
    _check_selectors(kind, select, ignore)
    settings = context.settings()
    desk = desk_as_told(settings, context.now())
    with waiting("Looking …"):
        parsed = asyncio.run(look(settings, url, SourceMemory(kind=kind, select=select, ignore=ignore)))
    listening = listen(Told(generation=0, desks=(desk,)))
    items = [_item_line(number, each) for number, each in enumerate(heard(parsed, listening, desk.id), 1)]
    page = parsed.page
    source = {
        "event": "source",
        "outcome": parsed.outcome.value,
        "kind": parsed.kind,
        "title": parsed.title,
        "items": len(items),
        "degraded": parsed.degraded,
        "error": None if parsed.error is None else redact_text(parsed.error),
        "feeds": list(parsed.feeds),
        "text": None if page is None else page.text,
        "words": None if page is None else len(NormalisedText(page.text).words()),
        "watches": None if page is None else list(heard_page(page, url, listening, desk.id)),
    }
    if as_json:
        for line in (*items, source):
            emit(line)
    else:
        _print(items, source)


async def look(settings: Settings, url: str, memory: SourceMemory, *, to_follow: bool = False) -> Parsed:
    """What an address shows to someone who never looked before.

    Raises ConfigError, if it is `to_follow`, where the address guard refuses it; without, that is a failed look.
    """
    async with looking(settings) as eyes:
        return await look_at(eyes, url, memory, to_follow=to_follow)


def _check_selectors(kind: SourceKindName, select: str | None, ignore: str | None) -> None:
    problems = []
    for option, css in (("--select", select), ("--ignore", ignore)):
        try:
            check_selector(css or "*", kind if css else None)
        except ValueError as error:
            problems.append(f"{option} {css}: {error}")
    if problems:
        raise ConfigError(*problems)


def _item_line(number: int, heard_item: Heard) -> dict[str, Any]:
    item = heard_item.item
    return {
        "id": str(number),
        "url": item.url,
        "title": item.title,
        "published": rfc3339(item.published),
        "summary": item.summary,
        "first_seen": None,
        "watches": list(heard_item.watches),
    }


def _print(items: list[dict[str, Any]], source: dict[str, Any]) -> None:
    console = answer_console(as_json=False)
    if items:
        shown = [
            (
                item["published"],
                item["title"] or item["summary"][:TITLE_FROM_SUMMARY],
                item["url"],
                ", ".join(item["watches"]),
            )
            for item in items
        ]
        table(console, ("published", "title", "url", "watches"), shown, empty="")
        console.print()
    facts = {key: source[key] for key in _FACTS if source[key] not in {None, ""}}
    if source["text"] is not None:
        del facts["items"]
    if source["feeds"]:
        facts["error"] = NOT_A_FEED
    if items:
        facts["watches"] = "by the feed's own words; pages are read when it is followed"
    rows: list[tuple[str, object]] = [*facts.items(), *(("feed", feed) for feed in source["feeds"])]
    if source["text"] is not None:
        rows += [
            ("words", source["words"]),
            ("watches", ", ".join(source["watches"]) or NO_WATCH),
            *_text(source["text"]),
        ]
    table(console, ("source", ""), rows, empty="")


def _text(text: str) -> list[tuple[str, str]]:
    """The first lines of a page's text, as rows."""
    lines = [line for line in text.splitlines() if line.strip()]
    shown = [cut(clean(line), _LINE) for line in lines[:_LINES]]
    more = len(lines) - len(shown)
    told = [*shown, *([f"… and {counted(more, 'more line')}: --json has the whole text"] if more > 0 else [])]
    return [("text" if number == 0 else "", line) for number, line in enumerate(told)]

"""`wiredesk watch test QUERY`: what a query would have found, in a file or in what the desk has read.

--file F ─documents→            Document ─Matcher→ evidence ─→ a line each
--days N ─articles.since→ the desk's database
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.text import Text

from bot.cards.spans import mark, marked_text
from bot.cards.text import clean
from bot.cli import context
from bot.cli.article_files import documents
from bot.cli.output import answer_console, emit
from bot.cli.queries import understood
from bot.cli.rows import Json
from bot.cli.waiting import progress
from bot.looking import desk_as_told, is_there
from bot.prepare import opened
from config.settings import Settings
from watchers.errors import ConfigError
from watchers.matching.matcher import Document, Matcher
from watchers.models import Match
from watchers.storage import articles, listing
from watchers.stories.summary import sentence_around

DAYS: Final = 7
_LONGEST: Final = 36_500  # days
_SHOWN: Final = 4  # pieces of evidence of one article, for people


def try_query(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="As the watch list has it.")],
    file: Annotated[
        str | None,
        typer.Option(
            "--file", metavar="FILE", help="A text, a web page or articles as JSON Lines; - is standard input."
        ),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(
            "--days",
            metavar="N",
            min=1,
            max=_LONGEST,
            help=f"What the desk read in the last days; {DAYS} without --file.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Try a query: what it matches, and by which words. Nothing is stored."""
    if file is not None and days is not None:
        raise ConfigError("--file, --days: give one of the two")
    settings = context.settings()
    entities = desk_as_told(settings, context.now()).entities if "@" in query else {}
    matcher = Matcher({0: understood(query, entities)})
    matched: list[tuple[Document, Match]] = []
    with _chosen(settings, file, days or DAYS) as (total, chosen):
        for document in progress(chosen, "Matching", total=total, as_json=as_json):
            match = next(iter(matcher.match(document)), None)
            if as_json:
                emit(_line(document, match))
            elif match is not None:
                matched.append((document, match))
    if not as_json:
        console = answer_console(as_json=False)
        for document, match in matched:
            _print(console, document, match)
        console.print(f"{len(matched)} of {total} {'article matches' if total == 1 else 'articles match'}.")


@contextmanager
def _chosen(settings: Settings, file: str | None, days: int) -> Iterator[tuple[int, Iterable[Document]]]:
    """How many documents there are, and the documents."""
    if file is not None:
        found = documents(settings, file)
        yield len(found), found
        return
    if not is_there(settings):
        context.log.warning("the desk has read nothing yet: try the query on a file, or `wiredesk run --once` first")
        yield 0, ()
        return
    now = context.now()
    with opened(settings, now) as database, database.reading() as connection:
        since = now - timedelta(days=days)
        yield listing.read_since(connection, since), map(_document, articles.since(connection, since))


def _document(article: articles.StoredArticle) -> Document:
    reading = article.reading
    return Document(
        title=reading.title, text=reading.text, outlet=reading.outlet, language=reading.language, url=reading.url
    )


def _line(document: Document, match: Match | None) -> dict[str, Any]:
    return {
        "url": document.url,
        "title": document.title,
        "matched": match is not None,
        "evidence": [asdict(evidence) for evidence in match.evidence] if match else [],
    }


def _print(console: Console, document: Document, match: Match) -> None:
    console.print(Text(clean(document.title) or "(no title)", "bold"))
    if document.url:
        console.print(Text(clean(document.url), "dim", overflow="fold"))
    for evidence in match.evidence[:_SHOWN]:
        text = document.title if evidence.field == "title" else document.text
        sentence = clean(sentence_around(text, evidence.start, evidence.end))
        place = "title" if evidence.field == "title" else f"paragraph {evidence.paragraph}"
        console.print(Text(f"  {place}: {marked_text(mark(sentence, (clean(evidence.text),)))}"))
    if (left := len(match.evidence) - _SHOWN) > 0:
        console.print(Text(f"  and {left} more {'place' if left == 1 else 'places'}", "dim"))
    console.print()

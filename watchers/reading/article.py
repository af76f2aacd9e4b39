"""An article from the bytes of its page: text, headline, people, times. Synchronous, for the worker process.

    bytes ─page→ str, tree ─main_text→ text ─metadata→ the rest ─walls→ outcome → Reading

Plain text is taken too (`extract FILE`): its paragraphs, and a first line that reads as a headline.
"""

import re
from typing import Final

from watchers.models import Outcome, Reading
from watchers.reading import page
from watchers.reading.headline import LONGEST as LONGEST_TITLE
from watchers.reading.main_text import LONGEST, main_text, without_menus
from watchers.reading.metadata import read_metadata
from watchers.reading.wall_speech import Wall
from watchers.reading.walls import find_wall
from watchers.sources.plain_text import line, paragraphs

_MARKUP: Final = re.compile(r"<(?:!doctype|html|head|body|article|div|p|h1|meta|title)\b", re.IGNORECASE)
_MARKUP_WITHIN: Final = 2_000  # code points
_WORD: Final = re.compile(r"\w")
_SENTENCE_END: Final = (".", "!", "?", ":", ";", ",", "。", "！", "？", "…")
_HEADLINE_WORDS: Final = 25


def extract_article(body: bytes, content_type: str | None, url: str | None) -> Reading:
    """Read an article from a page (HTML) or a plain text.

    `url` is where it was found, after redirects. The outcome is `OK`, `BLOCKED` (paywall, consent, challenge),
    `MISSING` (a page that says so) or `EMPTY`; `text` is empty unless it is `OK`.

    Raises:
        MemoryError, RecursionError: on hostile markup; the worker makes a `WorkerKilled` of them.
    """
    if page.is_binary(body):
        return _nothing(url, "not a text")
    html, loss = page.decoded(body, content_type)
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind != "text/html" and not _MARKUP.search(html[:_MARKUP_WITHIN]):
        return _plain(html, url, loss)
    root = page.tree(html)
    if root is None:
        return _nothing(url, "no text in it")
    text = main_text(html)
    about = read_metadata(root, url)
    text = _without_headline(text, about.title)
    wall = find_wall(title=about.title, text=text, html=html)
    outcome = wall.outcome if wall else Outcome.OK if _WORD.search(text) else Outcome.EMPTY
    return Reading(
        outcome=outcome,
        url=url,
        canonical_url=about.canonical_url,
        # Only a paywall stands on the article's own page: the other titles are not of an article.
        title=about.title if wall in {None, Wall.PAYWALL} else "",
        text=without_menus(text, root) if outcome is Outcome.OK else "",
        published=about.published,
        updated=about.updated,
        byline=about.byline,
        outlet=about.outlet,
        language=about.language,
        image=about.image,
        degraded=loss,
        error=wall.told if wall else None if outcome is Outcome.OK else "no text in it",
    )


def _without_headline(text: str, title: str) -> str:
    """The text without the headline that stands over it: its first paragraph is the report's."""
    first, _, rest = text.partition("\n\n")
    repeats = rest and " ".join(first.split()).casefold() == " ".join(title.split()).casefold()
    return rest if repeats else text


def _plain(text: str, url: str | None, loss: str | None) -> Reading:
    text = paragraphs(text, LONGEST)
    first, _, rest = text.partition("\n")
    is_title = (
        bool(rest) and len(first.split()) <= _HEADLINE_WORDS and not first.rstrip("”’\"' ").endswith(_SENTENCE_END)
    )
    title, text = (first.strip(), rest.strip()) if is_title else ("", text)
    if not _WORD.search(text):
        return _nothing(url, "no text in it")
    return Reading(outcome=Outcome.OK, url=url, title=line(title, LONGEST_TITLE), text=text, degraded=loss)


def _nothing(url: str | None, why: str) -> Reading:
    return Reading(outcome=Outcome.EMPTY, url=url, error=why)

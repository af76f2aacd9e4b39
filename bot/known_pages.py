"""Known stories for the corpus, from files, folders and addresses alike.

paths ─────────────────────────────┐
addresses ─Look→ bytes → a file ───┴─read_corpus→ known stories, and the problems

one address ─Look.at_article→ Reading ─known_page→ a known story, by its address alone where it can't be read
"""

import asyncio
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.looking import looking
from config.settings import Settings
from watchers.fetch.redact import redact_url
from watchers.models import FetchResult, Outcome, Reading
from watchers.sources.sniff import sniff
from watchers.stories.corpus import KnownText, read_corpus
from watchers.stories.corpus_files import FORMS
from watchers.stories.fingerprint import FEWEST_WORDS, fingerprint

_WEB: Final = ("http://", "https://")
_ENDINGS: Final = {"feed": ".xml", "html": ".html"}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What could be read, in the order given. Problems are lines of the form `file:line: what: what to do`."""

    known: list[KnownText] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # in what was given: names, and what the files hold
    not_had: list[str] = field(default_factory=list)  # what an address did not give

    @property
    def problems(self) -> list[str]:
        """All of them."""
        return [*self.wrong, *self.not_had]


def gather(settings: Settings, given: Sequence[str]) -> Gathered:
    """What the arguments name, in their order, and the problems."""
    fetched = asyncio.run(_fetch(settings, dict.fromkeys(each for each in given if each.startswith(_WEB))))
    gathered = Gathered()
    for each in given:
        texts, problems = _of_answer(fetched[each]) if each in fetched else _of_path(each)
        gathered.known.extend(texts)
        (gathered.not_had if each in fetched else gathered.wrong).extend(problems)
    return gathered


def _of_path(given: str) -> tuple[Sequence[KnownText], list[str]]:
    if not given.strip():
        return (), ["an empty name: name a file, a folder (. for this one) or an address"]
    if "://" in given:
        return (), [f"{redact_url(given)}:1: neither http nor https: save it as a file, and name that"]
    if not Path(given).exists():
        return (), [f"{given}:1: no such file or folder: name one that is there"]
    return read_corpus([Path(given)])


def known_page(url: str, reading: Reading) -> KnownText:
    """The page at an address as a known story; one that could not be read by its address and its headline, if any."""
    if reading.outcome is not Outcome.OK:
        return KnownText(title=reading.title or None, url=redact_url(url), urls=(url,))
    made = fingerprint(reading.text)
    # A page that errs about itself calls its outlet's front page its own: every story there would be known.
    canonical = reading.canonical_url if urlsplit(reading.canonical_url or "").path.strip("/") else None
    return _named(
        KnownText(
            title=reading.title or None,
            outlet=reading.outlet,
            published=reading.published,
            fingerprint=made if made.words >= FEWEST_WORDS else None,
        ),
        url,
        reading.url,
        canonical,
    )


async def _fetch(settings: Settings, urls: Iterable[str]) -> dict[str, FetchResult]:
    wanted = list(urls)
    if not wanted:
        return {}
    async with looking(settings) as look:
        return dict(zip(wanted, await asyncio.gather(*map(look.fetcher.get, wanted)), strict=True))


def _of_answer(fetched: FetchResult) -> tuple[Sequence[KnownText], list[str]]:
    shown = redact_url(fetched.url)
    if fetched.outcome is not Outcome.OK:
        return (), [f"{shown}:1: {fetched.outcome.value} ({fetched.error}): save it as a file, and name that"]
    with tempfile.TemporaryDirectory(prefix="wiredesk-corpus-") as folder:
        file = Path(folder) / f"page{_ending(fetched)}"
        file.write_bytes(fetched.body)
        texts, problems = read_corpus([file])
    problems = [f"{shown}{problem.removeprefix(str(file))}" for problem in problems]
    if file.suffix not in {".html", ".txt", ".md"}:
        return texts, problems
    return [_named(text, text.url, *text.urls, fetched.url, fetched.final_url) for text in texts], problems


def _named(text: KnownText, *urls: str | None) -> KnownText:
    """The text under those addresses, the first of them to be shown.

    One that may hold a secret is kept only where nothing else tells the text: no fingerprint.
    """
    given = dict.fromkeys(filter(None, urls))
    kept = [url for url in given if text.fingerprint is None or redact_url(url) == url]
    return replace(text, url=redact_url(next(iter(given))), urls=tuple(kept))


def _ending(fetched: FetchResult) -> str:
    """How a file of such bytes would be called."""
    found = _ENDINGS.get(sniff(fetched.body))
    named = Path(urlsplit(fetched.final_url).path).suffix.lower()
    return found or (named if named in FORMS else ".txt")

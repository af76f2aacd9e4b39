"""What the desk knows already: files → citations with fingerprints, and back into a file without any text.

    paths ─corpus_files→ Entry… ─read_corpus→ KnownText… ─dump_corpus→ seed_corpus.jsonl ─read_corpus→ the same

A citation is what a file itself states: nothing is made up for an article without a headline or an address. The text
stays where it was; only its fingerprint goes on.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from watchers.stories.corpus_files import FORMS, LARGEST_FILE, Entry, Problem
from watchers.stories.fingerprint import Fingerprint, fingerprint, normalised

_HASH_DIGITS: Final = 64
_SIGNED_64_BIT: Final = range(-(2**63), 2**63)
_LEAST_WORDS: Final = 12  # of a text or excerpt: fewer stand in many articles


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """A known story: what it is cited by and recognised by. `urls` holds every address, `url` among them."""

    title: str | None = None
    url: str | None = None
    urls: tuple[str, ...] = ()
    outlet: str | None = None
    published: datetime | None = None
    fingerprint: Fingerprint | None = None
    partial: bool = False  # the fingerprint is of an excerpt


def read_corpus(paths: Sequence[Path]) -> tuple[tuple[KnownText, ...], list[str]]:
    """The known stories of files and folders, in order, each once; and the problems, as `file:line: what: what to do`.

    A folder's files of a known form are read, its other files and hidden ones are not.
    """
    entries: dict[KnownText, Entry] = {}
    problems: list[str] = []
    for path in _files(paths, problems):
        for found in _entries(path):
            if isinstance(found, str):
                problems.append(found)
                continue
            known, entry = found
            entries.setdefault(known, entry)
    return tuple(_cited(entries)), problems


def passed_over(folder: Path) -> Counter[str]:
    """How many files of a folder `read_corpus` leaves alone, by the ending of their names. Hidden ones don't count."""
    return Counter(ending for file in _within(folder) if (ending := file.suffix.lower()) not in FORMS)


def dump_corpus(entries: Iterable[KnownText]) -> str:
    """Citations and fingerprints as JSON Lines, in the order given: the file that `read_corpus` reads back equal."""
    return "".join(json.dumps(_as_json(entry), ensure_ascii=False) + "\n" for entry in entries)


def _files(paths: Sequence[Path], problems: list[str]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in _within(path) if file.suffix.lower() in FORMS)
        elif not path.is_file():
            problems.append(f"{path}:1: no such file: check the path")
        elif path.suffix.lower() not in FORMS:
            problems.append(f"{path}:1: not a form that is read: use one of {', '.join(FORMS)}")
        else:
            yield path


def _within(folder: Path) -> Iterator[Path]:
    """The files of a folder and its folders, without hidden ones."""
    for file in folder.rglob("*"):
        if not any(part.startswith(".") for part in file.relative_to(folder).parts) and file.is_file():
            yield file


def _entries(path: Path) -> Iterator[tuple[KnownText, Entry] | str]:
    """What a file holds, each with what the file states, and its problems."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            yield f"{path}:1: larger than {LARGEST_FILE // 1_000_000} MB: split the file"
            return
        data = path.read_bytes()
    except OSError as error:
        yield f"{path}:1: can't be read ({error.strerror}): check its permissions"
        return
    for found in FORMS[path.suffix.lower()](data):
        if isinstance(found, Problem):
            yield f"{path}:{found.line}: {found.what}"
        elif isinstance(known := _known(found), str):
            yield f"{path}:{found.line}: {known}"
        elif known.title or known.urls or known.fingerprint:
            yield known, found
        else:
            yield f"{path}:{found.line}: {_unknowable(found)}"


def _known(entry: Entry) -> KnownText | str:
    """An entry as a known story, or what is wrong with it."""
    partial = entry.partial
    if entry.fingerprint is not None:
        made = _read_fingerprint(entry.fingerprint)
        if made is None:
            return "its fingerprint is damaged: build the corpus again from the texts"
    else:
        partial = not entry.text and bool(entry.excerpt)
        made = fingerprint(entry.text or entry.excerpt)
    return KnownText(
        title=entry.title,
        url=entry.urls[0] if entry.urls else None,
        urls=entry.urls,
        outlet=entry.outlet,
        published=entry.published,
        fingerprint=made if made.words >= _LEAST_WORDS else None,
        partial=partial and made.words >= _LEAST_WORDS,
    )


def _unknowable(entry: Entry) -> str:
    """Why nothing is known by an entry without title and address, and what to do."""
    words = fingerprint(entry.text or entry.excerpt).words
    if not words:
        return "nothing to know it by: give a title, an address or a text"
    counted = f"{words} word{'s' if words > 1 else ''}"
    return (
        f"its text of {counted} is too short to be known by: give at least {_LEAST_WORDS} words, a title or an address"
    )


def _cited(entries: Mapping[KnownText, Entry]) -> Iterator[KnownText]:
    """A text without headline or address is cited as the article whose excerpt stands in it whole."""
    excerpts = {known: normalised(entry.excerpt) for known, entry in entries.items() if known.partial}
    cited: dict[KnownText, KnownText] = {}
    for known, entry in entries.items():
        if entry.text and not known.title and not known.urls:
            text = normalised(entry.text)
            citation = next((one for one, excerpt in excerpts.items() if excerpt and excerpt in text), None)
            if citation is not None:
                del excerpts[citation]
                cited[known] = replace(citation, fingerprint=known.fingerprint, partial=False)
    for known in entries:
        if known in cited:
            yield cited[known]
        elif not known.partial or known in excerpts:
            yield known


def _as_json(entry: KnownText) -> dict[str, Any]:
    published = None if entry.published is None else entry.published.astimezone(UTC).isoformat().replace("+00:00", "Z")
    made = entry.fingerprint
    return {
        "title": entry.title,
        "url": entry.url,
        "urls": entry.urls,
        "outlet": entry.outlet,
        "published": published,
        "partial": entry.partial,
        "fingerprint": None
        if made is None
        else {
            "text_hash": made.text_hash,
            "words": made.words,
            "sampled": made.sampled,
            "shingles": sorted(made.shingles),
        },
    }


def _read_fingerprint(made: Mapping[str, Any]) -> Fingerprint | None:
    text_hash, words, shingles, sampled = (made.get(name) for name in ("text_hash", "words", "shingles", "sampled"))
    if (
        isinstance(text_hash, str)
        and len(text_hash) == _HASH_DIGITS
        and isinstance(words, int)
        and isinstance(sampled, bool)
        and isinstance(shingles, list)
        and all(isinstance(shingle, int) and shingle in _SIGNED_64_BIT for shingle in shingles)
    ):
        return Fingerprint(text_hash=text_hash, words=words, shingles=frozenset(shingles), sampled=sampled)
    return None
